import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './kit/browser.ts';
import { ConsoleUser, inspect, shown, type } from './kit/console.ts';
import type { BrowserPhone } from './kit/browser-phone.ts';
import type { Phone } from './kit/phone.ts';
import { noteConnections } from './kit/page-sound.ts';
import { System } from './kit/system.ts';
import { toneWav } from './kit/tones.ts';
import { until } from './kit/wait.ts';

const MICROPHONE = 700;
const DESK = 1_000;
const OTHER = 1_400;
/** Chromium's echo and noise handling works on the microphone's sound, so its level is less sure than that of the kit's phones. */
const HEARD = -35;
const ABSENT = -52;

let folder: string;
let system: System;
let browser: Browser;
let user: ConsoleUser;
let desk: Phone;
/** Calls the page, and is held and transferred by it. */
let caller: BrowserPhone;
let other: BrowserPhone;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sasayaki-microphone-'));
  const microphone = join(folder, 'microphone.wav');
  await writeFile(microphone, toneWav(MICROPHONE, 10, 48_000));
  [system, browser] = await Promise.all([System.start(), openBrowser({ microphone })]);
  await system.apply(`site: 1
accounts:
  - { loginName: suzuki, displayName: 鈴木 花子, role: supervisor, signInPhone: "1005" }
`);
  user = new ConsoleUser(system, browser);
  desk = await system.phone('1000', { toneHz: DESK });
  caller = await system.browserPhone('1006', { toneHz: DESK });
  other = await system.browserPhone('1007', { toneHz: OTHER });
}, 240_000);
afterAll(async () => {
  await browser.close();
  await system.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);
afterEach(async () => {
  for (const phone of [desk, caller, other]) await phone.hangUpAll();
  await until('all calls to be over', 30_000, async () => (await system.metric('sasayaki_calls')) === 0);
});

async function hears(phone: Phone | BrowserPhone, frequency: number): Promise<void> {
  await until(`${frequency} Hz at ${phone.number}`, 20_000, async () => {
    const heard = await phone.listen(100);
    return heard.level(frequency) > HEARD && heard.dominant([MICROPHONE, DESK, OTHER, 440]) === frequency;
  });
}

/** The strongest frequency that the page receives now, by the browser's own analyser. */
async function pageHears(page: Page, frequency: number): Promise<void> {
  await until(`${frequency} Hz in the page`, 20_000, async () => {
    const loudest = await page.evaluate(async () => {
      const { connections } = globalThis as unknown as { connections: RTCPeerConnection[] };
      const live = connections.filter(({ connectionState }) => connectionState === 'connected');
      const tracks = live.flatMap((one) => one.getReceivers().map(({ track }) => track));
      const context = new AudioContext();
      const analyser = context.createAnalyser();
      analyser.fftSize = 4_096;
      for (const track of tracks) context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      await new Promise((resolve) => setTimeout(resolve, 200));
      const bins = new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(bins);
      const best = bins.indexOf(Math.max(...bins));
      const level = bins[best] ?? -Infinity;
      await context.close();
      return { hertz: (best * context.sampleRate) / analyser.fftSize, level };
    });
    return loudest.level > -60 && Math.abs(loudest.hertz - frequency) < 25;
  });
}

/** The page of the supervisor, whose phone is the browser; its connections can be listened to. */
async function supervisor(look: Parameters<ConsoleUser['signedIn']>[0] = {}): Promise<Page> {
  const page = await user.signedIn({ ...look, before: noteConnections }, 'suzuki');
  await shown(page.getByText('待受中'));
  return page;
}

/** The page's phone is in no call. */
async function idle(page: Page, deadline?: number): Promise<void> {
  const calls = page.getByRole('complementary').locator('section');
  await calls.waitFor({ state: 'detached', ...(deadline !== undefined && { timeout: deadline }) });
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Whether the sound of calls can carry keys. As the browser says it of a sender that is not ready yet. */
async function carryKeys(page: Page, on: boolean): Promise<void> {
  await page.evaluate((ready) => {
    const { prototype } = RTCDTMFSender;
    const kept = globalThis as unknown as { keys?: PropertyDescriptorMap };
    kept.keys ??= Object.getOwnPropertyDescriptors(prototype);
    if (ready) Object.defineProperties(prototype, kept.keys);
    else {
      Object.defineProperties(prototype, {
        canInsertDTMF: { configurable: true, get: () => false },
        insertDTMF: {
          configurable: true,
          value: () => {
            throw new DOMException('The sender is not ready.', 'InvalidStateError');
          },
        },
      });
    }
  }, on);
}

describe('the phone in the page', () => {
  it('rings, is answered by keyboard, and carries sound both ways', async () => {
    const page = await supervisor();
    await inspect(page, 'softphone-waiting');
    await desk.dial('1005');
    await shown(button(page, '応答'));
    await shown(page.getByText('受付1番'));
    await inspect(page, 'softphone-ringing');
    await button(page, '応答').focus();
    await type(page, 'Enter');
    await desk.event('CALL_ESTABLISHED');
    await Promise.all([hears(desk, MICROPHONE), pageHears(page, DESK)]);
    await inspect(page, 'softphone-talking');
    await button(page, 'ミュート').click();
    await until('silence at the desk', 20_000, async () => (await desk.listen(200)).total < ABSENT);
    await button(page, 'ミュート解除').click();
    await hears(desk, MICROPHONE);
    await button(page, '切断').click();
    await desk.ended();
  });

  it('calls by keypad and by typing, and takes only numbers', async () => {
    const page = await supervisor({ width: 390 });
    await page.getByRole('button', { name: /^ブラウザ電話/ }).click();
    for (const key of '1000') await button(page, `キー ${key}`).click();
    await inspect(page, 'softphone-keypad-narrow');
    await button(page, '発信').click();
    await desk.answer();
    await Promise.all([hears(desk, MICROPHONE), pageHears(page, DESK)]);
    await desk.hangUp();
    await desk.ended();
    await page.getByRole('textbox', { name: '電話番号・内線番号' }).fill('１００ー０');
    await type(page, 'Enter');
    await desk.answer();
    await desk.hangUp();
    await desk.ended();
    await idle(page);
    await page.getByRole('textbox', { name: '電話番号・内線番号' }).fill('sato');
    await type(page, 'Enter');
    await shown(page.getByText('数字と * # で入力してください。'));
  });

  it('presses keys in a call, also before its sound can carry them: the guidance takes them', async () => {
    const page = await supervisor();
    await carryKeys(page, false);
    await page.getByRole('button', { name: /^ブラウザ電話/ }).click();
    await page.getByRole('textbox', { name: '電話番号・内線番号' }).fill('0010');
    await type(page, 'Enter');
    await shown(page.getByText('通話中', { exact: true }));
    await button(page, 'キーパッド').click();
    await button(page, 'キー 1').focus();
    // A wrong ID and password, three times: then the guidance ends the call.
    await type(page, '1111#');
    await shown(page.getByText('1111#', { exact: true }));
    await carryKeys(page, true);
    await type(page, '2222#');
    for (let attempt = 1; attempt < 3; attempt += 1) await type(page, '1111#2222#');
    await shown(page.getByText('1111#2222#1111#2222#'.slice(-20)));
    await idle(page, 60_000);
  });

  it('holds and goes on', async () => {
    const page = await supervisor();
    await caller.dial('1005');
    await button(page, '応答').click();
    await caller.event('CALL_ESTABLISHED');
    await hears(caller, MICROPHONE);
    await button(page, '保留').click();
    await shown(page.getByText('保留中'));
    await until('music in place of the voice', 20_000, async () => {
      const heard = await caller.listen(200);
      return heard.level(MICROPHONE) < ABSENT && heard.total > -45;
    });
    await inspect(page, 'softphone-held');
    await button(page, '保留解除').click();
    await Promise.all([hears(caller, MICROPHONE), pageHears(page, DESK)]);
    await button(page, '切断').click();
    await caller.ended();
  });

  it('transfers without asking', async () => {
    const page = await supervisor();
    await caller.dial('1005');
    await button(page, '応答').click();
    await caller.event('CALL_ESTABLISHED');
    await button(page, '転送').click();
    await page.getByRole('textbox', { name: '転送先の番号' }).fill('1007');
    await inspect(page, 'softphone-transfer');
    await page.getByRole('textbox', { name: '転送先の番号' }).fill('1999');
    await type(page, 'Enter');
    await shown(page.getByText('1006 を転送できませんでした。'));
    await Promise.all([hears(caller, MICROPHONE), pageHears(page, DESK)]);
    await page.getByRole('textbox', { name: '転送先の番号' }).fill('1007');
    await button(page, 'そのまま転送').click();
    await other.answer();
    await Promise.all([hears(caller, OTHER), hears(other, DESK)]);
    await idle(page);
    await caller.hangUp();
    await Promise.all([caller.ended(), other.ended()]);
  });

  it('transfers after asking, or goes back', async () => {
    const page = await supervisor();
    await caller.dial('1005');
    await button(page, '応答').click();
    await caller.event('CALL_ESTABLISHED');
    await hears(caller, MICROPHONE);
    for (const ending of ['相談をやめて戻る', '転送を完了']) {
      await button(page, '転送').click();
      await page.getByRole('textbox', { name: '転送先の番号' }).fill('1007');
      await button(page, '相談してから転送').click();
      await other.answer();
      await Promise.all([hears(other, MICROPHONE), pageHears(page, OTHER)]);
      expect((await caller.listen(200)).level(OTHER)).toBeLessThan(ABSENT);
      await inspect(page, 'softphone-consulting');
      await button(page, ending).click();
      if (ending === '転送を完了') continue;
      await other.ended();
      await Promise.all([hears(caller, MICROPHONE), pageHears(page, DESK)]);
    }
    await Promise.all([hears(caller, OTHER), hears(other, DESK)]);
    await idle(page);
    await caller.hangUp();
    await Promise.all([caller.ended(), other.ended()]);
  });

  it('chooses devices and shows how loud it is', async () => {
    const page = await supervisor();
    await desk.dial('1005');
    await button(page, '応答').click();
    await desk.event('CALL_ESTABLISHED');
    await page.getByText('音声の設定').click();
    const microphones = page.getByLabel('マイク', { exact: true });
    await until(
      'names of microphones',
      20_000,
      async () => (await microphones.locator('option').count()) > 2,
    );
    await microphones.selectOption({ index: 2 });
    for (const name of ['マイクの音量レベル', '受話の音量レベル']) {
      const meter = page.getByLabel(name);
      await until(`${name} to move`, 20_000, async () => {
        return (await meter.evaluate((element: HTMLMeterElement) => element.value)) > 0.3;
      });
    }
    await hears(desk, MICROPHONE);
    await inspect(page, 'softphone-sound');
    await button(page, '切断').click();
    await desk.ended();
  });

  it('is with one tab at a time, and goes to the next when that closes', async () => {
    const page = await supervisor();
    const second = await page.context().newPage();
    await second.goto(system.baseUrl);
    await shown(second.getByText('別のタブで使用中'));
    await page.close();
    await shown(second.getByText('待受中'));
  });

  it('comes back by itself after the server was away, and ends with the session', async () => {
    const page = await supervisor();
    const server = (await system.part('server'))?.pid ?? 0;
    // Nobody starts it again before the page was looked at.
    await system.unattended(async () => {
      await system.kill('server');
      await shown(page.locator('[data-phone=connecting]'));
    });
    await system.restarted('server', server);
    await shown(page.getByText('待受中'));
    await button(page, 'サインアウト').click();
    await page.locator('input[name=username]').waitFor();
    await until('the SIP connection to end', 20_000, async () => {
      return (await system.metric('sasayaki_softphone_connections')) === 0;
    });
  });
});

describe('SIP over WebSocket on the page’s origin', () => {
  it('is refused without a session, from another site, and for any other path of Asterisk', async () => {
    const page = await supervisor();
    const cookies = await page.context().cookies();
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const own = { cookie, origin: system.baseUrl };
    expect(await upgrade('/sip', { origin: system.baseUrl })).toBe(401);
    expect(await upgrade('/sip', { cookie, origin: 'http://elsewhere.example' })).toBe(403);
    expect(await upgrade('/sip', own, '')).toBe(400);
    expect(await upgrade('/ws', own)).toBe(404);
    expect(await upgrade('/ari/events', own)).toBe(404);
    expect(await upgrade('/sip', own)).toBe(101);
  });

  it('credentials are told only to their own account', async () => {
    const page = await user.signedIn({}, 'admin');
    expect(await page.evaluate(async () => (await fetch('/api/softphone')).text())).toBe('{"phone":null}');
    const answer = await fetch(`${system.baseUrl}/api/softphone`);
    expect(answer.status).toBe(401);
  });
});

async function upgrade(path: string, headers: Record<string, string>, protocol = 'sip'): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(system.baseUrl + path, {
      headers: {
        ...headers,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': Buffer.from('sixteen bytes key').toString('base64'),
        ...(protocol === '' ? {} : { 'sec-websocket-protocol': protocol }),
      },
    });
    call.once('upgrade', (_response, socket) => {
      socket.destroy();
      resolve(101);
    });
    call.once('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.once('error', reject);
    call.end();
  });
}
