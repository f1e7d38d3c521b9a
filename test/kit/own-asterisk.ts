import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ASTERISK_MEMORY,
  findAsterisk,
  readSettings,
  recordOf,
  waitForAsterisk,
  writeAsteriskConfig,
  type AsteriskProgram,
} from '@sasayaki/engine';
import { freePort, portRange } from './ports.ts';
import { endWithTests, partsDir } from './tools.ts';
import { toneWav } from './tones.ts';

/** What a party on hold hears, Hz. */
export const HOLD_TONE = 440;

export interface OwnAsteriskOptions {
  /** The loopback address that it answers on. */
  readonly host: string;
  /** Modules besides those of the product. */
  readonly modules: readonly string[];
  /** extensions.conf; `silence` is a recording of a minute of silence, without its ending. */
  readonly dialplan: (silence: string) => string;
  /** Endpoints, as pjsip.conf wants them. */
  readonly endpoints: string;
  /** logger.conf. */
  readonly logger?: string;
  /** Further files of the configuration, for further modules. */
  readonly files?: Readonly<Record<string, string>>;
  /** First and last port for sound; 400 that the kit chooses when absent. */
  readonly rtpPorts?: readonly [number, number];
}

const ACCESS = { user: 'kit', password: 'kit' };

/** An Asterisk of the kit's own, with the product's program, memory settings and modules, and nothing of us in its dialplan. */
export class OwnAsterisk {
  readonly host: string;
  readonly port: number;
  readonly #ariPort: number;
  readonly #home: string;
  readonly #program: AsteriskProgram;
  #child: ChildProcess | undefined;

  private constructor(
    home: string,
    program: AsteriskProgram,
    at: { readonly host: string; readonly port: number; readonly ariPort: number },
  ) {
    this.#home = home;
    this.#program = program;
    this.host = at.host;
    this.port = at.port;
    this.#ariPort = at.ariPort;
  }

  static async start(options: OwnAsteriskOptions): Promise<OwnAsterisk> {
    const { asterisk } = readSettings(process.env, process.getuid?.() === 0);
    const say = (text: string): void => void process.stderr.write(`test kit: ${text}\n`);
    const program = await findAsterisk(asterisk, process.env['PATH'] ?? '', partsDir(), say);
    const home = await mkdtemp(join(tmpdir(), 'sasayaki-own-'));
    const at = { host: options.host, port: await freePort(), ariPort: await freePort() };
    await writeAsteriskConfig({
      home,
      logDir: join(home, 'log'),
      moduleDir: program.moduleDir,
      shareDir: program.shareDir,
      bind: options.host,
      sipPort: at.port,
      rtpPorts: options.rtpPorts ?? (await portRange(400)),
      ariPort: at.ariPort,
      ariUser: ACCESS.user,
      ariPassword: ACCESS.password,
      node: 'kit',
      unavailable: join(home, 'nothing'),
      musicDir: join(home, 'var/moh'),
    });
    const etc = join(home, 'etc');
    const modules = await readFile(join(etc, 'modules.conf'), 'utf8');
    const more = options.modules.map((name) => `load = ${name}\n`).join('');
    await writeFile(join(etc, 'modules.conf'), modules + more);
    const silence = join(home, 'silence');
    await writeFile(`${silence}.wav`, toneWav(0, 60, 8_000));
    await writeFile(join(etc, 'extensions.conf'), options.dialplan(silence));
    if (options.logger !== undefined) await writeFile(join(etc, 'logger.conf'), options.logger);
    for (const [name, text] of Object.entries(options.files ?? {})) await writeFile(join(etc, name), text);
    await writeFile(join(home, 'var/moh/hold.wav'), toneWav(HOLD_TONE, 20, 8_000));
    await writeFile(join(etc, 'pjsip.d/phones.conf'), options.endpoints);
    const own = new OwnAsterisk(home, program, at);
    await own.run();
    return own;
  }

  /** Its process id; 0 while it does not run. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts the program, also again after {@link kill}: on the same ports, with what it knew. */
  async run(): Promise<void> {
    const logFile = join(this.#home, 'log/stdout');
    const out = await open(logFile, 'a');
    const [command, ...args] = this.#program.command;
    const child = spawn(command, [...args, '-C', join(this.#home, 'etc/asterisk.conf'), '-f'], {
      stdio: ['ignore', out.fd, out.fd],
      env: { ...process.env, ...ASTERISK_MEMORY },
    });
    this.#child = child;
    endWithTests(child);
    await out.close();
    const record = recordOf(child.pid ?? 0);
    if (record === undefined) throw new Error('Asterisk ended at once.');
    await waitForAsterisk(record, { ...ACCESS, port: this.#ariPort }, logFile, 20_000);
  }

  /** Other endpoints from now on; calls go on. */
  async configure(endpoints: string): Promise<void> {
    await writeFile(join(this.#home, 'etc/pjsip.d/phones.conf'), endpoints);
    await this.#ask('PUT', '/ari/asterisk/modules/res_pjsip.so');
  }

  /** Whether an endpoint has a contact that is not known to be gone. */
  async isOnline(endpoint: string): Promise<boolean> {
    const answer = await this.#ask('GET', `/ari/endpoints/PJSIP/${endpoint}`);
    return ((await answer.json()) as { readonly state: string }).state === 'online';
  }

  /** Rings an endpoint, and runs an extension of the dialplan with it when it answers. */
  async originate(endpoint: string, extension: string): Promise<void> {
    const query = new URLSearchParams({ endpoint, extension, context: 'default', priority: '1' });
    await this.#ask('POST', `/ari/channels?${query.toString()}`);
  }

  async log(name: string): Promise<string> {
    return readFile(join(this.#home, 'log', name), 'utf8').catch(() => '');
  }

  /** Stops the program where it is, or lets it go on. */
  freeze(frozen: boolean): void {
    this.#child?.kill(frozen ? 'SIGSTOP' : 'SIGCONT');
  }

  /** Ends the program without warning. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.#home, { recursive: true, force: true });
  }

  async #ask(method: string, path: string): Promise<Response> {
    const authorization = `Basic ${Buffer.from(`${ACCESS.user}:${ACCESS.password}`).toString('base64')}`;
    const answer = await fetch(`http://127.0.0.1:${this.#ariPort}${path}`, {
      method,
      headers: { authorization },
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
    return answer;
  }
}
