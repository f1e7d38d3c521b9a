import { Api } from '../../test/kit/api.ts';
import { phoneEndpoints } from '../../test/kit/endpoints.ts';
import { accountId } from '../../test/kit/floor.ts';
import { OwnAsterisk } from '../../test/kit/own-asterisk.ts';
import { System, type Part } from '../../test/kit/system.ts';
import { until } from '../../test/kit/wait.ts';
import { PhoneBank, TONES, type Account } from './phones.ts';

export type Mode = 'listen' | 'whisper';

/** So many calls go side by side, and so many supervisors may listen to each. */
export const CALLS = 40;
export const SUPERVISORS = 3;
const PASSWORD = 'bench-sip-password-0123456789';

export const agentPhone = (call: number): string => String(1_100 + call);
export const customerPhone = (call: number): string => String(1_200 + call);
export const supervisorPhone = (call: number, which = 0): string =>
  String(1_300 + call * SUPERVISORS + which);

const indexes = (count: number): readonly number[] => Array.from({ length: count }, (_value, index) => index);
const supervisors = indexes(CALLS * SUPERVISORS).map((index) => ({
  phone: String(1_300 + index),
  dialId: String(271_829 + index * 613),
  dialPassword: String(31_415_926 + index * 7_919),
}));
const AGENT = { dialId: '482915', dialPassword: '73920418' };

const accounts: readonly Account[] = [
  ...indexes(CALLS).flatMap((call) => [
    { number: agentPhone(call), password: PASSWORD, tone: TONES.first },
    { number: customerPhone(call), password: PASSWORD, tone: TONES.second },
  ]),
  ...supervisors.map(({ phone }) => ({ number: phone, password: PASSWORD, tone: TONES.third })),
];

/**
 * The same job in one of two ways. 200 calls at once need more ports for sound than the kit's ranges have; Asterisk passes over ports that
 * are in use.
 */
export interface World {
  readonly name: string;
  readonly bank: PhoneBank;
  asterisk(): Promise<number>;
  /** What a supervisor's phone dials to listen to this call's agent. */
  monitorCode(call: number, which: number, mode: Mode): string;
  /** Has the first supervisor's phone called, to listen to the first call. */
  callBack(): Promise<void>;
  /** So many supervisors listen now, as far as anybody counts them. */
  watchers(): Promise<number | undefined>;
  /** Waits until nothing is left of earlier calls. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

/** The whole system, through the launcher. */
export class Ours implements World {
  readonly name = 'Sasayaki';
  readonly system: System;
  readonly bank: PhoneBank;
  /** The first supervisor. */
  readonly api: Api;
  /** The agent who is signed in at the first agent's phone. */
  readonly agentId: number;

  private constructor(system: System, bank: PhoneBank, api: Api, agentId: number) {
    this.system = system;
    this.bank = bank;
    this.api = api;
    this.agentId = agentId;
  }

  static async open(): Promise<Ours> {
    const system = await System.start({ applySite: false, env: { SASAYAKI_RTP_PORTS: '33000-34999' } });
    try {
      await system.apply(SITE);
      const bank = await PhoneBank.open(system.sipPort);
      await bank.register(accounts);
      const signIn = `0009*${AGENT.dialId}*${AGENT.dialPassword}*${agentPhone(0)}`;
      await (
        await bank.dial(agentPhone(0), signIn)
      ).ended;
      const api = await Api.signIn(system, 's0');
      return new Ours(system, bank, api, await accountId(system, 'a0'));
    } catch (error) {
      await system.close();
      throw error;
    }
  }

  async asterisk(): Promise<number> {
    return this.#pid('asterisk');
  }

  async server(): Promise<number> {
    return this.#pid('server');
  }

  monitorCode(call: number, which: number, mode: Mode): string {
    const { dialId, dialPassword } = supervisors[call * SUPERVISORS + which] ?? AGENT;
    return `${mode === 'listen' ? '0070' : '0071'}*${dialId}*${dialPassword}*${agentPhone(call)}`;
  }

  async callBack(): Promise<void> {
    const { status, body } = await this.api.post('/api/monitoring', {
      accountId: this.agentId,
      mode: 'listen',
      door: 'realtime_monitor',
      phone: supervisorPhone(0),
    });
    if (status !== 201) throw new Error(`Monitoring was refused: ${JSON.stringify(body)}`);
  }

  async watchers(): Promise<number | undefined> {
    return this.system.metric('sasayaki_monitoring_sessions');
  }

  async quiet(): Promise<void> {
    await until('all calls and sessions to be over', 20_000, async () => {
      const names = ['sasayaki_calls', 'sasayaki_monitoring_sessions', 'sasayaki_legs'];
      const left = await Promise.all(names.map(async (name) => this.system.metric(name)));
      return left.every((count) => count === 0);
    });
  }

  async close(): Promise<void> {
    await this.bank.close();
    await this.system.close();
  }

  async #pid(part: Part): Promise<number> {
    const running = await this.system.part(part);
    if (running === undefined) throw new Error(`${part} does not run.`);
    return running.pid;
  }
}

/** Asterisk's own applications: the same program, the same modules and a few more, and a dialplan. */
export class Stock implements World {
  readonly name = 'dialplan';
  readonly bank: PhoneBank;
  readonly #asterisk: OwnAsterisk;

  private constructor(asterisk: OwnAsterisk, bank: PhoneBank) {
    this.#asterisk = asterisk;
    this.bank = bank;
  }

  static async open(): Promise<Stock> {
    const asterisk = await OwnAsterisk.start({
      host: '127.0.0.1',
      modules: ['app_dial.so'],
      dialplan: () => DIALPLAN,
      endpoints: phoneEndpoints(accounts),
      rtpPorts: [35_000, 36_999],
    });
    const bank = await PhoneBank.open(asterisk.port);
    await bank.register(accounts);
    return new Stock(asterisk, bank);
  }

  asterisk(): Promise<number> {
    return Promise.resolve(this.#asterisk.pid);
  }

  monitorCode(call: number, _which: number, mode: Mode): string {
    return `${mode === 'listen' ? '61' : '62'}${agentPhone(call)}`;
  }

  async callBack(): Promise<void> {
    await this.#asterisk.originate(`PJSIP/${supervisorPhone(0)}`, this.monitorCode(0, 0, 'listen'));
  }

  watchers(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  quiet(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.bank.close();
    await this.#asterisk.close();
  }
}

/**
 * `61` listens and `62` whispers, as quietly as ours without its tones, and only as long as the agent's call lasts; `63` listens to every
 * call of the agent.
 */
const DIALPLAN = `[default]
exten => _1XXX,1,Dial(PJSIP/\${EXTEN},60)
exten => _61XXXX,1,Answer()
 same => n,ChanSpy(PJSIP/\${EXTEN:2},qE)
exten => _62XXXX,1,Answer()
 same => n,ChanSpy(PJSIP/\${EXTEN:2},qEw)
exten => _63XXXX,1,Answer()
 same => n,ChanSpy(PJSIP/\${EXTEN:2},q)
`;

const SITE = `site: 1
settings: { monitorTone: false, whisperTone: false }
phones:
${accounts.map(({ number }) => `  - { number: "${number}", name: 電話${number}, kind: desk, sipPassword: ${PASSWORD} }`).join('\n')}
callCenters:
  - { number: "7000", name: 窓口 }
accounts:
  - { loginName: a0, displayName: 担当, role: user, agent: true, callCenters: [{ number: "7000" }], dialId: "${AGENT.dialId}", dialPassword: "${AGENT.dialPassword}" }
${supervisors
  .map(
    ({ dialId, dialPassword }, index) =>
      `  - { loginName: s${index}, displayName: 管理者${index}, role: supervisor, dialId: "${dialId}", dialPassword: "${dialPassword}", grants: [{ callCenter: "7000", level: edit }, { phone: "${agentPhone(Math.floor(index / SUPERVISORS))}", level: edit }] }`,
  )
  .join('\n')}
`;
