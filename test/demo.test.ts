import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './kit/browser.ts';
import { Api } from './kit/api.ts';
import { ConsoleUser, inspect, shown } from './kit/console.ts';
import { noteConnections } from './kit/page-sound.ts';
import { linesIn, PracticeSide, toneSeconds } from './kit/practice.ts';
import { System } from './kit/system.ts';
import { toneWav } from './kit/tones.ts';
import { until } from './kit/wait.ts';

/** `npm start -- --demo`: a newcomer with nothing but a browser hears two people talk, and whispers to one of them. */

/** Of the newcomer's microphone, Hz: above most of what speech has. */
const VOICE = 3_000;

let folder: string;
let system: System;
let browser: Browser;
let user: ConsoleUser;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sasayaki-demo-'));
  const microphone = join(folder, 'microphone.wav');
  await writeFile(microphone, beeps());
  [system, browser] = await Promise.all([
    System.start({ applySite: false, startWith: ['--demo'] }),
    openBrowser({ microphone }),
  ]);
  user = new ConsoleUser(system, browser);
}, 240_000);
afterAll(async () => {
  await browser.close();
  await system.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** Half a second of tone, half a second of nothing: what lasts is taken for noise by a browser. */
function beeps(): Buffer {
  const file = toneWav(VOICE, 10, 48_000);
  for (let second = 0; second < 10; second += 1)
    file.fill(0, 44 + (second + 0.5) * 96_000, 44 + (second + 1) * 96_000);
  return file;
}

const guide = (): Locator => page.getByRole('complementary', { name: '最初の5分' });
const button = (name: string): Locator => page.getByRole('button', { name, exact: true });

async function ticked(step: string, deadline?: number): Promise<void> {
  await shown(guide().locator(`[data-step=${step}][data-done=true]`), deadline);
}

interface Talk {
  readonly agent: string;
  readonly phone: string;
  readonly caller: string;
}

/** The practice call in which this agent talks, or the one that began last. It has half a minute to go: a conversation takes 80 s. */
async function talk(agent?: string): Promise<Talk> {
  return until('two people to talk', 120_000, async () => {
    const rows = await system.query<Talk>(
      `select login_name as agent, number as phone, caller from call_parts
         join call_records on call_records.id = call_id join accounts on accounts.id = account_id
         where left_at is null and ended_at is null and side = 'callee' and joined_at > now() - interval '50 seconds'
         and login_name = coalesce($1, login_name)
         order by joined_at desc limit 1`,
      [agent ?? null],
    );
    return rows[0];
  });
}

/** What the page's phone plays, so many blocks of 4 s: as much as an analyser remembers. */
async function pageHears(blocks: number): Promise<Float64Array> {
  const samples = await page.evaluate(async (count) => {
    const { connections } = globalThis as unknown as { connections: RTCPeerConnection[] };
    const live = connections.filter(({ connectionState }) => connectionState === 'connected');
    const tracks = live.flatMap((one) => one.getReceivers().map(({ track }) => track));
    const context = new AudioContext({ sampleRate: 8_000 });
    const analyser = context.createAnalyser();
    analyser.fftSize = 32_768;
    context.createMediaStreamSource(new MediaStream(tracks)).connect(analyser);
    const taken: number[] = [];
    for (let block = 0; block < count; block += 1) {
      await new Promise((resolve) => setTimeout(resolve, 4_000));
      const newest = new Float32Array(analyser.fftSize);
      analyser.getFloatTimeDomainData(newest);
      taken.push(...newest);
    }
    await context.close();
    return taken;
  }, blocks);
  return Float64Array.from(samples);
}

async function openConsole(): Promise<void> {
  page = await user.signedIn({ before: noteConnections }, 'admin');
}

test('four steps, guided by the page: its phone, モニタリング, the answer and two voices, and a whisper that only the agent hears [B24] [B25] [B29]', async () => {
  await openConsole();
  await ticked('phone', 30_000);
  await inspect(page, 'demo-guide');
  const { agent, phone } = await talk();
  const row = page.locator(`tr[data-agent=${agent}]`);
  await row
    .getByRole('button', { name: /モニタリング/ })
    .first()
    .click();
  await page.getByLabel('モニタリングを行う電話端末の内線番号').fill('3900');
  await page.getByRole('dialog').getByRole('button', { name: 'モニタリング' }).click();
  await button('OK').click();
  await ticked('start');
  await shown(button('応答'));
  await inspect(page, 'demo-ringing');
  await button('応答').click();
  await ticked('answer');

  const before = await talk(agent);
  const language = before.caller === '3912' ? 'en' : 'ja';
  const [heard, quiet] = await Promise.all([
    pageHears(4),
    PracticeSide.open(system).then(async (side) => {
      const legs = await side.hear(phone, before.caller, 8);
      await side.close();
      return legs;
    }),
  ]);
  const lines = linesIn(heard, language);
  expect(new Set(lines.map(({ side }) => side))).toEqual(new Set(['agent', 'caller']));
  expect(toneSeconds(quiet.agent, VOICE)).toBeLessThan(0.3);
  expect(toneSeconds(quiet.caller, VOICE)).toBeLessThan(0.3);

  await button('ささやきに切り替え').click();
  await ticked('whisper');
  const now = await talk(agent);
  const side = await PracticeSide.open(system);
  const whispered = await side.hear(phone, now.caller, 8);
  await side.close();
  expect(toneSeconds(whispered.agent, VOICE)).toBeGreaterThan(2);
  expect(toneSeconds(whispered.caller, VOICE)).toBeLessThan(0.3);
  await inspect(page, 'demo-done');
}, 300_000);

test('the guide is closed and opened, in English and on a narrow page too; who may not listen to the practice agents has none', async () => {
  page = await user.signedIn({ width: 390, locale: 'en-US', dark: true }, 'admin');
  const english = page.getByRole('complementary', { name: 'The first five minutes' });
  await shown(english.getByText('Start monitoring'));
  await inspect(page, 'demo-guide-narrow');
  await button('Close').click();
  await shown(button('Open the guide to the first five minutes'));
  await page.reload();
  await button('Open the guide to the first five minutes').click();
  await shown(english.locator('[data-step=phone]'));
  const supervisor = await Api.signIn(system, 'suzuki');
  expect((await supervisor.get('/api/practice')).body).toEqual({ practice: null });
});

test('the practice telephones are started again when they die, and nobody but they has been called', async () => {
  const { pid } = (await system.part('practice')) ?? { pid: 0 };
  await system.kill('practice');
  await system.restarted('practice', pid);
  const since = new Date();
  await until('two people to talk again', 60_000, async () => {
    const rows = await system.query(
      `select 1 from call_records where started_at > $1 and call_center = '7900' and answered_at is not null`,
      [since],
    );
    return rows.length > 0;
  });
  const called = await system.query<{ readonly number: string }>(
    'select distinct number from call_parts order by number',
  );
  const machines = ['3901', '3902', '3911', '3912', '3913'];
  expect(machines).toEqual(expect.arrayContaining(called.map(({ number }) => number)));
});

test('it ends with the rest, and a start without --demo leaves nothing of it', async () => {
  const pids = await Promise.all(
    (['practice', 'server', 'asterisk'] as const).map(async (part) => (await system.part(part))?.pid ?? 0),
  );
  expect(await system.stop()).toBe(0);
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  await system.launch();
  expect(await system.part('practice')).toBeUndefined();
  const { output } = await system.command(['export']);
  expect(output).toContain('お客様窓口');
  expect(output).not.toMatch(/練習|practice|\b39[0-9]{2}\b|\b7900\b/);
  expect(
    [...(await system.files()).keys()].filter((file) => /practice/.test(file) && !/\/program\//.test(file)),
  ).toEqual([]);
  for (const table of ['call_records', 'call_parts', 'waiting_calls'])
    expect(await system.query(`select * from ${table}`)).toEqual([]);
  expect(await system.query(`select 1 from settings where key = 'practice'`)).toEqual([]);
  const admin = await Api.signIn(system, 'admin');
  expect((await admin.get('/api/practice')).body).toEqual({ practice: null });
});

test('a site that has one of its numbers keeps it: the start with --demo says so and changes nothing', async () => {
  await system.apply('site: 1\ncallCenters:\n  - { number: "7900", name: 夜間窓口 }\n');
  const before = (await system.command(['export'])).output;
  await system.stop();
  await expect(system.launch(['--demo'])).rejects.toThrow('The launcher ended with 29');
  expect(system.output).toContain('sasayaki: PRACTICE_TAKEN: This site has call center 7900 already');
  await system.launch();
  expect((await system.command(['export'])).output).toBe(before);
});
