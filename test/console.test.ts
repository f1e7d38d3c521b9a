import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { newPage, openBrowser, screenshot } from './kit/browser.ts';
import type { PageOptions } from './kit/browser.ts';
import { SATO, System } from './kit/system.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PASSWORD = 'a long phrase of the console test';

/** From the commit of a change to its being painted. */
const PAINTED = 1_000;
/** For anything that the page does in answer to a person. */
const ANSWERED = 5_000;

let system: System;
let browser: Browser;

beforeAll(async () => {
  [system, browser] = await Promise.all([System.start(), openBrowser()]);
}, 240_000);

afterAll(async () => {
  await browser.close();
  await system.close();
}, 60_000);

type Look = Partial<PageOptions> & { readonly dark?: boolean };

/** A browser of its own for one test, as a person has it; complaints of the content security policy fail the test. */
async function open({ width = 1280, locale = 'ja-JP', dark = false }: Look = {}): Promise<Page> {
  const { page, context } = await newPage(browser, { width, locale });
  const refused: string[] = [];
  onTestFinished(async () => {
    await context.close();
    expect(refused).toEqual([]);
  });
  page.setDefaultTimeout(ANSWERED);
  page.on('pageerror', (error) => refused.push(String(error)));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text());
  });
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
  await page.goto(system.baseUrl);
  return page;
}

/** A new one-time password, as an operator gets it. */
async function resetPassword(loginName: string): Promise<string> {
  known.delete(loginName);
  const { output } = await system.command(['reset-password', loginName]);
  const once = /^\S+: (\S+)/m.exec(output)?.[1];
  if (once === undefined) throw new Error(output);
  return once;
}

/** Types and moves by keys only, as somebody without a mouse does. */
async function type(page: Page, ...strokes: readonly string[]): Promise<void> {
  for (const stroke of strokes) {
    if (['Tab', 'Shift+Tab', 'Enter', 'Space'].includes(stroke)) await page.keyboard.press(stroke);
    else await page.keyboard.type(stroke);
  }
}

async function signIn(page: Page, loginName: string, password: string): Promise<void> {
  await page.locator('input[name=username]:focus').waitFor();
  await type(page, loginName, 'Tab', password, 'Enter');
}

/** Between the fields lie the buttons that show a password. */
async function changePassword(page: Page, current: string, next: string): Promise<void> {
  await page.locator('input[name=current]:focus').waitFor();
  await type(page, current, 'Tab', 'Tab', next, 'Tab', 'Tab', next, 'Enter');
}

/** Gives the account the password of this test, and a page that is signed in with it. */
async function signedIn(look: Look = {}, loginName = 'admin'): Promise<Page> {
  const page = await open(look);
  if (known.has(loginName)) {
    await signIn(page, loginName, PASSWORD);
  } else {
    const once = await resetPassword(loginName);
    await signIn(page, loginName, once);
    await changePassword(page, once, PASSWORD);
    known.add(loginName);
  }
  await page.locator('main#content[tabindex] h1').waitFor();
  return page;
}
const known = new Set<string>();

const agent = (page: Page, loginName: string): Locator => page.locator(`tr[data-agent=${loginName}]`);

/** Waits for the element, with the deadline in the failure's words. */
async function shown(locator: Locator, deadline = ANSWERED): Promise<void> {
  await locator.first().waitFor({ state: 'visible', timeout: deadline });
}

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

/** Nothing serious for people who work by keyboard, screen reader or with weak eyes; the page is photographed as it was judged. */
async function inspect(page: Page, name: string): Promise<void> {
  await screenshot(page, `console-${name}`);
  const scrolls = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(scrolls, `${name}: sideways scrolling`).toBe(false);
  // By the debugger, which the content security policy leaves alone; a script element would be refused.
  await page.evaluate(axe);
  const results = await page.evaluate(async () =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  const found = results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  expect(found, name).toEqual([]);
}

describe('signing in', () => {
  test.each([
    ['wide', 1280],
    ['narrow', 390],
  ] as const)('by keyboard alone, with the change of a one-time password (%s)', async (name, width) => {
    const once = await resetPassword('admin');
    const page = await open({ width });
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
    known.add('admin');

    await shown(agent(page, 'sato'));
    await inspect(page, `agents-${name}`);

    // The first stop is the link past the header, and it leads to the content.
    await type(page, 'Tab', 'Enter');
    await page.locator('main:focus').waitFor();
    const signOut = page.getByRole('button', { name: 'サインアウト' });
    for (let i = 0; i < 10 && !(await isFocused(signOut)); i += 1) await type(page, 'Shift+Tab');
    await type(page, 'Enter');
    await page.locator('input[name=username]:focus').waitFor();
  });

  test('who fails too often is told how long to wait', async () => {
    const page = await open();
    await signIn(page, 'nobody', 'wrong');
    const wait = page.getByText(/あと .*でもう一度試せます。/);
    const refusal = page.getByRole('alert');
    for (let i = 0; i < 10 && !(await wait.isVisible()); i += 1) {
      await shown(refusal);
      const answer = page.waitForResponse((response) => response.url().endsWith('/api/session'));
      await page.locator('input[name=password]:focus').waitFor();
      await type(page, 'Enter');
      await answer;
      await Promise.race([shown(wait), page.locator('button[type=submit]:not([data-loading])').waitFor()]);
    }
    await shown(wait);
    await inspect(page, 'sign-in-throttled');
    await shown(page.getByText('もう一度試せます。', { exact: true }), 20_000);
  });
});

describe('the list of agents', () => {
  test.each([
    ['ja', 'ja-JP', false],
    ['en', 'en-US', true],
  ] as const)('in %s', async (language, locale, dark) => {
    await commitStatus('sato', 'ready', '1000');
    const page = await signedIn({ locale, dark });
    await shown(agent(page, 'sato'));
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    expect(await page.getByRole('columnheader').allTextContents()).toEqual(
      language === 'ja'
        ? ['エージェント▲', 'サインイン端末', 'ステータス', '経過時間']
        : ['Agent▲', 'Phone', 'Status', 'Time in status'],
    );
    const row = await agent(page, 'sato').innerText();
    expect(row).toMatch(
      language === 'ja' ? /佐藤 一郎.*sato[^]*1000[^]*受付可/ : /佐藤 一郎.*sato[^]*1000[^]*Ready/,
    );
    await inspect(page, `agents-${language}`);
  });

  test('the choice of language and colours is remembered', async () => {
    const page = await signedIn();
    await page.getByText('English').click();
    await page.getByRole('button', { name: 'Use dark colours' }).click();
    await page.reload();
    await shown(page.getByRole('heading', { name: 'Agents' }));
    await shown(page.getByRole('button', { name: 'Use light colours' }));
  });

  test.each([
    ['wide', 1280],
    ['narrow', 390],
  ] as const)(
    'a status is painted when it is committed, and its time begins again (%s)',
    async (_name, width) => {
      await commitStatus('sato', 'ready', '1000');
      const page = await signedIn({ width });
      await shown(agent(page, 'sato').getByText('受付可'));
      await stayed(page);

      await commitStatus('sato', 'on_break', '1000');
      await shown(agent(page, 'sato').getByText('休憩中'), PAINTED);
      const elapsed = agent(page, 'sato').locator('[data-column=elapsed]');
      expect(await elapsed.innerText()).toMatch(/^00:00:0[01]$/);
      await shown(elapsed.getByText('00:00:03'), 4_500);
      expect(await isSamePage(page)).toBe(true);
    },
  );

  test('a phone that registers and signs in is seen at once', async () => {
    await commitStatus('sato', 'signed_off', null);
    const page = await signedIn();
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
    const page = await signedIn({}, 'tanaka');
    await shown(page.getByText('権限がありません'));
    await inspect(page, 'agents-forbidden');
  });

  test('a session that ends elsewhere leads to the sign-in, with a word', async () => {
    const page = await signedIn();
    await shown(agent(page, 'sato'));
    await page.evaluate(async () => fetch('/api/session', { method: 'DELETE' }));
    await shown(page.getByText('セッションが終了しました。もう一度サインインしてください。'));
  });
});

describe('the feed', () => {
  test('lost: what is shown looks old at once and times stand still; back: without a reload', async () => {
    await commitStatus('sato', 'ready', '1000');
    const page = await signedIn();
    await shown(agent(page, 'sato').getByText('受付可'));
    await shown(page.getByText(/^最終更新 \d+ 秒前$/));
    await stayed(page);

    // Stopped first, so that its replacement cannot come before the page was looked at.
    await system.kill('launcher', 'SIGSTOP');
    try {
      await system.kill('server');
      await shown(page.getByText('接続が切れています。再接続しています…'), PAINTED);
      await shown(page.getByText(/表示は \d+ 秒前の状態/));
      const before = await agent(page, 'sato').locator('[data-column=elapsed]').innerText();
      await shown(page.getByText(/^最終更新 [3-9] 秒前$/));
      expect(await agent(page, 'sato').locator('[data-column=elapsed]').innerText()).toBe(before);
      await inspect(page, 'feed-lost');
    } finally {
      await system.kill('launcher', 'SIGCONT');
    }
    await page.getByText('接続が切れています').first().waitFor({ state: 'detached', timeout: 30_000 });
    await commitStatus('sato', 'away', '1000');
    await shown(agent(page, 'sato').getByText('離席中'), PAINTED);
    expect(await isSamePage(page)).toBe(true);
  });

  test('without the phone engine, the list goes on and says so', async () => {
    await commitStatus('sato', 'ready', '1000');
    const page = await signedIn();
    const notice = page.getByText('電話エンジンと接続できていません。').last();
    await shown(agent(page, 'sato').getByText('受付可'));

    await system.kill('launcher', 'SIGSTOP');
    try {
      await system.kill('asterisk');
      await shown(notice);
      await commitStatus('sato', 'away', '1000');
      await shown(agent(page, 'sato').getByText('離席中'), PAINTED);
      await inspect(page, 'engine-down');
    } finally {
      await system.kill('launcher', 'SIGCONT');
    }
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
