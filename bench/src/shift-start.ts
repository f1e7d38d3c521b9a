import { setTimeout as delay } from 'node:timers/promises';
import type { Caller } from '../../test/kit/caller.ts';
import { dialAgents, OurDialling, type DialAgent } from './dial-worlds.ts';
import { PASSWORD, registerAll } from './registered.ts';
import type { Report } from './report.ts';
import { watch } from './usage.ts';

const AGENTS = 1_000;
const WITHIN_MS = 20_000;
const MOST_MS = 300;
/** Some 150 callers are told the result at a time, with two ports for each. */
const RTP_PORTS = '33000-34999';
/** Longer than any result is. */
const PATIENCE_MS = 20_000;

/** 1,000 agents with registered phones sign in by one-shot within 20 s: none lost, none refused, each told soon. */
export async function shiftStart(report: Report): Promise<void> {
  const agents = dialAgents(AGENTS);
  const ours = await OurDialling.open(agents, RTP_PORTS);
  try {
    const unregister = await registerAll(
      ours.system,
      agents.map(({ phone }) => phone),
    );
    const used = await watch(ours.system);
    const begun = performance.now();
    const callers = await Promise.all(
      agents.map(async (agent, index) => {
        await delay(Math.max(0, begun + (index * WITHIN_MS) / AGENTS - performance.now()));
        return signIn(ours, agent);
      }),
    );
    const seconds = (performance.now() - begun) / 1_000;
    const parts = await used.end();
    await unregister();
    const told = callers.flatMap(({ firstSoundAt, sentAt }) =>
      firstSoundAt === undefined ? [] : [firstSoundAt - sentAt],
    );
    const done = await ours.outcomes('done');
    const [row] = await ours.system.query<{ count: string }>(
      "select count(*) from agent_states join accounts on accounts.id = account_id where base_status = 'ready' and phone = sign_in_phone",
    );
    report.add('sign-ins that were not done', AGENTS - done, '', 0);
    report.add('agents who are not 受付可 at their phone', AGENTS - Number(row?.count), '', 0);
    report.add('callers who heard nothing', AGENTS - told.length, '', 0);
    report.add('from the first call to the end of the last', seconds, 's');
    report.times('INVITE to the first packet', told, { p95: MOST_MS });
    for (const { part, megabytes, percent } of parts) {
      report.add(part, megabytes, 'MB');
      report.add(part, percent, '% of a core');
    }
  } finally {
    await ours.close();
  }
}

/** One caller, until the end of what is spoken. */
async function signIn({ board }: OurDialling, agent: DialAgent): Promise<Caller> {
  const { phone, dialId, dialPassword } = agent;
  const dial = `0009*${dialId}*${dialPassword}*${phone}`;
  const caller = await board.dial({ number: phone, password: PASSWORD, dial });
  await caller.answered.catch(() => undefined);
  await Promise.all([caller.silence(PATIENCE_MS), caller.ended]);
  return caller;
}
