import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { Api } from '../../test/kit/api.ts';
import { newPage, openBrowser } from '../../test/kit/browser.ts';
import { System } from '../../test/kit/system.ts';
import type { Report } from './report.ts';
import { droppedOf, scrolledByScript, scrolledByWheel, type Presented } from './scrolling.ts';

const AGENTS = 1_000;
const CHANGES_A_SECOND = 100;
const WATCHED_MS = 30_000;
const PAINTED_AIM = 100;
const SCROLLED_MS = 8_000;
/** Of the frames that a blank page is given, as many may be lost, %. */
const DROPPED_AIM = 1;
/** How fast a list is scrolled, px/s: by a quick hand at the wheel, and from end to end with the scroll bar. */
const PACES: Readonly<Record<string, number>> = { wheel: 4_000, 'scroll bar': 16_000 };
const OUT = join(process.env['SASAYAKI_HOME'] ?? process.cwd(), 'bench/out');
/** Of all scripts together, also of pages that are loaded when they are wanted; kB as they are sent. */
const SCRIPT_AIM = 350;
const STATUSES = ['ready', 'after_call_work', 'on_break', 'away'] as const;

/** What the page in the browser notes: which agent showed which status, and when that was painted, ms since 1970. */
interface Painted {
  readonly agent: string;
  readonly status: string;
  readonly at: number;
}

/** The realtime monitor with a thousand agents on the page and a hundred changes a second: from the commit to the painted change. */
export async function consolePage(report: Report): Promise<void> {
  const system = await System.start();
  const browser = await openBrowser();
  try {
    report.add('page scripts, compressed', scriptKilobytes(), 'kB', SCRIPT_AIM);
    await system.apply(siteOf(AGENTS));
    const { page } = await newPage(browser, { width: 1280, locale: 'ja-JP' });
    await signIn(system, page);
    const opened = performance.now();
    await page.goto(`${system.baseUrl}/monitor`);
    await page.locator('tr[data-agent]').nth(30).waitFor();
    report.add(`page with ${AGENTS} agents opened`, performance.now() - opened, 'ms');
    // By agent rows stay where they are; by time the rows on the screen are those that change next, and go once a second.
    for (const [order, direction] of [
      ['agent', 'ascending'],
      ['elapsed', 'descending'],
    ] as const) {
      const sorted = page.locator(`th[data-column=${order}][aria-sort=${direction}]`);
      while ((await sorted.count()) === 0) await page.locator(`th[data-column=${order}] button`).click();
      const busy = await busyOf(page);
      const times = await changesPainted(system, page);
      report.note(`${times.length} of the changes were on the screen`);
      report.times(`commit to painted, sorted by ${order}`, times, { p95: PAINTED_AIM });
      report.add(`the page's own work, sorted by ${order}`, await busy(), '% of a core');
    }
    await page.screenshot({ path: join(OUT, 'console-monitor.png') });
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    for (const [pace, speed] of Object.entries(PACES))
      await scrolled(report, system, browser, page, height, pace, speed);
  } finally {
    await browser.close();
    await system.close();
  }
}

/**
 * Frames of a scroll while the changes go on, at one speed: of the list, and of a page as high with nothing on it, which tells what this machine
 * and its browser leave out by themselves. By script each frame waits for the page; by the wheel the browser goes ahead of it.
 */
async function scrolled(
  report: Report,
  system: System,
  browser: Browser,
  page: Page,
  height: number,
  pace: string,
  speed: number,
): Promise<void> {
  const list = async (): Promise<void> => {
    await page.goto(`${system.baseUrl}/monitor`);
    await page.locator('tr[data-agent]').nth(30).waitFor();
  };
  const blank = async (): Promise<void> => {
    await page.goto('about:blank');
    await page.setContent(`<div style="height: ${height}px"></div>`);
  };
  const changing = async <Found>(scroll: () => Promise<Found>): Promise<Found> => {
    const changes = change(system, SCROLLED_MS + 500);
    const found = await scroll();
    await changes;
    return found;
  };
  const byScript = async (): Promise<readonly number[]> =>
    changing(async () => scrolledByScript(page, speed, SCROLLED_MS));
  const byWheel = async (): Promise<Presented> =>
    changing(async () => scrolledByWheel(browser, page, speed, SCROLLED_MS));
  await list();
  const busy = await busyOf(page);
  const frames = await byScript();
  report.add(`the page's own work, scrolled by ${pace}`, await busy(), '% of a core');
  report.times(`time from frame to frame, scrolled by ${pace}`, frames);
  await list();
  const seen = await byWheel();
  await blank();
  const alone = droppedOf(await byScript());
  const seenAlone = await byWheel();
  const most = (aim: string, of: number, ofBlank: number): void => {
    report.add(`${aim}, by ${pace}, a blank page`, ofBlank, '%');
    report.add(`${aim}, by ${pace}`, of, '%');
    report.add(`${aim}, by ${pace}, more than a blank page`, of - ofBlank, '%', DROPPED_AIM);
  };
  most('frames dropped by the page', droppedOf(frames), alone);
  most('frames dropped on the screen', seen.dropped, seenAlone.dropped);
  report.add(`frames with something not painted yet, by ${pace}`, seen.incomplete, '%');
}

function scriptKilobytes(): number {
  const folder = join(process.env['SASAYAKI_HOME'] ?? process.cwd(), 'build/console/assets');
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js.gz'));
  return scripts.reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0) / 1_000;
}

function nameOf(index: number): string {
  return `bench${String(index).padStart(4, '0')}`;
}

function siteOf(count: number): string {
  const accounts = Array.from(
    { length: count },
    (_value, index) =>
      `  - { loginName: ${nameOf(index)}, displayName: エージェント ${index}, role: user, agent: true, callCenters: [{ number: "7000" }] }`,
  );
  return `site: 1\naccounts:\n${accounts.join('\n')}\n`;
}

async function signIn(system: System, page: Page): Promise<void> {
  const { headers } = await Api.signIn(system, 'admin');
  const [name = '', value = ''] = (headers['cookie'] ?? '').split('=');
  await page.context().addCookies([{ name, value, url: system.baseUrl }]);
}

/** Commits changes at the rate of the bench for a while. @returns when each was about to be committed, by agent and status */
async function change(system: System, ms: number): Promise<ReadonlyMap<string, readonly number[]>> {
  const asked = new Map<string, number[]>();
  const started = Date.now();
  const running = new Set<Promise<unknown>>();
  for (let count = 0; Date.now() - started < ms; count += 1) {
    const due = started + (count * 1_000) / CHANGES_A_SECOND;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - Date.now())));
    // Each round every agent has another status than in the last, in an order that jumps over the list.
    const agent = nameOf((count * 377) % AGENTS);
    const status = STATUSES[(Math.floor(count / AGENTS) + count) % STATUSES.length] ?? 'ready';
    const key = `${agent} ${status}`;
    asked.set(key, [...(asked.get(key) ?? []), Date.now()]);
    const commit = system.query(
      `with changed as (
         update agent_states set base_status = $2, base_since = now()
         where account_id = (select id from accounts where login_name = $1) returning account_id
       )
       select pg_notify('sasayaki', json_build_object('kind', 'agents', 'ids', json_agg(account_id))::text) from changed`,
      [agent, status],
    );
    running.add(commit);
    void commit.finally(() => running.delete(commit));
  }
  await Promise.all(running);
  return asked;
}

/** From just before a change is committed to the first frame that shows it, for every change in a row that is drawn, ms. */
async function changesPainted(system: System, page: Page): Promise<readonly number[]> {
  await page.evaluate(() => {
    const painted: Painted[] = [];
    let known: ReadonlyMap<string, string> = new Map();
    const body = document.querySelector('tr[data-agent]')?.parentElement;
    const look = (at: number | null): void => {
      const drawn = new Map<string, string>();
      for (const row of document.querySelectorAll<HTMLElement>('tr[data-agent]')) {
        const { agent = '', status = '' } = row.dataset;
        const before = known.get(agent);
        // A row that was not drawn just before has only moved here.
        if (at !== null && before !== undefined && before !== status) painted.push({ agent, status, at });
        drawn.set(agent, status);
      }
      known = drawn;
    };
    look(null);
    let isChanged = false;
    const observer = new MutationObserver(() => {
      isChanged = true;
    });
    const { port1, port2 } = new MessageChannel();
    // A message that is sent while a frame is made is handled after that frame was drawn.
    port1.onmessage = () => {
      if (!isChanged) return;
      isChanged = false;
      look(Date.now());
    };
    const frame = (): void => {
      port2.postMessage(null);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    if (body != null)
      observer.observe(body, { subtree: true, childList: true, attributes: true, characterData: true });
    Object.assign(globalThis, { painted, observer });
  });
  const asked = await change(system, WATCHED_MS);
  const painted = await page.evaluate(() => {
    const noted = globalThis as unknown as { painted: Painted[]; observer: MutationObserver };
    noted.observer.disconnect();
    return noted.painted;
  });
  return painted.flatMap(({ agent, status, at }) => {
    const before = (asked.get(`${agent} ${status}`) ?? []).filter((time) => time <= at);
    return before.length === 0 ? [] : [at - Math.max(...before)];
  });
}

/** Watches how much of a core the page's main thread uses, whatever else the machine does. */
async function busyOf(page: Page): Promise<() => Promise<number>> {
  const debug = await page.context().newCDPSession(page);
  await debug.send('Performance.enable');
  const look = async (): Promise<{ readonly worked: number; readonly at: number }> => {
    const { metrics } = await debug.send('Performance.getMetrics');
    const read = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? NaN;
    return { worked: read('ThreadTime'), at: read('Timestamp') };
  };
  const before = await look();
  return async () => {
    const after = await look();
    await debug.detach();
    return (100 * (after.worked - before.worked)) / (after.at - before.at);
  };
}
