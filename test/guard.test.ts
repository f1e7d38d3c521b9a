import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Switchboard, type Caller } from './kit/caller.ts';
import { Outside } from './kit/outside.ts';
import type { Phone } from './kit/phone.ts';
import { recordingsDespiteLoss, recordingsIn } from './kit/recordings.ts';
import { SATO, SIP_PASSWORD, System } from './kit/system.ts';
import { until } from './kit/wait.ts';

/** A call that the server does not take hears that, and ends: nobody waits in silence. */

const SIGN_IN = `0009*${SATO.dialId}*${SATO.dialPassword}*1000`;
/** Inside, to a call center, guided, one-shot, and to the outside. */
const DIALLED = ['1001', '7000', '0010', SIGN_IN, '0312345678'] as const;

let system: System;
let provider: Outside;
let customer: Phone;
let switchboard: Switchboard;

beforeAll(async () => {
  // The provider is asked more often than outside of tests, so that it is known sooner.
  system = await System.start({ env: { SASAYAKI_SIP_ASK: '2' } });
  provider = await Outside.start({ sipPort: system.sipPort, host: '127.0.0.4' });
  await system.apply(`site: 1
trunks: [{ id: main, name: 本線, kind: address, host: ${provider.host}, port: ${provider.port} }]
numbers: [{ number: "0312340000", phone: "1000" }]
`);
  await until('the trunk to be up', 60_000, async () => {
    return (await system.metric('sasayaki_trunk_up\\{trunk="main"\\}')) === 1;
  });
  customer = await provider.phone('0312345678');
  switchboard = await Switchboard.open(system.sipPort);
}, 120_000);
afterAll(async () => {
  await switchboard.close();
  await provider.close();
  await system.close();
});
afterEach(() => customer.forget());

async function dialAll(): Promise<readonly Caller[]> {
  return Promise.all(
    DIALLED.map(async (dial) =>
      switchboard.dial({ number: '1002', password: SIP_PASSWORD, dial, listens: true }),
    ),
  );
}

/** Fails unless the call is answered within this time, hears the announcement and nothing else, and is ended. */
async function expectAnnounced(caller: Caller, fromMs: number, toMs: number): Promise<void> {
  await caller.answered;
  const waited = performance.now() - caller.sentAt;
  expect(waited).toBeGreaterThan(fromMs);
  expect(waited).toBeLessThan(toMs);
  expect(await caller.ended).toBeUndefined();
  expect(recordingsIn(caller.heard(), ['service-unavailable', 'error-occurred', 'enter-agent-id'])).toEqual([
    'service-unavailable',
  ]);
}

/** The customer calls and hears the announcement; once more when the machine was too busy for what was heard to be told. */
async function expectAnnouncedOutside(): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await customer.dial('0312340000');
    await customer.event('CALL_ESTABLISHED');
    await customer.ended();
    const heard = await customer.heard(8_000);
    const found = recordingsDespiteLoss(heard.samples, ['service-unavailable']);
    if (attempt === 1 && found.length === 0) continue;
    expect(found).toHaveLength(1);
    return;
  }
}

async function nothingLeft(): Promise<void> {
  await until('no call, leg or open record to be left', 30_000, async () => {
    const names = ['sasayaki_calls', 'sasayaki_legs', 'sasayaki_waiting_callers'];
    const left = await Promise.all(names.map(async (name) => system.metric(name)));
    const [open] = await system.query<{ readonly count: number }>(
      'select count(*)::int from call_records where ended_at is null',
    );
    return left.every((count) => count === 0) && open?.count === 0;
  });
}

describe('a server that hangs', () => {
  it('every call of a phone and from outside hears the announcement after 5 s, and nothing of it is done later', async () => {
    await system.freeze('server', true);
    try {
      const callers = await dialAll();
      const inside = callers.map(async (caller) => expectAnnounced(caller, 4_500, 9_000));
      await Promise.all([expectAnnouncedOutside(), ...inside]);
    } finally {
      await system.freeze('server', false);
    }
    await system.healthy();
    await nothingLeft();
    expect((await system.agent('sato')).phone).toBeNull();
  });

  it('that goes on while the announcement is played does not do what the caller has given up', async () => {
    await system.freeze('server', true);
    const caller = await switchboard.dial({
      number: '1002',
      password: SIP_PASSWORD,
      dial: SIGN_IN,
      listens: true,
    });
    await caller.answered;
    await system.freeze('server', false);
    await expectAnnounced(caller, 0, 60_000);
    await system.healthy();
    await nothingLeft();
    expect((await system.agent('sato')).phone).toBeNull();
  });

  it('then works as before', async () => {
    const caller = await switchboard.dial({ number: '1002', password: SIP_PASSWORD, dial: SIGN_IN });
    await caller.answered;
    await caller.ended;
    expect((await system.agent('sato')).phone).toBe('1000');
  });
});

describe('a server that is gone', () => {
  it('every call hears the announcement, at once when that is known, until a server is back', async () => {
    // Nobody starts the server again.
    await system.kill('launcher');
    await system.kill('server');
    const callers = await dialAll();
    // Asterisk may not have noticed yet: then it is as with a server that hangs.
    const inside = callers.map(async (caller) => expectAnnounced(caller, 0, 9_000));
    await Promise.all([expectAnnouncedOutside(), ...inside]);
    const [later] = await dialAll();
    if (later !== undefined) await expectAnnounced(later, 0, 4_500);
    await system.launch();
    await nothingLeft();
    await customer.dial('0312340000');
    // 1000 is not registered: the server says so, not the guard.
    expect((await customer.ended()).param).toContain('480');
  });
});
