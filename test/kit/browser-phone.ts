import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { PageEvent } from './browser-phone-page.ts';
import { openBrowser } from './browser.ts';
import { Heard } from './phone.ts';
import { freePort } from './ports.ts';
import { pcmToSamples } from './tones.ts';
import { until } from './wait.ts';

export interface BrowserPhoneOptions {
  /** Asterisk's SIP over WebSocket, as `ws://127.0.0.1:18088/ws`. */
  readonly url: string;
  readonly number: string;
  readonly password: string;
  /** Answers by itself. */
  readonly autoAnswer?: boolean;
  /** The tone that this phone sends, Hz; silence without one. */
  readonly toneHz?: number;
  /** Registers; a test of a wrong password does not wait for success. */
  readonly awaitRegistration?: boolean;
}

const SAMPLE_RATE = 8_000;
const DEADLINE_MS = 20_000;

/** Phones in one Chromium, a page each. The browser is opened with the first. */
export class BrowserPhones {
  readonly #phones = new Set<BrowserPhone>();
  #house: Promise<House> | undefined;

  /** Opens a page and registers its phone. */
  async register(options: BrowserPhoneOptions): Promise<BrowserPhone> {
    this.#house ??= openHouse();
    const { context, address } = await this.#house;
    const phone = await BrowserPhone.open(await context.newPage(), address, options);
    this.#phones.add(phone);
    return phone;
  }

  /** Closes the phones and keeps the browser for others. */
  async closePhones(): Promise<void> {
    await Promise.all([...this.#phones].map(async (phone) => phone.close()));
    this.#phones.clear();
  }

  async close(): Promise<void> {
    await this.closePhones();
    const house = await this.#house;
    await house?.browser.close();
    house?.server.close();
  }
}

/**
 * A real WebRTC phone: JsSIP in a page of Chromium. It does what {@link Phone} does, and attended transfer too. It sends a tone in place of a
 * microphone, and records what it hears.
 */
export class BrowserPhone {
  readonly #page: Page;
  readonly #options: BrowserPhoneOptions;
  readonly #events: PageEvent[] = [];
  readonly #waiting = new Set<() => void>();
  #seen = 0;

  private constructor(page: Page, options: BrowserPhoneOptions) {
    this.#page = page;
    this.#options = options;
  }

  static async open(page: Page, address: string, options: BrowserPhoneOptions): Promise<BrowserPhone> {
    const phone = new BrowserPhone(page, options);
    await page.exposeFunction('tellTest', (event: PageEvent) => phone.#told(event));
    await page.goto(address);
    const { url, number, password, autoAnswer = false, toneHz = 0 } = options;
    await page.evaluate(async (how) => globalThis.startPhone(how), {
      url,
      number,
      password,
      autoAnswer,
      toneHz,
    });
    if (options.awaitRegistration !== false) await phone.event('REGISTER_OK');
    return phone;
  }

  get number(): string {
    return this.#options.number;
  }

  /** Waits for the next event of this type that was not waited for yet. */
  async event(
    type: PageEvent['type'] | readonly PageEvent['type'][],
    deadlineMs = DEADLINE_MS,
  ): Promise<PageEvent> {
    const wanted = typeof type === 'string' ? [type] : type;
    const end = Date.now() + deadlineMs;
    for (;;) {
      while (this.#seen < this.#events.length) {
        const event = this.#events[this.#seen++];
        if (event !== undefined && wanted.includes(event.type)) return event;
      }
      const left = end - Date.now();
      if (left <= 0) {
        const had = this.#events.map((event) => event.type).join(', ');
        throw new Error(
          `Browser phone ${this.number}: no ${wanted.join(' or ')} within ${deadlineMs} ms; it had ${had}`,
        );
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, left);
        const waiting = this.#waiting;
        function done(): void {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        }
        waiting.add(done);
      });
    }
  }

  /** Dials any string, without waiting for an answer. */
  async dial(text: string): Promise<void> {
    await this.#page.evaluate((user) => globalThis.phone.dial(user), text);
  }

  /** Dials and waits for the answer. */
  async call(text: string): Promise<void> {
    await this.dial(text);
    await this.event('CALL_ESTABLISHED');
  }

  /** Waits until it rings, and answers. */
  async answer(): Promise<void> {
    await this.event('CALL_INCOMING');
    await this.acceptNow();
    await this.event('CALL_ESTABLISHED');
  }

  /** Answers the call that rings, without waiting for anything. */
  async acceptNow(): Promise<void> {
    await this.#page.evaluate(() => globalThis.phone.answer());
  }

  async hangUp(): Promise<void> {
    await this.#page.evaluate(() => globalThis.phone.hangUp());
  }

  /** Hangs up whatever is up; nothing is fine too. */
  async hangUpAll(): Promise<void> {
    await this.#page.evaluate(() => globalThis.phone.hangUpAll());
  }

  async ended(deadlineMs = 20_000): Promise<PageEvent> {
    return this.event('CALL_CLOSED', deadlineMs);
  }

  /** Done when the other side has agreed. */
  async hold(): Promise<void> {
    await this.#page.evaluate(async () => globalThis.phone.hold());
  }

  async resume(): Promise<void> {
    await this.#page.evaluate(async () => globalThis.phone.resume());
  }

  /** Blind transfer of the call to a number. Then TRANSFER_DONE and CALL_CLOSED, or TRANSFER_FAILED. @throws Error when it is refused at once */
  async transfer(number: string): Promise<void> {
    await this.#page.evaluate(async (user) => globalThis.phone.transfer(user), number);
  }

  /** Holds the call and calls somebody else. */
  async consult(number: string): Promise<void> {
    await this.hold();
    await this.call(number);
  }

  /** Attended transfer after {@link consult}: the party on hold gets the one consulted. Both calls of this phone end. */
  async completeTransfer(): Promise<void> {
    await this.#page.evaluate(async () => globalThis.phone.completeTransfer());
  }

  /** From now on this phone sends this tone, also in the middle of a call; 0 is silence. */
  async tone(frequency: number): Promise<void> {
    await this.#page.evaluate((hertz) => globalThis.phone.tone(hertz), frequency);
  }

  /** Presses keys as telephone events: 100 ms down, 70 ms apart. Does not wait for the last. */
  async keys(keys: string): Promise<void> {
    await this.#page.evaluate(async (pressed) => globalThis.phone.keys(pressed), keys);
  }

  /** What was heard in the last `ms` of the call. */
  async heard(ms: number): Promise<Heard> {
    const count = samplesIn(ms);
    return this.#samples(Math.max(0, (await this.#recorded()) - count), count);
  }

  /** Listens for `ms` of new sound from now on. */
  async listen(ms: number): Promise<Heard> {
    const from = await this.#recorded();
    const count = samplesIn(ms);
    await until(
      `${ms} ms of sound at browser phone ${this.number}`,
      ms + DEADLINE_MS,
      async () => (await this.#recorded()) - from >= count,
    );
    return this.#samples(from, count);
  }

  /** Unregisters, ends its calls and closes its page. */
  async close(): Promise<void> {
    if (this.#page.isClosed()) return;
    await this.#page.evaluate(() => globalThis.phone.stop());
    await this.#page.close();
  }

  /** The tab goes away without a word. */
  async vanish(): Promise<void> {
    await this.#page.close();
  }

  async #recorded(): Promise<number> {
    return this.#page.evaluate(() => globalThis.phone.recorded);
  }

  async #samples(from: number, count: number): Promise<Heard> {
    const text = await this.#page.evaluate(({ start, length }) => globalThis.phone.samples(start, length), {
      start: from,
      length: count,
    });
    return new Heard(pcmToSamples(Buffer.from(text, 'base64')));
  }

  #told(event: PageEvent): void {
    this.#events.push(event);
    for (const wake of [...this.#waiting]) wake();
  }
}

interface House {
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly server: Server;
  readonly address: string;
}

/** A browser, and the page that every phone of it opens: it must come from somewhere that browsers trust, as loopback is. */
async function openHouse(): Promise<House> {
  const script = await pageScript();
  const server = createServer((request, response) => {
    const isScript = request.url === '/phone.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><title>phone</title><script src="/phone.js"></script>');
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const browser = await openBrowser({});
  return { browser, context: await browser.newContext(), server, address: `http://127.0.0.1:${port}/` };
}

async function pageScript(): Promise<string> {
  const entry = fileURLToPath(new URL('browser-phone-page.ts', import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'chrome120',
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}

function samplesIn(ms: number): number {
  return Math.round((ms * SAMPLE_RATE) / 1_000);
}
