import { callUp, clear, compare, listen, withPair } from './pair.ts';
import type { Report } from './report.ts';
import { CALLS, SUPERVISORS, type Mode } from './worlds.ts';

/** What Asterisk needs for watched calls, listening and whispering, one and three supervisors each, against ChanSpy. */
export async function monitoringCost(report: Report): Promise<void> {
  await withPair(async (pair) => {
    for (const count of [1, SUPERVISORS]) {
      for (const mode of ['listen', 'whisper'] as const satisfies readonly Mode[]) {
        for (const world of pair.both) {
          await callUp(world, CALLS);
          await listen(world, CALLS, { each: count, mode });
        }
        const aim = mode === 'listen' ? 1 : undefined;
        await compare(report, `${CALLS} calls, ${count} x ${mode}`, pair, aim);
        await clear(pair);
      }
    }
  });
}
