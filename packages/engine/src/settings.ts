import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { EngineError } from './errors.ts';

export interface EngineSettings {
  /** All state; can be moved or deleted. */
  readonly dataDir: string;
  /** Unpacked programs; shared by instances, can be deleted and comes back. */
  readonly partsDir: string;
  readonly bind: string;
  readonly httpPort: number;
  readonly sipPort: number;
  readonly rtpPorts: readonly [first: number, last: number];
  /** How long Asterisk waits for phones and providers, s; what each means is said where the server reads it. */
  readonly sipTiming: {
    readonly phoneSilence: number;
    readonly trunkSilence: number;
    readonly holdSilence: number;
    readonly ask: number;
    readonly retry: number;
  };
  /** An outside database; undefined for the private cluster. */
  readonly databaseUrl: string | undefined;
  /** An Asterisk program; undefined to look on PATH, then unpack one. */
  readonly asterisk: string | undefined;
  /** The user that runs the parts when started by root. */
  readonly user: string | undefined;
  readonly node: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings from the environment. @throws EngineError SETTING_INVALID */
export function readSettings(env: Environment, isRoot: boolean): EngineSettings {
  const home = env['HOME'] ?? homedir();
  const dataHome = env['XDG_DATA_HOME'] ?? join(home, '.local/share');
  const cacheHome = env['XDG_CACHE_HOME'] ?? join(home, '.cache');
  return {
    dataDir: resolve(env['SASAYAKI_DATA'] ?? (isRoot ? '/var/lib/sasayaki' : join(dataHome, 'sasayaki'))),
    partsDir: resolve(
      env['SASAYAKI_PARTS'] ?? (isRoot ? '/var/cache/sasayaki' : join(cacheHome, 'sasayaki')),
    ),
    bind: address(env['SASAYAKI_BIND'] ?? '127.0.0.1'),
    httpPort: port('SASAYAKI_HTTP_PORT', env['SASAYAKI_HTTP_PORT'] ?? '8080'),
    sipPort: port('SASAYAKI_SIP_PORT', env['SASAYAKI_SIP_PORT'] ?? '5060'),
    rtpPorts: range(env['SASAYAKI_RTP_PORTS'] ?? '10000-10999'),
    sipTiming: {
      phoneSilence: seconds('SASAYAKI_PHONE_SILENCE', env, 120),
      trunkSilence: seconds('SASAYAKI_TRUNK_SILENCE', env, 300),
      holdSilence: seconds('SASAYAKI_HOLD_SILENCE', env, 3_600),
      ask: seconds('SASAYAKI_SIP_ASK', env, 15),
      retry: seconds('SASAYAKI_SIP_RETRY', env, 20),
    },
    databaseUrl: env['DATABASE_URL'] === '' ? undefined : env['DATABASE_URL'],
    asterisk: env['SASAYAKI_ASTERISK'] === '' ? undefined : env['SASAYAKI_ASTERISK'],
    user: env['SASAYAKI_USER'] === '' ? undefined : env['SASAYAKI_USER'],
    node: 'node1',
  };
}

const DAY_SECONDS = 86_400;

function seconds(name: string, env: Environment, usual: number): number {
  const value = env[name] ?? String(usual);
  const number = /^[0-9]{1,5}$/.test(value) ? Number(value) : 0;
  if (number < 1 || number > DAY_SECONDS) {
    throw new EngineError('SETTING_INVALID', `${name} must be seconds from 1 to 86400, not "${value}".`);
  }
  return number;
}

function port(name: string, value: string): number {
  const number = /^[0-9]{1,5}$/.test(value) ? Number(value) : 0;
  if (number < 1 || number > 65_535) {
    throw new EngineError('SETTING_INVALID', `${name} must be a port from 1 to 65535, not "${value}".`);
  }
  return number;
}

function range(value: string): readonly [number, number] {
  const [, from, to] = /^([0-9]{1,5})-([0-9]{1,5})$/.exec(value) ?? [];
  const first = Number(from ?? 0);
  const last = Number(to ?? 0);
  if (first < 1_024 || last > 65_535 || last - first < 3) {
    const form = 'two ports and a dash, as 10000-10999, at least four ports from 1024 on';
    throw new EngineError('SETTING_INVALID', `SASAYAKI_RTP_PORTS must be ${form}, not "${value}".`);
  }
  return [first, last];
}

function address(value: string): string {
  if (!/^[0-9a-fA-F.:]+$/.test(value)) {
    throw new EngineError(
      'SETTING_INVALID',
      `SASAYAKI_BIND must be an IP address of this machine, not "${value}".`,
    );
  }
  return value;
}
