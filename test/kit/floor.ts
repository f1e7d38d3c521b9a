import { expect } from 'vitest';
import { Api } from './api.ts';
import type { Heard, Phone } from './phone.ts';
import { System, type SystemOptions } from './system.ts';
import { until } from './wait.ts';

/** What each party of a floor sends, Hz. No sum or difference of two, which companding makes of them, is one of the others. */
export const TONES = { agent: 500, customer: 900, supervisor: 1_370, second: 1_730 } as const;
type Party = keyof typeof TONES;

/** Louder than this a tone is there; it is sent at -12 dBFS. */
export const HEARD = -24;
/** 40 dB under what was sent: not there. */
export const ABSENT = -52;

/** What is on its way in networks and in the buffers of phones and their files, ms. */
const SETTLE_MS = 500;

export interface MonitoringView {
  readonly id: string;
  readonly supervisor: { readonly phone: string };
  readonly target: { readonly phone: string | null };
  readonly state: string;
  readonly mode: string;
  readonly door: string;
  readonly heardBySupervisor: readonly string[];
  readonly hearsSupervisor: readonly string[];
}

export interface Refused {
  readonly error: { readonly code: string };
}

/** One whole system with an agent (sato at 1000), a customer (1001), a supervisor (suzuki, 1003), each with a tone of its own. */
export class Floor {
  readonly system: System;
  readonly agent: Phone;
  readonly customer: Phone;
  readonly supervisor: Phone;
  readonly suzuki: Api;
  readonly satoId: number;

  private constructor(
    system: System,
    phones: Record<'agent' | 'customer' | 'supervisor', Phone>,
    suzuki: Api,
    satoId: number,
  ) {
    this.system = system;
    this.agent = phones.agent;
    this.customer = phones.customer;
    this.supervisor = phones.supervisor;
    this.suzuki = suzuki;
    this.satoId = satoId;
  }

  static async open(options: SystemOptions = {}): Promise<Floor> {
    const system = await System.start(options);
    const [agent, customer, supervisor, suzuki, satoId] = await Promise.all([
      system.phone('1000', { toneHz: TONES.agent }),
      system.phone('1001', { toneHz: TONES.customer, autoAnswer: true }),
      system.phone('1003', { toneHz: TONES.supervisor }),
      Api.signIn(system, 'suzuki'),
      accountId(system, 'sato'),
    ]);
    await signInAgent(suzuki, satoId, '1000');
    return new Floor(system, { agent, customer, supervisor }, suzuki, satoId);
  }

  /** Asks for a session on the agent. Null is the shortcut. */
  async ask(
    mode: 'listen' | 'whisper',
    how: { phone?: string | null; door?: string; by?: Api; target?: number } = {},
  ) {
    const { phone = '1003', door = 'realtime_monitor', by = this.suzuki, target = this.satoId } = how;
    return by.post<MonitoringView & Partial<Refused>>('/api/monitoring', {
      accountId: target,
      mode,
      door,
      phone,
    });
  }

  /** Starts a session on the agent, answers the callback, and waits until it is in this state. */
  async monitor(
    mode: 'listen' | 'whisper',
    state = mode === 'listen' ? 'listening' : 'whispering',
  ): Promise<MonitoringView> {
    const { status, body } = await this.ask(mode);
    if (status !== 201) throw new Error(JSON.stringify(body));
    await this.supervisor.answer();
    return this.reaches(state);
  }

  async sessions(by = this.suzuki): Promise<readonly MonitoringView[]> {
    return (await by.get<{ sessions: readonly MonitoringView[] }>('/api/monitoring')).body.sessions;
  }

  async reaches(state: string): Promise<MonitoringView> {
    return until(`a session to be ${state}`, 20_000, async () => {
      const sessions = await this.sessions();
      return sessions.find((session) => session.state === state);
    });
  }

  /** Which tones each party hears now. Fails for a tone that is neither heard nor absent. */
  async hear(ms = 500): Promise<Record<'agent' | 'customer' | 'supervisor', readonly Party[]>> {
    await this.agent.listen(SETTLE_MS);
    const heard = await partiesAt([this.agent, this.customer, this.supervisor], ms);
    const [agent = [], customer = [], supervisor = []] = heard;
    return { agent, customer, supervisor };
  }

  /** As {@link hear}, of one phone: others may be in no call. */
  async heardBy(phone: Phone, ms = 500): Promise<readonly Party[]> {
    await phone.listen(SETTLE_MS);
    const [parties = []] = await partiesAt([phone], ms);
    return parties;
  }

  /** Ends whatever a test left, also one that failed, so that the next begins with nothing. */
  async clear(): Promise<void> {
    for (const { id } of await this.sessions()) await this.suzuki.delete(`/api/monitoring/${id}`);
    for (const phone of [this.agent, this.customer, this.supervisor]) await phone.hangUpAll();
    await this.quiet();
    for (const phone of [this.agent, this.customer, this.supervisor]) phone.forget();
  }

  /** Waits until nothing is left of what a test did. */
  async quiet(): Promise<void> {
    await until('all sessions, calls and legs to be over', 30_000, async () => {
      const names = ['sasayaki_calls', 'sasayaki_monitoring_sessions', 'sasayaki_legs'];
      const left = await Promise.all(names.map(async (name) => this.system.metric(name)));
      return left.every((count) => count === 0);
    });
  }

  /** What the audit says of the last session, once it is closed. */
  async lastSession(): Promise<{
    readonly reason: string;
    readonly door: string;
    readonly mode: string;
    readonly answered: boolean;
  }> {
    return until('the session to be written down as ended', 20_000, async () => {
      const rows = await this.system.query<{
        reason: string | null;
        door: string;
        mode: string;
        answered: boolean;
      }>(
        'select reason, door, mode, answered_at is not null as answered from monitoring_sessions order by started_at desc limit 1',
      );
      const [row] = rows;
      return row?.reason == null ? undefined : { ...row, reason: row.reason };
    });
  }
}

/** Signs an agent in at an extension, with 受付可, as a supervisor does from the page: at once, where a dial speaks for seconds. */
export async function signInAgent(by: Api, agent: number, phone: string): Promise<void> {
  const answer = await by.post(`/api/agents/${agent}/sign-in`, { phone });
  if (answer.status !== 200)
    throw new Error(`Nobody is signed in at ${phone}: ${JSON.stringify(answer.body)}`);
}

export async function accountId(system: System, loginName: string): Promise<number> {
  const rows = await system.query<{ id: string }>('select id from accounts where login_name = $1', [
    loginName,
  ]);
  return Number(rows[0]?.id);
}

type Listener = Pick<Phone, 'listen'>;

/** So often is listened for a sound that is whole. */
const ATTEMPTS = 4;

/**
 * Which tones each of these phones hears from now on, for so long, ms. A machine that is too busy breaks a tone now and then: what is neither heard
 * nor absent says nothing, so it is listened to again.
 */
export async function partiesAt(
  phones: readonly Listener[],
  ms = 500,
): Promise<readonly (readonly Party[])[]> {
  for (let attempt = 1; ; attempt += 1) {
    const heard = await Promise.all(phones.map(async (phone) => phone.listen(ms)));
    if (attempt === ATTEMPTS || heard.every(isClear)) return heard.map(partiesIn);
  }
}

function isClear(heard: Heard): boolean {
  return Object.values(TONES).every((hertz) => {
    const level = heard.level(hertz);
    return level <= ABSENT || level >= HEARD;
  });
}

/**
 * Waits until all of these are heard at this phone, because a busy machine begins their sound late after an answer or a hold, and lets what was on
 * its way arrive. From then on they are heard, and nobody else.
 */
export async function expectHeard(phone: Listener, wanted: readonly Party[]): Promise<void> {
  await until(`${wanted.join(' and ')} to be heard`, 20_000, async () => {
    const heard = await phone.listen(200);
    return wanted.every((party) => heard.level(TONES[party]) >= HEARD);
  });
  await phone.listen(SETTLE_MS);
  const [parties] = await partiesAt([phone]);
  expect(parties).toEqual(wanted);
}

/** The parties whose tones are in this sound. */
export function partiesIn(heard: Heard): readonly Party[] {
  return (Object.keys(TONES) as Party[]).filter((party) => {
    const level = heard.level(TONES[party]);
    if (level > ABSENT && level < HEARD) {
      throw new Error(`The tone of ${party} is neither heard nor absent: ${level.toFixed(1)} dB`);
    }
    return level >= HEARD;
  });
}
