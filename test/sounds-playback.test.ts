import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AriClient, newId } from '@sasayaki/ari';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { APP, TestAsterisk, within } from '../packages/ari/src/asterisk.test-kit.ts';
import { RATE, readWav } from '../sounds/wav.mjs';

const sounds = join(dirname(fileURLToPath(import.meta.url)), '../sounds');
const DEADLINE_MS = 40_000;

let asterisk: TestAsterisk;
let ari: AriClient;

beforeAll(async () => {
  asterisk = await TestAsterisk.create();
  await asterisk.start();
  const { url, username, password } = asterisk;
  ari = new AriClient({ url, username, password, app: APP });
  // The far half of each call only has to answer.
  ari.on('StasisStart', async ({ channel }) => {
    if (channel.name.endsWith(';2')) await ari.channels.answer({ channelId: channel.id });
  });
  await within('the connection', (resolve) => {
    ari.onConnected(() => resolve(undefined));
    ari.start();
  });
}, 180_000);
afterAll(async () => {
  await ari.stop();
  await asterisk.close();
});

/** Plays one recording to a call and settles with the state it ended in and how many seconds it took. */
async function play(name: string, offsetms = 0): Promise<{ state: string; seconds: number }> {
  const [channelId, playbackId] = [newId(), newId()];
  return new Promise((resolve, reject) => {
    let begin = 0;
    const handlers = [
      ari.on('StasisStart', async ({ channel }) => {
        if (channel.id !== channelId) return;
        begin = performance.now();
        const media = [`sound:${join(sounds, name)}`];
        await ari.channels.playWithId({ channelId, playbackId, media, offsetms }).catch(reject);
      }),
      ari.on('PlaybackFinished', async ({ playback }) => {
        if (playback.id !== playbackId) return;
        for (const forget of handlers) forget();
        clearTimeout(timer);
        resolve({ state: playback.state, seconds: (performance.now() - begin) / 1000 });
        await ari.channels.hangup({ channelId });
      }),
    ];
    const timer = setTimeout(() => reject(new Error(`${name} did not end`)), DEADLINE_MS);
    ari.channels
      .originateWithId({ channelId, endpoint: 'Local/1@load', app: APP, formats: 'ulaw' })
      .catch(reject);
  });
}

test('Asterisk plays every recording from its first to its last moment', async () => {
  const names = readdirSync(sounds, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.wav'),
  );
  expect(names.length).toBeGreaterThan(90);
  const lengths = names.map((name) => readWav(readFileSync(join(sounds, name))).length / RATE);
  const played = await Promise.all(names.map(async (name) => play(name.replace(/\.wav$/, ''))));
  for (const [index, name] of names.entries()) {
    const { state, seconds } = played[index] ?? { state: 'not played', seconds: 0 };
    expect(state, name).toBe('done');
    expect(seconds, name).toBeGreaterThan((lengths[index] ?? 0) - 0.1);
  }
});

test('silence is read as a minute: its last two seconds take two', async () => {
  const { state, seconds } = await play('silence', 58_000);
  expect(state).toBe('done');
  expect(seconds).toBeGreaterThan(1.9);
});

test('a recording that is not there is told as failed', async () => {
  expect((await play('ja/nothing')).state).toBe('failed');
});
