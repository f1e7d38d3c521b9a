import { Api } from './api.ts';
import { LINE_PASSWORD, LINE_USER, Outside } from './outside.ts';
import { System } from './system.ts';
import { until } from './wait.ts';

/** What the system's numbers are outside. */
export const NUMBERS = {
  /** Leads to the extension 1000, and is what 1000 shows outside. */
  sato: '0312340000',
  /** Leads to the extension 1005. */
  browser: '0312340005',
  /** Leads to the call center 7000. */
  callCenter: '0312347000',
} as const;
/** What is shown outside by phones without a number of their own, when they call mobile phones. */
export const SHOWN_TO_MOBILES = '0312349999';

export interface TrunkState {
  readonly id: string;
  readonly reach: 'up' | 'down' | 'unknown';
  readonly registered: boolean | null;
  readonly channels: number;
}

interface RecordRow {
  readonly kind: string;
  readonly caller: string;
  readonly dialled: string;
  readonly trunk: string | null;
  readonly result: string | null;
  readonly answered: boolean;
}

/** A whole system with two providers: `main`, known by its address, and `line`, where the system registers. */
export class Lines {
  readonly system: System;
  readonly main: Outside;
  readonly line: Outside;
  readonly admin: Api;

  private constructor(system: System, main: Outside, line: Outside, admin: Api) {
    this.system = system;
    this.main = main;
    this.line = line;
    this.admin = admin;
  }

  static async open(): Promise<Lines> {
    // Who waits for a provider to be asked, or to be asked for its registration again, waits less than outside of tests.
    const system = await System.start({ env: { SASAYAKI_SIP_ASK: '2', SASAYAKI_SIP_RETRY: '2' } });
    const [main, line] = await Promise.all([
      Outside.start({ sipPort: system.sipPort, host: '127.0.0.2' }),
      Outside.start({ sipPort: system.sipPort, host: '127.0.0.3', kind: 'registration' }),
    ]);
    const lines = new Lines(system, main, line, await Api.signIn(system, 'admin'));
    try {
      await system.apply(site(main, line));
      await line.registered();
      await Promise.all([lines.reaches('main', 'up'), lines.reaches('line', 'up')]);
    } catch (error) {
      await lines.close();
      throw error;
    }
    return lines;
  }

  async trunks(): Promise<readonly TrunkState[]> {
    return (await this.admin.get<{ trunks: readonly TrunkState[] }>('/api/trunks')).body.trunks;
  }

  /** Waits until the API, and the metrics too, say this of a trunk. */
  async reaches(id: string, reach: 'up' | 'down'): Promise<void> {
    await until(`the trunk ${id} to be ${reach}`, 60_000, async () => {
      const told = (await this.trunks()).find((trunk) => trunk.id === id)?.reach === reach;
      const metric = await this.system.metric(`sasayaki_trunk_up\\{trunk="${id}"\\}`);
      return told && metric === (reach === 'up' ? 1 : 0);
    });
  }

  /** Sets the concurrent-call limit and waits until the server goes by it. */
  async limit(count: number | null): Promise<void> {
    const yaml = `site: 1\nsettings: { outsideCallLimit: ${count} }\n`;
    await this.admin.post('/api/site', { yaml, apply: true });
    await until('the limit to hold', 20_000, async () => {
      return (await this.system.metric('sasayaki_outside_call_limit')) === (count ?? -1);
    });
  }

  /** Switches the trunk `line` on or off; a registration lasts minutes otherwise. */
  async enableLine(enabled: boolean): Promise<void> {
    await this.system.apply(`site: 1\ntrunks:\n  - ${registration(this.line, enabled)}\n`);
  }

  /** Waits until the last call is over and written down like this. */
  async recorded(wanted: Partial<RecordRow>): Promise<void> {
    let last: RecordRow | undefined;
    const matches = async (): Promise<boolean> => {
      [last] = await this.system.query<RecordRow>(
        `select kind, caller, dialled, trunk, result, answered_at is not null as answered
         from call_records where ended_at is not null order by started_at desc limit 1`,
      );
      return Object.entries(wanted).every(([name, value]) => last?.[name as keyof RecordRow] === value);
    };
    await until('the record', 20_000, matches).catch(() => {
      throw new Error(`The last record is ${JSON.stringify(last)}, not ${JSON.stringify(wanted)}.`);
    });
  }

  /** Waits until nothing is left of what a test did. */
  async quiet(): Promise<void> {
    await until('all calls and legs to be over', 30_000, async () => {
      const names = ['sasayaki_calls', 'sasayaki_legs', 'sasayaki_outside_channels'];
      const left = await Promise.all(names.map(async (name) => this.system.metric(name)));
      return left.every((count) => count === 0);
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.main.close(), this.line.close()]);
    await this.system.close();
  }
}

function site(main: Outside, line: Outside): string {
  return `site: 1
trunks:
  - { id: main, name: 本線, kind: address, host: ${main.host}, port: ${main.port} }
  - ${registration(line, true)}
numbers:
  - { number: "${NUMBERS.sato}", phone: "1000" }
  - { number: "${NUMBERS.browser}", phone: "1005" }
  - { number: "${NUMBERS.callCenter}", callCenter: "7000" }
  - { number: "${LINE_USER}", phone: "1001" }
outgoingRoutes:
  - { pattern: "090.", trunk: line, callerNumber: "${SHOWN_TO_MOBILES}" }
  - { pattern: "0.", trunk: main }
  - { pattern: "0.", trunk: line }
  - { pattern: "1XX", trunk: main }
`;
}

function registration({ host, port }: Outside, enabled: boolean): string {
  return `{ id: line, name: 登録線, kind: registration, host: ${host}, port: ${port}, username: "${LINE_USER}", password: '${LINE_PASSWORD}', callerId: asserted, enabled: ${enabled} }`;
}
