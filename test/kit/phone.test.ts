import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BareAsterisk } from './bare-asterisk.ts';
import { Phone, type Heard } from './phone.ts';
import { until } from './wait.ts';

/** A tone of the kit arrives at -12 dBFS; what is 40 dB below is not heard. */
const HEARD = -15;
const ABSENT = -55;
const TONES = [600, 1_000, 1_400];

let asterisk: BareAsterisk;

// The first run fetches the SIP clients.
beforeAll(async () => {
  asterisk = await BareAsterisk.start();
}, 240_000);

afterAll(async () => asterisk.close());
afterEach(async () => asterisk.closePhones());

/** Waits for so much of a tone, ms, that nothing breaks: a machine that is too busy does that now and then. */
async function heardSoon(phone: Phone, frequency: number, ms = 100): Promise<Heard> {
  return until(`${frequency} Hz at phone ${phone.number}`, 20_000, async () => {
    const heard = await phone.listen(ms);
    return heard.level(frequency) > HEARD && heard.dominant(TONES) === frequency && heard;
  });
}

describe('registering', () => {
  it('works over UDP and TCP', async () => {
    await asterisk.phone('1000', { transport: 'udp' });
    await asterisk.phone('1001', { transport: 'tcp' });
  });

  it('fails with a wrong password, and the phone says so', async () => {
    const phone = await asterisk.phone('1000', { password: 'wrong', awaitRegistration: false });
    await phone.event('REGISTER_FAIL');
  });

  it('of 20 phones takes less than 10 s', async () => {
    await Phone.register(asterisk.account('1039')).then(async (phone) => phone.close());
    const begun = performance.now();
    await Promise.all(Array.from({ length: 20 }, async (_, index) => asterisk.phone(`${1_010 + index}`)));
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

describe('sound', () => {
  it('comes back from an echo: the tone sent, and no other by more than 40 dB', async () => {
    const phone = await asterisk.phone('1000', { toneHz: 600 });
    await phone.call('600');
    const heard = await heardSoon(phone, 600, 500);
    for (const absent of [1_000, 1_400]) expect(heard.level(absent)).toBeLessThan(ABSENT);
  });

  it('can be changed and silenced in the middle of a call', async () => {
    const phone = await asterisk.phone('1000', { toneHz: 600 });
    await phone.call('600');
    await heardSoon(phone, 600);
    await phone.tone(1_400);
    await heardSoon(phone, 1_400);
    await phone.tone(0);
    await until('silence', 20_000, async () => (await phone.listen(100)).total < ABSENT);
    await phone.tone(1_000);
    await heardSoon(phone, 1_000);
  });

  it('goes each way between two phones', async () => {
    const caller = await asterisk.phone('1000', { toneHz: 600 });
    const callee = await asterisk.phone('1001', { toneHz: 1_000 });
    await caller.dial('1001');
    await callee.answer();
    await caller.event('CALL_ESTABLISHED');
    await Promise.all([heardSoon(caller, 1_000), heardSoon(callee, 600)]);
    expect((await callee.listen(300)).level(1_000)).toBeLessThan(ABSENT);
    await callee.hangUp();
    await Promise.all([caller.ended(), callee.ended()]);
  });

  it('goes to another phone after a blind transfer', async () => {
    const caller = await asterisk.phone('1000', { toneHz: 600 });
    const callee = await asterisk.phone('1001', { toneHz: 1_000 });
    const third = await asterisk.phone('1002', { toneHz: 1_400, autoAnswer: true });
    await caller.dial('1001');
    await callee.answer();
    await caller.event('CALL_ESTABLISHED');
    // Before the two are connected Asterisk refuses it.
    await Promise.all([heardSoon(caller, 1_000), heardSoon(callee, 600)]);
    await callee.transfer('1002');
    await third.event('CALL_ESTABLISHED');
    await callee.ended();
    await Promise.all([heardSoon(caller, 1_400), heardSoon(third, 600)]);
    expect((await caller.listen(300)).level(1_000)).toBeLessThan(ABSENT);
  });
});

it('keys of a phone arrive all and once, each 180 ms long', async () => {
  const phone = await asterisk.phone('1003');
  await phone.call('601');
  await phone.keys('1234567890*#');
  const noticed = await asterisk.keysOf('1003', 12);
  expect(noticed.map(({ key }) => key).join('')).toBe('1234567890*#');
  expect(new Set(noticed.map(({ pressMs }) => pressMs))).toEqual(new Set([180]));
});
