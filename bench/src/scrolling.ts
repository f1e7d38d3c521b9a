import type { Browser, CDPSession, Page } from 'playwright-core';

const FRAME_MS = 1_000 / 60;
/** Where the mouse stands, in the list, px. */
const MOUSE = { x: 640, y: 500 };

/** Scrolls down the whole page and back by script, at so many px a second. @returns the time of each frame, ms */
export async function scrolledByScript(
  page: Page,
  perSecond: number,
  forMs: number,
): Promise<readonly number[]> {
  return page.evaluate(
    async (wanted) => {
      const times: number[] = [];
      const height = document.documentElement.scrollHeight - window.innerHeight;
      const began = performance.now();
      let last = began;
      await new Promise<void>((resolve) => {
        const step = (now: number): void => {
          times.push(now - last);
          last = now;
          const way = ((now - began) * wanted.perSecond) / 1_000;
          const turn = Math.floor(way / height) % 2;
          window.scrollTo(0, turn === 0 ? way % height : height - (way % height));
          if (now - began < wanted.forMs) requestAnimationFrame(step);
          else resolve();
        };
        requestAnimationFrame(step);
      });
      return times.slice(1);
    },
    { perSecond, forMs },
  );
}

/** The share of frames that a screen of 60 Hz would have shown in this time, and did not, %. */
export function droppedOf(frames: readonly number[]): number {
  const all = frames.reduce((sum, ms) => sum + ms, 0) / FRAME_MS;
  return (100 * frames.reduce((sum, ms) => sum + Math.max(0, Math.round(ms / FRAME_MS) - 1), 0)) / all;
}

/** What the browser's own record says of the frames of a scroll, each in % of them. */
export interface Presented {
  /** The picture on the screen stood still although it should have moved. */
  readonly dropped: number;
  /** Something in the window was not painted yet. */
  readonly incomplete: number;
}

interface FrameRecord {
  readonly name: string;
  readonly args?: {
    readonly frame_reporter?: {
      readonly scroll_state: string;
      readonly state: string;
      readonly affects_smoothness: boolean;
      readonly has_missing_content: boolean;
    };
  };
}

/** Turns the wheel, down the whole page and back; that scrolls beside the page's own thread, as a person does. */
export async function scrolledByWheel(
  browser: Browser,
  page: Page,
  perSecond: number,
  forMs: number,
): Promise<Presented> {
  const height = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
  const mouse = await page.context().newCDPSession(page);
  const records = await recordFrames(browser);
  const until = Date.now() + forMs;
  for (let down = true; Date.now() < until; down = !down) {
    const way = Math.min(height, (perSecond * Math.max(100, until - Date.now())) / 1_000);
    await mouse.send('Input.synthesizeScrollGesture', {
      ...MOUSE,
      yDistance: down ? -way : way,
      speed: perSecond,
      gestureSourceType: 'mouse',
      preventFling: true,
    });
  }
  await mouse.detach();
  const frames = (await records.end()).flatMap(({ name, args }) =>
    name === 'PipelineReporter' && args?.frame_reporter !== undefined ? [args.frame_reporter] : [],
  );
  const scrolled = frames.filter(({ scroll_state: by }) => by !== 'SCROLL_NONE');
  const share = (of: typeof frames): number => (100 * of.length) / scrolled.length;
  return {
    dropped: share(
      scrolled.filter(({ state, affects_smoothness: seen }) => state === 'STATE_DROPPED' && seen),
    ),
    incomplete: share(scrolled.filter(({ has_missing_content: missing }) => missing)),
  };
}

async function recordFrames(browser: Browser): Promise<{ end(): Promise<readonly FrameRecord[]> }> {
  const session: CDPSession = await browser.newBrowserCDPSession();
  const records: FrameRecord[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    records.push(...(value as unknown as readonly FrameRecord[]));
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: ['disabled-by-default-devtools.timeline.frame'],
      excludedCategories: ['*'],
    },
  });
  return {
    async end() {
      const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
      await session.send('Tracing.end');
      await complete;
      await session.detach();
      return records;
    },
  };
}
