import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provideDebianPackages } from '@sasayaki/engine';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { partsDir } from './tools.ts';

const SHELL = 'chromium-headless-shell';
const NAMES = [SHELL, 'chromium', 'chromium-browser', 'google-chrome'];
const OUT = fileURLToPath(new URL('../out/', import.meta.url));

interface Program {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  /** Of one run of it alone. */
  readonly folder?: string;
}

/**
 * The browser that the machine has, else Debian's Chromium of the machine's own release, unpacked privately: the build of it that has no
 * windows, which takes three quarters of the processor's time.
 */
async function findBrowser(): Promise<Program> {
  const named = process.env['SASAYAKI_CHROMIUM'];
  if (named !== undefined) return { path: named, env: {} };
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = NAMES.map((name) => join(folder, name)).find((candidate) => existsSync(candidate));
    if (path !== undefined) return { path, env: {} };
  }
  const { root, libraryPath } = await provideDebianPackages({
    partsDir: partsDir(),
    name: SHELL,
    release: 'host',
    packages: [SHELL, 'fonts-ipafont-gothic'],
    needMegabytes: 1_500,
    onProgress: (text) => void process.stderr.write(`test kit: ${text}\n`),
  });
  // The host's own release: its loader fits, so the browser can start copies of itself.
  const libraries = [libraryPath, join(root, 'usr/lib/chromium'), join(libraryPath, 'pulseaudio')];
  const folder = await mkdtemp(join(tmpdir(), 'sasayaki-fonts-'));
  return {
    path: join(root, 'usr/lib/chromium', SHELL),
    env: { LD_LIBRARY_PATH: libraries.join(':'), FONTCONFIG_FILE: await fontConfig(root, folder) },
    folder,
  };
}

/** Fonts of the unpacked folder, Japanese ones among them. */
async function fontConfig(root: string, folder: string): Promise<string> {
  const file = join(folder, 'fonts.conf');
  const text = `<?xml version="1.0"?>
<fontconfig><dir>${join(root, 'usr/share/fonts')}</dir><cachedir>${folder}</cachedir></fontconfig>
`;
  await writeFile(file, text);
  return file;
}

/** Starts what BROWSER names with a weaker claim to the processor, also beside other sessions, which have equal ones by themselves. */
const GENTLY = fileURLToPath(new URL('gently.sh', import.meta.url));

export interface BrowserSound {
  /** A WAV file that every page gets as its microphone, again and again. */
  readonly microphone?: string;
}

/**
 * A real Chromium without a window. It looks nothing up outside the machine.
 * @param sound of pages that are spoken and listened to. Without it the browser gives way to phones and to Asterisk: a page that is late is waited
 * for, a sound that is late is broken
 */
export async function openBrowser(sound?: BrowserSound): Promise<Browser> {
  const { path, env, folder } = await findBrowser();
  const microphone = sound?.microphone;
  const browser = await chromium.launch({
    executablePath: sound === undefined ? GENTLY : path,
    headless: true,
    env: { ...process.env, ...env, BROWSER: path },
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Softphones: a microphone that is there and allowed, sound without a click, pages that nobody looks at as quick as others.
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      ...(microphone === undefined ? [] : [`--use-file-for-fake-audio-capture=${microphone}`]),
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
      // Names in place of addresses are for networks with a resolver of them.
      '--disable-features=WebRtcHideLocalIpsWithMdns',
    ],
  });
  if (folder !== undefined) {
    browser.once('disconnected', () => rmSync(folder, { recursive: true, force: true }));
  }
  return browser;
}

export interface PageOptions {
  readonly width: 1280 | 390;
  readonly locale: 'ja-JP' | 'en-US';
}

export async function newPage(
  browser: Browser,
  options: PageOptions,
): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({
    viewport: { width: options.width, height: options.width === 390 ? 844 : 800 },
    locale: options.locale,
    timezoneId: 'Asia/Tokyo',
    // Nobody watches what moves.
    reducedMotion: 'reduce',
  });
  return { page: await context.newPage(), context };
}

/** Kept as build output, to be looked at. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(OUT, { recursive: true });
  await page.screenshot({ path: join(OUT, `${name}.png`), fullPage: true });
}
