import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { BrowserPhone, BrowserPhoneOptions, BrowserPhones } from './browser-phone.ts';
import { Phone, type PhoneOptions } from './phone.ts';
import { freePort, portRange } from './ports.ts';
import { copyTemplate } from './template.ts';
import { partsDir } from './tools.ts';
import { inTurn } from './turns.ts';
import { until } from './wait.ts';

const HOME = process.env['SASAYAKI_HOME'] ?? fileURLToPath(new URL('../../', import.meta.url));
const COMMAND = join(HOME, 'scripts/sasayaki.mjs');
const SERVER_COMMAND = join(HOME, 'build/server/cli.js');
const START_MS = 60_000;

export type Part = 'postgres' | 'asterisk' | 'server';

interface Ready {
  readonly launcher: { readonly pid: number };
  readonly parts: Readonly<Record<Part, { readonly pid: number; readonly port: number }>>;
}

/** Dial credentials that the kit's site gives to the sample agents, and the SIP password of every phone. */
export const SATO = { dialId: '482915', dialPassword: '73920418' };
export const TANAKA = { dialId: '615023', dialPassword: '90358172' };
export const TAKAHASHI = { dialId: '730164', dialPassword: '28461937' };
export const SUZUKI = { dialId: '850297', dialPassword: '41739582' };
export const SIP_PASSWORD = 'kit-sip-password-0123456789';

const SITE = `site: 1
phones:
  - { number: "1000", name: 受付1番, kind: desk, sipPassword: ${SIP_PASSWORD} }
  - { number: "1001", name: 受付2番, kind: desk, sipPassword: ${SIP_PASSWORD} }
  - { number: "1002", name: 受付3番, kind: desk, sipPassword: ${SIP_PASSWORD} }
  - { number: "1003", name: 管理者席, kind: desk, sipPassword: ${SIP_PASSWORD} }
  - { number: "1004", name: 携帯, kind: mobile, sipPassword: ${SIP_PASSWORD} }
  - { number: "1005", name: ブラウザ1番, kind: browser, sipPassword: ${SIP_PASSWORD} }
  - { number: "1006", name: ブラウザ2番, kind: browser, sipPassword: ${SIP_PASSWORD} }
  - { number: "1007", name: ブラウザ3番, kind: browser, sipPassword: ${SIP_PASSWORD} }
accounts:
  - { loginName: sato, displayName: 佐藤 一郎, role: user, agent: true, signInPhone: "1000", dialId: "${SATO.dialId}", dialPassword: "${SATO.dialPassword}" }
  - { loginName: tanaka, displayName: 田中 美咲, role: user, agent: true, signInPhone: "1001", dialId: "${TANAKA.dialId}", dialPassword: "${TANAKA.dialPassword}" }
  - { loginName: takahashi, displayName: 高橋 健, role: user, agent: true, dialId: "${TAKAHASHI.dialId}", dialPassword: "${TAKAHASHI.dialPassword}" }
  - { loginName: suzuki, displayName: 鈴木 花子, role: supervisor, signInPhone: "1003", dialId: "${SUZUKI.dialId}", dialPassword: "${SUZUKI.dialPassword}" }
`;

interface ServerConfig {
  readonly databaseUrl: string;
  readonly ari: { readonly url: string; readonly username: string; readonly password: string };
}

export interface SystemOptions {
  /** Folder of the data directory; made and removed by the kit when absent. */
  readonly dataDir?: string;
  /** Without it the sample site stays as a first start makes it. */
  readonly applySite?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** What follows `start`, as `--demo`. */
  readonly startWith?: readonly string[];
}

/** One whole Sasayaki, started through the launcher as a person does, on a data directory and ports of its own. */
export class System {
  readonly dataDir: string;
  readonly httpPort: number;
  readonly sipPort: number;
  readonly #env: NodeJS.ProcessEnv;
  readonly #ownFolder: boolean;
  readonly #phones = new Set<Phone>();
  #browserPhones: Promise<BrowserPhones> | undefined;
  #launcher: ChildProcess | undefined;
  #output = '';
  #pool: pg.Pool | undefined;

  private constructor(
    dataDir: string,
    httpPort: number,
    sipPort: number,
    rtp: readonly [number, number],
    options: SystemOptions,
  ) {
    this.dataDir = dataDir;
    this.httpPort = httpPort;
    this.sipPort = sipPort;
    this.#ownFolder = options.dataDir === undefined;
    const { DATABASE_URL: _unused, ...inherited } = process.env;
    this.#env = {
      ...inherited,
      SASAYAKI_DATA: dataDir,
      SASAYAKI_PARTS: partsDir(),
      SASAYAKI_HTTP_PORT: String(httpPort),
      SASAYAKI_SIP_PORT: String(sipPort),
      SASAYAKI_RTP_PORTS: `${rtp[0]}-${rtp[1]}`,
      ...options.env,
    };
  }

  /** Those of this worker that run, for who wants to know why a test failed. */
  static readonly running = new Set<System>();

  static async start(options: SystemOptions = {}): Promise<System> {
    const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'sasayaki-test-')));
    const system = new System(dataDir, await freePort(), await freePort(), await portRange(80), options);
    System.running.add(system);
    try {
      // Those without the kit's site are about starting itself, and may wait for what never comes.
      if (options.applySite === false) await system.#begin(options);
      else await inTurn(START_MS / 2, async () => system.#begin(options));
    } catch (error) {
      await system.close();
      throw error;
    }
    return system;
  }

  async #begin(options: SystemOptions): Promise<void> {
    const begun = this.#mayBeginWithTemplate(options) ? await copyTemplate(this.dataDir) : undefined;
    this.#output = begun ?? '';
    await this.launch(options.startWith);
    if (begun !== undefined) await this.#knowsPhones();
    else if (options.applySite !== false) await this.apply(SITE);
  }

  /** The template is of the kit's site, in a database of our own. */
  #mayBeginWithTemplate({ applySite, env }: SystemOptions): boolean {
    return applySite !== false && this.#ownFolder && env?.['DATABASE_URL'] === undefined;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.httpPort}`;
  }

  /** Everything that the launcher and the commands printed. */
  get output(): string {
    return this.#output;
  }

  get oneTimePassword(): string {
    const password = /Password\s+(\S+)/.exec(this.#output)?.[1];
    if (password === undefined) throw new Error('The launcher printed no one-time password.');
    return password;
  }

  /** Starts the launcher and waits until it says that everything is ready. */
  async launch(args: readonly string[] = []): Promise<void> {
    const launcher = spawn(process.execPath, [COMMAND, 'start', ...args], {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#launcher = launcher;
    for (const stream of [launcher.stdout, launcher.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.#output += chunk.toString('utf8')));
    }
    await until('Sasayaki to be ready', START_MS, async () => {
      if (launcher.exitCode !== null)
        throw new Error(`The launcher ended with ${launcher.exitCode}:\n${this.#output}`);
      return (await this.ready())?.launcher.pid === launcher.pid;
    });
  }

  /** Another launcher in place of this one: it adopts what runs, and has seen no part die, so that none waits before it begins again. */
  async relaunch(): Promise<void> {
    await this.kill('launcher');
    await until('the end of the launcher', START_MS, () => this.#launcher?.signalCode !== null);
    await this.launch();
  }

  /** Waits until the launcher ends by itself. @returns its exit code */
  async exited(): Promise<number> {
    return until('the end of the launcher', START_MS, () => this.#launcher?.exitCode ?? undefined);
  }

  async ready(): Promise<Ready | undefined> {
    const text = await readFile(join(this.dataDir, 'run/ready.json'), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : (JSON.parse(text) as Ready);
  }

  /** Runs a command of the `sasayaki` command line. */
  async command(
    args: readonly string[],
    input = '',
  ): Promise<{ readonly code: number; readonly output: string }> {
    return this.#run([COMMAND, ...args], input);
  }

  async #run(
    script: readonly string[],
    input: string,
  ): Promise<{ readonly code: number; readonly output: string }> {
    const child = spawn(process.execPath, [...script], {
      env: this.#env,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    }
    child.stdin.end(input);
    const code = await new Promise<number>((resolve) => child.once('close', (exit) => resolve(exit ?? 1)));
    this.#output += output;
    return { code, output };
  }

  /**
   * Applies a site file and waits until its settings hold and Asterisk knows its phones. By the server's own command, as the `sasayaki` command line runs it: that
   * one adds nothing here but the time of another process.
   */
  async apply(site: string): Promise<void> {
    const phones = join(this.dataDir, 'asterisk/etc/pjsip.d/phones.conf');
    const before = await readFile(phones, 'utf8').catch(() => '');
    const { code, output } = await this.#run(
      [SERVER_COMMAND, join(this.dataDir, 'run/config.json'), 'apply', '-'],
      site,
    );
    if (code !== 0) throw new Error(output);
    if (site.includes('settings:')) await this.#knowsSettings();
    if (!site.includes('phones:')) return;
    await until('the phones to be written', 30_000, async () => (await readFile(phones, 'utf8')) !== before);
    await this.#knowsPhones();
  }

  /** Waits until Asterisk knows a phone that was made just now. */
  async knowsPhone(number: string): Promise<void> {
    const phones = join(this.dataDir, 'asterisk/etc/pjsip.d/phones.conf');
    await until(`phone ${number} to be written`, 30_000, async () =>
      (await readFile(phones, 'utf8')).includes(`[${number}]`),
    );
    await this.#knowsPhones();
  }

  /** Once the server has read them again because of a notice of ours, it has read what was committed before. */
  async #knowsSettings(): Promise<void> {
    const asked = Date.now() / 1_000;
    await this.query('select pg_notify($1, $2)', ['sasayaki', JSON.stringify({ kind: 'settings' })]);
    await until(
      'the settings to hold',
      30_000,
      async () => ((await this.metric('sasayaki_settings_read_timestamp_seconds')) ?? 0) >= asked,
    );
  }

  async #knowsPhones(): Promise<void> {
    await until(
      'Asterisk to know the phones',
      30_000,
      async () => (await this.metric('sasayaki_phones_pending')) === 0,
    );
  }

  /** Registers a phone of the kit's site. */
  async phone(number: string, options: Partial<PhoneOptions> = {}): Promise<Phone> {
    const phone = await Phone.register({
      host: '127.0.0.1',
      port: this.sipPort,
      number,
      password: SIP_PASSWORD,
      ...options,
    });
    this.#phones.add(phone);
    return phone;
  }

  /** Registers a phone of kind `browser` of the kit's site (1005 to 1007), in a page of its own. */
  async browserPhone(number: string, options: Partial<BrowserPhoneOptions> = {}): Promise<BrowserPhone> {
    const config = JSON.parse(await readFile(join(this.dataDir, 'run/config.json'), 'utf8')) as {
      ari: { url: string };
    };
    const url = `${config.ari.url.replace('http', 'ws')}/ws`;
    // Loaded when it is needed: a browser's driver is large.
    this.#browserPhones ??= import('./browser-phone.ts').then((kit) => new kit.BrowserPhones());
    return (await this.#browserPhones).register({ url, number, password: SIP_PASSWORD, ...options });
  }

  async part(part: Part | 'practice'): Promise<{ readonly pid: number; readonly port: number } | undefined> {
    const text = await readFile(join(this.dataDir, 'run', `${part}.json`), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : (JSON.parse(text) as { pid: number; port: number });
  }

  /** Ends a part, or the launcher, without warning. */
  async kill(part: Part | 'practice' | 'launcher', signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const pid = part === 'launcher' ? this.#launcher?.pid : (await this.part(part))?.pid;
    if (pid === undefined) throw new Error(`${part} does not run.`);
    process.kill(pid, signal);
  }

  /**
   * Stops a part and its children where they are, or lets them go on. The part itself is stopped first and goes on last: meanwhile it neither
   * makes a child that would be overlooked nor buries one.
   */
  async freeze(part: Part, frozen: boolean): Promise<void> {
    const pid = (await this.part(part))?.pid;
    if (pid === undefined) throw new Error(`${part} does not run.`);
    if (frozen) process.kill(pid, 'SIGSTOP');
    const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ');
    for (const id of children.filter(Boolean)) process.kill(Number(id), frozen ? 'SIGSTOP' : 'SIGCONT');
    if (!frozen) process.kill(pid, 'SIGCONT');
  }

  /** The launcher stands still meanwhile: what dies is not started again before its absence was looked at. */
  async unattended(work: () => Promise<void>): Promise<void> {
    await this.kill('launcher', 'SIGSTOP');
    try {
      await work();
    } finally {
      await this.kill('launcher', 'SIGCONT');
    }
  }

  /** Waits until a part that was killed runs again under another process id, and everything is well. */
  async restarted(part: Part | 'practice', oldPid: number): Promise<void> {
    await until(
      `${part} to run again`,
      30_000,
      async () => ((await this.part(part))?.pid ?? oldPid) !== oldPid,
    );
    await this.healthy();
  }

  async healthy(): Promise<void> {
    await until('/healthz to be well', 30_000, async () => {
      const answer = await fetch(`${this.baseUrl}/healthz`).catch(() => undefined);
      return answer?.status === 200;
    });
  }

  async databaseUrl(): Promise<string> {
    return (await this.#config()).databaseUrl;
  }

  /** Asks Asterisk itself, not our server. */
  async askAsterisk<Answer>(path: string): Promise<Answer> {
    const { url, username, password } = (await this.#config()).ari;
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const answer = await fetch(`${url}/ari/${path}`, { headers: { authorization } });
    return (await answer.json()) as Answer;
  }

  async #config(): Promise<ServerConfig> {
    return JSON.parse(await readFile(join(this.dataDir, 'run/config.json'), 'utf8')) as ServerConfig;
  }

  async query<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    if (this.#pool === undefined) {
      this.#pool = new pg.Pool({ connectionString: await this.databaseUrl(), max: 2 });
      this.#pool.on('error', () => undefined);
    }
    return (await this.#pool.query<Row>(text, [...values])).rows;
  }

  /** A figure of /metrics; undefined while the server does not answer. */
  async metric(name: string): Promise<number | undefined> {
    const answer = await fetch(`${this.baseUrl}/metrics`).catch(() => undefined);
    const found = new RegExp(`^${name} (\\S+)$`, 'm').exec((await answer?.text()) ?? '')?.[1];
    return found === undefined ? undefined : Number(found);
  }

  /** What is committed of an agent. */
  async agent(loginName: string): Promise<AgentRow> {
    const rows = await this.query<AgentRow>(
      'select base_status, call_status, phone, seat, base_since from agent_states join accounts on accounts.id = account_id where login_name = $1',
      [loginName],
    );
    const row = rows[0];
    if (row === undefined) throw new Error(`There is no agent ${loginName}.`);
    return row;
  }

  /** All files under the data directory, by their paths. One that a part removes meanwhile, as PostgreSQL does, is none. */
  async files(): Promise<ReadonlyMap<string, Buffer>> {
    const files = new Map<string, Buffer>();
    for (const entry of await readdir(this.dataDir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const content = await readFile(path).catch((error: unknown) => {
        if (!existsSync(path)) return undefined;
        throw error;
      });
      if (content !== undefined) files.set(path, content);
    }
    return files;
  }

  /** Ends the launcher as Ctrl-C does. @returns its exit code */
  async stop(): Promise<number> {
    const launcher = this.#launcher;
    await this.#pool?.end();
    this.#pool = undefined;
    if (launcher === undefined || launcher.exitCode !== null || launcher.signalCode !== null)
      return launcher?.exitCode ?? 0;
    const ended = new Promise<number>((resolve) => launcher.once('close', (code) => resolve(code ?? 1)));
    launcher.kill('SIGINT');
    return ended;
  }

  /** The last lines that a part wrote down; there are no secrets among them. */
  async lastWords(lines: number, part: 'server' | 'asterisk' = 'server'): Promise<string> {
    const path = part === 'server' ? 'log/server.log' : 'log/asterisk/messages';
    const log = await readFile(join(this.dataDir, path), 'utf8').catch(() => '');
    return log.trimEnd().split('\n').slice(-lines).join('\n');
  }

  get phones(): Iterable<Phone> {
    return this.#phones;
  }

  /** Ends everything, whatever a test left, and removes the data directory. */
  async close(): Promise<void> {
    System.running.delete(this);
    await Promise.all([...this.#phones].map(async (phone) => phone.close()));
    await (await this.#browserPhones)?.close();
    // A launcher that ended in order has ended everything.
    if ((await this.stop()) !== 0) await this.command(['stop']);
    if (this.#ownFolder) await rm(this.dataDir, { recursive: true, force: true });
  }
}

export interface AgentRow {
  readonly base_status: string;
  readonly call_status: string | null;
  readonly phone: string | null;
  readonly seat: string | null;
  readonly base_since: Date;
}
