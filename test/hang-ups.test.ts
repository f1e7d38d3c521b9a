import { afterAll, beforeAll, it } from 'vitest';
import { Switchboard, type Caller } from './kit/caller.ts';
import { SATO, SIP_PASSWORD, System } from './kit/system.ts';
import { until } from './kit/wait.ts';

const FAST = { pressMs: 40, gapMs: 40 };
const { dialId, dialPassword } = SATO;
/** Everything that is keyed in each guided dialogue. */
const DIALOGUES: readonly (readonly [string, string])[] = [
  ['0010', `${dialId}#${dialPassword}#`],
  ['0012', `${dialId}#${dialPassword}#1000#`],
  ['0013', `${dialId}#${dialPassword}#2#`],
  ['0014', `${dialId}#${dialPassword}#`],
  ['0015', `${dialId}#${dialPassword}#`],
  ['0070', `${dialId}#${dialPassword}#1001#`],
  ['0071', `${dialId}#${dialPassword}#1001#`],
];
const ONE_SHOTS = [`0009*${dialId}*${dialPassword}*1000`, `0013*${dialId}*${dialPassword}`] as const;

let system: System;
let switchboard: Switchboard;

beforeAll(async () => {
  system = await System.start();
  switchboard = await Switchboard.open(system.sipPort);
  // Whoever is signed off may not change the status.
  const caller = await switchboard.dial({ number: '1000', password: SIP_PASSWORD, dial: ONE_SHOTS[0] });
  await caller.ended;
});

afterAll(async () => {
  await switchboard.close();
  await system.close();
});

/**
 * The server's timers come and go with its database and HTTP connections, by these many at the most; each test makes more calls that could leave
 * one.
 */
const CONNECTION_TIMERS = 12;
const CALLS = 24;

async function timers(): Promise<number> {
  return (await system.metric('nodejs_active_resources{type="Timeout"}')) ?? 0;
}

async function dial(text: string): Promise<Caller> {
  return switchboard.dial({ number: '1000', password: SIP_PASSWORD, dial: text });
}

/** Keys this much, then hangs up, and waits until Asterisk has agreed. */
async function hangUpAfter(text: string, keys: string): Promise<void> {
  const caller = await dial(text);
  await caller.answered;
  await caller.keys(keys, FAST);
  await caller.hangUp();
}

async function hangUpWhenSpoken(text: string): Promise<void> {
  const caller = await dial(text);
  await until('the first sound', 20_000, () => caller.firstSoundAt !== undefined);
  await caller.hangUp();
}

async function hangUpAtOnce(text: string): Promise<void> {
  await (await dial(text)).hangUp();
}

/** Nothing of the calls is left in Asterisk or in the server. */
async function expectNothingLeft(timersBefore: number): Promise<void> {
  await until('no channel in Asterisk', 20_000, async () => {
    return (await system.askAsterisk<readonly unknown[]>('channels')).length === 0;
  });
  await until('no leg in the server', 20_000, async () => (await system.metric('sasayaki_legs')) === 0);
  await until('no timer of a call', 20_000, async () => (await timers()) < timersBefore + CONNECTION_TIMERS);
}

/** Where to hang up: after nothing, the first key, each field, each `#`, the first key of the next field, and between. */
function pointsOf(keys: string): readonly string[] {
  const ends = [...keys.matchAll(/#/g)].map(({ index }) => index);
  const counts = [0, 1, ...ends.flatMap((end) => [end, end + 1, end + 2])];
  return counts.filter((count) => count <= keys.length).map((count) => keys.slice(0, count));
}

it.each(DIALOGUES)(
  '%s: the caller hangs up before the answer, in each prompt, within each field and while it works: nothing is left',
  async (code, keys) => {
    const before = await timers();
    const points = pointsOf(keys);
    const calls = Array.from({ length: CALLS }, async (_value, index) =>
      index % 12 === 0
        ? hangUpAtOnce(code)
        : index % 12 === 1
          ? hangUpWhenSpoken(code)
          : hangUpAfter(code, points[index % points.length] ?? ''),
    );
    await Promise.all(calls);
    await expectNothingLeft(before);
  },
);

it.each(ONE_SHOTS)(
  'one-shot: the caller hangs up before the answer, before the result and in it',
  async (text) => {
    const before = await timers();
    const ways = [hangUpAtOnce, hangUpWhenSpoken, async (shot: string) => hangUpAfter(shot, '')];
    await Promise.all(Array.from({ length: CALLS }, async (_value, index) => ways[index % 3]?.(text)));
    await expectNothingLeft(before);
  },
);
