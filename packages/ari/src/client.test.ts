import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { APP, connected, enter, eventOf, leave, PATIENT, TestAsterisk } from './asterisk.test-kit.ts';
import { AriClient, ifGone, newId, type AriClientOptions } from './index.ts';

let asterisk: TestAsterisk;
const clients: AriClient[] = [];

beforeAll(async () => {
  asterisk = await TestAsterisk.create();
  await asterisk.start();
}, 180_000);
afterEach(async () => {
  await Promise.all(clients.splice(0).map(async (client) => client.stop()));
  await nothingLeft();
});
afterAll(async () => asterisk.close());

function client(options: Partial<AriClientOptions> = {}): AriClient {
  const { url, username, password } = asterisk;
  const made = new AriClient({ url, username, password, app: APP, ...PATIENT, ...options });
  clients.push(made);
  return made;
}

async function connectedClient(options: Partial<AriClientOptions> = {}): Promise<AriClient> {
  const ari = client(options);
  ari.start();
  await connected(ari);
  return ari;
}

/** Ends the channels of a test that failed, which must not be found by the next. */
async function nothingLeft(): Promise<void> {
  const ari = await connectedClient();
  const none = async (): Promise<number> => {
    const channels = await ari.channels.list();
    await Promise.all(channels.map(async ({ id }) => ifGone(ari.channels.hangup({ channelId: id }))));
    return channels.length;
  };
  await expect.poll(none, { timeout: 30_000, interval: 100 }).toBe(0);
  await Promise.all(clients.splice(0).map(async (client) => client.stop()));
}

it('is generated from the description of this Asterisk', () => {
  const script = fileURLToPath(new URL('../scripts/generate.mjs', import.meta.url));
  const description = join(asterisk.program.shareDir, 'rest-api');
  const { stderr, status } = spawnSync(process.execPath, [script, description, '--check']);
  expect({ stderr: stderr.toString(), status }).toEqual({ stderr: '', status: 0 });
});

it('sends values unchanged, by the path, the query and the body', async () => {
  const ari = await connectedClient();
  const channelId = newId('a/ä %');
  const odd = 'ä +%&=?"\\ ,;{}#語';
  const variables = { GIVEN: odd };
  await enter(ari, channelId, { variables });
  await ari.channels.setChannelVar({ channelId, variable: 'SET', value: odd });
  const values = await Promise.all(
    ['GIVEN', 'SET'].map(async (variable) => ari.channels.getChannelVar({ channelId, variable })),
  );
  expect(values).toEqual([{ value: odd }, { value: odd }]);
  await leave(ari, channelId);
});

it('treats a hang-up of what is gone as success, and says of the rest what was refused', async () => {
  const ari = await connectedClient();
  const channelId = newId();
  await enter(ari, channelId);
  await leave(ari, channelId);
  await expect(ari.channels.hangup({ channelId })).resolves.toBeUndefined();
  await expect(ari.channels.answer({ channelId })).rejects.toMatchObject({
    code: 'ARI_HTTP',
    status: 404,
    operation: 'channels.answer',
  });
  expect(await ifGone(ari.channels.answer({ channelId }))).toBeUndefined();
  await expect(ifGone(ari.channels.create({ endpoint: 'No/such', app: APP }))).rejects.toMatchObject({
    code: 'ARI_HTTP',
    status: 500,
  });
  const { id: bridgeId } = await ari.bridges.create({ type: 'mixing' });
  const removed = ari.bridges.removeChannel({ bridgeId, channel: [channelId] });
  await expect(removed).rejects.toMatchObject({ status: 400 });
  expect(await ifGone(ari.bridges.removeChannel({ bridgeId, channel: [channelId] }))).toBeUndefined();
  await ari.bridges.destroy({ bridgeId });
});

it('takes a channel that has left the application for gone, but not another conflict', async () => {
  const ari = await connectedClient();
  const outside = newId();
  await ari.channels.originateWithId({
    channelId: outside,
    endpoint: 'Local/quiet@load',
    extension: 'quiet',
    context: 'load',
  });
  await expect(ari.channels.answer({ channelId: outside })).rejects.toMatchObject({ status: 409 });
  expect(await ifGone(ari.channels.answer({ channelId: outside }))).toBeUndefined();
  const again = { channelId: outside, endpoint: 'Local/1@load', app: APP };
  await expect(ifGone(ari.channels.create(again))).rejects.toMatchObject({ status: 409 });
  // It is not of the application, so no event tells of its end.
  await ari.channels.hangup({ channelId: outside });
  await expect.poll(async () => ifGone(ari.channels.get({ channelId: outside }))).toBeUndefined();
});

it('misses no event of a channel whose id was chosen before the request', async () => {
  const ari = await connectedClient();
  const channelId = newId('leg');
  const ended = eventOf(ari, 'StasisEnd', ({ channel }) => channel.id === channelId);
  expect((await enter(ari, channelId, { appArgs: 'x,y' })).args).toEqual(['x', 'y']);
  await leave(ari, channelId);
  await ended;
});

it('delivers every event once and in order, under load', { timeout: 120_000 }, async () => {
  const ari = await connectedClient();
  const channels = Array.from({ length: 40 }, () => newId());
  const rounds = Array.from({ length: 50 }, (_none, index) => String(index));
  const values = new Map(channels.map((id): [string, string[]] => [id, []]));
  ari.on('ChannelVarset', ({ channel, variable, value }) => {
    if (variable === 'COUNT') values.get(channel?.id ?? '')?.push(value);
  });
  await Promise.all(
    channels.map(async (channelId) => ari.channels.create({ channelId, endpoint: 'Local/1@load', app: APP })),
  );
  await Promise.all(
    rounds.flatMap((value) =>
      channels.map(async (channelId) => ari.channels.setChannelVar({ channelId, variable: 'COUNT', value })),
    ),
  );
  const count = (): number => [...values.values()].reduce((sum, { length }) => sum + length, 0);
  await expect.poll(count, { timeout: 60_000 }).toBe(channels.length * rounds.length);
  for (const seen of values.values()) expect(seen).toEqual(rounds);
  await Promise.all(channels.map(async (channelId) => leave(ari, channelId)));
});

it('reports handlers that fail and goes on', async () => {
  const faults: string[] = [];
  const note = (_about: object, message: string): unknown => faults.push(message);
  const quiet = (): void => undefined;
  const ari = await connectedClient({ logger: { debug: quiet, info: quiet, warn: quiet, error: note } });
  const channelId = newId();
  ari.on('StasisStart', () => {
    throw new Error('at once');
  });
  ari.on('StasisStart', async () => Promise.reject(new Error('later')));
  await enter(ari, channelId);
  await expect.poll(() => faults).toEqual(['an event handler failed', 'an event handler failed']);
  await leave(ari, channelId);
});

it('says nothing of values in its log', async () => {
  const lines: string[] = [];
  const note = (about: object, message: string): unknown => lines.push(JSON.stringify([about, message]));
  const logger = { debug: note, info: note, warn: note, error: note };
  const ari = await connectedClient({ logger });
  const channelId = newId('planted');
  const secret = { variable: 'PIN', value: '73519024' };
  await enter(ari, channelId, { variables: { P: secret.value } });
  await ari.channels.setChannelVar({ channelId, ...secret });
  await leave(ari, channelId);
  await ari.channels.list();
  await expect(ari.channels.setChannelVar({ channelId, ...secret })).rejects.toThrow(/404/);
  const all = lines.join('\n');
  expect(all).toContain('"path":"/channels/{channelId}/variable","status":204');
  for (const planted of [secret.value, asterisk.password, 'planted']) expect(all).not.toContain(planted);
});

it('reads a list that would kill Asterisk over the WebSocket', { timeout: 120_000 }, async () => {
  const ari = await connectedClient();
  const channels = Array.from({ length: 720 }, () => newId());
  await Promise.all(
    channels.map(async (channelId) =>
      // Each has a second half: 1,440 in all.
      ari.channels.originateWithId({ channelId, endpoint: 'Local/1@load', app: APP }),
    ),
  );
  const list = await ari.channels.list();
  expect(list.length).toBeGreaterThanOrEqual(1_440);
  expect(JSON.stringify(list).length).toBeGreaterThan(490_000);
  const { channel_ids: ours } = await ari.applications.get({ applicationName: APP });
  expect(ours.length).toBeGreaterThanOrEqual(720);
  await Promise.all(channels.map(async (channelId) => ari.channels.hangup({ channelId })));
  await expect.poll(async () => ari.channels.list(), { timeout: 60_000, interval: 200 }).toEqual([]);
  expect(ari.state).toBe('connected');
});

it('reloads a module, filters events and fetches a file by plain HTTP', async () => {
  const ari = await connectedClient();
  await ari.asterisk.reloadModule({ moduleName: 'res_pjsip.so' });
  const filter = { allowed: [{ type: 'StasisStart' }] };
  const application = await ari.applications.filter({ applicationName: APP, filter });
  expect(application.events_allowed).toEqual(filter.allowed);
  await ari.applications.filter({ applicationName: APP, filter: {} });
  const bytes = Buffer.from([0x52, 0x49, 0x46, 0x46, 0, 255, 128]);
  await writeFile(join(asterisk.home, 'spool/recording/told.wav'), bytes);
  const file = await ari.recordings.getStoredFile({ recordingName: 'told' });
  expect(Buffer.from(file)).toEqual(bytes);
});

it('gives up all that waits when it is stopped, and starts nothing again', async () => {
  const ari = await connectedClient();
  const pending = Promise.allSettled([ari.asterisk.ping(), ari.channels.list()]);
  await ari.stop();
  for (const outcome of await pending) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'ARI_DISCONNECTED' } });
  }
  ari.start();
  expect(ari.state).toBe('closed');
  await expect(ari.channels.list()).rejects.toMatchObject({ code: 'ARI_DISCONNECTED' });
});
