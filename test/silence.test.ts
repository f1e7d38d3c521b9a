import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SATO, System } from './kit/system.ts';
import type { Phone } from './kit/phone.ts';
import { until } from './kit/wait.ts';

/** Phones that lost their power in a call: nothing is told by them, and no sound comes any more. */

/** In the product these are minutes and an hour. */
const PHONE_SILENCE_SECONDS = 3;
const HOLD_SILENCE_SECONDS = 9;

let system: System;
let customer: Phone;

beforeAll(async () => {
  system = await System.start({
    env: {
      SASAYAKI_PHONE_SILENCE: String(PHONE_SILENCE_SECONDS),
      SASAYAKI_HOLD_SILENCE: String(HOLD_SILENCE_SECONDS),
    },
  });
  customer = await system.phone('1001', { toneHz: 1_370 });
}, 120_000);
afterAll(async () => system.close());

/** sato signs in at an extension, by a dial from the customer's phone. */
async function signIn(extension: string): Promise<void> {
  await customer.call(`0009*${SATO.dialId}*${SATO.dialPassword}*${extension}`);
  await customer.ended();
}

async function shows(wanted: string | null): Promise<void> {
  await until(`sato to show ${wanted}`, 20_000, async () => {
    return (await system.agent('sato')).call_status === wanted;
  });
}

/** Waits until nothing of a call is left: no status, no open record. */
async function over(): Promise<void> {
  await shows(null);
  await until('the record to be closed', 20_000, async () => {
    const [open] = await system.query<{ readonly count: number }>(
      'select count(*)::int from call_records where ended_at is null',
    );
    return open?.count === 0;
  });
}

describe('a phone that vanishes', () => {
  it('in a talk is taken out of it when it was silent for as long as phones may be, and the agent is free', async () => {
    const agent = await system.phone('1000', { toneHz: 500 });
    await signIn('1000');
    await customer.dial('1000');
    await agent.answer();
    await shows('internal_call');
    // Longer than the silence that is allowed: who sends sound stays.
    await customer.listen((PHONE_SILENCE_SECONDS + 2) * 1_000);
    await shows('internal_call');
    const from = Date.now();
    await agent.vanish();
    await customer.ended(30_000);
    expect(Date.now() - from).toBeGreaterThan((PHONE_SILENCE_SECONDS - 1) * 1_000);
    await over();
  });

  it('while it holds the customer has longer; then the customer is let go, and the agent is free', async () => {
    const agent = await system.browserPhone('1005', { toneHz: 500 });
    await signIn('1005');
    await customer.dial('1005');
    await agent.answer();
    await agent.hold();
    await shows('on_hold');
    const from = Date.now();
    await agent.vanish();
    await customer.listen((PHONE_SILENCE_SECONDS + 2) * 1_000);
    await shows('on_hold');
    await customer.ended(30_000);
    expect(Date.now() - from).toBeGreaterThan((HOLD_SILENCE_SECONDS - 1) * 1_000);
    await over();
  });
});
