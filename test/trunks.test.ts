import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './kit/browser.ts';
import { ConsoleUser, inspect, shown } from './kit/console.ts';
import { LiveFeed } from './kit/feed.ts';
import { accountId, expectHeard, TONES } from './kit/floor.ts';
import { NUMBERS, SHOWN_TO_MOBILES } from './kit/lines.ts';
import {
  ANSWERED_BY_PROVIDER,
  EARLY_TONE,
  LINE_USER,
  ONLY_OVER_REGISTRATION,
  WITHHOLDING,
} from './kit/outside.ts';
import { callerAt, expectAnnounced, OutsideFloor } from './kit/outside-floor.ts';
import type { Phone } from './kit/phone.ts';
import { SATO, TANAKA, type System } from './kit/system.ts';
import { until } from './kit/wait.ts';

/** Calls with the outside world, over a trunk that is known by its address and one where the system registers. */

const HEARD = -24;

let floor: OutsideFloor;
let lines: OutsideFloor['lines'];
let system: System;
let agent: Phone;
let colleague: Phone;
let customer: Phone;
let mobile: Phone;
let satoId: number;

beforeAll(async () => {
  floor = await OutsideFloor.open();
  ({ lines, system, agent, colleague, customer, mobile } = floor);
  satoId = await accountId(system, 'sato');
}, 240_000);
afterAll(async () => floor.lines.close());
afterEach(async () => floor.clear());

describe('a call from outside', () => {
  it('reaches the extension of the number that was called, shows who calls, and is 外線通話', async () => {
    await customer.dial(NUMBERS.sato);
    expect(await callerAt(agent)).toBe('0312345678');
    await floor.shows('sato', 'ringing');
    await agent.acceptNow();
    await customer.event('CALL_ESTABLISHED');
    await floor.shows('sato', 'external_call');
    await expectHeard(agent, ['customer']);
    await expectHeard(customer, ['agent']);
    expect(await system.metric('sasayaki_outside_channels')).toBe(1);
    expect((await lines.trunks()).map(({ channels }) => channels)).toEqual([0, 1]);
    await customer.hangUp();
    await agent.ended();
    await floor.shows('sato', 'ready');
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
      await expectHeard(agent, ['customer']);
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

  it('from somebody who does not tell the number is 非通知 on the pages, and found by that word', async () => {
    const browser = await openBrowser();
    try {
      for (const [locale, words] of [
        ['ja-JP', '非通知'],
        ['en-US', 'Withheld'],
      ] as const) {
        const page = await new ConsoleUser(system, browser).signedIn({ locale });
        await customer.dial(WITHHOLDING.anonymous + NUMBERS.sato);
        await agent.answer();
        const row = page.locator('tr[data-agent=sato] [data-column=call]');
        await shown(row.getByText(words));
        await page.getByRole('searchbox').fill(words);
        await page.locator('tr[data-agent=tanaka]').waitFor({ state: 'detached' });
        await shown(row.getByText(words));
        await customer.hangUp();
        await agent.ended();
        await customer.dial(WITHHOLDING.anonymous + NUMBERS.callCenter);
        await shown(page.locator('ol li').getByText(words));
        await inspect(page, `monitor-withheld-${locale.slice(0, 2)}`);
        await customer.hangUp();
        await floor.clear();
        await page.goto(`${system.baseUrl}/history/calls`);
        const cells = page.locator('tbody tr td:nth-of-type(2)');
        await shown(cells.getByText(words));
        await page.getByRole('searchbox').fill(words);
        await expect
          .poll(async () => new Set((await cells.allInnerTexts()).map((cell) => cell.trim())))
          .toEqual(new Set([words]));
        expect(await page.getByText('anonymous').count()).toBe(0);
      }
    } finally {
      await browser.close();
    }
  });

  it('over the trunk where the system registers: the number called is found also when the provider calls the account', async () => {
    for (const [number, callee] of [
      [NUMBERS.sato, agent],
      [LINE_USER, colleague],
    ] as const) {
      await mobile.dial(number);
      await callee.answer();
      await mobile.event('CALL_ESTABLISHED');
      await expectHeard(mobile, [callee === agent ? 'agent' : 'second']);
      await callee.hangUp();
      await mobile.ended();
      await lines.recorded({ trunk: 'line', result: 'answered' });
    }
  });

  it('to a call center is given to an agent, is 通話中, and leaves after-call work', async () => {
    await customer.dial(NUMBERS.callCenter);
    await customer.event('CALL_ESTABLISHED');
    const login = await until('an agent to be rung', 20_000, async () => {
      for (const each of ['sato', 'tanaka'] as const)
        if ((await system.agent(each)).call_status === 'ringing') return each;
      return undefined;
    });
    const [taken, tone] = login === 'sato' ? ([agent, 'agent'] as const) : ([colleague, 'second'] as const);
    await taken.event('CALL_INCOMING');
    await taken.acceptNow();
    await floor.shows(login, 'call_center_call');
    await expectHeard(customer, [tone]);
    await customer.hangUp();
    await taken.ended();
    await floor.shows(login, 'after_call_work');
    await lines.recorded({ kind: 'call_center', trunk: 'main', result: 'answered' });
    const who = taken === agent ? SATO : TANAKA;
    await taken.dial(`0010*${who.dialId}*${who.dialPassword}`);
    await floor.shows(login, 'ready');
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
    await floor.shows('sato', 'outgoing_call');
    await customer.acceptNow();
    await agent.event('CALL_ESTABLISHED');
    await expectHeard(agent, ['customer']);
    await expectHeard(customer, ['agent']);
    await floor.shows('sato', 'outgoing_call');
    await customer.hangUp();
    await agent.ended();
    await floor.shows('sato', 'ready');
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
    await expectHeard(agent, ['supervisor']);
    await expectHeard(mobile, ['agent']);
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
    await floor.shows('sato', 'ready');
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
    await expectHeard(agent, ['supervisor']);
    await agent.hangUp();
    await other.ended();
    await lines.recorded({ trunk: 'line', result: 'answered' });
    await other.close();
  });

  it('what the provider says before an answer is heard at once', async () => {
    await agent.dial(ANSWERED_BY_PROVIDER.notInUse);
    await until('the provider to be heard', 20_000, async () => {
      return (await agent.heard(200)).level(EARLY_TONE) > HEARD;
    });
    await floor.shows('sato', 'outgoing_call');
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
