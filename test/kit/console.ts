import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { expect, onTestFinished, vi } from 'vitest';
import { Api, PASSWORD } from './api.ts';
import { newPage, screenshot, type PageOptions } from './browser.ts';
import type { System } from './system.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export { PASSWORD };
/** For anything that the page does in answer to a person, ms; generous, for machines that are busy with other tests. */
export const ANSWERED = 30_000;

/** Of a whole test. A browser gives way to what makes sound, also to that of other files: measured, a page took seven times as long. */
vi.setConfig({ testTimeout: 300_000 });

export type Look = Partial<PageOptions> & {
  readonly dark?: boolean;
  readonly path?: string;
  /** Before the console is loaded for the first time. */
  readonly before?: (page: Page) => Promise<void>;
};

/** The console of a system as people use it in a browser. */
export class ConsoleUser {
  readonly #system: System;
  readonly #browser: Browser;

  constructor(system: System, browser: Browser) {
    this.#system = system;
    this.#browser = browser;
  }

  /** A browser of its own for one test, as a person has it; complaints of the content security policy fail the test. */
  async open(look: Look = {}): Promise<Page> {
    return this.#open(look);
  }

  async #open(look: Look, cookie?: string): Promise<Page> {
    const { width = 1280, locale = 'ja-JP', dark = false, path = '', before } = look;
    const { page, context } = await newPage(this.#browser, { width, locale });
    const refused: string[] = [];
    onTestFinished(async () => {
      await context.close();
      expect(refused).toEqual([]);
    });
    if (locale === 'en-US') {
      // Who reads English has said so at this browser; the accounts of the tests are Japanese.
      await page.addInitScript(() => {
        const name = 'sasayaki.language';
        localStorage.setItem(name, localStorage.getItem(name) ?? 'en');
      });
    }
    page.setDefaultTimeout(ANSWERED);
    page.on('pageerror', (error) => refused.push(String(error)));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) refused.push(message.text());
    });
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
    if (cookie !== undefined) {
      const [name = '', value = ''] = cookie.split('=');
      await context.addCookies([{ name, value, url: this.#system.baseUrl }]);
    }
    await before?.(page);
    await page.goto(this.#system.baseUrl + path);
    return page;
  }

  /** A new one-time password, as an operator gets it. */
  async resetPassword(loginName: string): Promise<string> {
    const { output } = await this.#system.command(['reset-password', loginName]);
    const once = /^\S+: (\S+)/m.exec(output)?.[1];
    if (once === undefined) throw new Error(`No password for ${loginName}.`);
    return once;
  }

  /** Gives the account {@link PASSWORD}, and a page that comes with a session of it; signing in itself is a test of its own. */
  async signedIn(look: Look = {}, loginName = 'admin'): Promise<Page> {
    const { headers } = await Api.signIn(this.#system, loginName);
    const page = await this.#open(look, headers['cookie']);
    await page.locator('main#content[tabindex] h1').waitFor();
    return page;
  }
}

/** Types and moves by keys only, as somebody without a mouse does. */
export async function type(page: Page, ...strokes: readonly string[]): Promise<void> {
  for (const stroke of strokes) {
    if (['Tab', 'Shift+Tab', 'Enter', 'Space', 'Escape'].includes(stroke)) await page.keyboard.press(stroke);
    else await page.keyboard.type(stroke);
  }
}

export async function signIn(page: Page, loginName: string, password: string): Promise<void> {
  await page.locator('input[name=username]:focus').waitFor();
  await type(page, loginName, 'Tab', password, 'Enter');
}

/** Between the fields lie the buttons that show a password. */
export async function changePassword(page: Page, current: string, next: string): Promise<void> {
  await page.locator('input[name=current]:focus').waitFor();
  await type(page, current, 'Tab', 'Tab', next, 'Tab', 'Tab', next, 'Enter');
}

/** Waits for the element, with the deadline in the failure's words. */
export async function shown(locator: Locator, deadline = ANSWERED): Promise<void> {
  await locator.first().waitFor({ state: 'visible', timeout: deadline });
}

/** The page must not scroll sideways. */
export async function fits(page: Page, name: string): Promise<void> {
  const scrolls = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(scrolls, `${name}: sideways scrolling`).toBe(false);
}

/** Nothing serious for people who work by keyboard, screen reader or with weak eyes; the page is photographed as it was judged. */
export async function inspect(page: Page, name: string): Promise<void> {
  await screenshot(page, `console-${name}`);
  await fits(page, name);
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
