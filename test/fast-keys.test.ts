import { afterAll, beforeAll, expect, it } from 'vitest';
import { KeypadCall } from './kit/keypad.ts';
import { SATO, SIP_PASSWORD, System } from './kit/system.ts';

let system: System;

beforeAll(async () => {
  system = await System.start();
});

afterAll(async () => system.close());

it.each([
  [80, 40],
  [40, 40],
  [80, 60],
  [200, 100],
])('0010 takes every key exactly once, pressed %i ms and %i ms apart [A06]', async (pressMs, gapMs) => {
  await system.query("update agent_states set base_status = 'signed_off', phone = null, seat = null");
  const call = await KeypadCall.dial({
    host: '127.0.0.1',
    port: system.sipPort,
    number: '1000',
    password: SIP_PASSWORD,
    dial: '0010',
  });
  try {
    // All at once: the first key interrupts the prompt, the rest of the fields come while the next prompt begins.
    await call.keys(`${SATO.dialId}#${SATO.dialPassword}#`, { pressMs, gapMs });
    await call.ended();
  } finally {
    await call.close();
  }
  expect(await system.agent('sato')).toMatchObject({ base_status: 'ready', phone: '1000' });
});
