import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserPhone } from './kit/browser-phone.ts';
import { accountId, expectHeard, TONES } from './kit/floor.ts';
import { NUMBERS, SHOWN_TO_MOBILES } from './kit/lines.ts';
import { LINE_USER, ONLY_OVER_REGISTRATION } from './kit/outside.ts';
import { callerAt, expectAnnounced, OutsideFloor, signIn } from './kit/outside-floor.ts';
import type { Phone } from './kit/phone.ts';
import { SATO, type System } from './kit/system.ts';
import { until } from './kit/wait.ts';

/** Hold, transfer and consultation with outside callers, the limit of outside channels, and trunks that are gone. */

const HEARD = -24;

let floor: OutsideFloor;
let lines: OutsideFloor['lines'];
let system: System;
let agent: Phone;
let colleague: Phone;
let customer: Phone;
let mobile: Phone;

beforeAll(async () => {
  floor = await OutsideFloor.open();
  ({ lines, system, agent, colleague, customer, mobile } = floor);
}, 240_000);
afterAll(async () => floor.lines.close());
afterEach(async () => floor.clear());

describe('the concurrent-call limit', () => {
  afterEach(async () => lines.limit(null));

  /** The customer talks with the agent: one outside channel. */
  async function fill(): Promise<void> {
    await customer.dial(NUMBERS.sato);
    await agent.answer();
    await customer.event('CALL_ESTABLISHED');
    await lines.limit(1);
  }

  it('refuses the next call, which hears so and is written down; from outside it is busy', async () => {
    await fill();
    await colleague.call('09011112222');
    await colleague.ended();
    await expectAnnounced(colleague, 'lines-full');
    await lines.recorded({
      kind: 'outgoing',
      caller: '1001',
      dialled: '09011112222',
      result: 'limit_reached',
    });
    await mobile.dial(LINE_USER);
    expect((await mobile.ended()).param).toContain('486');
    await lines.recorded({ kind: 'incoming', result: 'limit_reached' });
    await expectHeard(customer, ['agent']);
  });

  it('does not count calls inside, and never refuses an emergency number', async () => {
    await fill();
    const police = await lines.main.phone('110', { toneHz: TONES.supervisor });
    await colleague.dial('110');
    await police.answer();
    await colleague.event('CALL_ESTABLISHED');
    await expectHeard(police, ['second']);
    await expectHeard(customer, ['agent']);
    expect(await system.metric('sasayaki_outside_channels')).toBe(2);
    await colleague.hangUp();
    await police.ended();
    await lines.recorded({ dialled: '110', result: 'answered', trunk: 'main' });
  });

  it('is not touched by monitoring: a session starts with all lines in use and takes none [B102]', async () => {
    await fill();
    const supervisor = await system.phone('1003', { toneHz: TONES.supervisor });
    const { status } = await lines.admin.post('/api/monitoring', {
      accountId: await accountId(system, 'sato'),
      mode: 'whisper',
      door: 'realtime_monitor',
      phone: '1003',
    });
    expect(status).toBe(201);
    await supervisor.answer();
    await until('the whisper to reach the agent', 20_000, async () => {
      return (await agent.listen(300)).level(TONES.supervisor) > HEARD;
    });
    await expectHeard(customer, ['agent']);
    expect(await system.metric('sasayaki_outside_channels')).toBe(1);
    await lines.limit(2);
    // With the session up one more line is free, as without it.
    await mobile.dial(LINE_USER);
    await colleague.answer();
    await mobile.event('CALL_ESTABLISHED');
    await supervisor.hangUp();
    await supervisor.ended();
  });
});

describe('an agent with an outside caller', () => {
  let browser: BrowserPhone;

  beforeAll(async () => {
    browser = await system.browserPhone('1005', { toneHz: TONES.agent });
    await signIn(agent, SATO, '1005');
  });
  afterEach(async () => browser.hangUpAll());
  afterAll(async () => signIn(agent, SATO, '1000'));

  async function talk(): Promise<void> {
    await customer.dial(NUMBERS.browser);
    await browser.answer();
    await customer.event('CALL_ESTABLISHED');
    await floor.shows('sato', 'external_call');
    // As people do, they hear each other before anybody presses a key.
    await until('the agent to be heard', 20_000, async () => {
      return (await customer.listen(200)).level(TONES.agent) > HEARD;
    });
  }

  it('holds: the caller hears music, the status is 保留中, and the call goes on', async () => {
    await talk();
    await browser.hold();
    await floor.shows('sato', 'on_hold');
    await expectHeard(customer, []);
    expect((await customer.listen(500)).total).toBeGreaterThan(-60);
    await browser.resume();
    await floor.shows('sato', 'external_call');
    await expectHeard(customer, ['agent']);
    await expectHeard(browser, ['customer']);
  });

  it('transfers to a colleague, who then has 外線通話', async () => {
    await talk();
    await browser.transfer('1001');
    await colleague.answer();
    await browser.ended();
    await floor.shows('sato', 'ready');
    await floor.shows('tanaka', 'external_call');
    await expectHeard(customer, ['second']);
    await expectHeard(colleague, ['customer']);
    await customer.hangUp();
    await colleague.ended();
    await floor.shows('tanaka', 'ready');
  });

  it('transfers to a number outside: both outside parties talk, and both channels count', async () => {
    await talk();
    await browser.transfer('09011112222');
    expect(await callerAt(mobile)).toBe(SHOWN_TO_MOBILES);
    await mobile.acceptNow();
    await browser.ended();
    await floor.shows('sato', 'ready');
    await expectHeard(customer, ['supervisor']);
    await expectHeard(mobile, ['customer']);
    expect(await system.metric('sasayaki_outside_channels')).toBe(2);
    await mobile.hangUp();
    await customer.ended();
  });

  it('transfers to a number outside that the first trunk refuses to call: it goes over the next', async () => {
    const other = await lines.line.phone(ONLY_OVER_REGISTRATION, { toneHz: TONES.supervisor });
    await talk();
    await browser.transfer(ONLY_OVER_REGISTRATION);
    await other.answer();
    await browser.ended();
    await floor.shows('sato', 'ready');
    await expectHeard(customer, ['supervisor']);
    await expectHeard(other, ['customer']);
    expect((await lines.trunks()).map(({ channels }) => channels)).toEqual([1, 1]);
    await customer.hangUp();
    await other.ended();
    await other.close();
  });

  it('consults somebody outside and connects the two', async () => {
    await talk();
    await Promise.all([browser.consult('09011112222'), mobile.answer()]);
    await floor.shows('sato', 'outgoing_call');
    await expectHeard(mobile, ['agent']);
    await expectHeard(customer, []);
    await browser.completeTransfer();
    await browser.ended();
    await floor.shows('sato', 'ready');
    await expectHeard(customer, ['supervisor']);
    await expectHeard(mobile, ['customer']);
    await customer.hangUp();
    await mobile.ended();
  });
});

describe('the health of trunks', () => {
  it('a provider that is gone is passed over, told in the API and the metrics, and used again when it is back', async () => {
    const spare = await lines.line.phone('0312345678', { toneHz: TONES.supervisor });
    await lines.main.kill();
    // Nobody knows yet: the first way shows nothing, the next is taken.
    await reachesOverSpare(spare);
    await lines.reaches('main', 'down');
    await reachesOverSpare(spare);
    await lines.main.restart();
    await lines.reaches('main', 'up');
  });

  it('a provider that refuses our registration is down, and up when it takes it again', async () => {
    await lines.enableLine(false);
    await lines.line.registered(false);
    await lines.line.refuse(true);
    await lines.enableLine(true);
    // While the server has not read yet that it is switched on, it is down too.
    await until('the registration to be told as refused', 60_000, async () => {
      return (await lines.trunks()).find(({ id }) => id === 'line')?.registered === false;
    });
    await lines.reaches('line', 'down');
    await lines.line.refuse(false);
    await lines.reaches('line', 'up');
  });
});

async function reachesOverSpare(spare: Phone): Promise<void> {
  await agent.dial('0312345678');
  await spare.answer();
  await agent.event('CALL_ESTABLISHED');
  await expectHeard(agent, ['supervisor']);
  await agent.hangUp();
  await spare.ended();
  await lines.recorded({ trunk: 'line', result: 'answered' });
}
