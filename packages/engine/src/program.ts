import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from './errors.ts';
import { readJson } from './files.ts';
import { canRead, type RunUser } from './run-user.ts';

export interface BuildVersion {
  /** The release, as `0.1.0`. */
  readonly version: string;
  /** Of everything that was built. */
  readonly hash: string;
}

export interface StagedProgram extends BuildVersion {
  readonly folder: string;
}

/**
 * Copies what was built into the data directory and runs it from there: its user need not be able to enter the clone, and a `git pull`
 * under a running system changes nothing until the next start.
 */
export async function stageProgram(build: string, dataDir: string): Promise<StagedProgram> {
  const built = await readJson<BuildVersion>(join(build, 'VERSION'));
  if (built === undefined)
    throw new EngineError('SERVER_FAILED', `${build} is not built. Run npm run build.`);
  const folder = join(dataDir, 'program', built.hash);
  if (!existsSync(folder)) {
    const draft = `${folder}.new`;
    await rm(draft, { recursive: true, force: true });
    await mkdir(join(dataDir, 'program'), { recursive: true, mode: 0o755 });
    await cp(build, draft, { recursive: true });
    await chmod(draft, 0o755);
    await rename(draft, folder);
  }
  return { ...built, folder };
}

/** Removes the copies of earlier builds. Only when Asterisk is not running: it plays recordings from the build it was started with. */
export async function removeOtherPrograms(program: StagedProgram, dataDir: string): Promise<void> {
  for (const name of await readdir(join(dataDir, 'program'))) {
    if (name !== program.hash) await rm(join(dataDir, 'program', name), { recursive: true, force: true });
  }
}

/** The Node.js that the parts run on: ours, copied when the parts' user cannot reach it. */
export async function provideNode(partsDir: string, user: RunUser | undefined): Promise<string> {
  if (user === undefined || canRead(process.execPath, user)) return process.execPath;
  const copy = join(partsDir, `node-${process.version}`);
  if (!existsSync(copy)) {
    await copyFile(process.execPath, `${copy}.new`);
    await chmod(`${copy}.new`, 0o755);
    await rename(`${copy}.new`, copy);
  }
  return copy;
}

/**
 * Runs one command of the server and gives what it printed.
 * @param input what it reads from standard input
 * @throws EngineError with what it said on standard error
 */
export function runServerCommand(
  node: string,
  program: StagedProgram,
  serverConfig: string,
  args: readonly string[],
  user: RunUser | undefined,
  input = '',
): string {
  const identity = user === undefined ? {} : { uid: user.uid, gid: user.gid };
  const run = spawnSync(node, [join(program.folder, 'server/cli.js'), serverConfig, ...args], {
    ...identity,
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
    encoding: 'utf8',
    input,
    timeout: 120_000,
    maxBuffer: 256 * 1024 * 1024,
  });
  if (run.status === 0) return run.stdout;
  const said =
    run.stderr.trim() === ''
      ? `${args[0] ?? ''} failed (${run.error?.message ?? `exit ${run.status}`})`
      : run.stderr.trim();
  if (/^DATABASE_NEWER/m.test(said)) throw new EngineError('DATA_NEWER', said);
  if (/^DATABASE_UNREACHABLE/m.test(said)) throw new EngineError('DATABASE_UNREACHABLE', said);
  if (/^DATABASE_OTHER_VERSION/m.test(said)) throw new EngineError('DATABASE_OTHER_VERSION', said);
  if (said.startsWith('PRACTICE_TAKEN: '))
    throw new EngineError('PRACTICE_TAKEN', said.slice('PRACTICE_TAKEN: '.length));
  throw new EngineError('SERVER_FAILED', said);
}
