import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from './kit/browser.ts';
import { changePassword, ConsoleUser, inspect, PASSWORD, shown, signIn, type } from './kit/console.ts';
import { SATO, System } from './kit/system.ts';

/** From the commit of a change to its being painted, on a machine that is busy with other tests, ms; the bench measures it. */
const PAINTED = 20_000;

let system: System;
let browser: Browser;
let user: ConsoleUser;

beforeAll(async () => {
  [system, browser] = await Promise.all([System.start(), openBrowser()]);
  user = new ConsoleUser(system, browser);
}, 240_000);

afterAll(async () => {
  await browser.close();
  await system.close();
}, 60_000);

const agent = (page: Page, loginName: string): Locator => page.locator(`tr[data-agent=${loginName}]`);

/** Commits a status and its notice in one transaction, as the server does. */
async function commitStatus(loginName: string, status: string, phone: string | null): Promise<void> {
  await system.query(
    `with changed as (
       update agent_states set base_status = $2, base_since = now(), phone = $3
       where account_id = (select id from accounts where login_name = $1) returning account_id
     )
     select pg_notify('sasayaki', json_build_object('kind', 'agents', 'ids', json_agg(account_id))::text) from changed`,
    [loginName, status, phone],
  );
}

describe('signing in', () => {
  test.each([
    ['wide', 1280],
    ['narrow', 390],
  ] as const)('by keyboard alone, with the change of a one-time password (%s)', async (name, width) => {
    const once = await user.resetPassword('admin');
    const page = await user.open({ width });
    await inspect(page, `sign-in-${name}`);

    await signIn(page, 'admin', 'not the password');
    await shown(page.getByText('ログイン名またはパスワードが違います。'));
    await inspect(page, `sign-in-refused-${name}`);
    // The password is selected, so typing replaces it.
    await type(page, once, 'Enter');

    await changePassword(page, once, 'short');
    await shown(page.getByText('12 文字以上にしてください。'));
    await page.locator('input[name=next]:focus').waitFor();
    await inspect(page, `password-${name}`);
    await page.locator('input[name=next]').selectText();
    await type(page, PASSWORD, 'Tab', 'Tab');
    await page.locator('input[name=again]').selectText();
    await type(page, PASSWORD, 'Enter');

    await shown(agent(page, 'sato'));
    await inspect(page, `agents-${name}`);

    // The first stop is the link past the header, and it leads to the content.
    await type(page, 'Tab', 'Enter');
    await page.locator('main:focus').waitFor();
    const signOut = page.locator('header').getByRole('button', { name: 'サインアウト', exact: true });
    for (let i = 0; i < 15 && !(await isFocused(signOut)); i += 1) await type(page, 'Shift+Tab');
    await type(page, 'Enter');
    await page.locator('input[name=username]:focus').waitFor();
  });

  test('who fails too often is told how long to wait', async () => {
    const page = await user.open();
    await signIn(page, 'nobody', 'wrong');
    const wait = page.getByText(/あと .*でもう一度試せます。/);
    const refusal = page.getByRole('alert');
    let told = false;
    for (let i = 0; i < 10 && !told; i += 1) {
      await shown(refusal);
      const answer = page.waitForResponse((response) => response.url().endsWith('/api/session'));
      await page.locator('input[name=password]:focus').waitFor();
      await type(page, 'Enter');
      await answer;
      const answered = page.locator('button[type=submit]:not([data-loading])').waitFor();
      // The first wait is a second long, and may be over as soon as it was seen.
      told = await Promise.race([shown(wait).then(() => true), answered.then(async () => wait.isVisible())]);
    }
    expect(told).toBe(true);
    await inspect(page, 'sign-in-throttled');
    await shown(page.getByText('もう一度試せます。', { exact: true }), 60_000);
  });
});

describe('the list of agents', () => {
  test.each([
    ['ja', 'ja-JP', false],
    ['en', 'en-US', true],
  ] as const)('in %s', async (language, locale, dark) => {
    await commitStatus('sato', 'ready', '1000');
    const page = await user.signedIn({ locale, dark });
    await shown(agent(page, 'sato'));
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    const heads = await page
      .locator('thead th[data-column=agent], thead th[data-column=agent] ~ th')
      .allTextContents();
    expect(heads).toEqual(
      language === 'ja'
        ? [
            'エージェント▲',
            'サインイン端末',
            'ステータス',
            '経過時間',
            '通話の相手',
            '通話時間',
            '保留時間',
            'モニタリング状況',
            'その他操作',
          ]
        : [
            'Agent▲',
            'Phone',
            'Status',
            'In status',
            'Other party',
            'Call time',
            'Hold time',
            'Monitored by',
            'More',
          ],
    );
    const row = await agent(page, 'sato').innerText();
    expect(row).toMatch(
      language === 'ja' ? /佐藤 一郎.*sato[^]*1000[^]*受付可/ : /佐藤 一郎.*sato[^]*1000[^]*Ready/,
    );
    await inspect(page, `agents-${language}`);
  });

  test('the page is small: all scripts that it loads at first come compressed, in 350 kB together', async () => {
    const page = await user.signedIn();
    await shown(agent(page, 'sato'));
    const scripts = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('.js'))
        .map((entry) => entry as PerformanceResourceTiming)
        .map(({ encodedBodySize, decodedBodySize }) => ({ encodedBodySize, decodedBodySize })),
    );
    const sum = scripts.reduce((bytes, { encodedBodySize }) => bytes + encodedBodySize, 0);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThan(350_000);
    expect(scripts.every(({ encodedBodySize, decodedBodySize }) => encodedBodySize < decodedBodySize)).toBe(
      true,
    );
  });

  test('the choice of language and colours is remembered', async () => {
    const page = await user.signedIn();
    await page.getByText('English').click();
    await page.getByRole('button', { name: 'Use dark colours' }).click();
    await page.reload();
    await shown(page.getByRole('heading', { name: 'Realtime monitor' }));
    await shown(page.getByRole('button', { name: 'Use light colours' }));
  });

  test.each([
    ['wide', 1280],
    ['narrow', 390],
  ] as const)(
    'a status is painted when it is committed, and its time begins again (%s)',
    async (_name, width) => {
      await commitStatus('sato', 'ready', '1000');
      const page = await user.signedIn({ width });
      await shown(agent(page, 'sato').getByText('受付可'));
      await stayed(page);

      const from = Date.now();
      await commitStatus('sato', 'on_break', '1000');
      await shown(agent(page, 'sato').getByText('休憩中'), PAINTED);
      const elapsed = agent(page, 'sato').locator('[data-column=elapsed]');
      const [, seconds] = /^00:00:(\d\d)$/.exec(await elapsed.innerText()) ?? [];
      // Times of the page may be a second ahead, as those of its clock.
      expect(Number(seconds)).toBeLessThanOrEqual((Date.now() - from) / 1_000 + 1);
      await shown(elapsed.getByText(/^00:00:(0[3-9]|[1-5]\d)$/));
      expect(await isSamePage(page)).toBe(true);
    },
  );

  test('a phone that registers and signs in is seen at once', async () => {
    await commitStatus('sato', 'signed_off', null);
    const page = await user.signedIn();
    await shown(agent(page, 'sato').getByText('ログオフ'));
    const phone = await system.phone('1000');
    // The call goes on while the confirmation is spoken; the board does not wait for its end.
    await phone.call(`0009*${SATO.dialId}*${SATO.dialPassword}*1000`);
    await shown(agent(page, 'sato').getByText('受付可'));
    await shown(agent(page, 'sato').getByText('登録中'));
    await phone.close();
    await shown(agent(page, 'sato').getByText('未登録'));
    await inspect(page, 'agents-phone');
  });

  test('without the right, it says so', async () => {
    const page = await user.signedIn({ path: '/monitor' }, 'tanaka');
    await shown(page.getByText('権限がありません'));
    await inspect(page, 'agents-forbidden');
  });

  test('a session that ends elsewhere leads to the sign-in, with a word', async () => {
    const page = await user.signedIn();
    await shown(agent(page, 'sato'));
    await page.evaluate(async () => fetch('/api/session', { method: 'DELETE' }));
    await shown(page.getByText('セッションが終了しました。もう一度サインインしてください。'));
  });
});

describe('the feed', () => {
  test('lost: what is shown looks old at once and times stand still; back: without a reload', async () => {
    await commitStatus('sato', 'ready', '1000');
    const page = await user.signedIn();
    await shown(agent(page, 'sato').getByText('受付可'));
    await shown(page.getByText(/^最終更新 \d+ 秒前$/));
    await stayed(page);

    // Stopped first, so that its replacement cannot come before the page was looked at.
    await system.unattended(async () => {
      await system.kill('server');
      await shown(page.getByText('接続が切れています。再接続しています…'), PAINTED);
      await shown(page.getByText(/表示は \d+ 秒前の状態/));
      const before = await agent(page, 'sato').locator('[data-column=elapsed]').innerText();
      await shown(page.getByText(/^最終更新 ([3-9]|[1-9]\d) 秒前$/));
      expect(await agent(page, 'sato').locator('[data-column=elapsed]').innerText()).toBe(before);
      await inspect(page, 'feed-lost');
    });
    await page.getByText('接続が切れています').first().waitFor({ state: 'detached', timeout: 30_000 });
    await commitStatus('sato', 'away', '1000');
    await shown(agent(page, 'sato').getByText('離席中'), PAINTED);
    expect(await isSamePage(page)).toBe(true);
  });

  test('without the phone engine, the list goes on and says so', async () => {
    await commitStatus('sato', 'ready', '1000');
    const page = await user.signedIn();
    const notice = page.getByText('電話エンジンと接続できていません。').last();
    await shown(agent(page, 'sato').getByText('受付可'));

    await system.unattended(async () => {
      await system.kill('asterisk');
      await shown(notice);
      await commitStatus('sato', 'away', '1000');
      await shown(agent(page, 'sato').getByText('離席中'), PAINTED);
      await inspect(page, 'engine-down');
    });
    await notice.waitFor({ state: 'detached', timeout: 30_000 });
  });
});

/** Marks the page, to prove later that it was not loaded again. */
async function stayed(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(globalThis, { sameAsBefore: true }));
}

async function isSamePage(page: Page): Promise<boolean> {
  return page.evaluate(() => 'sameAsBefore' in globalThis);
}

async function isFocused(locator: Locator): Promise<boolean> {
  return locator.evaluate((element) => element === document.activeElement);
}
