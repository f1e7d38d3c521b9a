import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROMPT_KEYS, type PromptKey } from '../packages/server/src/guidance/rules.ts';
import { Switchboard } from './kit/caller.ts';
import { recordingsAsExpected, recordingsIn } from './kit/recordings.ts';
import { SATO, SIP_PASSWORD, System, TAKAHASHI, TANAKA } from './kit/system.ts';
import { until } from './kit/wait.ts';

/** Prompts that may follow each other in a dialogue; a test says which of them were heard. */
const RESULTS = PROMPT_KEYS.filter(
  (key) => key.startsWith('status-') || /^(signed|seated|cannot|error|unknown|feature)/.test(key),
);
const INTRODUCTIONS = PROMPT_KEYS.filter((key) => key.startsWith('intro-'));
const PACE = { pressMs: 60, gapMs: 60 };
const MOBILE = '1004';

interface Agent {
  readonly loginName: string;
  readonly dialId: string;
  readonly dialPassword: string;
  /** Where the agent signs in, and another extension that is nobody's. */
  readonly phone: string;
  readonly other: string;
}

const sato: Agent = { ...SATO, loginName: 'sato', phone: '1000', other: '1003' };
const tanaka: Agent = { ...TANAKA, loginName: 'tanaka', phone: '1001', other: '1005' };
const takahashi: Agent = { ...TAKAHASHI, loginName: 'takahashi', phone: '1002', other: '1006' };
/** What is spoken takes its time, so several tests run at one time, each with an agent of its own. */
const free = [sato, tanaka, takahashi];

let system: System;
let switchboard: Switchboard;

beforeAll(async () => {
  system = await System.start();
  switchboard = await Switchboard.open(system.sipPort);
}, 120_000);

afterAll(async () => {
  await switchboard.close();
  await system.close();
});

/** Does it with an agent for whom nobody else dials meanwhile, who begins like this. */
async function withAgent(
  base: 'signed_off' | 'ready',
  work: (agent: Agent, typed: string, keyed: string) => Promise<void>,
): Promise<void> {
  const agent = await until('an agent to be free', 80_000, () => free.pop());
  try {
    const { loginName, dialId, dialPassword, phone } = agent;
    await system.query(
      `update agent_states set base_status = $1, phone = $2, seat = null
       where account_id = (select id from accounts where login_name = $3)`,
      [base, base === 'ready' ? phone : null, loginName],
    );
    await work(agent, `${dialId}*${dialPassword}`, `${dialId}#${dialPassword}#`);
  } finally {
    free.push(agent);
  }
}

async function allSignedOff(): Promise<void> {
  await system.query("update agent_states set base_status = 'signed_off', phone = null, seat = null");
}

/** What is heard of a one-shot dial, from the first packet to the end. */
async function oneShot(text: string, number = '1001'): Promise<Float64Array> {
  const caller = await switchboard.dial({ number, password: SIP_PASSWORD, dial: text, listens: true });
  await caller.ended;
  return caller.heard();
}

/** What is heard of a guided dial whose keys are pressed as soon as it answers. */
async function guided(code: string, keys: string, number = '1001'): Promise<Float64Array> {
  const caller = await switchboard.dial({ number, password: SIP_PASSWORD, dial: code, listens: true });
  await caller.answered;
  await caller.keys(keys, PACE);
  await caller.ended;
  return caller.heard();
}

/** Fails unless these results, and no other, were heard. */
function expectSpoken(heard: Float64Array, results: readonly string[]): void {
  expect(recordingsAsExpected(heard, RESULTS, results as readonly PromptKey[])).toEqual(results);
}

/** Hangs up as soon as a guided dial is refused; it would ask again. */
async function refused(code: string, keys: string): Promise<void> {
  const caller = await switchboard.dial({
    number: '1001',
    password: SIP_PASSWORD,
    dial: code,
    listens: true,
  });
  await caller.answered;
  await caller.keys(keys, PACE);
  await until(
    '「エラーが発生しました」',
    30_000,
    () => recordingsIn(caller.heard(), ['error-occurred']).length > 0,
  );
  await caller.hangUp();
}

async function status({ loginName }: Agent): Promise<string> {
  return (await system.agent(loginName)).base_status;
}

describe.concurrent('a guided change to a status by its number is done and spoken', () => {
  it.each([
    ['0 is 受付可 [A18]', '0', 'ready', ['status-changed', 'status-ready']],
    ['1 is 後作業 [A19]', '1', 'after_call_work', ['status-changed', 'status-after_call_work']],
    ['2 is 休憩中 [A20]', '2', 'on_break', ['status-changed', 'status-on_break']],
    ['3 is 離席中 [A21]', '3', 'away', ['status-changed', 'status-away']],
    ['9 is ログオフ, the other way to sign out [A22] [A32]', '9', 'signed_off', ['signed-out']],
  ])('%s [A16] [A24] [A41]', async (_words, number, base, heard) =>
    withAgent('ready', async (agent, _typed, keyed) => {
      expectSpoken(await guided('0013', `${keyed}${number}#`), heard);
      expect(await status(agent)).toBe(base);
    }),
  );
});

describe.concurrent('a guided operation says what it did', () => {
  it('0010 signs in, 0014 speaks the status, 0015 signs out [A07] [A39] [A40] [A42] [A68]', async () =>
    withAgent('signed_off', async (agent, _typed, keyed) => {
      // From the agent's own phone: who has none signs in where the dial comes from.
      expectSpoken(await guided('0010', keyed, agent.phone), ['signed-in', 'status-ready']);
      expectSpoken(await guided('0014', keyed), ['status-is', 'status-ready']);
      expectSpoken(await guided('0015', keyed), ['signed-out']);
      expect(await status(agent)).toBe('signed_off');
    }));

  it('0012 signs in at the extension keyed [A39] [A43]', async () =>
    withAgent('signed_off', async ({ loginName, other }, _typed, keyed) => {
      expectSpoken(await guided('0012', `${keyed}${other}#`), ['signed-in', 'status-ready']);
      expect(await system.agent(loginName)).toMatchObject({ base_status: 'ready', phone: other });
    }));

  it('80012 and 80013 do the same on a mobile phone [A11] [A17]', async () =>
    withAgent('signed_off', async ({ loginName, other }, _typed, keyed) => {
      expectSpoken(await guided('80012', `${keyed}${other}#`, MOBILE), ['signed-in', 'status-ready']);
      expectSpoken(await guided('80013', `${keyed}3#`, MOBILE), ['status-changed', 'status-away']);
      expect(await system.agent(loginName)).toMatchObject({ base_status: 'away', phone: other });
    }));

  it('80014 and 80015 do the same on a mobile phone [A28] [A30]', async () =>
    withAgent('ready', async (agent, _typed, keyed) => {
      expectSpoken(await guided('80014', keyed, MOBILE), ['status-is', 'status-ready']);
      expectSpoken(await guided('80015', keyed, MOBILE), ['signed-out']);
      expect(await status(agent)).toBe('signed_off');
    }));

  it.each([
    ['0010', 'intro-sign-in', '[A07]'],
    ['0070', 'intro-monitor', '[B63]'],
    ['0071', 'intro-whisper', '[B70]'],
  ])('%s introduces itself with its own words: %s %s', async (code, introduction) => {
    const caller = await switchboard.dial({
      number: '1001',
      password: SIP_PASSWORD,
      dial: code,
      listens: true,
    });
    await until(
      `the introduction of ${code}`,
      30_000,
      () => recordingsIn(caller.heard(), INTRODUCTIONS).length > 0,
    );
    // Two of them go on alike.
    expect(recordingsIn(caller.heard(), INTRODUCTIONS)[0]).toBe(introduction);
    await caller.hangUp();
  });
});

describe.concurrent('a one-shot dial says what it did', () => {
  it('the same digits mean another thing with stars: 0009 signs in, 0012 and 0013 change [A48] [A63] [A68]', async () =>
    withAgent('signed_off', async ({ phone }, typed) => {
      expectSpoken(await oneShot(`0009*${typed}*${phone}`), ['signed-in', 'status-ready']);
      expectSpoken(await oneShot(`0012*${typed}`), ['status-changed', 'status-on_break']);
      expectSpoken(await oneShot(`0013*${typed}`), ['status-changed', 'status-away']);
    }));

  it('the same digits mean another thing with stars: 0011 and 0010 change, 0015 tells [A48] [A63] [A68]', async () =>
    withAgent('ready', async (_agent, typed) => {
      expectSpoken(await oneShot(`0011*${typed}`), ['status-changed', 'status-after_call_work']);
      expectSpoken(await oneShot(`0015*${typed}`), ['status-is', 'status-after_call_work']);
      expectSpoken(await oneShot(`0010*${typed}`), ['status-changed', 'status-ready']);
    }));

  it('0008 signs in to 後作業, 0019 signs out [A48] [A63] [A68]', async () =>
    withAgent('signed_off', async ({ phone }, typed) => {
      expectSpoken(await oneShot(`0008*${typed}*${phone}`), ['signed-in', 'status-after_call_work']);
      expectSpoken(await oneShot(`0019*${typed}`), ['signed-out']);
    }));

  it('0016 takes a seat in one string; bare it is no number [A34] [A36] [A44]', async () =>
    withAgent('signed_off', async ({ loginName, phone }, typed) => {
      expectSpoken(await oneShot(`0016*${typed}*${phone}*1*101`), [
        'signed-in',
        'seated',
        'status-after_call_work',
      ]);
      expect(await system.agent(loginName)).toMatchObject({ seat: '101' });
      expectSpoken(await oneShot('0016'), ['error-occurred']);
      expectSpoken(await oneShot(`0016*${typed}*${phone}*1*999`), ['error-occurred']);
      expect(await system.agent(loginName)).toMatchObject({ seat: '101' });
    }));

  it('what cannot be is said and changes nothing: wrong password, unknown ID, ログオフ [A23] [A26]', async () =>
    withAgent('signed_off', async (agent, typed) => {
      const { dialId, dialPassword, phone } = agent;
      expectSpoken(await oneShot(`0009*${dialId}*11223344*${phone}`), ['cannot-sign-in']);
      expectSpoken(await oneShot(`0009*987654*${dialPassword}*${phone}`), ['cannot-sign-in']);
      expectSpoken(await oneShot(`0013*${typed}`), ['error-occurred']);
      expect(await status(agent)).toBe('signed_off');
    }));
});

it('a change during 通話中 is refused, by guided dial and one-shot, and the status spoken is 通話中 [A25] [A67]', async () => {
  const [typed, keyed] = [`${SATO.dialId}*${SATO.dialPassword}`, `${SATO.dialId}#${SATO.dialPassword}#`];
  await allSignedOff();
  await oneShot(`0009*${typed}*1000`);
  const [agent, customer] = await Promise.all([
    system.phone('1000', { autoAnswer: true }),
    system.phone('1003'),
  ]);
  await customer.call('7000');
  await agent.event('CALL_ESTABLISHED');
  await until(
    '通話中 to be written',
    20_000,
    async () => (await system.agent('sato')).call_status === 'call_center_call',
  );
  const [told, changed, signedOut] = await Promise.all([
    guided('0014', keyed),
    oneShot(`0012*${typed}`),
    oneShot(`0019*${typed}`),
    refused('0013', `${keyed}2#`),
  ]);
  expectSpoken(told, ['status-is', 'status-call_center_call']);
  expectSpoken(changed, ['error-occurred']);
  expectSpoken(signedOut, ['error-occurred']);
  expect(await system.agent('sato')).toMatchObject({ base_status: 'ready', phone: '1000' });
  await customer.hangUp();
  await until('the call to be over', 20_000, async () => (await system.agent('sato')).call_status === null);
  expect(await status(sato)).toBe('after_call_work');
  expectSpoken(await oneShot(`0012*${typed}`), ['status-changed', 'status-on_break']);
});

it('who is not an agent cannot sign in by dial, with the same words as for a wrong password [A02]', async () => {
  await allSignedOff();
  await system.query("update accounts set agent_enabled = false where login_name = 'tanaka'");
  expectSpoken(await oneShot(`0009*${TANAKA.dialId}*${TANAKA.dialPassword}*1000`), ['cannot-sign-in']);
  expect(await status(tanaka)).toBe('signed_off');
});
