import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until `look` gives something; looks every 20 ms at first and ever less, because what is looked at (a file, a page, a table) sends no
 * event, and looking costs the machine as much as being looked at.
 * @throws Error with what was awaited, after the deadline
 */
export async function until<T>(
  what: string,
  deadlineMs: number,
  look: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const begun = Date.now();
  const end = begun + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`Not within ${deadlineMs} ms: ${what}`);
    await delay(Math.min(20 + (Date.now() - begun) / 50, 80));
  }
}
