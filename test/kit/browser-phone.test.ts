import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BareAsterisk, HOLD_TONE } from './bare-asterisk.ts';
import type { BrowserPhone } from './browser-phone.ts';
import type { Phone } from './phone.ts';
import { until } from './wait.ts';

/** A tone of the kit arrives at -12 dBFS; what is 40 dB below is not heard. */
const HEARD = -18;
const ABSENT = -52;
const TONES = [HOLD_TONE, 600, 1_000, 1_400];

let asterisk: BareAsterisk;

// The first run fetches a browser.
beforeAll(async () => {
  asterisk = await BareAsterisk.start();
}, 240_000);

afterAll(async () => asterisk.close());
afterEach(async () => asterisk.closePhones());

async function heardSoon(phone: Phone | BrowserPhone, frequency: number): Promise<void> {
  await until(`${frequency} Hz at phone ${phone.number}`, 20_000, async () => {
    const heard = await phone.listen(100);
    return heard.level(frequency) > HEARD && heard.dominant(TONES) === frequency;
  });
}

describe('a phone in a browser', () => {
  it('registers, and says so when its password is wrong', async () => {
    await asterisk.browserPhone('1100');
    const wrong = await asterisk.browserPhone('1101', { password: 'wrong', awaitRegistration: false });
    await wrong.event('REGISTER_FAIL');
  });

  it('hears the tone that it sends come back from an echo, and no other', async () => {
    const phone = await asterisk.browserPhone('1100', { toneHz: 600 });
    await phone.call('600');
    await heardSoon(phone, 600);
    const heard = await phone.listen(500);
    expect(heard.seconds).toBeCloseTo(0.5);
    for (const absent of [1_000, 1_400]) expect(heard.level(absent)).toBeLessThan(ABSENT);
    await phone.tone(1_400);
    await heardSoon(phone, 1_400);
    await phone.tone(0);
    await until('silence', 20_000, async () => (await phone.listen(100)).total < ABSENT);
  });

  it('calls a desk phone and is called by it, with sound both ways', async () => {
    const browser = await asterisk.browserPhone('1100', { toneHz: 600 });
    const desk = await asterisk.phone('1000', { toneHz: 1_000 });
    await browser.dial('1000');
    await desk.answer();
    await browser.event('CALL_ESTABLISHED');
    await Promise.all([heardSoon(browser, 1_000), heardSoon(desk, 600)]);
    await browser.hangUp();
    await Promise.all([browser.ended(), desk.ended()]);

    await desk.dial('1100');
    expect((await browser.event('CALL_INCOMING')).param).toBe('1000');
    await browser.acceptNow();
    await browser.event('CALL_ESTABLISHED');
    await Promise.all([heardSoon(browser, 1_000), heardSoon(desk, 600)]);
    await desk.hangUp();
    await Promise.all([browser.ended(), desk.ended()]);
  });

  it('calls another phone in a browser, which answers by itself', async () => {
    const caller = await asterisk.browserPhone('1100', { toneHz: 600 });
    const callee = await asterisk.browserPhone('1101', { toneHz: 1_000, autoAnswer: true });
    await caller.call('1101');
    await Promise.all([heardSoon(caller, 1_000), heardSoon(callee, 600)]);
  });

  it('presses keys that arrive all and once', async () => {
    const phone = await asterisk.browserPhone('1100');
    await phone.call('601');
    await phone.keys('1234567890*#');
    const noticed = await asterisk.keysOf('1100', 12);
    expect(noticed.map(({ key }) => key).join('')).toBe('1234567890*#');
  });

  it('holds: the other hears music and it hears nothing; resumed, both talk', async () => {
    const browser = await asterisk.browserPhone('1100', { toneHz: 600 });
    const desk = await asterisk.phone('1000', { toneHz: 1_000, autoAnswer: true });
    await browser.call('1000');
    await heardSoon(browser, 1_000);
    await browser.hold();
    await heardSoon(desk, HOLD_TONE);
    expect((await desk.listen(200)).level(600)).toBeLessThan(ABSENT);
    await browser.resume();
    await Promise.all([heardSoon(browser, 1_000), heardSoon(desk, 600)]);
  });

  it('transfers blindly', async () => {
    const browser = await asterisk.browserPhone('1100', { toneHz: 600 });
    const desk = await asterisk.phone('1000', { toneHz: 1_000, autoAnswer: true });
    const third = await asterisk.phone('1001', { toneHz: 1_400, autoAnswer: true });
    await browser.call('1000');
    // Before the two are connected Asterisk refuses it.
    await heardSoon(desk, 600);
    await browser.transfer('1001');
    await browser.ended();
    await Promise.all([heardSoon(desk, 1_400), heardSoon(third, 1_000)]);
  });

  it('transfers after asking: only who was asked hears it in the meantime', async () => {
    const browser = await asterisk.browserPhone('1100', { toneHz: 600 });
    const desk = await asterisk.phone('1000', { toneHz: 1_000, autoAnswer: true });
    const third = await asterisk.phone('1001', { toneHz: 1_400, autoAnswer: true });
    await browser.call('1000');
    await browser.consult('1001');
    await Promise.all([heardSoon(browser, 1_400), heardSoon(third, 600), heardSoon(desk, HOLD_TONE)]);
    await browser.completeTransfer();
    await Promise.all([heardSoon(desk, 1_400), heardSoon(third, 1_000)]);
    await browser.ended();
    await browser.ended();
  });
});
