import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROMPT_KEYS, type PromptKey } from '../packages/server/src/guidance/rules.ts';
import { Switchboard } from './kit/caller.ts';
import { recordingsIn } from './kit/recordings.ts';
import { SATO, SIP_PASSWORD, System, TANAKA } from './kit/system.ts';
import { until } from './kit/wait.ts';

/** Prompts that may follow each other in a dialogue; a test says which of them were heard. */
const RESULTS = PROMPT_KEYS.filter(
  (key) => key.startsWith('status-') || /^(signed|seated|cannot|error|unknown|feature)/.test(key),
);
const INTRODUCTIONS = PROMPT_KEYS.filter((key) => key.startsWith('intro-'));
const KEYED = `${SATO.dialId}#${SATO.dialPassword}#`;
const TYPED = `${SATO.dialId}*${SATO.dialPassword}`;
const PACE = { pressMs: 60, gapMs: 60 };
const MOBILE = '1004';

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

beforeEach(async () => {
  await system.query("update agent_states set base_status = 'signed_off', phone = null, seat = null");
});

/** What is heard of a one-shot dial, from the first packet to the end. */
async function oneShot(text: string, number = '1001'): Promise<readonly PromptKey[]> {
  const caller = await switchboard.dial({ number, password: SIP_PASSWORD, dial: text, listens: true });
  await caller.ended;
  return recordingsIn(caller.heard(), RESULTS);
}

/** What is heard of a guided dial whose keys are pressed as soon as it answers. */
async function guided(code: string, keys: string, number = '1001'): Promise<readonly PromptKey[]> {
  const caller = await switchboard.dial({ number, password: SIP_PASSWORD, dial: code, listens: true });
  await caller.answered;
  await caller.keys(keys, PACE);
  await caller.ended;
  return recordingsIn(caller.heard(), RESULTS);
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
    10_000,
    () => recordingsIn(caller.heard(), ['error-occurred']).length > 0,
  );
  await caller.hangUp();
}

async function status(): Promise<string> {
  return (await system.agent('sato')).base_status;
}

describe('a guided change to a status by its number is done and spoken', () => {
  it.each([
    ['0 is 受付可 [A18]', '0', 'ready', ['status-changed', 'status-ready']],
    ['1 is 後作業 [A19]', '1', 'after_call_work', ['status-changed', 'status-after_call_work']],
    ['2 is 休憩中 [A20]', '2', 'on_break', ['status-changed', 'status-on_break']],
    ['3 is 離席中 [A21]', '3', 'away', ['status-changed', 'status-away']],
    ['9 is ログオフ, the other way to sign out [A22] [A32]', '9', 'signed_off', ['signed-out']],
  ])('%s [A16] [A24] [A41]', async (_words, number, base, heard) => {
    await oneShot(`0009*${TYPED}*1000`);
    expect(await guided('0013', `${KEYED}${number}#`)).toEqual(heard);
    expect(await status()).toBe(base);
  });
});

describe('a guided operation says what it did', () => {
  it('0010 and 0012 sign in, 0014 speaks the status, 0015 signs out [A07] [A39] [A40] [A42] [A43] [A68]', async () => {
    expect(await guided('0010', KEYED)).toEqual(['signed-in', 'status-ready']);
    expect(await guided('0014', KEYED)).toEqual(['status-is', 'status-ready']);
    expect(await guided('0015', KEYED)).toEqual(['signed-out']);
    expect(await status()).toBe('signed_off');
    expect(await guided('0012', `${KEYED}1003#`)).toEqual(['signed-in', 'status-ready']);
    expect(await system.agent('sato')).toMatchObject({ base_status: 'ready', phone: '1003' });
  });

  it('80012, 80013, 80014 and 80015 do the same on a mobile phone [A11] [A17] [A28] [A30]', async () => {
    expect(await guided('80012', `${KEYED}1003#`, MOBILE)).toEqual(['signed-in', 'status-ready']);
    expect(await guided('80013', `${KEYED}3#`, MOBILE)).toEqual(['status-changed', 'status-away']);
    expect(await guided('80014', KEYED, MOBILE)).toEqual(['status-is', 'status-away']);
    expect(await guided('80015', KEYED, MOBILE)).toEqual(['signed-out']);
    expect(await status()).toBe('signed_off');
  });

  it('each code introduces itself with its own words [A07] [B63] [B70]', async () => {
    const codes = { '0010': 'intro-sign-in', '0070': 'intro-monitor', '0071': 'intro-whisper' };
    for (const [code, introduction] of Object.entries(codes)) {
      const caller = await switchboard.dial({
        number: '1001',
        password: SIP_PASSWORD,
        dial: code,
        listens: true,
      });
      await until(
        `the introduction of ${code}`,
        10_000,
        () => recordingsIn(caller.heard(), INTRODUCTIONS).length > 0,
      );
      // Two of them go on alike.
      expect(recordingsIn(caller.heard(), INTRODUCTIONS)[0]).toBe(introduction);
      await caller.hangUp();
    }
  });
});

describe('a one-shot dial says what it did', () => {
  it('the same digits mean another thing with stars [A48] [A63] [A68]', async () => {
    expect(await oneShot(`0009*${TYPED}*1000`)).toEqual(['signed-in', 'status-ready']);
    expect(await oneShot(`0012*${TYPED}`)).toEqual(['status-changed', 'status-on_break']);
    expect(await oneShot(`0013*${TYPED}`)).toEqual(['status-changed', 'status-away']);
    expect(await oneShot(`0015*${TYPED}`)).toEqual(['status-is', 'status-away']);
    expect(await oneShot(`0010*${TYPED}`)).toEqual(['status-changed', 'status-ready']);
    expect(await oneShot(`0011*${TYPED}`)).toEqual(['status-changed', 'status-after_call_work']);
    expect(await oneShot(`0019*${TYPED}`)).toEqual(['signed-out']);
    expect(await oneShot(`0008*${TYPED}*1000`)).toEqual(['signed-in', 'status-after_call_work']);
  });

  it('0016 takes a seat in one string; bare it is no number [A34] [A36] [A44]', async () => {
    expect(await oneShot(`0016*${TYPED}*1000*1*101`)).toEqual([
      'signed-in',
      'seated',
      'status-after_call_work',
    ]);
    expect(await system.agent('sato')).toMatchObject({ seat: '101' });
    expect(await oneShot('0016')).toEqual(['error-occurred']);
    expect(await oneShot(`0016*${TYPED}*1000*1*999`)).toEqual(['error-occurred']);
    expect(await system.agent('sato')).toMatchObject({ seat: '101' });
  });

  it('what cannot be is said and changes nothing: wrong password, unknown ID, ログオフ [A23] [A26]', async () => {
    expect(await oneShot(`0009*${SATO.dialId}*11223344*1000`)).toEqual(['cannot-sign-in']);
    expect(await oneShot(`0009*987654*${SATO.dialPassword}*1000`)).toEqual(['cannot-sign-in']);
    expect(await oneShot(`0013*${TYPED}`)).toEqual(['error-occurred']);
    expect(await status()).toBe('signed_off');
  });
});

it('a change during 通話中 is refused, by guided dial and one-shot, and the status spoken is 通話中 [A25] [A67]', async () => {
  await oneShot(`0009*${TYPED}*1000`);
  const [agent, customer] = await Promise.all([
    system.phone('1000', { autoAnswer: true }),
    system.phone('1003'),
  ]);
  await customer.call('7000');
  await agent.event('CALL_ESTABLISHED');
  await until(
    '通話中 to be written',
    5_000,
    async () => (await system.agent('sato')).call_status === 'call_center_call',
  );
  expect(await guided('0014', KEYED)).toEqual(['status-is', 'status-call_center_call']);
  await refused('0013', `${KEYED}2#`);
  expect(await oneShot(`0012*${TYPED}`)).toEqual(['error-occurred']);
  expect(await oneShot(`0019*${TYPED}`)).toEqual(['error-occurred']);
  expect(await system.agent('sato')).toMatchObject({ base_status: 'ready', phone: '1000' });
  await customer.hangUp();
  await until('the call to be over', 5_000, async () => (await system.agent('sato')).call_status === null);
  expect(await status()).toBe('after_call_work');
  expect(await oneShot(`0012*${TYPED}`)).toEqual(['status-changed', 'status-on_break']);
});

it('who is not an agent cannot sign in by dial, with the same words as for a wrong password [A02]', async () => {
  await system.query("update accounts set agent_enabled = false where login_name = 'tanaka'");
  expect(await oneShot(`0009*${TANAKA.dialId}*${TANAKA.dialPassword}*1000`)).toEqual(['cannot-sign-in']);
  expect((await system.agent('tanaka')).base_status).toBe('signed_off');
});
