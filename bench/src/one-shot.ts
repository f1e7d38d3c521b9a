import { muLawToSamples } from '../../test/kit/rtp.ts';
import { until } from '../../test/kit/wait.ts';
import { dialAgents, OurDialling, StockDialling, type DialAgent, type DialWorld } from './dial-worlds.ts';
import { PASSWORD } from './registered.ts';
import { quantile, type Report } from './report.ts';

const AGENTS = 50;
const ROUNDS = 300;
const GUIDED_ROUNDS = 60;
const WARM_UP = 20;
/** Ours at the most this many times stock Asterisk's. */
const RATIO = 1.5;
/** Of full scale: the recordings begin louder than this, silence does not. */
const LOUD = 0.02;
const KEYS = { pressMs: 80, gapMs: 80 };
const PATIENCE_MS = 10_000;

type Way = (world: DialWorld, agent: DialAgent) => Promise<number>;

/**
 * From the first INVITE to the first packet of the result that is spoken, and from the last key to the first loud one, in ours and in stock
 * Asterisk dialplan, in turns in one run. What ours speaks is committed with fsync before; the dialplan's AstDB is not.
 */
export async function oneShot(report: Report): Promise<void> {
  const agents = dialAgents(AGENTS);
  const [first] = agents;
  const ours = await OurDialling.open(agents);
  try {
    await expectFsync(ours);
    const stock = await StockDialling.open(agents);
    try {
      await compare(report, 'sign-in 0009*ID*PW*EXT', [ours, stock], agents, ROUNDS, dialled(signInString));
      await compare(report, 'status 0013*ID*PW', [ours, stock], agents, ROUNDS, dialled(statusString));
      if (first !== undefined)
        await stock.expectDone(first, 'away', 2 * Math.ceil((ROUNDS + WARM_UP) / AGENTS));
      await compare(report, 'guided 0010, last key', [ours, stock], agents, GUIDED_ROUNDS, guided);
      const done = await ours.outcomes('done');
      const expected = 2 * (ROUNDS + WARM_UP) + GUIDED_ROUNDS + WARM_UP;
      if (done !== expected) throw new Error(`${done} operations were done, not ${expected}.`);
      const [row] = await ours.system.query<{ count: string }>(
        "select count(*) from agent_activity where cause in ('sign_in', 'status_change')",
      );
      if (Number(row?.count) !== expected)
        throw new Error(`${row?.count} changes are committed, not ${expected}.`);
    } finally {
      await stock.close();
    }
  } finally {
    await ours.close();
  }
}

async function compare(
  report: Report,
  what: string,
  worlds: readonly [DialWorld, DialWorld],
  agents: readonly DialAgent[],
  rounds: number,
  way: Way,
): Promise<void> {
  const times = new Map<DialWorld, number[]>(worlds.map((world) => [world, []]));
  for (let round = -WARM_UP; round < rounds; round += 1) {
    const agent = agents[(round + WARM_UP) % agents.length];
    if (agent === undefined) throw new Error('There are no agents.');
    // Who is first takes turns too.
    for (const world of round % 2 === 0 ? worlds : [...worlds].reverse()) {
      const ms = await way(world, agent);
      if (round >= 0) times.get(world)?.push(ms);
    }
  }
  for (const [world, taken] of times) {
    report.add(`${what}: ${world.name}, p50`, quantile(taken, 0.5), 'ms');
    report.add(`${what}: ${world.name}, p95`, quantile(taken, 0.95), 'ms');
  }
  for (const [label, share] of [
    ['p50', 0.5],
    ['p95', 0.95],
  ] as const) {
    const [own = NaN, other = NaN] = worlds.map((world) => quantile(times.get(world) ?? [], share));
    report.add(`${what}: ratio of ${label}`, own / other, '', RATIO);
  }
}

const signInString = ({ dialId, dialPassword, phone }: DialAgent): string =>
  `0009*${dialId}*${dialPassword}*${phone}`;
const statusString = ({ dialId, dialPassword }: DialAgent): string => `0013*${dialId}*${dialPassword}`;

function dialled(text: (agent: DialAgent) => string): Way {
  return async ({ board }, agent) => {
    const caller = await board.dial({ number: agent.phone, password: PASSWORD, dial: text(agent) });
    await caller.answered;
    // A phone sends sound from the first moment, and Asterisk waits for it.
    const talking = caller.silence(PATIENCE_MS);
    const at = await until('the first sound', PATIENCE_MS, () => caller.firstSoundAt);
    await caller.hangUp();
    await talking;
    return at - caller.sentAt;
  };
}

const guided: Way = async ({ board }, { phone, dialId, dialPassword }) => {
  let loudAt: number | undefined;
  let keyed = Infinity;
  const caller = await board.dial({
    number: phone,
    password: PASSWORD,
    dial: '0010',
    onSound: (payload) => {
      if (performance.now() < keyed || !isLoud(payload)) return;
      loudAt ??= performance.now();
    },
  });
  await caller.answered;
  await caller.silence(100);
  await caller.keys(`${dialId}#`, KEYS);
  await caller.keys(dialPassword, KEYS);
  await caller.keys('#', { ...KEYS, gapMs: 0 });
  keyed = performance.now();
  const talking = caller.silence(PATIENCE_MS);
  const at = await until('the first word', PATIENCE_MS, () => loudAt);
  await caller.hangUp();
  await talking;
  return at - keyed;
};

function isLoud(payload: Buffer): boolean {
  return muLawToSamples(payload).some((sample) => Math.abs(sample) > LOUD);
}

/** The comparison is fair only if ours really writes to the disk. */
async function expectFsync({ system }: OurDialling): Promise<void> {
  for (const name of ['fsync', 'synchronous_commit']) {
    const [row] = await system.query<Record<string, string>>(`show ${name}`);
    if (row?.[name] !== 'on') throw new Error(`${name} is ${row?.[name]}.`);
  }
}
