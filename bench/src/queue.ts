import { setTimeout as delay } from 'node:timers/promises';
import { phoneEndpoints } from '../../test/kit/endpoints.ts';
import { OwnAsterisk } from '../../test/kit/own-asterisk.ts';
import { System } from '../../test/kit/system.ts';
import { each } from './pair.ts';
import { PhoneBank, TONES, type Account } from './phones.ts';
import { quantile, type Report } from './report.ts';

const PASSWORD = 'bench-sip-password-0123456789';
const AGENTS = 150;
const CALLERS = 120;
const CENTER = '7000';
/** After-call work, s: the shortest that both know. */
const WRAP_UP_SECONDS = 1;
const TALK_MS = 300;
/** Calls a second, and for how long each. */
const RATES: readonly number[] = [5, 10, 20, 30, 40, 50, 60, 80, 100];
const STEP_MS = 6_000;
const MOST_MS = 300;
/** What counts for a caller who reached nobody. */
const NEVER_MS = 5_000;

const agents = Array.from({ length: AGENTS }, (_value, index) => ({
  number: String(1_100 + index),
  dialId: String(314_159 + index * 911),
  dialPassword: String(27_182_818 + index * 7_919),
}));
const callers = Array.from({ length: CALLERS }, (_value, index) => String(1_400 + index));
const accounts: readonly Account[] = [...agents.map(({ number }) => number), ...callers].map((number) => ({
  number,
  password: PASSWORD,
  tone: TONES.first,
}));

/** A call center with all agents ready. */
interface Center {
  readonly name: string;
  readonly bank: PhoneBank;
  close(): Promise<void>;
}

/** How many calls a second a call center connects to agents, against app_queue. */
export async function queue(report: Report): Promise<void> {
  const centers = [await ours(), await stock()];
  try {
    const reached = new Map(centers.map((center) => [center, 0]));
    for (const rate of RATES) {
      for (const center of centers) {
        // Who was too slow is not asked for more, except once: others on the machine may have been in the way.
        const before = RATES[RATES.indexOf(rate) - 1] ?? 0;
        if ((reached.get(center) ?? 0) < before) continue;
        let p95 = await ramp(center, rate);
        if (p95 > MOST_MS) p95 = Math.min(p95, await ramp(center, rate));
        report.add(`call to agent's answer at ${rate} calls a second: p95: ${center.name}`, p95, 'ms');
        if (p95 <= MOST_MS) reached.set(center, rate);
      }
    }
    for (const [{ name }, rate] of reached) {
      report.add(`calls a second with answers within ${MOST_MS} ms (p95): ${name}`, rate, 'a second');
    }
  } finally {
    for (const center of centers) await center.close();
  }
}

/** Calls at an even pace. @returns the 95th percentile from a caller's INVITE to an agent's answer, ms */
async function ramp({ bank }: Center, rate: number): Promise<number> {
  const times: number[] = [];
  const begun = new Map<string, number>();
  const free = [...callers];
  bank.onArrival = (call) => {
    const from = /sip:([0-9]+)@/.exec(call.remote)?.[1] ?? '';
    const at = begun.get(from);
    begun.delete(from);
    if (at !== undefined) times.push(call.answeredAt - at);
    // The caller may have been first.
    setTimeout(() => void call.hangUp().catch(() => undefined), TALK_MS);
  };
  const calls = Math.round((rate * STEP_MS) / 1_000);
  const from = performance.now();
  const running: Promise<void>[] = [];
  for (let index = 0; index < calls; index += 1) {
    await delay(Math.max(0, from + (index * 1_000) / rate - performance.now()));
    const number = free.shift();
    if (number === undefined) continue;
    begun.set(number, performance.now());
    const call = bank.dial(number, CENTER).then(async ({ ended }) => ended);
    running.push(
      call.then(
        () => void free.push(number),
        () => void free.push(number),
      ),
    );
  }
  await Promise.race([Promise.all(running), delay(NEVER_MS)]);
  await bank.hangUpAll();
  await Promise.all(running);
  bank.onArrival = undefined;
  // After-call work.
  await delay(WRAP_UP_SECONDS * 1_000 + 1_000);
  return quantile([...times, ...Array.from({ length: calls - times.length }, () => NEVER_MS)], 0.95);
}

async function ours(): Promise<Center> {
  const system = await System.start({ applySite: false, env: { SASAYAKI_RTP_PORTS: '33000-34999' } });
  try {
    await system.apply(SITE);
    const bank = await PhoneBank.open(system.sipPort);
    bank.paused = true;
    await bank.register(accounts);
    await each(AGENTS, async (index) => {
      const agent = agents[index];
      if (agent === undefined) return;
      const { number, dialId, dialPassword } = agent;
      await (
        await bank.dial(number, `0009*${dialId}*${dialPassword}*${number}`)
      ).ended;
    });
    return { name: 'Sasayaki', bank, close: async () => bank.close().finally(async () => system.close()) };
  } catch (error) {
    await system.close();
    throw error;
  }
}

async function stock(): Promise<Center> {
  const asterisk = await OwnAsterisk.start({
    host: '127.0.0.1',
    modules: ['app_queue.so'],
    dialplan: () => `[default]\nexten => ${CENTER},1,Answer()\n same => n,Queue(center)\n`,
    endpoints: phoneEndpoints(accounts),
    rtpPorts: [35_000, 36_999],
    files: { 'queues.conf': QUEUES },
  });
  const bank = await PhoneBank.open(asterisk.port);
  bank.paused = true;
  await bank.register(accounts);
  return { name: 'app_queue', bank, close: async () => bank.close().finally(async () => asterisk.close()) };
}

const QUEUES = `[general]
persistentmembers = no
autofill = yes
[center]
strategy = leastrecent
autofill = yes
ringinuse = no
timeout = 20
retry = 1
wrapuptime = ${WRAP_UP_SECONDS}
${agents.map(({ number }) => `member => PJSIP/${number}`).join('\n')}
`;

const SITE = `site: 1
phones:
${accounts.map(({ number }) => `  - { number: "${number}", name: 電話${number}, kind: desk, sipPassword: ${PASSWORD} }`).join('\n')}
callCenters:
  - { number: "${CENTER}", name: 窓口, wrapUpSeconds: ${WRAP_UP_SECONDS} }
accounts:
${agents
  .map(
    ({ number, dialId, dialPassword }) =>
      `  - { loginName: a${number}, displayName: 担当${number}, role: user, agent: true, callCenters: [{ number: "${CENTER}" }], dialId: "${dialId}", dialPassword: "${dialPassword}" }`,
  )
  .join('\n')}
`;
