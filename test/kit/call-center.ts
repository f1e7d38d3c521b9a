import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Api } from './api.ts';
import { accountId, signInAgent } from './floor.ts';
import type { Heard, Phone } from './phone.ts';
import { SIP_PASSWORD, System } from './system.ts';
import { likeness, wavSamples } from './tones.ts';
import { until } from './wait.ts';

/** What each party sends, Hz. */
export const TONES = {
  sato: 500,
  tanaka: 700,
  takahashi: 900,
  one: 1_300,
  two: 1_700,
  three: 2_100,
} as const;
export type AgentName = 'sato' | 'tanaka' | 'takahashi';
export type CallerName = 'one' | 'two' | 'three';

export const HEARD = -20;
export const ABSENT = -52;
/** Recordings that are alike by this are the same; µ-law and a gap or two between. */
const SAME = 0.8;

const AGENT_NAMES = ['sato', 'tanaka', 'takahashi'] as const;
const EXTENSIONS = { sato: '1000', tanaka: '1001', takahashi: '1002' } as const;
export const CALLERS = { one: '1006', two: '1007', three: '1008' } as const;
/** Nobody registers it. */
export const NOBODY = '1009';

const phones = [...Object.values(CALLERS), NOBODY].map(
  (number) => `  - { number: "${number}", name: 発信${number}, kind: desk, sipPassword: ${SIP_PASSWORD} }`,
);

function member(login: string, name: string, centers: Readonly<Record<string, number>>): string {
  const list = Object.entries(centers).map(
    ([number, priority]) => `{ number: "${number}", priority: ${priority} }`,
  );
  return `  - { loginName: ${login}, displayName: ${name}, role: user, agent: true, callCenters: [${list.join(', ')}] }`;
}

const SATO_IN = Object.fromEntries(
  [7000, 7001, 7002, 7003, 7004, 7005, 7006, 7007, 7010].map((number) => [number, 1]),
);

const SITE = `site: 1
phones:
${phones.join('\n')}
callCenters:
  - { number: "7001", name: 優先窓口, priority: 1 }
  - { number: "7002", name: 案内窓口, noticeSeconds: 10 }
  - { number: "7003", name: 話中窓口, overflowSeconds: 5, overflowAction: busy }
  - { number: "7004", name: 終了窓口, overflowSeconds: 5, overflowAction: notice }
  - { number: "7005", name: 転送窓口, overflowSeconds: 5, overflowAction: call_center, overflowTarget: "7009" }
  - { number: "7006", name: 内線窓口, overflowSeconds: 5, overflowAction: extension, overflowTarget: "1002" }
  - { number: "7007", name: 不在窓口, overflowSeconds: 5, overflowAction: extension, overflowTarget: "${NOBODY}" }
  - { number: "7008", name: 後処理窓口, wrapUpSeconds: 2 }
  - { number: "7009", name: 無人窓口, overflowAction: call_center, overflowTarget: "7005" }
  - { number: "7010", name: 短鳴窓口, ringSeconds: 5, maxMisses: 2 }
accounts:
${member('sato', '佐藤 一郎', SATO_IN)}
${member('tanaka', '田中 美咲', { 7000: 1, 7008: 1, 7010: 2 })}
${member('takahashi', '高橋 健', { 7000: 2, 7010: 3 })}
`;

export interface AgentRow {
  readonly base_status: string;
  readonly call_status: string | null;
}

/** A caller who is written down as waiting. */
export interface WaitingRow {
  readonly caller: string;
  readonly call_center: string;
  readonly state: string;
  readonly agent: string | null;
}

/**
 * One whole system with three agents (sato and tanaka, and takahashi with priority 2, all in 7000) and three callers, each with a tone of its
 * own; what the other call centers are for is in the site above. Statuses are changed by the supervisor suzuki, as from the page.
 */
export class CallCenterFloor {
  readonly system: System;
  readonly suzuki: Api;
  readonly agents: Record<AgentName, Phone>;
  readonly callers: Readonly<Record<CallerName, Phone>>;
  readonly ids: Readonly<Record<AgentName, number>>;

  private constructor(
    system: System,
    suzuki: Api,
    agents: Record<AgentName, Phone>,
    callers: Readonly<Record<CallerName, Phone>>,
    ids: Readonly<Record<AgentName, number>>,
  ) {
    this.system = system;
    this.suzuki = suzuki;
    this.agents = agents;
    this.callers = callers;
    this.ids = ids;
  }

  static async open(): Promise<CallCenterFloor> {
    const system = await System.start();
    await system.apply(SITE);
    const phone = async (number: string, name: keyof typeof TONES): Promise<Phone> =>
      system.phone(number, { toneHz: TONES[name] });
    const [suzuki, sato, tanaka, takahashi, one, two, three] = await Promise.all([
      Api.signIn(system, 'suzuki'),
      phone('1000', 'sato'),
      phone('1001', 'tanaka'),
      phone('1002', 'takahashi'),
      phone(CALLERS.one, 'one'),
      phone(CALLERS.two, 'two'),
      phone(CALLERS.three, 'three'),
    ]);
    const ids = {
      sato: await accountId(system, 'sato'),
      tanaka: await accountId(system, 'tanaka'),
      takahashi: await accountId(system, 'takahashi'),
    };
    const floor = new CallCenterFloor(system, suzuki, { sato, tanaka, takahashi }, { one, two, three }, ids);
    for (const name of AGENT_NAMES) await floor.signIn(name);
    return floor;
  }

  /** Signs in at the agent's own extension, with 受付可, as the supervisor does from the page. */
  async signIn(name: AgentName): Promise<void> {
    await signInAgent(this.suzuki, this.ids[name], EXTENSIONS[name]);
  }

  /** The agent gets another phone of the same extension, in place of one that is gone. */
  async newPhone(name: AgentName, transport: 'udp' | 'tcp' = 'udp'): Promise<Phone> {
    const phone = await this.system.phone(EXTENSIONS[name], { toneHz: TONES[name], transport });
    this.agents[name] = phone;
    return phone;
  }

  /** Changes an agent's status, as the supervisor does from the page. */
  async turn(name: AgentName, status: string): Promise<void> {
    const answer = await this.suzuki.put(`/api/agents/${this.ids[name]}/status`, { status });
    if (answer.status !== 200) throw new Error(`${name} is not ${status}: ${JSON.stringify(answer.body)}`);
  }

  async agent(name: AgentName): Promise<AgentRow> {
    return this.system.agent(name);
  }

  /** Waits until an agent shows this status: that of the call, or else the base status. */
  async shows(name: AgentName, status: string, deadlineMs = 20_000): Promise<void> {
    await until(`${name} to show ${status}`, deadlineMs, async () => {
      const row = await this.agent(name);
      return (row.call_status ?? row.base_status) === status;
    });
  }

  /** Waits until an agent is in no call, reserved for none, and may be called. */
  async free(name: AgentName): Promise<void> {
    await until(`${name} to be free`, 20_000, async () => {
      const [row] = await this.system.query<{ readonly free: boolean }>(
        `select call_status is null and reserved_call is null and coalesce(rest_until <= now(), true) as free
         from agent_states where account_id = $1`,
        [this.ids[name]],
      );
      return row?.free === true;
    });
  }

  /** Dials a call center and waits until it is answered: the caller waits. */
  async wait(name: CallerName, number = '7000'): Promise<Phone> {
    const phone = this.callers[name];
    await phone.call(number);
    return phone;
  }

  async waiting(count: number): Promise<void> {
    await until(`${count} callers to wait`, 20_000, async () => {
      return (await this.system.metric('sasayaki_waiting_callers')) === count;
    });
  }

  /** Who is written down as waiting, the longest first. */
  async waitingRows(): Promise<readonly WaitingRow[]> {
    return this.system.query<WaitingRow>(
      `select caller, call_center, state, login_name as agent
       from waiting_calls left join accounts on accounts.id = account_id order by entered_at`,
    );
  }

  /** Waits until these two talk with each other and hear nothing else. */
  async expectTalk(agent: AgentName, caller: CallerName): Promise<void> {
    let wrong: readonly string[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const [atAgent, atCaller] = await Promise.all([
        this.agents[agent].listen(400),
        this.callers[caller].listen(400),
      ]);
      const parts: readonly (readonly [string, boolean])[] = [
        ['the agent does not hear the caller', atAgent.level(TONES[caller]) > HEARD],
        ['the caller does not hear the agent', atCaller.level(TONES[agent]) > HEARD],
        ['the agent hears itself', atAgent.level(TONES[agent]) < ABSENT],
        ['the caller hears more than the agent', atCaller.total - atCaller.level(TONES[agent]) < 1],
      ];
      wrong = parts.flatMap(([what, right]) => (right ? [] : [what]));
      if (wrong.length === 0) return;
    }
    throw new Error(wrong.join(', '));
  }

  /** Waits until a caller hears music on hold. */
  async expectMusic(caller: CallerName): Promise<void> {
    for (let attempt = 0; attempt < 8; attempt += 1) {
      if (isMusic(await this.callers[caller].listen(400))) return;
    }
    throw new Error(`Caller ${caller} hears no music.`);
  }

  /** How the last calls to a call center ended, the latest first, once they are closed. */
  async results(callCenter: string, count = 1): Promise<readonly string[]> {
    return until('the records to be closed', 20_000, async () => {
      const rows = await this.system.query<{ readonly result: string | null }>(
        'select result from call_records where call_center = $1 order by started_at desc limit $2',
        [callCenter, count],
      );
      const ended = rows.flatMap(({ result }) => (result === null ? [] : [result]));
      return ended.length === count && ended;
    });
  }

  /** Ends everything and makes every agent 休憩中, so that a test chooses who is there. Fails when anything is left of a call. */
  async clear(): Promise<void> {
    const all = [...Object.values(this.callers), ...Object.values(this.agents)];
    for (const phone of all) await phone.hangUpAll();
    await until('all calls to be over', 20_000, async () => {
      const names = ['sasayaki_calls', 'sasayaki_legs', 'sasayaki_waiting_callers'];
      const left = await Promise.all(names.map(async (name) => this.system.metric(name)));
      return left.every((count) => count === 0);
    });
    for (const name of AGENT_NAMES) {
      await this.free(name);
      if ((await this.agent(name)).base_status !== 'on_break') await this.turn(name, 'on_break');
    }
    await until('nobody to be written down as waiting or talking', 20_000, async () => {
      const [left] = await this.system.query<{ readonly count: number }>(
        `select (select count(*) from waiting_calls)::int
           + (select count(*) from call_records where ended_at is null)::int
           + (select count(*) from call_parts where left_at is null)::int as count`,
      );
      return left?.count === 0;
    });
    for (const phone of all) phone.forget();
  }
}

const sounds = new URL('../../sounds/', import.meta.url);

/** The samples of one of our recordings, as `ja/waiting-notice` or `moh/quiet`. */
function recording(name: string): Float64Array {
  return wavSamples(readFileSync(fileURLToPath(new URL(`${name}.wav`, sounds))));
}

/** Whether what was heard last is music on hold, from anywhere in it. */
export function isMusic(heard: Heard): boolean {
  return likeness(recording('moh/quiet'), heard.samples.slice(-1_200)) > SAME;
}

/** Whether the middle of this recording is in what was heard. */
export function holds(heard: Heard, name: string): boolean {
  const whole = recording(name);
  const middle = Math.floor(whole.length / 3);
  return likeness(heard.samples, whole.subarray(middle, middle + 1_200)) > SAME;
}
