import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Heard, Phone } from './phone.ts';
import { SATO, SIP_PASSWORD, System, TAKAHASHI, TANAKA } from './system.ts';
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
type AgentName = 'sato' | 'tanaka' | 'takahashi';
type CallerName = 'one' | 'two' | 'three';

export const HEARD = -20;
export const ABSENT = -52;
/** Recordings that are alike by this are the same; µ-law and a gap or two between. */
const SAME = 0.8;

const AGENTS = {
  sato: { dial: SATO, extension: '1000' },
  tanaka: { dial: TANAKA, extension: '1001' },
  takahashi: { dial: TAKAHASHI, extension: '1002' },
} as const;
const CALLERS = { one: '1006', two: '1007', three: '1008' } as const;

const SITE = `site: 1
phones:
${Object.values(CALLERS)
  .map(
    (number) => `  - { number: "${number}", name: 発信${number}, kind: desk, sipPassword: ${SIP_PASSWORD} }`,
  )
  .join('\n')}
  - { number: "1009", name: 誰もいない, kind: desk, sipPassword: ${SIP_PASSWORD} }
callCenters:
  - { number: "7001", name: 優先窓口 }
  - { number: "7009", name: 無人窓口 }
`;

const CODES = { ready: '0010', after_call_work: '0011', on_break: '0012', away: '0013' } as const;

export interface AgentRow {
  readonly base_status: string;
  readonly call_status: string | null;
}

/**
 * One whole system with three agents (sato and tanaka, and takahashi with priority 2, all in 7000) and three callers, each with a tone of its
 * own. 7009 has no agents.
 */
export class CallCenterFloor {
  readonly system: System;
  readonly agents: Record<AgentName, Phone>;
  readonly callers: Readonly<Record<CallerName, Phone>>;

  private constructor(
    system: System,
    agents: Record<AgentName, Phone>,
    callers: Readonly<Record<CallerName, Phone>>,
  ) {
    this.system = system;
    this.agents = agents;
    this.callers = callers;
  }

  static async open(): Promise<CallCenterFloor> {
    const system = await System.start();
    await system.apply(SITE);
    const phone = async (number: string, name: keyof typeof TONES): Promise<Phone> =>
      system.phone(number, { toneHz: TONES[name] });
    const [sato, tanaka, takahashi, one, two, three] = await Promise.all([
      phone('1000', 'sato'),
      phone('1001', 'tanaka'),
      phone('1002', 'takahashi'),
      phone(CALLERS.one, 'one'),
      phone(CALLERS.two, 'two'),
      phone(CALLERS.three, 'three'),
    ]);
    const floor = new CallCenterFloor(system, { sato, tanaka, takahashi }, { one, two, three });
    for (const name of ['sato', 'tanaka', 'takahashi'] as const) await floor.signIn(name);
    return floor;
  }

  /** Signs in at the agent's own extension, with 受付可. */
  async signIn(name: AgentName): Promise<void> {
    const { dial, extension } = AGENTS[name];
    await this.agents[name].dial(`0009*${dial.dialId}*${dial.dialPassword}*${extension}`);
    await this.agents[name].ended();
  }

  /** What the call center 7000 (or another) does from now on. */
  async rules(rules: string, number = '7000', name = 'お客様窓口'): Promise<void> {
    await this.system.apply(`site: 1\ncallCenters:\n  - { number: "${number}", name: ${name}, ${rules} }\n`);
  }

  /** Changes an agent's status by a dial operation. */
  async turn(name: AgentName, status: keyof typeof CODES): Promise<void> {
    const { dial } = AGENTS[name];
    const phone = this.agents[name];
    await phone.dial(`${CODES[status]}*${dial.dialId}*${dial.dialPassword}`);
    await this.shows(name, status);
    await phone.hangUpAll();
    await phone.ended();
  }

  async agent(name: AgentName): Promise<AgentRow> {
    return this.system.agent(name);
  }

  /** Waits until an agent shows this status: that of the call, or else the base status. */
  async shows(name: AgentName, status: string): Promise<void> {
    await until(`${name} to show ${status}`, 8_000, async () => {
      const row = await this.agent(name);
      return (row.call_status ?? row.base_status) === status;
    });
  }

  /** Dials a call center and waits until it is answered: the caller waits. */
  async wait(name: CallerName, number = '7000'): Promise<Phone> {
    const phone = this.callers[name];
    await phone.call(number);
    return phone;
  }

  async waiting(count: number): Promise<void> {
    await until(`${count} callers to wait`, 5_000, async () => {
      return (await this.system.metric('sasayaki_waiting_callers')) === count;
    });
  }

  /** Fails unless these two talk with each other and hear nothing else. */
  async expectTalk(agent: AgentName, caller: CallerName): Promise<void> {
    const [atAgent, atCaller] = await Promise.all([
      this.agents[agent].listen(400),
      this.callers[caller].listen(400),
    ]);
    const wrong = [
      ['the agent does not hear the caller', atAgent.level(TONES[caller]) > HEARD],
      ['the caller does not hear the agent', atCaller.level(TONES[agent]) > HEARD],
      ['the agent hears itself', atAgent.level(TONES[agent]) < ABSENT],
      ['the caller hears more than the agent', atCaller.total - atCaller.level(TONES[agent]) < 1],
    ].filter(([, right]) => right !== true);
    if (wrong.length > 0) throw new Error(wrong.map(([what]) => what).join(', '));
  }

  /** How the last call record of a call center ended. */
  async lastResult(callCenter: string): Promise<string> {
    return until('the record to be closed', 5_000, async () => {
      const [row] = await this.system.query<{ readonly result: string | null }>(
        'select result from call_records where call_center = $1 order by started_at desc limit 1',
        [callCenter],
      );
      return row?.result ?? undefined;
    });
  }

  /** Ends everything and makes every agent 休憩中, so that a test chooses who is there. */
  async clear(): Promise<void> {
    for (const phone of [...Object.values(this.callers), ...Object.values(this.agents)])
      await phone.hangUpAll();
    await until('all calls to be over', 20_000, async () => {
      const names = ['sasayaki_calls', 'sasayaki_legs', 'sasayaki_waiting_callers'];
      const left = await Promise.all(names.map(async (name) => this.system.metric(name)));
      return left.every((count) => count === 0);
    });
    for (const name of Object.keys(AGENTS) as AgentName[]) {
      if ((await this.agent(name)).base_status !== 'on_break') await this.turn(name, 'on_break');
    }
    const [left] = await this.system.query<{ readonly count: number }>(
      'select count(*)::int from waiting_calls',
    );
    if (left?.count !== 0) throw new Error('A caller who waits no longer is still written down.');
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
