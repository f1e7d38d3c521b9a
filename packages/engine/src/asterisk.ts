import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { asteriskConfig, type AsteriskConfigOptions } from './asterisk-config.ts';
import { provideDebianPackages, rootedCommand } from './debian.ts';
import { EngineError } from './errors.ts';
import { writeWhole } from './files.ts';
import { lastWords } from './parts.ts';
import { isAlive, type ProcessRecord } from './processes.ts';

export const OLDEST_ASTERISK = [22, 10, 1] as const;

/**
 * Asterisk's SIP stack takes 64 KB for each message that waits for its answer. From a heap these never come back between what lives longer (198 MB
 * with 1,000 phones); mapped each on its own they do, and only what is written of them counts (105 MB). More than two heaps grow with calls.
 */
export const ASTERISK_MEMORY = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '32768' };

export interface AsteriskProgram {
  readonly command: readonly [string, ...string[]];
  readonly moduleDir: string;
  readonly shareDir: string;
  readonly version: string;
}

/** @returns whether a version as `22.10.1~dfsg` is at least {@link OLDEST_ASTERISK} */
export function isNewEnough(version: string): boolean {
  const numbers = (/^([0-9]+)\.([0-9]+)\.([0-9]+)/.exec(version) ?? []).slice(1).map(Number);
  if (numbers.length < 3) return false;
  for (const [index, oldest] of OLDEST_ASTERISK.entries()) {
    const number = numbers[index] ?? 0;
    if (number !== oldest) return number > oldest;
  }
  return true;
}

/**
 * The Asterisk to run: the one that was named, else one on PATH that is new enough, else Debian's own unpacked privately.
 * @throws EngineError ASTERISK_TOO_OLD, SETTING_INVALID, or what {@link provideDebianPackages} throws
 */
export async function findAsterisk(
  named: string | undefined,
  path: string,
  partsDir: string,
  onProgress: (text: string) => void,
): Promise<AsteriskProgram> {
  if (named !== undefined) {
    const version = versionOf(named);
    const found = version === undefined ? undefined : installed(named, version);
    if (version === undefined || found === undefined) {
      throw new EngineError(
        'SETTING_INVALID',
        `SASAYAKI_ASTERISK names ${named}, which is no Asterisk that can be run.`,
      );
    }
    if (isNewEnough(version)) return found;
    const oldest = OLDEST_ASTERISK.join('.');
    throw new EngineError(
      'ASTERISK_TOO_OLD',
      `${named} is Asterisk ${version}; ${oldest} or newer is needed.`,
    );
  }
  for (const folder of [...path.split(':'), '/usr/sbin']) {
    const program = join(folder, 'asterisk');
    const version = folder !== '' && existsSync(program) ? versionOf(program) : undefined;
    const found = version !== undefined && isNewEnough(version) ? installed(program, version) : undefined;
    if (found !== undefined) return found;
  }
  const packages = await provideDebianPackages({
    partsDir,
    name: 'asterisk',
    release: 'forky',
    packages: ['asterisk'],
    needMegabytes: 900,
    onProgress,
  });
  return {
    command: rootedCommand(packages, 'usr/sbin/asterisk'),
    moduleDir: join(packages.libraryPath, 'asterisk/modules'),
    shareDir: join(packages.root, 'usr/share/asterisk'),
    version: packages.versions['asterisk'] ?? 'unknown',
  };
}

function versionOf(program: string): string | undefined {
  const { stdout, status } = spawnSync(program, ['-V'], { encoding: 'utf8', timeout: 10_000 });
  return status === 0 ? /^Asterisk (\S+)/.exec(stdout)?.[1] : undefined;
}

function installed(program: string, version: string): AsteriskProgram | undefined {
  const prefix = dirname(dirname(program));
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const folders = [`lib/${triplet}/asterisk/modules`, 'lib/asterisk/modules', 'lib64/asterisk/modules'];
  const moduleDir = folders.map((folder) => join(prefix, folder)).find((folder) => existsSync(folder));
  const shareDir = [join(prefix, 'share/asterisk'), '/var/lib/asterisk'].find((folder) => existsSync(folder));
  if (moduleDir === undefined || shareDir === undefined) return undefined;
  return { command: [program], moduleDir, shareDir, version };
}

/** Writes all of Asterisk's configuration; the phones and trunks that the server wrote earlier stay. */
export async function writeAsteriskConfig(options: AsteriskConfigOptions): Promise<void> {
  const folders = ['etc/pjsip.d', 'var/keys', 'var/moh', 'spool/recording', 'spool/tmp', 'run'];
  for (const folder of folders) await mkdir(join(options.home, folder), { recursive: true, mode: 0o700 });
  await mkdir(options.logDir, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(asteriskConfig(options))) {
    await writeWhole(join(options.home, 'etc', name), text, 0o600);
  }
  for (const name of ['phones.conf', 'trunks.conf']) {
    await writeFile(join(options.home, 'etc/pjsip.d', name), '', { mode: 0o600, flag: 'a' });
  }
}

export interface AriAccess {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** Waits until Asterisk answers. @throws EngineError ASTERISK_FAILED with its last words */
export async function waitForAsterisk(
  part: ProcessRecord,
  access: AriAccess,
  logFile: string,
  deadlineMs: number,
): Promise<void> {
  const until = Date.now() + deadlineMs;
  while (isAlive(part) && Date.now() < until) {
    if (await answers(access)) return;
    await delay(25);
  }
  const why = isAlive(part) ? `did not answer within ${deadlineMs / 1_000} s` : 'ended';
  throw new EngineError(
    'ASTERISK_FAILED',
    `Asterisk ${why}. Its last words:\n${await lastWords(logFile, 8)}`,
  );
}

async function answers({ port, user, password }: AriAccess): Promise<boolean> {
  return new Promise((resolve) => {
    const options = {
      host: '127.0.0.1',
      port,
      path: '/ari/asterisk/ping',
      auth: `${user}:${password}`,
      timeout: 1_000,
    };
    const asking = request(options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asking.on('timeout', () => asking.destroy());
    asking.on('error', () => resolve(false));
    asking.end();
  });
}
