import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from './errors.ts';
import { readJson, withLock } from './files.ts';
import { lastWords } from './parts.ts';
import { isAlive, type ProcessRecord } from './processes.ts';
import type { RunUser } from './run-user.ts';

export const DATABASE_USER = 'sasayaki';
const DATABASE_NAME = 'sasayaki';

/** The major version of the PostgreSQL that the project ships. */
const MAJOR = '18';

/**
 * Copies PostgreSQL's programs from the npm package to the parts folder, with the symbolic links that npm cannot carry, so that a user who
 * may not enter the clone can run them.
 * @param source the package's `native` folder
 */
export async function providePostgres(source: string, partsDir: string): Promise<string> {
  if (!existsSync(join(source, 'bin/postgres'))) {
    throw new EngineError(
      'PLATFORM',
      `There is no PostgreSQL for ${process.arch} in the npm packages; set DATABASE_URL.`,
    );
  }
  const manifest = await readFile(join(source, '../package.json'), 'utf8');
  const version = (JSON.parse(manifest) as { readonly version: string }).version;
  const final = join(partsDir, `postgres-${version}`);
  if (existsSync(join(final, 'complete'))) return final;
  await withLock(
    `${final}.lock`,
    120_000,
    () => undefined,
    async () => {
      if (existsSync(join(final, 'complete'))) return;
      const draft = `${final}.new`;
      await rm(draft, { recursive: true, force: true });
      await mkdir(draft, { recursive: true, mode: 0o755 });
      await cp(source, draft, { recursive: true });
      const links =
        (await readJson<readonly { source: string; target: string }[]>(join(source, 'pg-symlinks.json'))) ??
        [];
      for (const link of links) {
        const target = join(draft, relative('native', link.target));
        await rm(target, { force: true });
        await symlink(relative(dirname(link.target), link.source), target);
      }
      for (const program of ['initdb', 'pg_ctl', 'postgres']) await chmod(join(draft, 'bin', program), 0o755);
      await writeFile(join(draft, 'complete'), version);
      await rm(final, { recursive: true, force: true });
      await rename(draft, final);
    },
  );
  return final;
}

/** Small, because a call floor's state is small; safe, because what is confirmed must be on the disk. */
const SETTINGS = `
# Written at each start: changes made here are lost.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 40
shared_buffers = 24MB
work_mem = 2MB
maintenance_work_mem = 32MB
max_wal_size = 256MB
fsync = on
synchronous_commit = on
# Written and on the disk in one call of the kernel: 0.2 ms sooner than the usual write and fdatasync, and as safe.
wal_sync_method = open_datasync
full_page_writes = on
password_encryption = 'scram-sha-256'
jit = off
autovacuum_max_workers = 1
max_parallel_workers = 0
max_worker_processes = 2
io_method = sync
log_min_messages = warning
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
`;

export interface Cluster {
  readonly command: readonly [string, ...string[]];
  readonly folder: string;
  readonly url: string;
  readonly fingerprint: string;
}

/**
 * Makes the private cluster if there is none, and writes its settings.
 * @throws EngineError DATABASE_OTHER_VERSION, DATABASE_FAILED
 */
export async function prepareCluster(
  programs: string,
  folder: string,
  port: number,
  password: string,
  user: RunUser | undefined,
): Promise<Cluster> {
  const made = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (made === undefined) {
    await initialise(programs, folder, password, user);
  } else if (made.trim() !== MAJOR) {
    const detail = `The cluster in ${folder} was made by PostgreSQL ${made.trim()}, this release brings ${MAJOR}. Export it with the old release and import it, or set DATABASE_URL.`;
    throw new EngineError('DATABASE_OTHER_VERSION', detail);
  }
  const settings = `${SETTINGS}port = ${port}\n`;
  await writeFile(join(folder, 'postgresql.auto.conf'), settings, { mode: 0o600 });
  return {
    command: [join(programs, 'bin/postgres'), '-D', folder],
    folder,
    url: `postgresql://${DATABASE_USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${DATABASE_NAME}`,
    fingerprint: createHash('sha256').update(settings).update(basename(programs)).digest('hex'),
  };
}

async function initialise(
  programs: string,
  folder: string,
  password: string,
  user: RunUser | undefined,
): Promise<void> {
  const identity = user === undefined ? {} : { uid: user.uid, gid: user.gid };
  const draft = `${folder}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  const secret = join(draft, '..', '.initdb-password');
  await writeFile(secret, password, { mode: 0o600 });
  const env = { LC_ALL: 'C.UTF-8', PATH: '/usr/bin:/bin' };
  try {
    if (user !== undefined) {
      spawnSync('chown', [`${user.uid}:${user.gid}`, draft, secret]);
    }
    const args = [
      '-D',
      draft,
      '-U',
      DATABASE_USER,
      '-A',
      'scram-sha-256',
      `--pwfile=${secret}`,
      '-E',
      'UTF8',
    ];
    const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C.UTF-8'];
    const run = spawnSync(join(programs, 'bin/initdb'), [...args, ...locale], {
      ...identity,
      env,
      cwd: '/',
      encoding: 'utf8',
    });
    if (run.status !== 0) {
      throw new EngineError(
        'DATABASE_FAILED',
        `The database could not be made: ${run.stderr.trim() || String(run.error)}`,
      );
    }
    // Single-user mode makes our database before anybody can connect.
    const single = spawnSync(join(programs, 'bin/postgres'), ['--single', '-D', draft, 'postgres'], {
      ...identity,
      env,
      cwd: '/',
      encoding: 'utf8',
      input: `create database ${DATABASE_NAME}\n`,
    });
    if (single.status !== 0) {
      throw new EngineError('DATABASE_FAILED', `The database could not be made: ${single.stderr.trim()}`);
    }
    await rename(draft, folder);
  } finally {
    await rm(secret, { force: true });
  }
}

/** Waits until PostgreSQL takes connections. @throws EngineError DATABASE_FAILED with its last words */
export async function waitForPostgres(
  part: ProcessRecord,
  folder: string,
  logFile: string,
  deadlineMs: number,
): Promise<void> {
  const until = Date.now() + deadlineMs;
  while (isAlive(part) && Date.now() < until) {
    const lines = (await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (Number(lines[0]) === part.pid && lines[7]?.trim() === 'ready') return;
    await delay(20);
  }
  throw new EngineError(
    'DATABASE_FAILED',
    `PostgreSQL does not start. Its last words:\n${await lastWords(logFile, 8)}`,
  );
}
