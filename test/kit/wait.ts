import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until `look` gives something; looks every 20 ms, because what is looked at (a file, a page, a table) sends no event.
 * @throws Error with what was awaited, after the deadline
 */
export async function until<T>(
  what: string,
  deadlineMs: number,
  look: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`Not within ${deadlineMs} ms: ${what}`);
    await delay(20);
  }
}
