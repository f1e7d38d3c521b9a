import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Switchboard, type Caller } from './kit/caller.ts';
import type { Phone } from './kit/phone.ts';
import { SATO, SIP_PASSWORD, System } from './kit/system.ts';
import { until } from './kit/wait.ts';

/** What an Asterisk that crashed leaves: phones that believe in a call, and statuses. */

/** The shortest session timer that SIP knows, s. */
const SESSION_SECONDS = 90;

let system: System;
let agent: Phone;
let colleague: Phone;
let switchboard: Switchboard;

beforeAll(async () => {
  system = await System.start();
  [agent, colleague] = await Promise.all([
    system.phone('1000', { rtpTimeoutSeconds: 10 }),
    system.phone('1001', { autoAnswer: true, rtpTimeoutSeconds: 10 }),
    system.phone('1003', { autoAnswer: true }),
  ]);
  switchboard = await Switchboard.open(system.sipPort);
  await agent.call(`0009*${SATO.dialId}*${SATO.dialPassword}*1000`);
  await agent.ended();
}, 120_000);
afterAll(async () => {
  await switchboard.close();
  await system.close();
});

async function callStatus(): Promise<string | null> {
  return (await system.agent('sato')).call_status;
}

describe('Asterisk crashes in the middle of calls', () => {
  let timed: Caller;

  it('no status, call or record goes on after its restart', async () => {
    await agent.call('1001');
    await colleague.event('CALL_ESTABLISHED');
    timed = await switchboard.dial({
      number: '1002',
      password: SIP_PASSWORD,
      dial: '1003',
      sessionSeconds: SESSION_SECONDS,
    });
    await timed.answered;
    await until('the status', 20_000, async () => (await callStatus()) === 'internal_call');
    const pid = (await system.part('asterisk'))?.pid ?? 0;
    await system.kill('asterisk');
    await system.restarted('asterisk', pid);
    await until('nothing to be left', 20_000, async () => {
      const [open] = await system.query<{ readonly count: number }>(
        'select count(*)::int from call_records where ended_at is null',
      );
      const calls = await system.metric('sasayaki_calls');
      return calls === 0 && open?.count === 0 && (await callStatus()) === null;
    });
  });

  it('phones that listen for sound end their calls by themselves, and are there for the next one', async () => {
    await Promise.all([agent.ended(30_000), colleague.ended(30_000)]);
    await agent.call('1001');
    await until('the status', 20_000, async () => (await callStatus()) === 'internal_call');
    await agent.hangUp();
    await colleague.ended();
  });

  it('phones with session timers are told that their call is gone', async () => {
    expect(timed.sessionSeconds).toBe(SESSION_SECONDS);
    expect(await timed.ended).toBe(481);
  }, 240_000);
});
