import type { Caller } from '../../test/kit/caller.ts';
import { until } from '../../test/kit/wait.ts';
import { dialAgents, OurDialling, type DialAgent } from './dial-worlds.ts';
import { PASSWORD } from './registered.ts';
import type { Report } from './report.ts';
import { PARTS, usage } from './usage.ts';

/** The first of them fill Asterisk's pools, and its transactions of the last 32 s. */
const WARM_UP = 8_000;
const DIALOGUES = WARM_UP + 10_000;
/** After each of these many, when all have hung up, is looked at what is left. */
const STEP = 500;
const AT_ONCE = 24;
const KEYS = { pressMs: 40, gapMs: 40 };
/** What the memory may grow by in a million dialogues: more is a leak. */
const MOST_SLOPE = 0.5;
const PATIENCE_MS = 10_000;

interface Left {
  readonly channels: number;
  readonly legs: number;
  readonly timers: number;
  /** By part, bytes. */
  readonly memory: readonly number[];
  readonly heap: number;
}

/** 10,000 dialogues after a warm-up, each hung up somewhere: what they leave in Asterisk, the server and PostgreSQL. */
export async function hangUps(report: Report): Promise<void> {
  const agents = dialAgents(AT_ONCE);
  const ours = await OurDialling.open(agents);
  try {
    const lefts: Left[] = [];
    const begun = performance.now();
    for (let done = 0; done < DIALOGUES; done += STEP) {
      let next = done;
      const worker = async (agent: DialAgent): Promise<void> => {
        for (let own = next++; own < done + STEP; own = next++) await hangUpAt(ours, agent, own);
      };
      await Promise.all(agents.map(worker));
      lefts.push(await look(ours));
    }
    report.add('dialogues', DIALOGUES, '');
    report.add('dialogues a second', DIALOGUES / ((performance.now() - begun) / 1_000), '1/s');
    const last = lefts.at(-1);
    const first = lefts[WARM_UP / STEP];
    report.add('channels left', last?.channels ?? NaN, '', 0);
    report.add('legs left in the server', last?.legs ?? NaN, '', 0);
    report.add(
      'timers of the server, more than after the first dialogues',
      (last?.timers ?? NaN) - (first?.timers ?? NaN),
      '',
      12,
    );
    const steady = lefts.slice(WARM_UP / STEP);
    for (const [index, part] of PARTS.entries()) {
      const values = steady.map(({ memory }) => memory[index] ?? NaN);
      report.add(`memory at the end: ${part}`, (values.at(-1) ?? NaN) / 1e6, 'MB');
      report.add(`growth: ${part}`, slope(values) / STEP / 1_024, 'kB/dialogue', MOST_SLOPE);
    }
    report.add(
      'growth: used heap of the server',
      slope(steady.map(({ heap }) => heap)) / STEP / 1_024,
      'kB/dialogue',
      MOST_SLOPE,
    );
  } finally {
    await ours.close();
  }
}

/** Which dialogue, and how far into it, follows from the number. */
async function hangUpAt({ board }: OurDialling, agent: DialAgent, number: number): Promise<void> {
  const { phone, dialId, dialPassword } = agent;
  const ways = [
    ['0010', `${dialId}#${dialPassword}#`],
    ['0012', `${dialId}#${dialPassword}#${phone}#`],
    ['0013', `${dialId}#${dialPassword}#2#`],
    ['0014', `${dialId}#${dialPassword}#`],
    ['0015', `${dialId}#${dialPassword}#`],
    [`0009*${dialId}*${dialPassword}*${phone}`, ''],
    [`0013*${dialId}*${dialPassword}`, ''],
  ] as const;
  const [text, keys] = ways[number % ways.length] ?? ways[0];
  const caller = await board.dial({ number: phone, password: PASSWORD, dial: text });
  // One in eight before the answer, one in eight in the first words, the others after some keys.
  const point = Math.floor(number / ways.length) % 8;
  if (point === 1) await firstWords(caller);
  if (point > 1) {
    await caller.answered;
    await caller.keys(keys.slice(0, Math.floor((keys.length * (point - 1)) / 6)), KEYS);
  }
  await caller.hangUp();
}

async function firstWords(caller: Caller): Promise<void> {
  await caller.answered;
  const talking = caller.silence(PATIENCE_MS);
  await until('the first words', PATIENCE_MS, () => caller.firstSoundAt !== undefined);
  await caller.hangUp();
  await talking;
}

/** What is left once everything of the callers should be gone. */
async function look({ system }: OurDialling): Promise<Left> {
  const channels = async (): Promise<number> =>
    (await system.askAsterisk<readonly unknown[]>('channels')).length;
  const metric = async (name: string): Promise<number> => (await system.metric(name)) ?? NaN;
  await until('no channel and no leg', PATIENCE_MS, async () => {
    return (await channels()) === 0 && (await metric('sasayaki_legs')) === 0;
  });
  const pids = await Promise.all(PARTS.map(async (part) => (await system.part(part))?.pid ?? 0));
  const used = await Promise.all(pids.map(usage));
  return {
    channels: await channels(),
    legs: await metric('sasayaki_legs'),
    timers: await metric('nodejs_active_resources\\{type="Timeout"\\}'),
    memory: used.map(({ memory }) => memory),
    heap: await metric('nodejs_heap_size_used_bytes'),
  };
}

/** Of the straight line through these (least squares), for one step. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [above, below] = [0, 0];
  for (const [index, value] of values.entries()) {
    above += (index - middle) * (value - mean);
    below += (index - middle) ** 2;
  }
  return above / below;
}
