import { callUp, clear, compare, withPair } from './pair.ts';
import type { Report } from './report.ts';
import { CALLS } from './worlds.ts';

/** What Asterisk needs for calls that are up. */
export async function calls(report: Report): Promise<void> {
  await withPair(async (pair) => {
    for (const world of pair.both) await callUp(world, CALLS);
    await compare(report, `${CALLS} calls`, pair, 1.05);
    await clear(pair);
  });
}
