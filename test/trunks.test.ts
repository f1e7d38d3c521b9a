import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserPhone } from './kit/browser-phone.ts';
import { LiveFeed } from './kit/feed.ts';
import { accountId, partiesIn, TONES } from './kit/floor.ts';
import { Lines, NUMBERS, SHOWN_TO_MOBILES } from './kit/lines.ts';
import {
  ANSWERED_BY_PROVIDER,
  EARLY_TONE,
  LINE_USER,
  ONLY_OVER_REGISTRATION,
  WITHHOLDING,
} from './kit/outside.ts';
import type { Phone } from './kit/phone.ts';
import { recordingsIn } from './kit/recordings.ts';
import { SATO, TANAKA, type System } from './kit/system.ts';
import { until } from './kit/wait.ts';

/** Calls with the outside world, over a trunk that is known by its address and one where the system registers. */

const SETTLE_MS = 500;
const HEARD = -24;

let lines: Lines;
let system: System;
let agent: Phone;
let colleague: Phone;
let customer: Phone;
let mobile: Phone;
let satoId: number;

beforeAll(async () => {
  lines = await Lines.open();
  ({ system } = lines);
  [agent, colleague, customer, mobile] = await Promise.all([
    system.phone('1000', { toneHz: TONES.agent }),
    system.phone('1001', { toneHz: TONES.second }),
    lines.main.phone('0312345678', { toneHz: TONES.customer }),
    lines.line.phone('09011112222', { toneHz: TONES.supervisor }),
  ]);
  satoId = await accountId(system, 'sato');
  await signIn(agent, SATO, '1000');
  await signIn(colleague, TANAKA, '1001');
}, 240_000);
afterAll(async () => lines.close());
afterEach(async () => {
  for (const phone of [agent, colleague, customer, mobile]) await phone.hangUpAll();
  await lines.quiet();
  for (const phone of [agent, colleague, customer, mobile]) phone.forget();
});

async function signIn(phone: Phone, who: typeof SATO, extension: string): Promise<void> {
  await phone.dial(`0009*${who.dialId}*${who.dialPassword}*${extension}`);
  await phone.ended();
}

async function shows(login: string, wanted: string): Promise<void> {
  await until(`${login} to show ${wanted}`, 8_000, async () => {
    const { call_status: call, base_status: base } = await system.agent(login);
    return (call ?? base) === wanted;
  });
}

type Listener = Pick<Phone, 'listen'>;

async function heardBy(phone: Listener): Promise<readonly string[]> {
  await phone.listen(SETTLE_MS);
  return partiesIn(await phone.listen(500));
}

const ANNOUNCEMENTS = [
  'phone-busy',
  'phone-offline',
  'no-answer',
  'lines-full',
  'unknown-number',
  'error-occurred',
] as const;

/** Fails unless the call that has just ended had this announcement and no other. */
async function expectAnnounced(phone: Phone, prompt: string): Promise<void> {
  await until(`the announcement ${prompt} at ${phone.number}`, 5_000, async () => {
    const found: readonly string[] = recordingsIn((await phone.heard(8_000)).samples, ANNOUNCEMENTS);
    return found.length === 1 && found[0] === prompt;
  });
}

/** What a phone shows of who calls. */
async function callerAt(phone: Phone): Promise<string> {
  const { peeruri = '' } = await phone.event('CALL_INCOMING');
  return /sip:([^@;>]*)@/.exec(peeruri)?.[1] ?? '';
}

describe('a call from outside', () => {
  it('reaches the extension of the number that was called, shows who calls, and is 外線通話', async () => {
    await customer.dial(NUMBERS.sato);
    expect(await callerAt(agent)).toBe('0312345678');
    await shows('sato', 'ringing');
    await agent.acceptNow();
    await customer.event('CALL_ESTABLISHED');
    await shows('sato', 'external_call');
    expect(await heardBy(agent)).toEqual(['customer']);
    expect(await heardBy(customer)).toEqual(['agent']);
    expect(await system.metric('sasayaki_outside_channels')).toBe(1);
    expect((await lines.trunks()).map(({ channels }) => channels)).toEqual([0, 1]);
    await customer.hangUp();
    await agent.ended();
    await shows('sato', 'ready');
    await lines.recorded({
      kind: 'incoming',
      caller: '0312345678',
      dialled: '1000',
      trunk: 'main',
      result: 'answered',
      answered: true,
    });
  });

  it.each(Object.entries(WITHHOLDING))(
    'from somebody who does not tell the number (%s) is from anonymous at the phone, in the feed and in the records',
    async (_how, prefix) => {
      const feed = await LiveFeed.open(system, lines.admin);
      await customer.dial(prefix + NUMBERS.sato);
      const { peeruri = '', param = '' } = await agent.event('CALL_INCOMING');
      expect(peeruri).toMatch(/sip:anonymous@/);
      await agent.acceptNow();
      await customer.event('CALL_ESTABLISHED');
      expect(await heardBy(agent)).toEqual(['customer']);
      await customer.hangUp();
      await lines.recorded({ kind: 'incoming', caller: 'anonymous', dialled: '1000', result: 'answered' });
      await agent.ended();
      await customer.dial(prefix + NUMBERS.callCenter);
      const { waiting } = await feed.shows('the ring', '7000', (live) => live.waiting[0]?.agent != null);
      expect(waiting[0]?.caller).toBe('anonymous');
      expect(await callerAt(waiting[0]?.agent?.accountId === satoId ? agent : colleague)).toBe('anonymous');
      await customer.hangUp();
      await lines.recorded({ kind: 'call_center', caller: 'anonymous', result: 'abandoned' });
      const told = JSON.stringify(feed.messages);
      feed.close();
      expect(told).toContain('"number":"anonymous"');
      for (const shown of [peeruri, param, told]) expect(shown).not.toContain(customer.number);
    },
  );

  it('over the trunk where the system registers: the number called is found also when the provider calls the account', async () => {
    for (const [number, callee] of [
      [NUMBERS.sato, agent],
      [LINE_USER, colleague],
    ] as const) {
      await mobile.dial(number);
      await callee.answer();
      await mobile.event('CALL_ESTABLISHED');
      expect(await heardBy(mobile)).toEqual([callee === agent ? 'agent' : 'second']);
      await callee.hangUp();
      await mobile.ended();
      await lines.recorded({ trunk: 'line', result: 'answered' });
    }
  });

  it('to a call center is given to an agent, is 通話中, and leaves after-call work', async () => {
    await customer.dial(NUMBERS.callCenter);
    await customer.event('CALL_ESTABLISHED');
    const taken = await Promise.race(
      [agent, colleague].map(async (phone) => {
        await phone.event('CALL_INCOMING', 15_000);
        return phone;
      }),
    );
    await taken.acceptNow();
    const [login, tone] = taken === agent ? (['sato', 'agent'] as const) : (['tanaka', 'second'] as const);
    await shows(login, 'call_center_call');
    expect(await heardBy(customer)).toEqual([tone]);
    await customer.hangUp();
    await taken.ended();
    await shows(login, 'after_call_work');
    await lines.recorded({ kind: 'call_center', trunk: 'main', result: 'answered' });
    const who = taken === agent ? SATO : TANAKA;
    await taken.dial(`0010*${who.dialId}*${who.dialPassword}`);
    await shows(login, 'ready');
  });

  it('to a number that leads nowhere is refused by the network, unanswered, and written down', async () => {
    await customer.dial('0312340009');
    expect((await customer.ended()).param).toContain('404');
    await lines.recorded({
      kind: 'incoming',
      dialled: '0312340009',
      result: 'unknown_number',
      answered: false,
    });
  });

  it('to a phone that declines, or is not there: the caller gets the network’s answer', async () => {
    await customer.dial(NUMBERS.sato);
    await agent.event('CALL_INCOMING');
    await agent.hangUp();
    expect((await customer.ended()).param).toContain('486');
    await lines.recorded({ result: 'busy', answered: false });
    await customer.dial(NUMBERS.browser);
    expect((await customer.ended()).param).toContain('480');
    await lines.recorded({ result: 'offline', answered: false });
  });
});

describe('a call to the outside', () => {
  it('goes the way of its number, shows the phone’s number there, rings, and is 発信通話', async () => {
    await agent.dial('0312345678');
    expect(await callerAt(customer)).toBe(NUMBERS.sato);
    await agent.event('CALL_RINGING');
    await shows('sato', 'outgoing_call');
    await customer.acceptNow();
    await agent.event('CALL_ESTABLISHED');
    expect(await heardBy(agent)).toEqual(['customer']);
    expect(await heardBy(customer)).toEqual(['agent']);
    await shows('sato', 'outgoing_call');
    await customer.hangUp();
    await agent.ended();
    await shows('sato', 'ready');
    await lines.recorded({
      kind: 'outgoing',
      caller: '1000',
      dialled: '0312345678',
      trunk: 'main',
      result: 'answered',
    });
  });

  it('over the trunk where the system registers, signed in to and with the number that its way presents', async () => {
    await agent.dial('09011112222');
    expect(await callerAt(mobile)).toBe(SHOWN_TO_MOBILES);
    await mobile.acceptNow();
    await agent.event('CALL_ESTABLISHED');
    expect(await heardBy(agent)).toEqual(['supervisor']);
    expect(await heardBy(mobile)).toEqual(['agent']);
    await agent.hangUp();
    await mobile.ended();
    await lines.recorded({ trunk: 'line', result: 'answered' });
  });

  it.each([
    ['busy', ANSWERED_BY_PROVIDER.busy, 'phone-busy', 'busy'],
    ['unreachable', ANSWERED_BY_PROVIDER.unreachable, 'phone-offline', 'offline'],
    ['congestion', ANSWERED_BY_PROVIDER.congestion, 'lines-full', 'congestion'],
    ['a number that is not in use', '0311119999', 'unknown-number', 'unknown_number'],
    ['one that the provider does not allow', ANSWERED_BY_PROVIDER.forbidden, 'error-occurred', 'failed'],
  ])('%s is heard and written down as that', async (_what, number, prompt, result) => {
    await agent.call(number);
    await agent.ended();
    await lines.recorded({ dialled: number, result, answered: false });
    await expectAnnounced(agent, prompt);
    await shows('sato', 'ready');
  });

  it.each([
    ['480', ANSWERED_BY_PROVIDER.unanswered],
    ['408', ANSWERED_BY_PROVIDER.tooLong],
  ])('one that rings and is not answered (%s) is heard and written down as that', async (_sip, number) => {
    await agent.dial(number);
    await agent.event('CALL_RINGING');
    await customer.event('CALL_INCOMING');
    await customer.ended();
    await agent.event('CALL_ESTABLISHED');
    await agent.ended();
    await lines.recorded({ dialled: number, result: 'no_answer', answered: false });
    await expectAnnounced(agent, 'no-answer');
  });

  it('a number that the first trunk refuses to call is called over the next; the caller notices nothing', async () => {
    const other = await lines.line.phone(ONLY_OVER_REGISTRATION, { toneHz: TONES.supervisor });
    await agent.dial(ONLY_OVER_REGISTRATION);
    await other.answer();
    await agent.event('CALL_ESTABLISHED');
    expect(await heardBy(agent)).toEqual(['supervisor']);
    await agent.hangUp();
    await other.ended();
    await lines.recorded({ trunk: 'line', result: 'answered' });
    await other.close();
  });

  it('what the provider says before an answer is heard at once', async () => {
    await agent.dial(ANSWERED_BY_PROVIDER.notInUse);
    await until('the provider to be heard', 5_000, async () => {
      return (await agent.heard(200)).level(EARLY_TONE) > HEARD;
    });
    await shows('sato', 'outgoing_call');
    await agent.event('CALL_ESTABLISHED');
    await agent.ended();
    await expectAnnounced(agent, 'unknown-number');
    await lines.recorded({ result: 'unknown_number', answered: false });
  });

  it('a called person who declines is busy; one who is given up on has abandoned', async () => {
    await agent.dial('0312345678');
    await customer.event('CALL_INCOMING');
    await customer.hangUp();
    await agent.event('CALL_ESTABLISHED');
    await agent.ended();
    await lines.recorded({ result: 'busy' });
    await agent.dial('0312345678');
    await customer.event('CALL_INCOMING');
    await agent.hangUp();
    await customer.ended();
    await lines.recorded({ result: 'abandoned', answered: false });
  });
});

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
    expect(await heardBy(customer)).toEqual(['agent']);
  });

  it('does not count calls inside, and never refuses an emergency number', async () => {
    await fill();
    const police = await lines.main.phone('110', { toneHz: TONES.supervisor });
    await colleague.dial('110');
    await police.answer();
    await colleague.event('CALL_ESTABLISHED');
    expect(await heardBy(police)).toEqual(['second']);
    expect(await heardBy(customer)).toEqual(['agent']);
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
    await until('the whisper to reach the agent', 6_000, async () => {
      return (await agent.listen(300)).level(TONES.supervisor) > HEARD;
    });
    expect(await heardBy(customer)).toEqual(['agent']);
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
    await shows('sato', 'external_call');
  }

  it('holds: the caller hears music, the status is 保留中, and the call goes on', async () => {
    await talk();
    await browser.hold();
    await shows('sato', 'on_hold');
    await customer.listen(SETTLE_MS);
    const music = await customer.listen(500);
    expect(partiesIn(music)).toEqual([]);
    expect(music.total).toBeGreaterThan(-60);
    await browser.resume();
    await shows('sato', 'external_call');
    expect(await heardBy(customer)).toEqual(['agent']);
    expect(await heardBy(browser)).toEqual(['customer']);
  });

  it('transfers to a colleague, who then has 外線通話', async () => {
    await talk();
    await browser.transfer('1001');
    await colleague.answer();
    await browser.ended();
    await shows('sato', 'ready');
    await shows('tanaka', 'external_call');
    expect(await heardBy(customer)).toEqual(['second']);
    expect(await heardBy(colleague)).toEqual(['customer']);
    await customer.hangUp();
    await colleague.ended();
    await shows('tanaka', 'ready');
  });

  it('transfers to a number outside: both outside parties talk, and both channels count', async () => {
    await talk();
    await browser.transfer('09011112222');
    expect(await callerAt(mobile)).toBe(SHOWN_TO_MOBILES);
    await mobile.acceptNow();
    await browser.ended();
    await shows('sato', 'ready');
    expect(await heardBy(customer)).toEqual(['supervisor']);
    expect(await heardBy(mobile)).toEqual(['customer']);
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
    await shows('sato', 'ready');
    expect(await heardBy(customer)).toEqual(['supervisor']);
    expect(await heardBy(other)).toEqual(['customer']);
    expect((await lines.trunks()).map(({ channels }) => channels)).toEqual([1, 1]);
    await customer.hangUp();
    await other.ended();
    await other.close();
  });

  it('consults somebody outside and connects the two', async () => {
    await talk();
    await Promise.all([browser.consult('09011112222'), mobile.answer()]);
    await shows('sato', 'outgoing_call');
    expect(await heardBy(mobile)).toEqual(['agent']);
    expect(await heardBy(customer)).toEqual([]);
    await browser.completeTransfer();
    await browser.ended();
    await shows('sato', 'ready');
    expect(await heardBy(customer)).toEqual(['supervisor']);
    expect(await heardBy(mobile)).toEqual(['customer']);
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
    await lines.reaches('line', 'down');
    expect((await lines.trunks()).find(({ id }) => id === 'line')?.registered).toBe(false);
    await lines.line.refuse(false);
    await lines.reaches('line', 'up');
  });
});

async function reachesOverSpare(spare: Phone): Promise<void> {
  await agent.dial('0312345678');
  await spare.answer();
  await agent.event('CALL_ESTABLISHED');
  expect(await heardBy(agent)).toEqual(['supervisor']);
  await agent.hangUp();
  await spare.ended();
  await lines.recorded({ trunk: 'line', result: 'answered' });
}
