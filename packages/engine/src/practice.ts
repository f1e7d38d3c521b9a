import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAsteriskConfig, type AriAccess, type AsteriskProgram } from './asterisk.ts';
import { sidesOf, type Line } from './conversation.ts';
import { writeWhole } from './files.ts';
import { reachable } from './health.ts';
import { freeUdpPort } from './ports.ts';
import { callFiles, practiceConfig, type PracticePlan } from './practice-config.ts';

export interface PracticeOptions {
  /** `<data>/practice`: all that practice leaves on the disk, but for its log. */
  readonly home: string;
  readonly logDir: string;
  readonly program: AsteriskProgram;
  /** Where the system that is called listens. */
  readonly bind: string;
  readonly sipPort: number;
  readonly rtpPorts: readonly [number, number];
  /** What its remote interface is to be. */
  readonly access: AriAccess;
  /** The folder of all recordings. */
  readonly soundsDir: string;
  readonly plan: PracticePlan;
}

/** What a running practice was started with: it is replaced when that differs. */
export function practiceFingerprint(program: string, about: object): string {
  return createHash('sha256').update(program).update(JSON.stringify(about)).digest('hex').slice(0, 16);
}

/** Writes what the Asterisk of the practice telephones needs, anew at each start of it. */
export async function writePractice(options: PracticeOptions): Promise<void> {
  const { home, logDir, program, rtpPorts, access, soundsDir, plan } = options;
  await rm(home, { recursive: true, force: true });
  const bind = reachable(options.bind);
  const tracks = join(home, 'tracks');
  const config = {
    home,
    logDir,
    moduleDir: program.moduleDir,
    shareDir: program.shareDir,
    bind,
    sipPort: await freeUdpPort(bind),
    // Each takes the ports that the other leaves free.
    rtpPorts,
    ariPort: access.port,
    ariUser: access.user,
    ariPassword: access.password,
    node: 'practice',
    unavailable: join(soundsDir, 'ja/service-unavailable'),
    musicDir: join(soundsDir, 'moh'),
    calledPort: options.sipPort,
    plan,
    tracks,
  };
  await writeAsteriskConfig(config);
  for (const [name, text] of Object.entries(practiceConfig(config)))
    await writeWhole(join(home, 'etc', name), text, 0o600);
  await mkdir(tracks, { mode: 0o700 });
  for (const language of new Set(plan.callers.map((caller) => caller.language)))
    await writeTracks(join(soundsDir, 'practice', language), join(tracks, language));
  const outgoing = join(home, 'spool/outgoing');
  await mkdir(outgoing, { mode: 0o700 });
  for (const [name, text] of Object.entries(callFiles(plan)))
    await writeFile(join(outgoing, name), text, { mode: 0o600 });
}

/** The lines are files `<number>-<who>.ulaw`, in the order of their numbers. */
async function writeTracks(folder: string, track: string): Promise<void> {
  const lines: Line[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const who = /-(agent|caller)\.ulaw$/.exec(name)?.[1];
    if (who !== undefined)
      lines.push({ who: who === 'agent' ? 'agent' : 'caller', sound: await readFile(join(folder, name)) });
  }
  const { agent, caller } = sidesOf(lines);
  await writeFile(`${track}-agent.ulaw`, agent);
  await writeFile(`${track}-caller.ulaw`, caller);
}

/**
 * Ends what the system still takes for calls of the practice telephones: when these died they hung up nothing, and their agents would talk for ever.
 * @param access to the system's Asterisk
 */
export async function endCallsOf({ agents, callers }: PracticePlan, access: AriAccess): Promise<void> {
  const phones = new Set([...agents, ...callers].map(({ number }) => number));
  const credentials = Buffer.from(`${access.user}:${access.password}`).toString('base64');
  const ask = async (method: string, path: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${access.port}/ari/channels${path}`, {
      method,
      headers: { authorization: `Basic ${credentials}` },
    });
  const channels = (await (await ask('GET', '')).json()) as readonly {
    readonly id: string;
    readonly name: string;
  }[];
  for (const { id, name } of channels) {
    const phone = /^PJSIP\/([0-9]+)-/.exec(name)?.[1];
    // One that ended meanwhile answers 404, which is as good.
    if (phone !== undefined && phones.has(phone)) await ask('DELETE', `/${encodeURIComponent(id)}`);
  }
}
