import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { TONES } from './phones.ts';
import { quantile, type Report } from './report.ts';
import { usage } from './usage.ts';
import { agentPhone, customerPhone, Ours, Stock, supervisorPhone, type Mode, type World } from './worlds.ts';

/** Both ways of the same job, side by side on this machine. */
export interface Pair {
  readonly ours: Ours;
  readonly stock: Stock;
  readonly both: readonly [Ours, Stock];
}

/** SIP keeps what is over for 32 s, so memory grows for so long with whatever goes on, and the processor is busy with it. */
const SIP_REMEMBERS_MS = 40_000;
/** How long the processor time of one Asterisk is taken before it is the other's turn, ms. */
const BLOCK_MS = 4_000;
/** Turns of each. */
const TURNS = 8;
/** What is set up side by side. */
export const SIDE_BY_SIDE = 8;
/** Long benches as long as they are meant, instead of a tenth. */
export const WHOLE = process.env['SASAYAKI_BENCH_WHOLE'] === '1';

/** Opens both, does the job, and leaves nothing. */
export async function withPair(job: (pair: Pair) => Promise<void>): Promise<void> {
  const ours = await Ours.open();
  try {
    const stock = await Stock.open();
    try {
      await job({ ours, stock, both: [ours, stock] });
    } finally {
      await stock.close();
    }
  } finally {
    await ours.close();
  }
}

/** Does something with each index, some at a time. */
export async function each(count: number, job: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await job(next++);
  };
  await Promise.all(Array.from({ length: Math.min(count, SIDE_BY_SIDE) }, worker));
}

/** So many calls between agents and customers. */
export async function callUp({ bank }: World, calls: number): Promise<void> {
  await each(calls, async (call) => bank.dial(customerPhone(call), agentPhone(call)));
}

/** So many supervisors listen, or whisper, to each of so many calls. */
export async function listen(
  world: World,
  calls: number,
  how: { readonly each: number; readonly mode: Mode },
): Promise<void> {
  await each(calls * how.each, async (index) => {
    const [call, which] = [Math.floor(index / how.each), index % how.each];
    const code = world.monitorCode(call, which, how.mode);
    const supervisor = await world.bank.dial(supervisorPhone(call, which), code);
    // It listens when it hears, not when it was answered.
    await supervisor.hears(TONES.first);
  });
  const watchers = await world.watchers();
  if (watchers !== undefined && watchers !== calls * how.each)
    throw new Error(`${watchers} supervisors listen.`);
}

/**
 * What each Asterisk needs for what is up now, in turns, the other one at rest meanwhile: whatever else the machine does at the time is in
 * both.
 * @returns shares of one core, %: the lower quartiles, because what others do only ever adds
 */
export async function shares({ ours, stock, both }: Pair): Promise<{ ours: number; stock: number }> {
  const taken = new Map<World, number[]>([
    [ours, []],
    [stock, []],
  ]);
  for (let turn = 0; turn < TURNS; turn++) {
    for (const world of both) {
      for (const other of both) other.bank.paused = other !== world;
      await delay(500);
      const pid = await world.asterisk();
      const [before, at] = [await processorSeconds(pid), performance.now()];
      await delay(BLOCK_MS);
      const used = (await processorSeconds(pid)) - before;
      taken.get(world)?.push((used / ((performance.now() - at) / 1_000)) * 100);
    }
  }
  for (const { bank } of both) bank.paused = false;
  return { ours: quantile(taken.get(ours) ?? [], 0.25), stock: quantile(taken.get(stock) ?? [], 0.25) };
}

/** Says both shares, and what ours is of the other's, once the setting up is forgotten: until then it costs, and each way otherwise. */
export async function compare(report: Report, what: string, pair: Pair, most?: number): Promise<void> {
  await delay(SIP_REMEMBERS_MS);
  const { ours, stock } = await shares(pair);
  report.add(`${what}: Sasayaki`, ours, '% of a core');
  report.add(`${what}: dialplan`, stock, '% of a core');
  report.add(`${what}: ratio`, ours / stock, '', most);
}

/** Hangs up everything in both, and waits until nothing is left of it. */
export async function clear({ both }: Pair): Promise<void> {
  for (const world of both) {
    await world.bank.hangUpAll();
    await world.quiet();
  }
}

/** Of one process so far; to 10 ms. */
async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** What each program of a world holds, MB. */
export async function memoryOf(world: World): Promise<Readonly<Record<string, number>>> {
  const asterisk = (await usage(await world.asterisk())).memory / 1e6;
  if (!(world instanceof Ours)) return { Asterisk: asterisk };
  return { Asterisk: asterisk, 'the server': (await usage(await world.server())).memory / 1e6 };
}

/** Slow enough for both ways, so that both keep the same. */
const JOBS_A_SECOND = 40;

/**
 * Does a job again and again at an even pace, first until what is kept for a while is replaced by newer, then so many times.
 * Says what it left in memory.
 */
export async function leftovers(
  report: Report,
  world: World,
  what: { readonly name: string; readonly times: number; readonly job: (worker: number) => Promise<void> },
): Promise<void> {
  let done = 0;
  const run = async (isOver: () => boolean): Promise<void> => {
    const worker = async (index: number): Promise<void> => {
      while (!isOver()) {
        // What a busy machine delays is not made up for: a burst would leave more behind than an even pace.
        const next = delay((SIDE_BY_SIDE / JOBS_A_SECOND) * 1_000);
        done += 1;
        await what.job(index);
        await next;
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, async (_value, index) => worker(index)));
  };
  const warm = performance.now() + SIP_REMEMBERS_MS;
  await run(() => performance.now() > warm);
  const before = await memoryOf(world);
  done = 0;
  await run(() => done >= what.times);
  for (const [part, megabytes] of Object.entries(await memoryOf(world))) {
    const least = before[part] ?? 0;
    report.add(`${what.name}: ${part} with the first (${world.name})`, least, 'MB');
    report.add(`${what.name}: ${part} grew with ${what.times} more (${world.name})`, megabytes - least, 'MB');
  }
}
