import { spawn } from 'node:child_process';
import { open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson, writeWhole } from './files.ts';
import { isAlive, recordOf, type ProcessRecord } from './processes.ts';
import type { RunUser } from './run-user.ts';

/** `practice` is there with `--demo` only. */
export type PartName = 'postgres' | 'asterisk' | 'server' | 'practice';

/** A part that runs, written to `<data>/run/<part>.json` so that a later start can adopt it. */
export interface RunningPart extends ProcessRecord {
  readonly part: PartName;
  /** What it was started with; a part with another fingerprint is replaced when that does no harm. */
  readonly fingerprint: string;
  readonly port: number;
}

export interface SpawnPart {
  readonly part: PartName;
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly logFile: string;
  readonly runDir: string;
  readonly fingerprint: string;
  readonly port: number;
  readonly user: RunUser | undefined;
}

/** Past this a log is set aside, when its part starts; one earlier log is kept. */
const LONGEST_LOG_BYTES = 50_000_000;

/**
 * Starts a part on its own: a session and a log file of its own, so that the end of the launcher or its terminal is not the part's end.
 */
export async function spawnPart(options: SpawnPart): Promise<RunningPart> {
  const size = await stat(options.logFile).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LONGEST_LOG_BYTES) await rename(options.logFile, `${options.logFile}.1`);
  const log = await open(options.logFile, 'a', 0o600);
  try {
    if (options.user !== undefined) await log.chown(options.user.uid, options.user.gid);
    const [program, ...args] = options.command;
    const child = spawn(program, args, {
      detached: true,
      cwd: options.cwd,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C.UTF-8', ...options.env },
      stdio: ['ignore', log.fd, log.fd],
      ...(options.user === undefined ? {} : { uid: options.user.uid, gid: options.user.gid }),
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    const record = child.pid === undefined ? undefined : recordOf(child.pid);
    if (record === undefined)
      throw new Error(`${options.part} ended at once; its last words are in ${options.logFile}`);
    const { part, fingerprint, port } = options;
    const running: RunningPart = { ...record, part, fingerprint, port };
    await writeWhole(join(options.runDir, `${part}.json`), JSON.stringify(running), 0o644);
    return running;
  } finally {
    await log.close();
  }
}

/** The part that an earlier start left running, if it still does. */
export async function findPart(runDir: string, part: PartName): Promise<RunningPart | undefined> {
  const running = await readJson<RunningPart>(join(runDir, `${part}.json`));
  return running !== undefined && isAlive(running) ? running : undefined;
}

/** The last lines that a part wrote. */
export async function lastWords(logFile: string, lines: number): Promise<string> {
  const file = await open(logFile, 'r').catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const length = Math.min(size, 8_000);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } finally {
    await file.close();
  }
}
