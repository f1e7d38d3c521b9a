import { randomBytes } from 'node:crypto';
import {
  access,
  chmod,
  constants,
  mkdir,
  open,
  readFile,
  rename,
  statfs,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from './errors.ts';
import { isAlive, selfRecord, type ProcessRecord } from './processes.ts';

/** Writes a file whole or not at all. */
export async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString('hex')}.new`;
  await writeFile(draft, text, { mode });
  await chmod(draft, mode);
  await rename(draft, path);
}

export async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch {
    // Missing, or cut short by a crash: either way it tells nothing.
    return undefined;
  }
}

/** Reads a secret, or makes it once: `bytes` random bytes in base64url, mode 0600. */
export async function secretFile(path: string, bytes: number): Promise<string> {
  const existing = await readFile(path, 'utf8').catch(() => undefined);
  if (existing !== undefined && existing.trim() !== '') return existing.trim();
  const secret = randomBytes(bytes).toString('base64url');
  await writeWhole(path, `${secret}\n`, 0o600);
  return secret;
}

/**
 * Makes a folder that a setting names, unless it is there, and sees that we may write in it.
 * @throws EngineError DATA_UNREACHABLE, DISK_FULL
 */
export async function makeFolder(path: string, setting: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o755 });
    await access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const detail = `${path} cannot be used (${message}). Choose another folder with ${setting}.`;
    throw new EngineError(code === 'ENOSPC' ? 'DISK_FULL' : 'DATA_UNREACHABLE', detail);
  }
}

/** @throws EngineError DISK_FULL */
export async function requireFreeSpace(folder: string, megabytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = Math.floor((bavail * bsize) / 1_000_000);
  if (free < megabytes) {
    const detail = `${folder} has ${free} MB of free space; ${megabytes} MB are needed. Free some, or set another folder.`;
    throw new EngineError('DISK_FULL', detail);
  }
}

/** Runs `work` while no other process of ours does; waits for it, and takes over from one that died. */
export async function withLock<T>(
  path: string,
  waitMs: number,
  onWait: () => void,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const until = Date.now() + waitMs;
  let told = false;
  for (;;) {
    const handle = await open(path, 'wx', 0o644).catch(() => undefined);
    if (handle !== undefined) {
      await handle.writeFile(JSON.stringify(selfRecord()));
      await handle.close();
      break;
    }
    const holder = await readJson<ProcessRecord>(path);
    if (holder !== undefined && !isAlive(holder)) {
      await unlink(path).catch(() => undefined);
    } else {
      if (Date.now() > until) {
        throw new EngineError(
          'UNPACK_FAILED',
          `${path} is held by another start that does not end. End it, then try again.`,
        );
      }
      if (!told) onWait();
      told = true;
      await delay(200);
    }
  }
  try {
    return await work();
  } finally {
    await unlink(path).catch(() => undefined);
  }
}
