import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BareAsterisk, HOLD_TONE } from './bare-asterisk.ts';
import { KeypadCall } from './keypad.ts';
import { until } from './wait.ts';

const KEYS = '1234567890*#11223344';

let asterisk: BareAsterisk;

beforeAll(async () => {
  asterisk = await BareAsterisk.start();
}, 240_000);

afterAll(async () => asterisk.close());

describe('keys with exact times', () => {
  it.each([
    ['1020', 80, 40],
    ['1021', 40, 40],
    ['1022', 60, 60],
    ['1023', 100, 46],
  ])('from %s, %i ms pressed and %i ms apart, are what Asterisk takes', async (number, pressMs, gapMs) => {
    const call = await KeypadCall.dial({ ...asterisk.account(number), dial: '601' });
    await call.keys(KEYS, { pressMs, gapMs });
    const noticed = await asterisk.keysOf(number, KEYS.length);
    expect(noticed.map(({ key }) => key).join('')).toBe(KEYS);
    expect(new Set(noticed.map((key) => key.pressMs))).toEqual(new Set([pressMs]));
    const apart = noticed.slice(1).map(({ endedAt }, index) => endedAt - (noticed[index]?.endedAt ?? 0));
    // The one in the middle: a machine that is late once moves two of them, and an average of all.
    const middle = apart.sort((one, other) => one - other)[Math.floor(apart.length / 2)];
    expect(middle).toBeCloseTo(pressMs + gapMs, -1);
    await call.close();
  });
});

it('a keypad call hears, and is told when the other side hangs up', async () => {
  const phone = await asterisk.phone('1001', { toneHz: HOLD_TONE, autoAnswer: true });
  const call = await KeypadCall.dial({ ...asterisk.account('1020'), dial: '1001' });
  await until('the tone', 20_000, () => call.heard().seconds > 0.5 && call.heard().level(HOLD_TONE) > -20);
  await phone.hangUp();
  await call.ended();
  await call.close();
});

it('the other side is freed when a keypad call is closed', async () => {
  const phone = await asterisk.phone('1002', { autoAnswer: true });
  const call = await KeypadCall.dial({ ...asterisk.account('1020'), dial: '1002' });
  await call.close();
  await phone.ended();
});
