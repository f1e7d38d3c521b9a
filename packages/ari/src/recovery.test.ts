import { afterEach, beforeEach, expect, it } from 'vitest';
import { APP, connected, enter, PATIENT, TestAsterisk, within } from './asterisk.test-kit.ts';
import { AriClient, newId, type AriClientOptions, type AriError } from './index.ts';

let asterisk: TestAsterisk;
const clients: AriClient[] = [];

beforeEach(async () => {
  asterisk = await TestAsterisk.create();
  await asterisk.start();
}, 180_000);
afterEach(async () => {
  await Promise.all(clients.splice(0).map(async (client) => client.stop()));
  await asterisk.close();
});

function client(options: Partial<AriClientOptions> = {}): AriClient {
  const { url, username, password } = asterisk;
  const made = new AriClient({ url, username, password, app: APP, ...PATIENT, ...options });
  clients.push(made);
  return made;
}

/** Proves that events come: a new channel is heard of. */
async function hearsEvents(ari: AriClient): Promise<void> {
  await enter(ari, newId('proof'));
}

/**
 * The same of a client whose deadlines are so short that a late machine looks like a hung one: it may connect, and lose that, more than once;
 * in the end it hears of so many new channels in a row.
 */
async function hearsAtLast(ari: AriClient, channels: number): Promise<void> {
  const heard = new Set<string>();
  const forget = ari.on('StasisStart', ({ channel }) => heard.add(channel.id));
  let last = '';
  let inARow = 0;
  const ask = async (): Promise<number> => {
    inARow = heard.has(last) ? inARow + 1 : 0;
    last = newId('proof');
    const request = { channelId: last, endpoint: 'Local/1@load', app: APP };
    await ari.channels.create(request).catch((error: unknown) => {
      // There is no connection at this moment, or no answer in time.
      expect(['ARI_DISCONNECTED', 'ARI_TIMEOUT']).toContain((error as AriError).code);
    });
    return inARow;
  };
  await expect.poll(ask, { timeout: 90_000, interval: 300 }).toBeGreaterThanOrEqual(channels);
  forget();
}

async function lost(ari: AriClient): Promise<string> {
  return within('the connection is lost', (resolve) => {
    const forget = ari.onDisconnected((reason) => {
      forget();
      resolve(reason);
    });
  });
}

it('reads the world first, then delivers what came meanwhile, in order', async () => {
  const ari = client();
  const values: string[] = [];
  const channelId = newId();
  ari.on('ChannelVarset', ({ variable, value }) => variable === 'COUNT' && values.push(value));
  const during = await within<readonly string[]>('the world is read', (resolve) => {
    ari.onConnected(async (signal) => {
      expect([signal.aborted, ari.state]).toEqual([false, 'connecting']);
      // Its StasisStart is held back with the rest, so who waits here asks.
      await ari.channels.create({ channelId, endpoint: 'Local/1@load', app: APP });
      const inside = async (): Promise<boolean> =>
        ari.channels.setChannelVar({ channelId, variable: 'INSIDE', value: '1' }).then(
          () => true,
          () => false,
        );
      await expect.poll(inside, { interval: 5 }).toBe(true);
      for (const value of ['1', '2', '3'])
        await ari.channels.setChannelVar({ channelId, variable: 'COUNT', value });
      // An answer that follows them by the same connection: they are here.
      await ari.asterisk.ping();
      resolve([...values]);
    });
    ari.start();
  });
  expect(during).toEqual([]);
  await expect.poll(() => values).toEqual(['1', '2', '3']);
});

it('connects anew when reading the world fails, and goes on waiting longer each time', async () => {
  const ari = client();
  let attempts = 0;
  ari.onConnected(() => {
    if (++attempts < 3) throw new Error('the database is away');
  });
  const losses: string[] = [];
  ari.onDisconnected((reason) => losses.push(reason));
  ari.start();
  await connected(ari);
  const reason = 'reading Asterisk after connecting failed';
  expect([attempts, losses]).toEqual([3, [reason, reason]]);
  await hearsEvents(ari);
});

it('comes back after Asterisk was killed under load and started again', { timeout: 180_000 }, async () => {
  const ari = client();
  const signals: AbortSignal[] = [];
  ari.onConnected((signal) => void signals.push(signal));
  const losses: string[] = [];
  ari.onDisconnected((reason) => losses.push(reason));
  ari.start();
  await connected(ari);
  await hearsEvents(ari);

  let ending = false;
  const failures: string[] = [];
  const done = { count: 0 };
  const worker = async (): Promise<void> => {
    while (!ending) {
      const channelId = newId();
      try {
        await ari.channels.create({ channelId, endpoint: 'Local/1@load', app: APP });
        await Promise.all([ari.channels.get({ channelId }), ari.channels.list()]);
        await ari.channels.hangup({ channelId });
        done.count++;
      } catch (error) {
        failures.push((error as AriError).code);
        return;
      }
    }
  };
  const load = Promise.all(Array.from({ length: 20 }, worker));
  await expect.poll(() => done.count, { timeout: 90_000, interval: 5 }).toBeGreaterThan(200);
  const gone = lost(ari);
  await asterisk.kill();
  await gone;
  await load;
  ending = true;
  // Every worker was in a request, and each request was told.
  expect(failures).toEqual(Array.from({ length: 20 }, () => 'ARI_DISCONNECTED'));
  expect(ari.state).toBe('connecting');
  await expect(ari.asterisk.ping()).rejects.toMatchObject({ code: 'ARI_DISCONNECTED' });

  await asterisk.start();
  await connected(ari);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  expect(losses.length).toBe(1);
  expect(await ari.channels.list()).toEqual([]);
  await hearsEvents(ari);
});

it('goes on trying while Asterisk is away, without telling of each attempt', async () => {
  await asterisk.kill();
  const losses: string[] = [];
  const said: string[] = [];
  const ari = await within<AriClient>('five attempts fail', (resolve) => {
    const note = (_about: object, message: string): void => {
      if (said.push(message) === 5) resolve(trying);
    };
    const trying = client({ logger: { debug: note, info: note, warn: note, error: note } });
    trying.onDisconnected((reason) => losses.push(reason));
    trying.start();
  });
  await asterisk.start();
  await connected(ari);
  expect(said.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 'Asterisk cannot be reached'));
  expect(losses).toEqual([]);
});

it('lets a request run out of time, takes its late answer for nothing, and keeps the connection', async () => {
  const ari = client({ requestTimeoutMs: 400, heartbeatMs: 60_000 });
  const losses: string[] = [];
  ari.onDisconnected((reason) => losses.push(reason));
  ari.start();
  await connected(ari);
  const other = client({ app: 'other' });
  other.start();
  await connected(other);
  await asterisk.hang();
  await expect(ari.asterisk.getGlobalVar({ variable: 'X' })).rejects.toMatchObject({
    code: 'ARI_TIMEOUT',
    operation: 'asterisk.getGlobalVar',
  });
  await expect(ari.channels.list()).rejects.toMatchObject({ code: 'ARI_TIMEOUT' });
  asterisk.goOn();
  // Asked by a client that has time: how soon a machine answers that has much to do is not what this is about.
  await enter(ari, newId('proof'), {}, other);
  expect(ari.state).toBe('connected');
  expect(losses).toEqual([]);
});

it('notices a hung Asterisk, and gives up all requests together', { timeout: 120_000 }, async () => {
  const ari = client({ heartbeatMs: 500 });
  ari.start();
  await connected(ari);
  const gone = lost(ari);
  await asterisk.hang();
  const pending = Promise.allSettled([
    ari.asterisk.getGlobalVar({ variable: 'A' }),
    ari.asterisk.getGlobalVar({ variable: 'B' }),
    ari.channels.list(),
  ]);
  expect(await gone).toBe('Asterisk does not answer');
  for (const outcome of await pending) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'ARI_DISCONNECTED' } });
  }
  asterisk.goOn();
  await hearsAtLast(ari, 1);
});

// The attempts that nobody took wait in Asterisk's queue, dead, and are taken when it goes on; where ours stands among them is chance.
it.each([0, 1, 2, 3])(
  'hears events after Asterisk hung while connections were given up (%i)',
  { timeout: 120_000 },
  async (round) => {
    const ari = client({ heartbeatMs: 300, requestTimeoutMs: 1_000 });
    ari.start();
    await connected(ari);
    const gone = lost(ari);
    await asterisk.hang();
    await gone;
    const other = await within<AriClient>('attempts fail', (resolve) => {
      let failed = 0;
      const note = (): void => {
        if (++failed === 1 + (round % 3)) resolve(trying);
      };
      const logger = { debug: note, info: note, warn: note, error: note };
      const trying = client({ requestTimeoutMs: 250 + 90 * round, logger });
      trying.start();
    });
    await other.stop();
    asterisk.goOn();
    // It may go deaf before all dead ones are gone: so long that it would be noticed, it hears each new channel.
    await hearsAtLast(ari, 4);
  },
);

it('connects again when another client takes its application', async () => {
  const ari = client();
  ari.start();
  await connected(ari);
  const gone = lost(ari);
  const other = client();
  other.start();
  expect(await gone).toBe('another connection took the application');
  await other.stop();
  await connected(ari);
  await hearsEvents(ari);
});
