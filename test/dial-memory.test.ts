import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Api } from './kit/api.ts';
import { Switchboard } from './kit/caller.ts';
import { recordingsIn } from './kit/recordings.ts';
import { SATO, SIP_PASSWORD, System, TANAKA } from './kit/system.ts';
import { until } from './kit/wait.ts';

/**
 * What a server remembers of who dialled is only what it tries to write from. Each test has it remember 佐藤 at 1000, changes the database behind
 * its back, and dials again.
 */
const RESULTS = [
  'signed-in',
  'status-ready',
  'status-changed',
  'status-away',
  'error-occurred',
  'cannot-sign-in',
] as const;
const SIGN_IN = `0009*${SATO.dialId}*${SATO.dialPassword}*1000`;
const AWAY = `0013*${SATO.dialId}*${SATO.dialPassword}`;
const REFUSED = ['cannot-sign-in'];

let system: System;
let switchboard: Switchboard;

beforeAll(async () => {
  system = await System.start();
  switchboard = await Switchboard.open(system.sipPort);
});

afterAll(async () => {
  await switchboard.close();
  await system.close();
});

beforeEach(async () => {
  await system.query(
    'update accounts set agent_enabled = true where id in (select account_id from agent_states)',
  );
  await system.query(
    "update agent_states set base_status = 'signed_off', call_status = null, call_since = null, phone = null, seat = null",
  );
  await system.query('delete from dial_locks');
  expect(await said(SIGN_IN)).toEqual(['signed-in', 'status-ready']);
});

/** Dials at 1000, and hears the result to its end. */
async function said(dial: string): Promise<readonly string[]> {
  const caller = await switchboard.dial({ number: '1000', password: SIP_PASSWORD, dial, listens: true });
  await caller.answered;
  await Promise.all([caller.silence(20_000), caller.ended]);
  return recordingsIn(caller.heard(), RESULTS);
}

const shown = async (): Promise<string> => (await system.agent('sato')).base_status;

const lastChange = async (): Promise<readonly [string, string] | undefined> => {
  const [row] = await system.query<{ from_status: string; to_status: string }>(
    'select from_status, to_status from agent_activity order by id desc limit 1',
  );
  return row === undefined ? undefined : [row.from_status, row.to_status];
};

describe('an operation of somebody who dialled before', () => {
  it('is refused with a password that was changed since, and done with the new one', async () => {
    const sato = await Api.signIn(system, 'sato');
    const change = { dialPassword: '60417395' };
    onTestFinished(async () => {
      await sato.put('/api/accounts/me/dial-credentials', SATO);
    });
    expect(await sato.put('/api/accounts/me/dial-credentials', change)).toMatchObject({ status: 200 });
    expect(await said(AWAY)).toEqual(REFUSED);
    expect(await shown()).toBe('ready');
    expect(await said(`0013*${SATO.dialId}*${change.dialPassword}`)).toEqual([
      'status-changed',
      'status-away',
    ]);
  });

  it('is refused once エージェント利用 is off', async () => {
    await system.query("update accounts set agent_enabled = false where login_name = 'sato'");
    expect(await said(AWAY)).toEqual(REFUSED);
    expect(await shown()).toBe('ready');
    await system.query("update accounts set agent_enabled = true where login_name = 'sato'");
    expect(await said(AWAY)).toEqual(['status-changed', 'status-away']);
  });

  it('is refused while guessing has locked the ID at this phone, though the password is right', async () => {
    const wrong = `0013*${SATO.dialId}*55512345`;
    for (let failure = 0; failure < 5; failure += 1) expect(await said(wrong)).toEqual(REFUSED);
    expect(await said(AWAY)).toEqual(REFUSED);
    expect(await shown()).toBe('ready');
    await system.query('delete from dial_locks');
    expect(await said(AWAY)).toEqual(['status-changed', 'status-away']);
  });

  it('starts from the status that was set elsewhere, and is refused where that refuses it [A25] [A67]', async () => {
    await system.query("update agent_states set base_status = 'on_break' where phone = '1000'");
    expect(await said(AWAY)).toEqual(['status-changed', 'status-away']);
    expect(await lastChange()).toEqual(['on_break', 'away']);
    await system.query(
      "update agent_states set call_status = 'call_center_call', call_since = now() where phone = '1000'",
    );
    expect(await said(SIGN_IN)).toEqual(['error-occurred']);
    expect(await said(`0012*${SATO.dialId}*${SATO.dialPassword}`)).toEqual(['error-occurred']);
    expect(await shown()).toBe('away');
  });

  it('takes the phone from whoever signed in there since, and signs them off', async () => {
    await system.query("update agent_states set base_status = 'signed_off', phone = null");
    expect(await said(`0009*${TANAKA.dialId}*${TANAKA.dialPassword}*1000`)).toEqual([
      'signed-in',
      'status-ready',
    ]);
    expect(await said(SIGN_IN)).toEqual(['signed-in', 'status-ready']);
    expect(await system.agent('tanaka')).toMatchObject({ base_status: 'signed_off', phone: null });
    expect(await system.agent('sato')).toMatchObject({ base_status: 'ready', phone: '1000' });
  });

  it('is done from what a change by page made of it', async () => {
    const sato = await Api.signIn(system, 'sato');
    expect((await sato.put('/api/agents/me/status', { status: 'on_break' })).status).toBeLessThan(300);
    expect(await said(AWAY)).toEqual(['status-changed', 'status-away']);
    expect(await lastChange()).toEqual(['on_break', 'away']);
  });
});

it('while one result is spoken, the next caller hears the beginning of theirs', async () => {
  let lastHeardAt = 0;
  const onSound = (): unknown => (lastHeardAt = performance.now());
  const first = await switchboard.dial({ number: '1000', password: SIP_PASSWORD, dial: AWAY, onSound });
  await first.answered;
  const over = Promise.all([first.silence(20_000), first.ended]);
  await until('the first result', 20_000, () => first.firstSoundAt);
  const dial = `0009*${TANAKA.dialId}*${TANAKA.dialPassword}*1001`;
  const second = await switchboard.dial({ number: '1001', password: SIP_PASSWORD, dial });
  await second.answered;
  await Promise.all([over, second.silence(20_000), second.ended]);
  expect(second.firstSoundAt).toBeLessThan(lastHeardAt);
});
