import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Switchboard } from './kit/caller.ts';
import type { Phone } from './kit/phone.ts';
import { recordingsIn } from './kit/recordings.ts';
import { SATO, SIP_PASSWORD, System } from './kit/system.ts';
import { until } from './kit/wait.ts';

/** A tone of the kit arrives at -12 dBFS; what is 40 dB below is not heard. */
const HEARD = -20;
const ABSENT = -55;
const SETTLE_MS = 500;

let system: System;
let caller: Phone;
let callee: Phone;

beforeAll(async () => {
  system = await System.start();
  caller = await system.phone('1000', { toneHz: 600 });
  callee = await system.phone('1001', { toneHz: 1_000, transport: 'tcp' });
});

// What a test that failed leaves is no call of the next.
afterEach(async () => {
  for (const phone of [caller, callee]) {
    await phone.hangUpAll();
    phone.forget();
  }
});
afterAll(async () => system.close());

async function talk(): Promise<void> {
  await caller.dial('1001');
  await callee.answer();
  await caller.event('CALL_ESTABLISHED');
  // The first moments of a call are still on their way through the phones' buffers.
  await Promise.all([caller.listen(SETTLE_MS), callee.listen(SETTLE_MS)]);
}

async function expectTalking(): Promise<void> {
  const [atCaller, atCallee] = await Promise.all([caller.listen(600), callee.listen(600)]);
  expect(atCaller.level(1_000)).toBeGreaterThan(HEARD);
  expect(atCaller.level(600)).toBeLessThan(ABSENT);
  expect(atCallee.level(600)).toBeGreaterThan(HEARD);
  expect(atCallee.level(1_000)).toBeLessThan(ABSENT);
}

async function endCall(): Promise<void> {
  await caller.hangUp();
  await Promise.all([caller.ended(), callee.ended()]);
}

describe('a call between two phones', () => {
  it('carries each party’s sound to the other and nothing back, over UDP and TCP', async () => {
    await talk();
    await expectTalking();
    await endCall();
  });

  it('ends for the caller when the called phone hangs up', async () => {
    await talk();
    await callee.hangUp();
    await Promise.all([caller.ended(), callee.ended()]);
  });

  it('stops ringing when the caller gives up', async () => {
    await caller.dial('1001');
    await callee.event('CALL_INCOMING');
    await caller.hangUp();
    await Promise.all([caller.ended(), callee.ended()]);
  });

  it('tells the caller of an unknown number, and of a phone that is not connected', async () => {
    const switchboard = await Switchboard.open(system.sipPort);
    onTestFinished(async () => switchboard.close());
    const told = async (dial: string): Promise<readonly string[]> => {
      const call = await switchboard.dial({ number: '1003', password: SIP_PASSWORD, dial, listens: true });
      await call.answered;
      await call.ended;
      return recordingsIn(call.heard(), ['unknown-number', 'phone-offline']);
    };
    expect(await Promise.all(['2999', '1002', '9999'].map(told))).toEqual([
      ['unknown-number'],
      ['phone-offline'],
      ['unknown-number'],
    ]);
  });
});

describe('when a part dies during a call', () => {
  it('the server: the sound is unbroken, a new server takes the call over and ends it with its parties', async () => {
    await talk();
    const old = await system.part('server');
    await system.kill('server');
    await expectTalking();
    await system.restarted('server', old?.pid ?? 0);
    await expectTalking();
    await caller.hangUp();
    await Promise.all([caller.ended(), callee.ended()]);
  });

  it('a party hangs up while no server runs: the other is freed when it is back', async () => {
    await talk();
    const old = await system.part('server');
    await system.kill('server');
    await caller.hangUp();
    await caller.ended();
    await system.restarted('server', old?.pid ?? 0);
    await callee.ended();
  });

  it('PostgreSQL: the sound is unbroken, and the service comes back by itself', async () => {
    await talk();
    const old = await system.part('postgres');
    await system.kill('postgres');
    await expectTalking();
    await system.restarted('postgres', old?.pid ?? 0);
    await expectTalking();
    await endCall();
  });

  it('the launcher: everything goes on, and the next start adopts what runs', async () => {
    await talk();
    const before = await Promise.all(
      (['postgres', 'asterisk', 'server'] as const).map(async (part) => system.part(part)),
    );
    await system.kill('launcher');
    await expectTalking();
    await system.launch();
    const after = await Promise.all(
      (['postgres', 'asterisk', 'server'] as const).map(async (part) => system.part(part)),
    );
    expect(after).toEqual(before);
    await expectTalking();
    await endCall();
  });

  it('Asterisk: it is started again, phones work at once, statuses are what was confirmed', async () => {
    await caller.call(`0009*${SATO.dialId}*${SATO.dialPassword}*1000`);
    await caller.ended();
    const confirmed = await system.agent('sato');
    const old = await system.part('asterisk');
    await system.kill('asterisk');
    await system.restarted('asterisk', old?.pid ?? 0);
    expect(await system.agent('sato')).toEqual(confirmed);
    await caller.call(`0013*${SATO.dialId}*${SATO.dialPassword}`);
    await caller.ended();
    expect((await system.agent('sato')).base_status).toBe('away');
  });
});

describe('the database away while a caller keys', () => {
  it('the caller hears an error, nothing is half done, service returns by itself', async () => {
    const before = await system.agent('sato');
    const database = await system.part('postgres');
    await system.freeze('postgres', true);
    try {
      await caller.call(`0010*${SATO.dialId}*${SATO.dialPassword}`);
      await caller.ended(30_000);
    } finally {
      await system.freeze('postgres', false);
    }
    expect(await system.part('postgres')).toEqual(database);
    await system.healthy();
    const after = await system.agent('sato');
    expect(after.base_status).toBe(before.base_status);
    await caller.call(`0010*${SATO.dialId}*${SATO.dialPassword}`);
    await caller.ended();
    expect((await system.agent('sato')).base_status).toBe('ready');
  });
});

it('leaves no channel, leg or bridge behind', async () => {
  await until('no leg to be owned', 20_000, async () => {
    const metrics = await (await fetch(`${system.baseUrl}/metrics`)).text();
    return /^sasayaki_legs 0$/m.test(metrics) && /^sasayaki_calls 0$/m.test(metrics);
  });
});
