import { spawnSync } from 'node:child_process';
import { lchown, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from './errors.ts';

/** Whom the parts run as; undefined when we are not root and they run as ourselves. */
export interface RunUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Started by root, the parts run as SASAYAKI_USER, else as `sasayaki` when that user exists, else as `nobody`.
 * @throws EngineError SETTING_INVALID when SASAYAKI_USER is unknown or root
 */
export async function findRunUser(
  wanted: string | undefined,
  passwd = '/etc/passwd',
): Promise<RunUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const users = (await readFile(passwd, 'utf8')).split('\n').map((line) => line.split(':'));
  const names = wanted === undefined ? ['sasayaki', 'nobody'] : [wanted];
  for (const name of names) {
    const [, , uid, gid] = users.find(([user]) => user === name) ?? [];
    if (uid !== undefined && gid !== undefined && uid !== '0')
      return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new EngineError(
    'SETTING_INVALID',
    `The user ${names.join(' or ')} does not exist on this machine, or is root.`,
  );
}

/** Whether that user (or we) can read a file; asked of the kernel, because rights depend on every folder above it. */
export function canRead(path: string, user: RunUser | undefined): boolean {
  const identity = user === undefined ? {} : { uid: user.uid, gid: user.gid };
  return spawnSync('/bin/sh', ['-c', 'test -r "$1"', 'sh', path], { ...identity, cwd: '/' }).status === 0;
}

export function canEnter(path: string, user: RunUser | undefined): boolean {
  const identity = user === undefined ? {} : { uid: user.uid, gid: user.gid };
  return (
    spawnSync('/bin/sh', ['-c', 'test -x "$1" && test -w "$1"', 'sh', path], { ...identity, cwd: '/' })
      .status === 0
  );
}

/** Gives a folder and all in it to the user; does nothing when the parts run as ourselves. */
export async function giveTo(user: RunUser | undefined, path: string): Promise<void> {
  if (user === undefined) return;
  await lchown(path, user.uid, user.gid);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) await giveTo(user, inside);
    else await lchown(inside, user.uid, user.gid);
  }
}
