import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserPhone } from './kit/browser-phone.ts';
import { openBrowser } from './kit/browser.ts';
import { ConsoleUser, inspect, shown, type } from './kit/console.ts';
import { accountId, Floor } from './kit/floor.ts';

/** The realtime monitor as a supervisor uses it, with real phones behind it. */

let floor: Floor;
let browser: Browser;
let user: ConsoleUser;
let page: Page;
/** The phone of takahashi, which can hold. */
let holding: BrowserPhone;

beforeAll(async () => {
  [floor, browser] = await Promise.all([Floor.open(), openBrowser()]);
  user = new ConsoleUser(floor.system, browser);
  holding = await floor.system.browserPhone('1006', { toneHz: 500 });
  const takahashi = await accountId(floor.system, 'takahashi');
  await floor.suzuki.post(`/api/agents/${takahashi}/sign-in`, { phone: '1006' });
}, 240_000);
afterAll(async () => {
  await browser.close();
  await floor.system.close();
}, 60_000);
afterEach(async () => {
  await holding.hangUpAll();
  await floor.clear();
}, 60_000);

const row = (loginName: string): Locator => page.locator(`tr[data-agent=${loginName}]`);
const cell = (loginName: string, column: string): Locator =>
  row(loginName).locator(`[data-column=${column}]`);
const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: true });
const bar = (): Locator => page.getByRole('region', { name: '自分のモニタリング' }).locator('section');
const extension = (): Locator => page.getByLabel('モニタリングを行う電話端末の内線番号');
const isWide = async (): Promise<boolean> => page.evaluate(() => window.innerWidth > 640);

async function openPage(look: Parameters<ConsoleUser['signedIn']>[0] = {}, who = 'suzuki'): Promise<void> {
  page = await user.signedIn(look, who);
  await shown(row('sato'));
}

/** Clicks the status of an agent, and waits for what opens. */
async function clickStatus(loginName = 'sato'): Promise<Locator> {
  await cell(loginName, 'status').getByRole('button').click();
  const dialog = page.getByRole('dialog');
  await shown(dialog);
  return dialog;
}

/** What suzuki may do with the agents of the call center. */
async function grant(level: 'view' | 'edit'): Promise<void> {
  await floor.system.apply(
    `site: 1\naccounts:\n  - { loginName: suzuki, displayName: 鈴木 花子, role: supervisor, grants: [{ callCenter: "7000", level: ${level} }] }\n`,
  );
}

/** Waits until a cell counts the seconds since then: it shows at least one, and none that have not passed. */
async function counts(target: Locator, from: number): Promise<void> {
  await shown(target.getByText(/^00:00:(0[1-9]|[1-5]\d)$/));
  const seconds = Number((await target.innerText()).slice(-2));
  // Times of the page may be a second ahead, as those of its clock.
  expect(seconds).toBeLessThanOrEqual((Date.now() - from) / 1_000 + 1);
}

async function barGone(): Promise<void> {
  await bar().waitFor({ state: 'detached' });
}

describe('from a click on the status', () => {
  it('phone, モニタリング, its confirmation; then 9999 calls that phone, and both are heard [B23] [B24] [B25] [B26] [B27] [B28] [B29]', async () => {
    const { agent, supervisor } = floor;
    await openPage();
    const from = Date.now();
    await agent.call('1001');
    await shown(cell('sato', 'status').getByText('内線通話'));
    await shown(cell('sato', 'call').getByText('1001'));
    await shown(cell('sato', 'call').getByRole('img', { name: '発信' }));
    await counts(cell('sato', 'talk'), from);
    await clickStatus();
    await shown(page.getByRole('dialog', { name: '佐藤 一郎 さんの通話' }));
    await inspect(page, 'monitoring-dialog');
    // The phone in the call is not the supervisor's.
    await extension().fill('1000');
    await button('モニタリング').click();
    await shown(page.getByText('エージェントが通話している端末は指定できません。'));
    await extension().fill('１００３');
    await button('モニタリング').click();
    await shown(page.getByText(/あなたの声は、エージェントにもお客様にも聞こえません/));
    await inspect(page, 'monitoring-confirm-listen');
    await button('OK').click();
    const incoming = await supervisor.event('CALL_INCOMING');
    expect(incoming.peeruri).toContain('9999');
    await shown(bar().getByText('受話待ち'));
    await supervisor.acceptNow();
    await shown(bar().getByText('モニタリング中'));
    await shown(bar().getByText('あなたに聞こえる: 佐藤 一郎 さん、お客様'));
    await shown(bar().getByText('あなたの声が聞こえる: だれもいません'));
    expect(await floor.heardBy(supervisor)).toEqual(['agent', 'customer']);
    await shown(cell('sato', 'listeners').getByText('鈴木 花子'));
    await inspect(page, 'monitoring-listening');
    await bar().getByRole('button', { name: '終了' }).click();
    await supervisor.ended();
    await barGone();
    await shown(page.getByText('モニタリングを終了しました。'));
    await shown(page.getByText('佐藤 一郎: 終了の操作がありました。'));
  });

  it('why it ended is said, and stays until it was read when nobody could expect it; the next one takes its place [B29] [B89] [B97]', async () => {
    const { agent, supervisor } = floor;
    await openPage();
    await agent.call('1001');
    await shown(cell('sato', 'status').getByText('内線通話'));
    const from = Date.now();
    expect((await floor.ask('listen')).status).toBe(201);
    // From before it was asked for, and from when it rang: however late this machine is, one is longer and the other shorter.
    const unanswered = (async () => {
      await supervisor.event('CALL_INCOMING');
      const rings = Date.now();
      await supervisor.ended();
      return { shorter: Date.now() - rings, longer: Date.now() - from };
    })();
    await shown(bar().getByText('内線 1003 が鳴っています。受話すると始まります。'));
    await inspect(page, 'monitoring-ringing');
    await shown(page.getByText('佐藤 一郎: あなたの電話が 10 秒以内に受話されませんでした。'), 20_000);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByText('English').click();
    await shown(page.getByText('佐藤 一郎: Your phone was not answered within 10 seconds.'));
    await inspect(page, 'monitoring-not-answered-narrow');
    await page.getByText('日本語').click();
    await page.setViewportSize({ width: 1280, height: 800 });
    await inspect(page, 'monitoring-not-answered');
    const { shorter, longer } = await unanswered;
    expect(longer).toBeGreaterThan(9_000);
    expect(shorter).toBeLessThan(12_000);
    expect(await floor.lastSession()).toMatchObject({ reason: 'no_answer', answered: false });
    expect((await floor.ask('whisper')).status).toBe(201);
    await supervisor.answer();
    await shown(bar().getByText('ささやき中'));
    expect(await page.getByText('10 秒以内に').count()).toBe(0);
    await grant('view');
    await shown(page.getByText('佐藤 一郎: モニタリングの権限がなくなりました。'));
    await grant('edit');
    await button('終了の知らせを閉じる').click();
    await page.getByText('モニタリングを終了しました。').waitFor({ state: 'detached' });
  });

  it('ささやき has a confirmation of its own; the bar says who hears, switches, and waits for the next call [B27] [B28]', async () => {
    const { agent, supervisor } = floor;
    await openPage();
    await agent.call('1001');
    await shown(cell('sato', 'status').getByText('内線通話'));
    await clickStatus();
    // The supervisor's own phone is there already; another one can be typed.
    expect(await extension().inputValue()).toBe('1003');
    await button('ささやき').click();
    await shown(page.getByText(/佐藤 一郎 さんにだけ聞こえ、お客様には聞こえません/));
    await inspect(page, 'monitoring-confirm-whisper');
    await button('OK').click();
    await supervisor.answer();
    await shown(bar().getByText('ささやき中'));
    await shown(bar().getByText('あなたの声が聞こえる: 佐藤 一郎 さん'));
    await inspect(page, 'monitoring-whispering');
    expect((await floor.hear(800)).agent).toEqual(['customer', 'supervisor']);
    await bar().getByRole('button', { name: 'モニタリングに切り替え' }).click();
    await shown(bar().getByText('モニタリング中'));
    expect((await floor.hear()).agent).toEqual(['customer']);
    await agent.hangUp();
    await shown(bar().getByText('次の通話を待機中'));
    await inspect(page, 'monitoring-waiting');
    await supervisor.hangUp();
    await barGone();
  });

  it('it is for 通話中, 外線通話, 発信通話 and 内線通話; 保留中 and others say why not; what runs stays through the hold [B94] [B95] [B96]', async () => {
    const { supervisor } = floor;
    await openPage();
    const asked = await clickStatus('takahashi');
    await shown(asked.getByText(/^通話中ではありません。/));
    expect(await asked.getByRole('button', { name: 'モニタリング' }).isDisabled()).toBe(true);
    await type(page, 'Escape');
    await holding.call('1001');
    await shown(cell('takahashi', 'status').getByText('内線通話'));
    await clickStatus('takahashi');
    await extension().fill('1003');
    await button('ささやき').click();
    await button('OK').click();
    await supervisor.answer();
    await shown(bar().getByText('ささやき中'));
    const from = Date.now();
    await holding.hold();
    await shown(cell('takahashi', 'status').getByText('保留中'));
    await counts(cell('takahashi', 'hold'), from);
    await shown(bar().getByText('保留中'));
    await shown(bar().getByText('あなたの声が聞こえる: だれもいません'));
    const again = await clickStatus('takahashi');
    await shown(again.getByText(/^保留中のため開始できません。/));
    expect(await again.getByRole('button', { name: 'ささやき' }).isDisabled()).toBe(true);
    await inspect(page, 'monitoring-on-hold');
    await type(page, 'Escape');
    await holding.resume();
    await shown(bar().getByText('ささやき中'));
    await bar().getByRole('button', { name: '終了' }).click();
    await supervisor.ended();
  });
});

describe('from その他操作', () => {
  it('by keyboard: monitoring starts at once, whispering after a caution, in any status; both call the own phone, and no other can be named [B32] [B33] [B34] [B39] [B40] [B41] [B42] [B43]', async () => {
    const { supervisor } = floor;
    await openPage();
    const others = row('sato').getByRole('button', { name: '佐藤 一郎 さんのその他操作' });
    await others.focus();
    await type(page, 'Enter');
    await shown(page.getByRole('menuitem', { name: 'サインイン端末からモニタリング' }));
    await inspect(page, 'monitoring-others');
    await type(page, 'Enter');
    expect((await supervisor.event('CALL_INCOMING')).peeruri).toContain('9999');
    await supervisor.acceptNow();
    await shown(bar().getByText('次の通話を待機中'));
    expect(await page.getByRole('dialog').count()).toBe(0);
    await supervisor.hangUp();
    await barGone();
    await supervisor.ended();
    // The focus is where it was.
    await type(page, 'Enter');
    await page.locator('[role=menuitem]:focus').waitFor();
    await page.keyboard.press('ArrowDown');
    await type(page, 'Enter');
    await shown(page.getByRole('dialog', { name: 'ささやきの注意事項' }));
    // Nobody else's phone can be named here.
    expect(await page.getByRole('dialog').locator('input').count()).toBe(0);
    await inspect(page, 'monitoring-caution');
    await type(page, 'Enter');
    await supervisor.answer();
    await shown(bar().getByText('次の通話を待機中'));
    await floor.agent.call('1001');
    await shown(bar().getByText('ささやき中'));
    await supervisor.hangUp();
  });

  it('the status of another agent is changed, and a refusal says why', async () => {
    await openPage();
    const change = async (to: string): Promise<void> => {
      await row('sato').getByRole('button', { name: '佐藤 一郎 さんのその他操作' }).click();
      await page.getByRole('menuitem', { name: 'ステータスの変更' }).click();
      await page.getByLabel('新しいステータス').selectOption({ label: to });
      await button('変更').click();
    };
    await change('離席中');
    await shown(cell('sato', 'status').getByText('離席中'));
    await change('受付可');
    await shown(cell('sato', 'status').getByText('受付可'));
    await row('tanaka').getByRole('button', { name: '田中 美咲 さんのその他操作' }).click();
    await page.getByRole('menuitem', { name: 'ステータスの変更' }).click();
    await page.getByLabel('新しいステータス').selectOption({ label: '受付可' });
    await button('変更').click();
    await shown(page.getByText('ログオフ中は変更できません。先にサインインしてください。'));
    await inspect(page, 'monitoring-status-dialog');
  });
});

describe('without the right', () => {
  it('参照 shows the agent, and 権限がありません at the start; nobody is said to listen [B22] [B97]', async () => {
    await grant('view');
    await openPage();
    await floor.agent.call('1001');
    await shown(cell('sato', 'status').getByText('内線通話'));
    await clickStatus();
    await extension().fill('1003');
    await button('モニタリング').click();
    await button('OK').click();
    await shown(page.getByRole('alert').getByText('権限がありません'));
    await inspect(page, 'monitoring-not-allowed');
    await grant('edit');
  });

  it('the call center plan is off: it says so [B21]', async () => {
    await floor.system.apply('site: 1\nsettings: { callCenterPlan: false }\n');
    await openPage();
    await floor.agent.call('1001');
    await shown(cell('sato', 'status').getByText('内線通話'));
    await clickStatus();
    await extension().fill('1003');
    await button('モニタリング').click();
    await button('OK').click();
    await shown(page.getByText('この機能は契約またはオプションで有効になっていません。'));
    await floor.system.apply('site: 1\nsettings: { callCenterPlan: true }\n');
  });

  it('a ユーザ has no realtime monitor, also by its address [B23] [B100]', async () => {
    page = await user.signedIn({ path: '/monitor' }, 'tanaka');
    await shown(page.getByRole('heading', { name: '権限がありません' }));
    expect(await page.locator('nav').getByText('リアルタイムモニタ').count()).toBe(0);
  });
});

describe('the list', () => {
  it('is sorted, filtered and searched; order, filters and columns are kept, also after a reload', async () => {
    await openPage({}, 'admin');
    await button(/^サインイン端末/).click();
    await expect
      .poll(async () => page.locator('tr[data-agent]').first().getAttribute('data-agent'))
      .toBe('sato');
    await page
      .getByRole('list', { name: 'ステータスごとの人数' })
      .getByRole('button', { name: /^ログオフ/ })
      .click();
    await row('sato').waitFor({ state: 'detached' });
    await shown(row('tanaka'));
    await button('表示する列').click();
    await page.getByLabel('座席').check();
    await page.getByLabel('保留時間').uncheck();
    await inspect(page, 'monitor-columns');
    await type(page, 'Escape');
    await page.reload();
    await shown(row('tanaka'));
    expect(await row('sato').count()).toBe(0);
    expect(
      await page.locator('thead [data-column=agent] ~ th, thead [data-column=agent]').allTextContents(),
    ).toEqual([
      'エージェント',
      'サインイン端末▲',
      'ステータス',
      '経過時間',
      '通話の相手',
      '通話時間',
      'モニタリング状況',
      '座席',
      'その他操作',
    ]);
    await button('絞り込みをやめる').click();
    await shown(row('sato'));
    await page.getByRole('searchbox').fill('ｔａｋａ');
    await row('sato').waitFor({ state: 'detached' });
    await shown(row('takahashi'));
    await page.getByRole('searchbox').fill('nobody');
    await shown(page.getByText('当てはまるエージェントがいません。'));
  });

  it('a call center says who waits and for how long, who is rung, and how the day goes', async () => {
    const { agent, customer } = floor;
    await openPage();
    const line = page.locator('tr[data-call-center="7000"]');
    await shown(line.getByText('お客様窓口'));
    const before = Number(await line.locator('td').nth(3).innerText());
    await customer.dial('7000');
    await shown(line.locator('[data-column=waiting]').getByText('1'));
    await shown(page.getByRole('list', { name: '待っているお客様' }).getByText('1001'));
    await shown(page.getByText('佐藤 一郎 を呼出中'));
    await shown(cell('sato', 'status').getByText('着信中'));
    await inspect(page, 'monitor-waiting');
    await agent.answer();
    await shown(cell('sato', 'status').getByText('通話中'));
    await shown(cell('sato', 'call').getByRole('img', { name: '着信' }));
    await shown(line.locator('[data-column=waiting]').getByText('0'));
    await expect.poll(async () => Number(await line.locator('td').nth(3).innerText())).toBe(before + 1);
    await agent.hangUp();
    await shown(cell('sato', 'status').getByText('後作業'));
    await floor.suzuki.put(`/api/agents/${floor.satoId}/status`, { status: 'ready' });
  });
});

it.each([
  ['dark, narrow, in English', { width: 390, locale: 'en-US', dark: true }],
  ['dark, in English', { locale: 'en-US', dark: true }],
  ['narrow', { width: 390 }],
] as const)('the dialog and the bar: %s', async (words, look) => {
  const { agent, supervisor } = floor;
  const name = words.replaceAll(/\W+/g, '-');
  const isJapanese = !('locale' in look);
  await openPage(look);
  await agent.call('1001');
  await shown(cell('sato', 'status').getByText(isJapanese ? '内線通話' : 'Internal call'));
  await inspect(page, `monitor-${name}`);
  await clickStatus();
  await page.locator('input[name=extension]').fill('1003');
  await button(isJapanese ? 'ささやき' : 'Whisper').click();
  await inspect(page, `monitoring-confirm-${name}`);
  await button('OK').click();
  await supervisor.answer();
  await shown(page.getByText(isJapanese ? 'あなたの声が聞こえる: 佐藤 一郎 さん' : 'Hear you: 佐藤 一郎'));
  await inspect(page, `monitoring-bar-${name}`);
  expect(await isWide()).toBe(!('width' in look));
});

it('a list of hundreds: only what is seen is drawn, in its order, and the focus stays with its agent however far one scrolls', async () => {
  const extra = Array.from({ length: 300 }, (_value, index) => `many${String(index).padStart(3, '0')}`);
  await floor.system.apply(
    `site: 1\naccounts:\n${extra.map((name) => `  - { loginName: ${name}, displayName: ${name}, role: user, agent: true, callCenters: [{ number: "7000" }] }`).join('\n')}\n`,
  );
  page = await user.signedIn({}, 'admin');
  await shown(row('many000'));
  const drawn = async (): Promise<readonly { readonly name: string; readonly place: number }[]> =>
    page
      .locator('tr[data-agent]')
      .evaluateAll((rows) =>
        rows.map((one) => ({ name: one.getAttribute('data-agent') ?? '', place: Number(one.ariaRowIndex) })),
      );
  const all = [...extra, 'sato', 'takahashi', 'tanaka'];
  const focused = cell('many001', 'status').getByRole('button');
  await focused.focus();
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await shown(row('tanaka'));
  // One row more than is seen: that of the focus.
  expect(await focused.evaluate((element) => element === document.activeElement)).toBe(true);
  await expect
    .poll(async () => (await drawn()).map(({ name, place }) => all[place - 2] === name))
    .toSatisfy((right: readonly boolean[]) => right.length < 100 && right.every(Boolean));
  await expect
    .poll(async () => (await drawn()).map(({ place }) => place))
    .toSatisfy((places: readonly number[]) => places.every((place, at) => place > (places[at - 1] ?? 0)));
  expect(await page.getByRole('table', { name: 'リアルタイムモニタ' }).getAttribute('aria-rowcount')).toBe(
    '304',
  );
  // The tabulator goes on from there, by the order of the list.
  await type(page, 'Tab', 'Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('tr')?.getAttribute('data-agent'))).toBe(
    'many002',
  );
  await inspect(page, 'monitor-many');
});
