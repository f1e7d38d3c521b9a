import { callUp, clear, compare, leftovers, WHOLE, withPair, type Pair } from './pair.ts';
import { TONES } from './phones.ts';
import type { Report } from './report.ts';
import { agentPhone, CALLS, customerPhone } from './worlds.ts';

/** What calls cost Asterisk and leave in memory, against its own Dial. */
export async function calls(report: Report): Promise<void> {
  await withPair(async (pair) => {
    for (const world of pair.both) await callUp(world, CALLS);
    await compare(report, `${CALLS} calls`, pair, 1.05);
    await clear(pair);
    await comeAndGo(report, pair);
  });
}

/** Calls that begin, are heard, and end. */
async function comeAndGo(report: Report, { both }: Pair): Promise<void> {
  for (const world of both) {
    const job = async (index: number): Promise<void> => {
      const call = await world.bank.dial(customerPhone(index), agentPhone(index));
      await call.hears(TONES.first);
      await call.hangUp();
    };
    await leftovers(report, world, { name: 'calls', times: WHOLE ? 20_000 : 2_000, job });
    await world.quiet();
  }
}
