import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GrantsAnswer } from '../packages/server/src/http/contract.ts';
import { Api } from './kit/api.ts';
import { openBrowser } from './kit/browser.ts';
import { handsOn, isFocused } from './kit/console-hands.ts';
import { ConsoleUser, inspect, shown, signIn, type, type Look } from './kit/console.ts';
import { SATO, System, TANAKA } from './kit/system.ts';
import { until } from './kit/wait.ts';

/** The pages of administration, as people use them by keyboard. */

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

const { button, dialog, field, done, press, write, choose, act, secret } = handsOn(() => page);

async function administer(path: string, look: Look = {}): Promise<void> {
  page = await user.signedIn({ ...look, path: `/administration/${path}` });
}

async function idOf(loginName: string): Promise<number> {
  const [row] = await system.query<{ id: string }>('select id from accounts where login_name = $1', [
    loginName,
  ]);
  return Number(row?.id);
}

describe('accounts', () => {
  test('an account is made by keys; dial ID and password are issued with it, looked up, changed; エージェント利用 decides whether they work [A02] [A03] [A04] [A05]', async () => {
    await administer('accounts');
    await press(button('アカウントを追加'));
    await shown(dialog('アカウントの追加'));
    await page.keyboard.press('Enter');
    // What is wrong is said at the field, and the first of them has the focus.
    await shown(page.getByText('1〜100 文字で入力してください。'));
    await page.locator('input[name=displayName]:focus').waitFor();
    await type(page, '山田 太郎', 'Tab', 'Not A Name', 'Enter');
    await page.locator('input[name=loginName]:focus').waitFor();
    await inspect(page, 'accounts-refused');
    await write('ログイン名 *', 'yamada');
    await field('エージェント利用').focus();
    await page.keyboard.press('Space');
    await press(button('保存'));
    await shown(dialog('山田 太郎 を登録しました'));
    const issued = {
      dialId: await secret('ダイヤル操作ID'),
      dialPassword: await secret('ダイヤル操作パスワード'),
    };
    expect(issued.dialId).toMatch(/^[0-9]{6}$/);
    expect(issued.dialPassword).toMatch(/^[0-9]{8}$/);
    await press(button('閉じる'));
    await done('山田 太郎 を保存しました。');

    await act('山田 太郎', 'ダイヤル操作ID・パスワード');
    await shown(dialog('山田 太郎 のダイヤル操作ID・パスワード'));
    expect(await field('ダイヤル操作ID').inputValue()).toBe(issued.dialId);
    expect(await field('ダイヤル操作パスワード').inputValue()).toBe(issued.dialPassword);
    await write('ダイヤル操作パスワード', '12345678');
    await page.keyboard.press('Enter');
    await shown(page.getByText('このダイヤル操作パスワードは推測されやすいため使えません。'));
    await write('ダイヤル操作パスワード', '20486193');
    await page.keyboard.press('Enter');
    await done('ダイヤル操作ID・パスワードを変更しました。');
    await page.keyboard.press('Escape');
    await dialog('山田 太郎 のダイヤル操作ID・パスワード').waitFor({ state: 'detached' });
    await until('the focus to be back', 20_000, async () => isFocused(button('山田 太郎 の操作')));

    const desk = await system.phone('1002');
    const signInByDial = async (): Promise<void> => {
      await desk.dial(`0009*${issued.dialId}*20486193*1002`);
      await desk.ended();
    };
    await signInByDial();
    const states = async (): Promise<readonly { phone: string }[]> =>
      system.query<{ phone: string }>(
        "select phone from agent_states where account_id = $1 and base_status = 'ready'",
        [await idOf('yamada')],
      );
    expect(await states()).toEqual([]);
    await act('山田 太郎', '変更');
    await field('エージェント利用').focus();
    await page.keyboard.press('Space');
    await press(button('保存'));
    // The same was said when the account was made.
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await done('山田 太郎 を保存しました。');
    await signInByDial();
    expect(await states()).toEqual([{ phone: '1002' }]);
    await desk.close();
  });

  test('a file is checked line by line before anything is made, then makes all of them', async () => {
    await administer('accounts');
    await press(button('CSV で一括登録'));
    const head = 'login_name,display_name,role,agent,sign_in_phone\n';
    await field('内容').fill(
      `${head}ito,伊藤 直子,user,yes,1001\nsato,もう一人,user,no,\nkato,加藤,boss,no,\n`,
    );
    await press(button('確認'));
    await shown(page.getByText('2 か所に問題があります。直してから、もう一度確認してください。'));
    const problems = page.getByRole('table', { name: '問題' }).getByRole('row');
    expect(await problems.allInnerTexts()).toEqual([
      expect.stringContaining('行'),
      expect.stringMatching(/^3\s+login_name\s+このログイン名はすでに使われています。$/),
      expect.stringMatching(/^4\s+role\s+値が正しくありません。$/),
    ]);
    await inspect(page, 'accounts-import-refused');
    await field('内容').fill(`${head}ito,伊藤 直子,user,yes,1001\nkato,加藤 修,supervisor,no,\n`);
    await press(button('確認'));
    await done('2 件を登録できます。まだ登録していません。');
    await press(button('2 件を登録'));
    await shown(dialog('2 件を登録しました'));
    await inspect(page, 'accounts-import-done');
    await page.keyboard.press('Escape');
    await shown(page.getByRole('rowheader', { name: /加藤 修/ }));
  });

  test('a one-time password is issued after asking, and lets its owner in; an account is deleted after asking', async () => {
    await administer('accounts');
    await act('加藤 修', '一時パスワードの発行');
    await press(button('発行'));
    const once = await secret('一時パスワード');
    await press(button('閉じる'));
    const theirs = await user.open();
    await signIn(theirs, 'kato', once);
    await theirs.locator('input[name=current]:focus').waitFor();
    await act('加藤 修', '削除');
    await press(button('削除'));
    await done('加藤 修 を削除しました。');
    await page.getByRole('rowheader', { name: /加藤 修/ }).waitFor({ state: 'detached' });
    // The top account stays: there is no such entry.
    await press(button('システム管理者 の操作'));
    await shown(page.getByRole('menuitem', { name: '変更' }));
    expect(await page.getByRole('menuitem', { name: '削除' }).count()).toBe(0);
  });
});

test('rights are a matrix: choices are collected and saved together', async () => {
  await administer('grants');
  const onCenter = '田中 美咲 の 7000 お客様窓口 への権限';
  await field(onCenter).focus();
  await choose(onCenter, '参照・編集');
  await done('1 件の変更があります。');
  await press(button('元に戻す'));
  await done('変更はありません。');
  await choose(onCenter, '参照');
  await press(button('電話端末'));
  await choose('田中 美咲 の 1000 受付1番 への権限', '参照・編集・削除');
  await done('2 件の変更があります。');
  await inspect(page, 'grants-changed');
  await press(button('変更を保存'));
  await done('権限を保存しました。');
  const { body } = await admin.get<GrantsAnswer>('/api/grants');
  const tanaka = await idOf('tanaka');
  expect(body.grants.filter(({ accountId }) => accountId === tanaka)).toEqual([
    { accountId: tanaka, kind: 'call_center', resource: '7000', level: 'view' },
    { accountId: tanaka, kind: 'phone', resource: '1000', level: 'manage' },
  ]);
});

describe('phones', () => {
  test('a phone is made, shows its set-up as text and QR code, registers with it, and is deleted', async () => {
    await administer('phones');
    await press(button('電話端末を追加'));
    await write('内線番号 *', '9');
    await write('名前 *', '受付9番');
    await page.keyboard.press('Enter');
    await shown(page.getByText('1000〜3999 の内線番号を入力してください。'));
    await write('内線番号 *', '1000');
    await page.keyboard.press('Enter');
    await shown(page.getByText('この内線番号の電話端末はすでにあります。'));
    await write('内線番号 *', '1090');
    await page.keyboard.press('Enter');
    await done('1090 受付9番 を保存しました。');
    const row = page.getByRole('row', { name: /1090/ });
    await shown(row.getByText('未登録'));
    await act('1090', '設定情報(QR)');
    await shown(page.getByRole('img', { name: '設定情報の QR コード' }));
    const password = await secret('パスワード');
    expect(await secret('ポート')).toBe(String(system.sipPort));
    await inspect(page, 'phone-set-up');
    await page.keyboard.press('Escape');
    await system.knowsPhone('1090');
    const phone = await system.phone('1090', { password });
    await shown(row.getByText('登録中'));
    await phone.close();
    await act('1090', '削除');
    await press(button('削除'));
    await done('1090 受付9番 を削除しました。');
  });
});

test('a call center is made with its rules, and gets members', async () => {
  await administer('call-centers');
  await press(button('コールセンターを追加'));
  await write('番号 *', '7100');
  await write('名前 *', '予約窓口');
  await write('呼び出し(秒)', '3');
  await page.keyboard.press('Enter');
  await shown(page.getByText('5〜120 の数を入力してください。'));
  await write('呼び出し(秒)', '15');
  await choose('上限を超えたとき', '内線へ');
  await page.keyboard.press('Enter');
  await shown(page.getByText('1000〜3999 の内線番号を入力してください。'));
  await write('転送先', '1003');
  await page.keyboard.press('Enter');
  await done('7100 予約窓口 を保存しました。');
  await act('予約窓口', 'メンバー');
  await dialog('予約窓口 のメンバー')
    .getByRole('checkbox', { name: /佐藤 一郎/ })
    .focus();
  await page.keyboard.press('Space');
  await write('佐藤 一郎 の優先度', '2');
  await inspect(page, 'call-center-members');
  await press(button('保存'));
  await done('予約窓口 を保存しました。');
  const { body } = await admin.get<{ callCenters: readonly { number: string; members: unknown }[] }>(
    '/api/call-centers',
  );
  expect(body.callCenters.find(({ number }) => number === '7100')).toMatchObject({
    ringSeconds: 15,
    overflowAction: 'extension',
    overflowTarget: '1003',
    members: [{ accountId: await idOf('sato'), priority: 2 }],
  });
});

test('outside lines: a trunk with its health, a number and where it leads, the ways out in their order', async () => {
  await administer('trunks');
  await press(button('トランクを追加'));
  await write('ID *', 'main');
  await write('名前 *', '主回線');
  await choose('接続方式', 'アドレス方式');
  // Not the address that the kit's phones register from.
  await write('ホスト *', '127.0.0.9');
  await write('ポート', '9');
  await page.keyboard.press('Enter');
  await done('主回線 を保存しました。');
  // Nobody answers at this port, and the page says so by itself.
  await shown(page.getByRole('row', { name: /主回線/ }).getByText(/応答なし|確認中/));
  await press(button('外線番号を追加'));
  await write('番号 *', '0312345678');
  await write('着信先 *', '7000');
  await page.keyboard.press('Enter');
  await done('0312345678 を保存しました。');
  await press(button('発信経路を変更'));
  await press(button('経路を追加'));
  await press(button('経路を追加'));
  await page.getByRole('group', { name: '経路 2' }).getByLabel('番号の形').fill('090X');
  await press(button('経路 2: 上へ'));
  await inspect(page, 'trunks-routes');
  await press(button('保存'));
  await done('発信経路 を保存しました。');
  const { body } = await admin.get<{ routes: readonly { pattern: string; trunk: string }[] }>(
    '/api/outgoing-routes',
  );
  expect(body.routes.map(({ pattern, trunk }) => `${pattern} ${trunk}`)).toEqual(['090X main', '0X. main']);
});

test('floors are tables of seats; a seat that is used stays', async () => {
  await administer('seats');
  await press(button('フロアを追加'));
  await write('フロアの名前 *', '2階');
  await press(button('座席を追加'));
  await type(page, '101', 'Tab', 'C-1', 'Enter');
  await shown(page.getByText('同じ座席番号が、ほかのフロアかこの一覧の中にあります。'));
  await page.getByLabel('座席番号').fill('201');
  await page.keyboard.press('Enter');
  await done('2階 を保存しました。');
  await shown(page.getByRole('region', { name: '2階' }).getByRole('row', { name: /201/ }));
  const desk = await system.phone('1000');
  await desk.dial(`0016*${SATO.dialId}*${SATO.dialPassword}*1000*0*101`);
  await desk.ended();
  await press(button('1階 を変更'));
  await press(button('座席 101 を外す'));
  await press(button('保存'));
  await shown(page.getByText('外そうとした座席に、座っているエージェントがいます。'));
  expect((await system.agent('sato')).seat).toBe('101');
  await inspect(page, 'seats-refused');
  await desk.close();
});

test('settings hold as soon as they are saved, and only what was changed is written down', async () => {
  await administer('settings');
  await write('タイムゾーン', 'Mars/Olympus');
  await page.keyboard.press('Enter');
  await shown(page.getByText('このタイムゾーンはありません。'));
  await write('タイムゾーン', 'Asia/Tokyo');
  await page.getByRole('checkbox', { name: 'モニタリング・ささやきを継続する' }).focus();
  await page.keyboard.press('Space');
  await write('外線の同時通話の上限', '20');
  await page.keyboard.press('Enter');
  await done('設定を保存しました。');
  expect((await admin.get('/api/settings')).body).toMatchObject({
    monitoringContinuous: false,
    outsideCallLimit: 20,
  });
  const { body } = await admin.get<{ entries: readonly { detail: string }[] }>(
    '/api/audit?action=settings.changed',
  );
  expect(body.entries[0]?.detail.split(' ').toSorted()).toEqual([
    'monitoringContinuous=false',
    'outsideCallLimit=20',
  ]);
});

test('what guessing has locked is seen and unlocked', async () => {
  const desk = await system.phone('1001');
  for (let i = 0; i < 5; i += 1) {
    await desk.dial(`0009*${TANAKA.dialId}*00000000*1001`);
    await desk.ended();
  }
  await administer('locks');
  await shown(page.getByRole('row', { name: /IDと電話端末の組.*田中 美咲.*1001/s }));
  await inspect(page, 'locks-locked');
  await press(button('田中 美咲 / 1001 のロックを解除'));
  await done('ロックを解除しました。');
  await shown(page.getByText('今ロックされているものはありません。'));
  await desk.dial(`0009*${TANAKA.dialId}*${TANAKA.dialPassword}*1001`);
  await desk.ended();
  expect((await system.agent('tanaka')).base_status).toBe('ready');
  await desk.close();
});

test('an API token is shown once, works, and stops working when it is revoked', async () => {
  await administer('tokens');
  await press(button('トークンを発行'));
  await write('用途 *', '監視ツール');
  await page.keyboard.press('Enter');
  await shown(dialog('トークン 監視ツール'));
  const token = await secret('トークン');
  const other = Api.withToken(system, token);
  expect((await other.get('/api/agents')).status).toBe(200);
  await press(button('閉じる'));
  await shown(page.getByRole('row', { name: /監視ツール/ }));
  expect(await page.getByText(token).count()).toBe(0);
  await press(button('監視ツール を無効にする'));
  await press(button('無効にする'));
  await done('監視ツール を無効にしました。');
  expect((await other.get('/api/agents')).status).toBe(401);
});

test('the audit log is read in words, filtered at the server, and taken away as a file', async () => {
  await admin.get(`/api/accounts/${await idOf('suzuki')}/dial-credentials`);
  await administer('audit');
  await choose('操作', 'ダイヤル操作');
  await shown(page.getByRole('row', { name: /ダイヤル操作: 照会/ }));
  await page.getByText('設定: 変更').waitFor({ state: 'detached' });
  const link = page.getByRole('link', { name: 'CSV ダウンロード' });
  const path = (await link.getAttribute('href')) ?? '';
  const file = await admin.text(path);
  expect(file.status).toBe(200);
  expect(file.body).toContain('dial_password.looked_up');
  expect(file.body).not.toContain('settings.changed');
});

test('the site file comes out, is refused line by line, and goes in', async () => {
  await administer('site');
  await press(button('今の設定を読み込む'));
  await until('the file', 20_000, async () => (await field('内容').inputValue()).includes('callCenters:'));
  await field('内容').fill('site: 1\nphones:\n  - { number: "99", name: 誤り, kind: desk }\n');
  await press(button('適用'));
  await press(dialog('サイトファイルの適用').getByRole('button', { name: '適用' }));
  await shown(page.getByText('1 か所に問題があります。何も変更していません。'));
  await shown(page.getByRole('table', { name: '問題' }).getByRole('row', { name: /^3/ }));
  await shown(page.getByText('内線番号は 1000 から 3999 で、引用符で囲みます。'));
  await inspect(page, 'site-refused');
  await page.getByText('English').click();
  await shown(page.getByText('An extension is a number from 1000 to 3999, in quotes.'));
  await page.getByText('日本語').click();
  await field('内容').fill('site: 1\nphones:\n  - { number: "1091", name: 追加した端末, kind: desk }\n');
  await press(button('確認'));
  await done('問題はありません。まだ適用していません。');
  await press(button('適用'));
  await press(dialog('サイトファイルの適用').getByRole('button', { name: '適用' }));
  await done('サイトファイルを適用しました。');
  expect(await system.query("select name from phones where number = '1091'")).toEqual([
    { name: '追加した端末' },
  ]);
});
