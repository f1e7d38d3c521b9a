import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DialCredentialsAnswer } from '../packages/server/src/http/contract.ts';
import { Api } from './kit/api.ts';
import { codeOf, stepNow } from './kit/authenticator.ts';
import { openBrowser } from './kit/browser.ts';
import { handsOn } from './kit/console-hands.ts';
import { ConsoleUser, fits, inspect, PASSWORD, shown, signIn, type, type Look } from './kit/console.ts';
import { System } from './kit/system.ts';
import { until } from './kit/wait.ts';

/** One's own account and the histories, as people use them by keyboard; and what all pages have in common. */

let system: System;
let browser: Browser;
let user: ConsoleUser;
/** A token acts for the administrator: a session of its own would end when the page's password is issued anew. */
let admin: Api;
let page: Page;

beforeAll(async () => {
  [system, browser] = await Promise.all([System.start(), openBrowser()]);
  user = new ConsoleUser(system, browser);
  const session = await Api.signIn(system, 'admin');
  const { body } = await session.post<{ token: string }>('/api/tokens', { name: 'test' });
  admin = Api.withToken(system, body.token);
}, 240_000);
afterAll(async () => {
  await browser.close();
  await system.close();
}, 60_000);

const { button, dialog, field, done, press, write, choose, secret } = handsOn(() => page);

async function idOf(loginName: string): Promise<number> {
  const [row] = await system.query<{ id: string }>('select id from accounts where login_name = $1', [
    loginName,
  ]);
  return Number(row?.id);
}

describe('one’s own account', () => {
  test('an agent signs in, changes status, signs off, and sees it in the history; dial ID and password are one’s own [A03] [A05]', async () => {
    page = await user.signedIn({ path: '/me' }, 'takahashi');
    await write('内線番号', '1003');
    await page.keyboard.press('Enter');
    await done('内線 1003 にサインインしました。');
    await choose('ステータスを変更', '休憩中');
    await press(button('変更'));
    await done('ステータスを 休憩中 にしました。');
    expect((await system.agent('takahashi')).base_status).toBe('on_break');
    await press(button('ログオフ'));
    await done('ログオフしました。');
    await shown(
      page.getByRole('region', { name: '自分の活動履歴' }).getByRole('row', { name: /休憩中 から ログオフ/ }),
    );
    await press(button('ID・パスワードを確認・変更'));
    expect(await field('ダイヤル操作ID').inputValue()).toMatch(/^[0-9]{6}$/);
    await press(button('新しく発行'));
    await done('新しいダイヤル操作ID・パスワードを発行しました。');
    const { body } = await admin.get<DialCredentialsAnswer>(
      `/api/accounts/${await idOf('takahashi')}/dial-credentials`,
    );
    expect(await field('ダイヤル操作ID').inputValue()).toBe(body.dialId);
    await page.keyboard.press('Escape');
    await inspect(page, 'me-agent');
    // Other pages are not for this role, and say so.
    await page.goto(`${system.baseUrl}/administration/accounts`);
    await shown(page.getByRole('heading', { name: '権限がありません' }));
    expect(await page.getByRole('link', { name: '管理' }).count()).toBe(0);
  });

  test('the second factor is set up with a code of the app and asked for at the next sign-in; a place is signed out, then all', async () => {
    const look: Look = { path: '/me' };
    page = await user.signedIn(look, 'suzuki');
    await press(button('2 段階認証を設定'));
    const enrol = dialog('2 段階認証を設定');
    await enrol.getByLabel('現在のパスワード').focus();
    await type(page, PASSWORD, 'Enter');
    await shown(page.getByRole('img', { name: '認証アプリ用の QR コード' }));
    await inspect(page, 'second-factor');
    const key = await secret('手で入力するとき');
    await field('確認コード').focus();
    await type(page, codeOf(key, stepNow() - 1_000), 'Enter');
    await shown(page.getByText('確認コードが違うか、期限が切れているか、すでに使われています。'));
    await write('確認コード', codeOf(key, stepNow()));
    await page.keyboard.press('Enter');
    await shown(dialog('回復コード'));
    const codes = await dialog('回復コード').getByRole('listitem').allInnerTexts();
    expect(codes).toHaveLength(10);
    await press(button('保管しました'));
    await done('2 段階認証をオンにしました。ほかの場所でのサインインは終了しました。');

    const here = page;
    page = await user.open(look);
    await signIn(page, 'suzuki', PASSWORD);
    await page.locator('input[name=code]:focus').waitFor();
    await inspect(page, 'sign-in-code');
    await type(page, codes[0] ?? '', 'Enter');
    await shown(page.getByRole('heading', { name: 'マイアカウント' }));
    const places = page.getByRole('table', { name: 'サインイン中の場所' });
    await shown(places.getByRole('row', { name: /この画面/ }));
    await press(places.getByRole('button', { name: /をサインアウトさせる/ }).first());
    await done('サインアウトさせました。');
    await here.reload();
    await here.locator('input[name=username]:focus').waitFor();
    await press(button('2 段階認証をオフにする'));
    await field('確認コード').focus();
    await type(page, codes[1] ?? '', 'Enter');
    await done('2 段階認証をオフにしました。');
    await press(button('すべてサインアウト'));
    await press(dialog('すべてサインアウト').getByRole('button', { name: 'すべてサインアウト' }));
    await page.locator('input[name=username]:focus').waitFor();
  });

  test('the language of the console is chosen by its owner, kept in the account, and goes along to other browsers', async () => {
    page = await user.signedIn({ path: '/me' }, 'suzuki');
    await choose('アカウントの言語', 'English');
    await press(button('言語を変更'));
    await done('The language was changed.');
    await page.setViewportSize({ width: 390, height: 844 });
    await inspect(page, 'me-language-narrow');
    const elsewhere = await user.signedIn({ path: '/me' }, 'suzuki');
    await shown(elsewhere.getByRole('heading', { name: 'My account' }));
    // A choice at one browser stays there.
    await elsewhere.getByRole('radiogroup').getByText('日本語').click();
    await elsewhere.reload();
    await shown(elsewhere.getByRole('heading', { name: 'マイアカウント' }));
    expect(await system.query("select language from accounts where login_name = 'suzuki'")).toEqual([
      { language: 'en' },
    ]);
    await choose('Language of the account', '日本語');
    await press(button('Change language'));
    await done('言語を変更しました。');
  });

  test('the console password is changed with the present one', async () => {
    page = await user.signedIn({ path: '/me' }, 'tanaka');
    await field('現在のパスワード').focus();
    const next = `${PASSWORD} once more`;
    await type(page, 'not the password', 'Tab', 'Tab', next, 'Tab', 'Tab', next, 'Enter');
    await shown(page.getByText('現在のパスワードが違います。'));
    await write('現在のパスワード', PASSWORD);
    await page.keyboard.press('Enter');
    await done('パスワードを変更しました。ほかの場所でのサインインは終了しました。');
    await Api.again(system, 'tanaka', next);
  });
});

test('a call of the day is in the list, filtered at the server, and in the file', async () => {
  const [one, other] = await Promise.all([system.phone('1000'), system.phone('1003')]);
  await one.dial('1003');
  await other.answer();
  await other.hangUp();
  await one.ended();
  await until('the call to be written down', 20_000, async () => {
    const ended = await system.query(
      "select 1 from call_records where caller = '1000' and ended_at is not null",
    );
    return ended.length > 0;
  });
  page = await user.signedIn({ path: '/history/calls' });
  await shown(page.getByRole('row', { name: /内線.*1000.*1003.*応答/s }));
  await choose('結果', '話中');
  await shown(page.getByText('当てはまる通話はありません。'));
  await choose('結果', '応答');
  await write('電話番号・内線番号', '1003');
  await shown(page.getByRole('row', { name: /内線.*1000.*1003.*応答/s }));
  const link = page.getByRole('link', { name: 'CSV ダウンロード' });
  expect((await admin.text((await link.getAttribute('href')) ?? '')).body).toMatch(/internal.*1000,1003/);
  await one.close();
  await other.close();
});

const PAGES = [
  ['me', '/me'],
  ['history-activity', '/history/activity'],
  ['history-calls', '/history/calls'],
  ['history-monitoring', '/history/monitoring'],
  ...[
    'accounts',
    'grants',
    'phones',
    'call-centers',
    'trunks',
    'seats',
    'settings',
    'locks',
    'tokens',
    'audit',
    'site',
  ].map((name) => [name, `/administration/${name}`] as const),
] as const;

const LOOKS = [
  ['ja-1280', 1280, '日本語', 'light'],
  ['ja-390', 390, '日本語', 'dark'],
  ['en-1280', 1280, 'English', 'dark'],
  ['en-390', 390, 'English', 'light'],
] as const;

/** Each page is photographed and inspected in both languages, in turns wide and narrow; the other looks have nothing but to fit. */
const INSPECTED = [
  ['ja-1280', 'en-390'],
  ['ja-390', 'en-1280'],
] as const;

test('every page is whole in both languages, wide and narrow, light and dark; axe is content with each in both languages', async () => {
  page = await user.signedIn();
  page.setDefaultTimeout(60_000);
  for (const [index, [name, path]] of PAGES.entries()) {
    await page.goto(system.baseUrl + path);
    await page.locator('main#content[tabindex] h1').waitFor();
    await until(
      `${name} to be loaded`,
      30_000,
      async () => (await page.getByText(/^(読み込んでいます|Loading)$/).count()) === 0,
    );
    const inspected: readonly string[] = INSPECTED[index % 2] ?? [];
    for (const [look, width, language, colorScheme] of LOOKS) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      await page.getByRole('radiogroup').getByText(language).click();
      await (inspected.includes(look) ? inspect : fits)(page, `${name}-${look}`);
    }
  }
}, 300_000);

test('on a narrow page both rows of the menu show where one is', async () => {
  page = await user.signedIn({ width: 390, path: '/administration/audit' });
  const chosen = page.locator('nav a[aria-current]');
  await until('both to be chosen', 20_000, async () => (await chosen.count()) === 2);
  // The rows are moved after they were drawn.
  const within = async (): Promise<readonly boolean[]> =>
    Promise.all(
      (await chosen.all()).map(async (link) => {
        const { x = NaN, width = NaN } = (await link.boundingBox()) ?? {};
        return x >= 0 && x + width <= 390;
      }),
    );
  await expect.poll(within).toEqual([true, true]);
});

// Last: what is photographed above stays short.
test('long lists come page by page', async () => {
  const sato = await idOf('sato');
  await system.query(
    `insert into agent_activity (account_id, at, from_status, to_status, lasted_ms, cause, door)
     select $1, now() - n * interval '1 minute', 'ready', 'on_break', 1000, 'status_change', 'api' from generate_series(1, 130) n`,
    [sato],
  );
  page = await user.signedIn({ path: '/history/activity' });
  await choose('操作元', 'API');
  await shown(page.getByText('100 件を表示しています。'));
  await press(button('さらに表示'));
  await shown(page.getByText(/^1[3-9][0-9] 件$/));
});
