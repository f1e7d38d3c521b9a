import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from './kit/browser.ts';
import { ConsoleUser, inspect, shown } from './kit/console.ts';
import { ABSENT, Floor, TONES } from './kit/floor.ts';
import { levelsInPage, noteConnections } from './kit/page-sound.ts';
import type { Phone } from './kit/phone.ts';
import { toneWav } from './kit/tones.ts';
import { until } from './kit/wait.ts';

/** Chromium's echo and noise handling works on the microphone's sound, so its level is less sure than that of the kit's phones. */
const HEARD = -35;
const HEARD_IN_PAGE = -60;

let folder: string;
let floor: Floor;
let browser: Browser;
let user: ConsoleUser;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sasayaki-morning-'));
  const microphone = join(folder, 'microphone.wav');
  await writeFile(microphone, toneWav(TONES.supervisor, 10, 48_000));
  [floor, browser] = await Promise.all([Floor.open(), openBrowser({ microphone })]);
  // The supervisor has nothing but a browser.
  await floor.system.apply(`site: 1
accounts:
  - { loginName: suzuki, displayName: 鈴木 花子, role: supervisor, signInPhone: "1005" }
`);
  user = new ConsoleUser(floor.system, browser);
}, 240_000);
afterAll(async () => {
  await browser.close();
  await floor.system.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: true });
const bar = (): Locator => page.getByRole('region', { name: '自分のモニタリング' }).locator('section');
const sato = (column: string): Locator => page.locator(`tr[data-agent=sato] [data-column=${column}]`);

/** What each of these hears now, of the tones of agent, customer and supervisor. */
async function hears(phone: Phone, wanted: readonly ('agent' | 'customer' | 'supervisor')[]): Promise<void> {
  await until(`phone ${phone.number} to hear ${wanted.join(' and ')} only`, 30_000, async () => {
    const heard = await phone.listen(300);
    return (['agent', 'customer', 'supervisor'] as const).every((who) => {
      const level = heard.level(TONES[who]);
      return wanted.includes(who) ? level > HEARD : level < ABSENT;
    });
  });
}

async function pageHearsBoth(): Promise<void> {
  await until('both parties to be heard in the page', 30_000, async () => {
    const levels = await levelsInPage(page, [TONES.agent, TONES.customer]);
    return levels.every((level) => level > HEARD_IN_PAGE);
  });
}

it('a supervisor’s whole morning in a browser: she watches, listens, whispers, stays for the next call, ends; the server may die in between [B22] [B23] [B24] [B25] [B26] [B27] [B28] [B29] [B32] [B33] [B43]', async () => {
  const { agent, customer, system } = floor;
  page = await user.signedIn({ before: noteConnections }, 'suzuki');
  await shown(page.getByText('待受中'));
  await shown(sato('status').getByText('受付可'));

  // A caller waits for a moment, then sato answers.
  await customer.dial('7000');
  await agent.answer();
  await shown(sato('status').getByText('通話中'));
  await shown(sato('call').getByText('1001'));

  // She listens with the browser's own phone.
  await sato('status').getByRole('button').click();
  await page.getByLabel('モニタリングを行う電話端末の内線番号').fill('1005');
  await button('モニタリング').click();
  await button('OK').click();
  await shown(bar().getByText('受話待ち'));
  await shown(page.getByRole('complementary').getByText('9999'));
  await button('応答').click();
  await shown(bar().getByText('モニタリング中'));
  await pageHearsBoth();
  await Promise.all([hears(agent, ['customer']), hears(customer, ['agent'])]);
  await inspect(page, 'morning-listening');

  // She whispers: the agent hears her, the customer does not.
  await bar().getByRole('button', { name: 'ささやきに切り替え' }).click();
  await shown(bar().getByText('ささやき中'));
  await Promise.all([hears(agent, ['customer', 'supervisor']), hears(customer, ['agent'])]);
  await pageHearsBoth();

  // The server dies: the page says that it shows old data, the sound goes on, and everything comes back without a reload.
  await page.evaluate(() => Object.assign(globalThis, { sameAsBefore: true }));
  // Nobody starts it again before the page and the sound were looked at.
  await system.unattended(async () => {
    await system.kill('server');
    await shown(page.getByText('接続が切れています。再接続しています…'));
    await Promise.all([hears(agent, ['customer', 'supervisor']), hears(customer, ['agent'])]);
  });
  await page.getByText('接続が切れています').first().waitFor({ state: 'detached', timeout: 30_000 });
  await shown(bar().getByText('ささやき中'), 30_000);
  expect(await page.evaluate(() => 'sameAsBefore' in globalThis)).toBe(true);

  // The call ends; she waits, gives the agent back to the callers, and is in the next call by herself.
  await agent.hangUp();
  await shown(bar().getByText('次の通話を待機中'));
  await shown(sato('status').getByText('後作業'));
  await inspect(page, 'morning-waiting');
  await button('佐藤 一郎 さんのその他操作').click();
  await page.getByRole('menuitem', { name: 'ステータスの変更' }).click();
  await page.getByLabel('新しいステータス').selectOption({ label: '受付可' });
  await button('変更').click();
  await shown(sato('status').getByText('受付可'));
  await customer.ended();
  await customer.dial('7000');
  await agent.answer();
  await shown(bar().getByText('ささやき中'));
  await Promise.all([hears(agent, ['customer', 'supervisor']), hears(customer, ['agent'])]);
  await inspect(page, 'morning-next-call');

  // She ends it; the call goes on as if she had never been there.
  await bar().getByRole('button', { name: '終了' }).click();
  await bar().waitFor({ state: 'detached' });
  await page.getByRole('complementary').locator('section').waitFor({ state: 'detached' });
  await Promise.all([hears(agent, ['customer']), hears(customer, ['agent'])]);
  expect(await floor.lastSession()).toEqual({
    reason: 'stopped',
    door: 'realtime_monitor',
    mode: 'whisper',
    answered: true,
  });
  await agent.hangUp();

  // The administrator reads it in the audit.
  page = await user.signedIn({ path: '/history/monitoring' }, 'admin');
  const line = page.getByRole('row').filter({ hasText: '鈴木 花子' }).first();
  await shown(line.getByText('佐藤 一郎'));
  await inspect(page, 'morning-audit');
}, 400_000);
