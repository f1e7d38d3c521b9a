import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../test/kit/wait.ts';
import { callUp, leftovers, SIDE_BY_SIDE, WHOLE, withPair, type Pair } from './pair.ts';
import { isHeard, TONES, type PhoneCall } from './phones.ts';
import { quantile, type Report } from './report.ts';
import { agentPhone, customerPhone, supervisorPhone, type World } from './worlds.ts';

/** Of each kind, in turns. */
const TIMES = 40;
/** Without stock Asterisk's five seconds of rest it would take minutes. */
const CHANSPY_CALLS = 8;
const PACKET_MS = 20;

/** How soon supervisors hear, and that nobody else notices, against ChanSpy. */
export async function monitoring(report: Report): Promise<void> {
  await withPair(async (pair) => {
    await firstSound(report, pair);
    await nextCall(report, pair);
    await delayOfWatched(report, pair);
    await hangUp(report, pair);
    await sessions(report, pair);
  });
}

interface Talk {
  readonly customer: PhoneCall;
  readonly agent: PhoneCall;
}

/** The first customer calls the first agent. */
async function talk({ bank }: World): Promise<Talk> {
  const arrival = bank.arrival(agentPhone(0));
  const customer = await bank.dial(customerPhone(0), agentPhone(0));
  return { customer, agent: await arrival };
}

/** The first supervisor's phone is called, and answers. */
async function callBack(world: World): Promise<PhoneCall> {
  const arrival = world.bank.arrival(supervisorPhone(0));
  await world.callBack();
  return arrival;
}

async function unwatched(world: World): Promise<void> {
  await until('all sessions to be over', 20_000, async () => ((await world.watchers()) ?? 0) === 0);
}

/** From the answer of the callback to the first packet with the agent's voice. */
async function firstSound(report: Report, { ours, stock, both }: Pair): Promise<void> {
  const times = new Map<World, number[]>(both.map((world) => [world, []]));
  const talks = await Promise.all(both.map(talk));
  for (let round = 0; round < TIMES; round++) {
    for (const world of both) {
      const supervisor = await callBack(world);
      times.get(world)?.push((await supervisor.hears(TONES.first)) - supervisor.answeredAt);
      await supervisor.hangUp();
      await unwatched(world);
    }
  }
  await Promise.all(talks.map(async ({ customer }) => customer.hangUp()));
  await ours.quiet();
  const what = 'callback answered to first sound';
  const chanSpy = times.get(stock) ?? [];
  report.times(`${what}: dialplan`, chanSpy);
  const aim = Math.floor(Math.min(60, quantile(chanSpy, 0.95)));
  report.times(`${what}: Sasayaki`, times.get(ours) ?? [], { p95: aim });
}

/** A session that goes on with the agent's next call: from the call's first sound to the supervisor hearing it. */
async function nextCall(report: Report, { ours, stock }: Pair): Promise<void> {
  for (const world of [stock, ours]) {
    const first = await talk(world);
    const supervisor =
      world === ours
        ? await callBack(world)
        : await world.bank.dial(supervisorPhone(0), `63${agentPhone(0)}`);
    await supervisor.hears(TONES.first);
    await first.customer.hangUp();
    const gaps: number[] = [];
    for (let round = 0; round < (world === ours ? TIMES : CHANSPY_CALLS); round++) {
      await delay(PACKET_MS * 10);
      const heard = supervisor.hears(TONES.first);
      const { customer, agent } = await talk(world);
      const sounds = await Promise.all([customer.hears(TONES.first), agent.hears(TONES.second)]);
      gaps.push((await heard) - Math.min(...sounds));
      await customer.hangUp();
    }
    await supervisor.hangUp();
    await world.quiet();
    const aim = world === ours ? { p95: 150 } : {};
    report.times(`next call's first sound to its supervisor: ${world.name}`, gaps, aim);
  }
}

/** What monitoring adds to the way between the parties of a watched call. Whispering is the worst case: it mixes. */
async function delayOfWatched(report: Report, { both }: Pair): Promise<void> {
  for (const world of both) {
    const { customer, agent } = await talk(world);
    const times = { watched: [] as number[], alone: [] as number[] };
    for (let turn = 0; turn < 4; turn++) {
      for (const watched of [false, true]) {
        const supervisor = watched
          ? await world.bank.dial(supervisorPhone(0), world.monitorCode(0, 0, 'whisper'))
          : undefined;
        await supervisor?.hears(TONES.first);
        for (let change = 0; change < TIMES / 4; change++) {
          const kind = watched ? times.watched : times.alone;
          kind.push(await oneWay(agent, customer), await oneWay(customer, agent));
        }
        await supervisor?.hangUp();
        await unwatched(world);
      }
    }
    await customer.hangUp();
    await world.quiet();
    const added = (share: number): number =>
      Math.round((quantile(times.watched, share) - quantile(times.alone, share)) / PACKET_MS);
    report.add(`one way between the parties: p50: ${world.name}`, quantile(times.alone, 0.5), 'ms');
    report.add(
      `one way between the parties, watched: p50: ${world.name}`,
      quantile(times.watched, 0.5),
      'ms',
    );
    report.add(`added to the watched call: p50: ${world.name}`, added(0.5), 'packets', 0);
    report.add(`added to the watched call: p95: ${world.name}`, added(0.95), 'packets');
  }
}

/** From the first packet of another tone at one party to the first at the other. */
async function oneWay(from: PhoneCall, to: PhoneCall): Promise<number> {
  const usual = from.account.tone;
  const heard = to.hears(TONES.other);
  from.send(TONES.other);
  const time = (await heard) - from.changedAt;
  from.send(usual);
  await unheard(to, TONES.other);
  return time;
}

/** A customer hangs up: until the agent's phone is free, and until the agent's status says so. */
async function hangUp(report: Report, { ours, both }: Pair): Promise<void> {
  for (const world of both) {
    const phone = { watched: [] as number[], alone: [] as number[] };
    const status = { watched: [] as number[], alone: [] as number[] };
    for (let round = 0; round < TIMES * 2; round++) {
      const kind = round % 2 === 0 ? 'alone' : 'watched';
      const { customer, agent } = await talk(world);
      await agent.hears(TONES.second);
      if (kind === 'watched') {
        const code = world.monitorCode(0, 0, 'listen');
        await (await world.bank.dial(supervisorPhone(0), code)).hears(TONES.first);
      }
      const at = performance.now();
      void customer.hangUp();
      phone[kind].push((await agent.ended) - at);
      if (world === ours) {
        while ((await ours.system.agent('a0')).call_status !== null) continue;
        status[kind].push(performance.now() - at);
      }
      await world.bank.hangUpAll();
      await world.quiet();
    }
    const most = world === ours ? 20 : undefined;
    later(report, `hang-up to the agent's phone free: ${world.name}`, phone, most);
    if (world === ours) later(report, "hang-up to the agent's status free", status, most);
  }
}

function later(
  report: Report,
  what: string,
  times: { readonly watched: readonly number[]; readonly alone: readonly number[] },
  most: number | undefined,
): void {
  for (const share of [0.5, 0.95]) {
    const [alone, watched] = [quantile(times.alone, share), quantile(times.watched, share)];
    const named = `p${share * 100}`;
    report.add(`${what}: ${named}`, alone, 'ms');
    report.add(`${what}, watched: ${named}`, watched, 'ms');
    // The slowest twentieth of forty says more of the machine than of monitoring.
    report.add(
      `${what}, watched: later by, ${named}`,
      watched - alone,
      'ms',
      share === 0.5 ? most : undefined,
    );
  }
}

/** Sessions that start and end on calls that go on: what is left of them. */
async function sessions(report: Report, { both }: Pair): Promise<void> {
  for (const world of both) {
    await callUp(world, SIDE_BY_SIDE);
    const job = async (call: number): Promise<void> => {
      const supervisor = await world.bank.dial(supervisorPhone(call), world.monitorCode(call, 0, 'listen'));
      await supervisor.hears(TONES.first);
      await supervisor.hangUp();
    };
    await leftovers(report, world, { name: 'sessions', times: WHOLE ? 10_000 : 1_000, job });
    await world.bank.hangUpAll();
    await world.quiet();
  }
}

/** When a packet comes without this tone. */
async function unheard(call: PhoneCall, tone: number): Promise<void> {
  return new Promise((resolve) => {
    call.onSound = (payload) => {
      if (isHeard(payload, tone)) return;
      call.onSound = undefined;
      resolve();
    };
  });
}
