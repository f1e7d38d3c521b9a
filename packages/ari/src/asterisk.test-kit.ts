import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  endProcess,
  findAsterisk,
  readSettings,
  recordOf,
  waitForAsterisk,
  writeAsteriskConfig,
  type AsteriskProgram,
  type ProcessRecord,
} from '@sasayaki/engine';
import { expect } from 'vitest';
import type { AriClient } from './client.ts';
import type { AriEvents, StasisStart } from './generated/models.ts';

export const APP = 'sasayaki';

/** Deadlines that are not what a test is about: a machine that is busy with other tests keeps the product's only now and then. */
export const PATIENT = { requestTimeoutMs: 30_000, heartbeatMs: 30_000 };

/** What `Local/…@load` reaches: channels for load that need no phone. A call to `quiet` stays outside of every application. */
const DIALPLAN = `[load]
exten => _X!,1,Stasis(${APP})
 same => n,Hangup()
exten => quiet,1,Wait(600)
`;

/** A real Asterisk on loopback with a folder and ports of its own, which a test may kill, stop and start again. */
export class TestAsterisk {
  readonly program: AsteriskProgram;
  readonly username = 'tester';
  readonly password = 'only:for tests/ä';
  readonly ariPort: number;
  readonly #home: string;
  #child: ChildProcess | undefined;
  #record: ProcessRecord | undefined;

  private constructor(program: AsteriskProgram, home: string, ariPort: number) {
    this.program = program;
    this.#home = home;
    this.ariPort = ariPort;
  }

  static async create(): Promise<TestAsterisk> {
    const { asterisk, partsDir } = readSettings(process.env, process.getuid?.() === 0);
    const path = process.env['PATH'] ?? '';
    const program = await findAsterisk(asterisk, path, partsDir, (text) => process.stderr.write(`${text}\n`));
    const [ariPort = 0, sipPort = 0] = await freePorts(2);
    const made = new TestAsterisk(program, await mkdtemp(join(tmpdir(), 'ari-test-')), ariPort);
    await writeAsteriskConfig({
      home: made.#home,
      logDir: join(made.#home, 'log'),
      moduleDir: program.moduleDir,
      shareDir: program.shareDir,
      bind: '127.0.0.1',
      sipPort,
      rtpPorts: [30_000, 31_000],
      ariPort,
      ariUser: made.username,
      ariPassword: made.password,
      node: 'test',
      unavailable: join(made.#home, 'nothing'),
      musicDir: join(made.#home, 'var/moh'),
    });
    await writeFile(join(made.#home, 'etc/extensions.conf'), DIALPLAN);
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${this.ariPort}`;
  }

  get home(): string {
    return this.#home;
  }

  async start(): Promise<void> {
    const out = join(this.#home, 'log/stdout');
    const log = await open(out, 'a');
    const [program, ...args] = this.program.command;
    const config = join(this.#home, 'etc/asterisk.conf');
    this.#child = spawn(program, [...args, '-C', config, '-f'], {
      stdio: ['ignore', log.fd, log.fd],
      env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', MALLOC_ARENA_MAX: '2' },
    });
    await once(this.#child, 'spawn');
    await log.close();
    const record = recordOf(this.#child.pid ?? 0);
    if (record === undefined) throw new Error('Asterisk ended at once');
    this.#record = record;
    const access = { port: this.ariPort, user: this.username, password: this.password };
    await waitForAsterisk(record, access, out, 60_000);
  }

  /** SIGSTOP: its sockets stay open and nothing answers. Settles when every thread of it has stopped. */
  async hang(): Promise<void> {
    const pid = this.#child?.pid ?? 0;
    this.#child?.kill('SIGSTOP');
    const threads = async (): Promise<readonly string[]> => {
      const tasks = await readdir(`/proc/${pid}/task`);
      const stats = await Promise.all(
        tasks.map(async (task) => readFile(`/proc/${pid}/task/${task}/stat`, 'utf8')),
      );
      return [...new Set(stats.map((text) => text.slice(text.lastIndexOf(')') + 2)[0] ?? ''))];
    };
    await expect.poll(threads, { timeout: DEADLINE_MS, interval: 5 }).toEqual(['T']);
  }

  goOn(): void {
    this.#child?.kill('SIGCONT');
  }

  /** SIGKILL: nobody is told. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child?.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  }

  async close(): Promise<void> {
    if (this.#record !== undefined) await endProcess(this.#record, 'SIGKILL', 0);
    await rm(this.#home, { recursive: true, force: true });
  }
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { readonly port: number }).port);
  await Promise.all(servers.map(async (server) => once(server.close(), 'close')));
  return ports;
}

/** Waits for the first event that matches. Call it before the request that causes the event. */
export async function eventOf<Type extends keyof AriEvents>(
  ari: AriClient,
  type: Type,
  matches: (event: AriEvents[Type]) => boolean,
): Promise<AriEvents[Type]> {
  return within(`${type} comes`, (resolve) => {
    const forget = ari.on(type, (event) => {
      if (!matches(event)) return;
      forget();
      resolve(event);
    });
  });
}

/**
 * A new channel, in the application. Asterisk answers the request before that, and refuses commands until then.
 * @param by who asks, when that is another client
 */
export async function enter(
  ari: AriClient,
  channelId: string,
  more: { readonly appArgs?: string; readonly variables?: Readonly<Record<string, string>> } = {},
  by: AriClient = ari,
): Promise<StasisStart> {
  const started = eventOf(ari, 'StasisStart', ({ channel }) => channel.id === channelId);
  const request = by.channels.create({ channelId, endpoint: 'Local/1@load', app: APP, ...more });
  const [event] = await Promise.all([started, request]);
  return event;
}

/** Ends a channel and waits until it is gone. */
export async function leave(ari: AriClient, channelId: string): Promise<void> {
  const gone = eventOf(ari, 'ChannelDestroyed', ({ channel }) => channel.id === channelId);
  await Promise.all([gone, ari.channels.hangup({ channelId })]);
}

/** Waits for the next connection whose world has been read. */
export async function connected(ari: AriClient): Promise<void> {
  await expect.poll(() => ari.state, { timeout: DEADLINE_MS, interval: 5 }).toBe('connected');
}

/** No behaviour: a machine that is busy with other tests takes its time. */
const DEADLINE_MS = 30_000;

export async function within<T>(what: string, begin: (resolve: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not within ${DEADLINE_MS} ms: ${what}`)), DEADLINE_MS);
    begin((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
