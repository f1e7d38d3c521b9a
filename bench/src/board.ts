import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { FeedMessage } from '../../packages/server/src/http/contract.ts';
import { Api } from '../../test/kit/api.ts';
import { until } from '../../test/kit/wait.ts';
import { dialAgents, LEADER, OurDialling, type DialAgent } from './dial-worlds.ts';
import { PASSWORD } from './registered.ts';
import type { Report } from './report.ts';

const AGENTS = 1_000;
const VIEWERS = 100;
const CHANGES = 400;
const EVERY_MS = 50;
const MOST_MS = 50;
const PATIENCE_MS = 10_000;

/** One who looks at the board: notes when each message came, and reads it when nothing is being measured. */
class Viewer {
  readonly #socket: WebSocket;
  readonly #came: { readonly at: number; readonly data: Buffer }[] = [];

  constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.#socket = new WebSocket(url, { headers });
    this.#socket.on('message', (data: Buffer) => {
      this.#came.push({ at: performance.timeOrigin + performance.now(), data });
    });
  }

  get messages(): number {
    return this.#came.length;
  }

  /** How long after each agent's sign-in was decided it was shown here, ms. */
  delays(): ReadonlyMap<number, number> {
    const shown = new Map<number, number>();
    for (const { at, data } of this.#came) {
      const message = JSON.parse(data.toString('utf8')) as FeedMessage;
      if (message.type !== 'delta') continue;
      for (const { accountId, since, phone } of message.agents)
        if (phone !== null && !shown.has(accountId)) shown.set(accountId, at - Date.parse(since));
    }
    return shown;
  }

  close(): void {
    this.#socket.terminate();
  }
}

/**
 * From a change to the message at each of 100 open pages, with 1,000 agents on the board. The clock begins when the server has decided, before it
 * writes: the database and the commit are in the figure, so from the commit it is less.
 */
export async function board(report: Report): Promise<void> {
  const agents = dialAgents(AGENTS);
  const ours = await OurDialling.open(agents);
  try {
    const leader = await Api.signIn(ours.system, LEADER);
    const url = `${ours.system.baseUrl.replace('http', 'ws')}/api/feed`;
    const viewers: Viewer[] = [];
    while (viewers.length < VIEWERS) {
      const viewer = new Viewer(url, leader.headers);
      viewers.push(viewer);
      await until('a snapshot', PATIENCE_MS, () => viewer.messages > 0);
    }
    const begun = performance.now();
    await Promise.all(
      agents.slice(0, CHANGES).map(async (agent, index) => {
        await delay(Math.max(0, begun + index * EVERY_MS - performance.now()));
        await signIn(ours, agent);
      }),
    );
    await until('every change at every viewer', PATIENCE_MS, () =>
      viewers.every((viewer) => viewer.delays().size === CHANGES),
    );
    const delays = viewers.flatMap((viewer) => [...viewer.delays().values()]);
    report.add('changes seen by viewers', delays.length, '');
    report.times('change to message, 100 viewers', delays, { p99: MOST_MS });
    for (const viewer of viewers) viewer.close();
  } finally {
    await ours.close();
  }
}

/** Who is told the result hangs up: the change is what matters here. */
async function signIn({ board: phones }: OurDialling, agent: DialAgent): Promise<void> {
  const { phone, dialId, dialPassword } = agent;
  const dial = `0009*${dialId}*${dialPassword}*${phone}`;
  const caller = await phones.dial({ number: phone, password: PASSWORD, dial });
  await caller.answered;
  const talking = caller.silence(PATIENCE_MS);
  await until('the first sound', PATIENCE_MS, () => caller.firstSoundAt !== undefined);
  await caller.hangUp();
  await talking;
}
