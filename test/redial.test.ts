import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Api } from './kit/api.ts';
import { openBrowser } from './kit/browser.ts';
import { ConsoleUser, shown } from './kit/console.ts';
import { until } from './kit/wait.ts';
import { Floor, TONES, type Refused } from './kit/floor.ts';

let floor: Floor;
let sato: Api;
let browser: Browser;

beforeAll(async () => {
  [floor, browser] = await Promise.all([Floor.open(), openBrowser()]);
  sato = await Api.signIn(floor.system, 'sato');
}, 120_000);
afterAll(async () => {
  await browser.close();
  await floor.system.close();
});
afterEach(async () => floor.clear());

/** 再発信 of this number, answered at the agent's phone, talked with the customer. */
async function redialled(): Promise<void> {
  const { agent, customer } = floor;
  expect((await sato.post('/api/calls/redial', { number: '1001' })).status).toBe(202);
  const incoming = await agent.event('CALL_INCOMING');
  expect(incoming.peeruri).toContain('1001');
  await agent.acceptNow();
  await customer.event('CALL_ESTABLISHED');
}

describe('再発信', () => {
  it('rings the agent’s own phone, then calls the number from there; both talk, and the record says who called', async () => {
    const { agent, system } = floor;
    await redialled();
    expect(await floor.heardBy(agent)).toEqual(['customer']);
    expect(await floor.heardBy(floor.customer)).toEqual(['agent']);
    expect(await system.agent('sato')).toMatchObject({ call_status: 'internal_call' });
    await agent.hangUp();
    await floor.quiet();
    const record = await until('the record to be closed', 20_000, async () => {
      const rows = await system.query<{ caller: string; dialled: string; result: string | null }>(
        'select caller, dialled, result from call_records order by started_at desc limit 1',
      );
      return rows[0]?.result == null ? undefined : rows[0];
    });
    expect(record).toEqual({ caller: '1000', dialled: '1001', result: 'answered' });
  });

  it('is a button beside each call that one made, on マイアカウント', async () => {
    const { agent, customer } = floor;
    await agent.call('1001');
    // A phone whose call ends before its sound runs may crash.
    await customer.event('CALL_ESTABLISHED');
    await agent.hangUp();
    await floor.quiet();
    customer.forget();
    const user = new ConsoleUser(floor.system, browser);
    const page = await user.signedIn({ path: '/me' }, 'sato');
    const button = page.getByRole('button', { name: '1001 に再発信' }).first();
    await button.focus();
    await page.keyboard.press('Enter');
    await shown(page.getByText('電話端末を呼び出しています。応答すると 1001 に発信します。'));
    await agent.event('CALL_INCOMING');
    await agent.acceptNow();
    await customer.event('CALL_ESTABLISHED');
    await button.focus();
    await page.keyboard.press('Enter');
    await shown(page.getByText('電話端末は通話中です。'));
    await agent.hangUp();
  });

  it('is never a target: a start is refused, and a supervisor who waits hears nothing of it [B83]', async () => {
    const { agent, supervisor } = floor;
    await redialled();
    const refused = await floor.ask('listen');
    expect([refused.status, refused.body.error?.code]).toEqual([409, 'MONITORING_TARGET_REDIAL']);
    await agent.hangUp();
    await agent.ended();
    expect((await floor.ask('whisper', { phone: null })).status).toBe(201);
    await supervisor.answer();
    await floor.reaches('waiting');
    await redialled();
    // The notice and the music of a waiting supervisor have a little of every frequency.
    const heard = await supervisor.listen(1_500);
    for (const tone of [TONES.agent, TONES.customer]) expect(heard.level(tone)).toBeLessThan(-40);
    expect(await floor.heardBy(agent)).toEqual(['customer']);
    expect(await floor.sessions()).toMatchObject([{ state: 'waiting' }]);
    await agent.hangUp();
    await agent.ended();
    // The next ordinary call is one.
    await agent.call('1001');
    await floor.reaches('whispering');
    await agent.hangUp();
    await supervisor.hangUp();
  });

  it('that the agent does not answer calls nobody', async () => {
    const { agent, customer } = floor;
    expect((await sato.post('/api/calls/redial', { number: '1001' })).status).toBe(202);
    await agent.event('CALL_INCOMING');
    await agent.hangUp();
    await floor.quiet();
    await expect(customer.event('CALL_INCOMING', 500)).rejects.toThrow();
  });

  it.each([
    ['a feature code', '0010', 400, 'CALL_NUMBER_WRONG'],
    ['one’s own phone', '1000', 400, 'CALL_NUMBER_WRONG'],
    ['a number that leads nowhere', '3999', 400, 'CALL_NUMBER_WRONG'],
    ['what is no number', '0009*1*2', 400, 'BAD_REQUEST'],
  ])('refuses %s', async (_what, number, status, code) => {
    const answer = await sato.post<Refused>('/api/calls/redial', { number });
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });

  it('needs a phone where one is signed in, and that phone free', async () => {
    const { agent, customer, suzuki } = floor;
    const nowhere = await suzuki.post<Refused>('/api/calls/redial', { number: '1001' });
    expect([nowhere.status, nowhere.body.error.code]).toEqual([409, 'CALL_NO_PHONE']);
    await agent.call('1001');
    await customer.event('CALL_ESTABLISHED');
    const busy = await sato.post<Refused>('/api/calls/redial', { number: '1001' });
    expect([busy.status, busy.body.error.code]).toEqual([409, 'CALL_PHONE_BUSY']);
    await agent.hangUp();
  });
});
