import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from './errors.ts';
import { readJson, writeWhole } from './files.ts';
import type { Instance } from './instance.ts';
import { LogView } from './log-view.ts';
import { lastWords, type PartName, type RunningPart } from './parts.ts';
import type { PracticePlan } from './practice-config.ts';
import { isAlive, selfRecord, type ProcessRecord } from './processes.ts';

export interface StartReport {
  readonly firstStart: boolean;
  readonly admin?: { readonly loginName: string; readonly oneTimePassword: string };
  readonly phones: readonly {
    readonly number: string;
    readonly kind: string;
    readonly name: string;
    readonly sipUser: string;
    readonly sipPassword: string;
  }[];
  /** With `--demo`. */
  readonly practice?: PracticePlan;
}

const LOOK_MS = 250;
const RESTARTS = { limit: 8, withinMs: 5 * 60_000, firstMs: 100, longestMs: 10_000 };

/** The launcher that watches a data directory, if it lives. */
export async function findLauncher(runDir: string): Promise<ProcessRecord | undefined> {
  const record = await readJson<ProcessRecord>(join(runDir, 'launcher.json'));
  return record !== undefined && isAlive(record) ? record : undefined;
}

/**
 * Starts what does not run yet, in the order in which the parts need each other.
 * @param demo with practice callers and agents; without, what an earlier start left of them is taken away
 */
export async function startAll(
  instance: Instance,
  demo: boolean,
  say: (text: string) => void,
): Promise<StartReport> {
  await instance.provide();
  if (!demo) await instance.practise(undefined);
  const [database] = await Promise.all([
    instance.parts.includes('postgres') ? instance.start('postgres') : undefined,
    instance.start('asterisk'),
  ]);
  say(database === undefined ? 'Asterisk runs' : 'PostgreSQL and Asterisk run');
  await instance.configureServer();
  const report = JSON.parse(instance.command(demo ? ['init', 'practice'] : ['init'])) as StartReport;
  await instance.start('server');
  say('the server is ready');
  if (report.practice !== undefined) {
    await instance.practise(report.practice);
    await instance.start('practice');
    say('practice callers call');
  }
  return report;
}

/**
 * Watches the parts until asked to stop: a part that dies is started again, at once, then ever later, and given up after too many deaths.
 * What else runs goes on: a server that cannot start ends no call.
 */
export async function watch(
  instance: Instance,
  stop: AbortSignal,
  say: (text: string) => void,
): Promise<void> {
  const view = new LogView(instance.logFile('server'), process.stdout.isTTY);
  await view.start();
  const deaths = new Map<PartName, number[]>();
  const failures: Error[] = [];
  let restarting: Promise<void> | undefined;
  try {
    while (!stop.aborted) {
      await delay(LOOK_MS, undefined, { signal: stop }).catch(() => undefined);
      for (const failure of failures) throw failure;
      if (restarting !== undefined) continue;
      for (const part of instance.parts) {
        if ((await instance.find(part)) !== undefined) continue;
        restarting = restart(instance, part, deaths, stop, say)
          .catch((error: unknown) => {
            failures.push(error instanceof Error ? error : new Error(String(error)));
          })
          .then(() => {
            restarting = undefined;
          });
        break;
      }
    }
    await restarting;
  } finally {
    view.stop();
  }
}

async function restart(
  instance: Instance,
  part: PartName,
  deaths: Map<PartName, number[]>,
  stop: AbortSignal,
  say: (text: string) => void,
): Promise<void> {
  const now = Date.now();
  const recent = [...(deaths.get(part) ?? []).filter((at) => at > now - RESTARTS.withinMs), now];
  deaths.set(part, recent);
  const words = await lastWords(instance.logFile(part), 4);
  if (recent.length > RESTARTS.limit) {
    const detail = `${part} died ${recent.length} times in five minutes and is given up; the other parts go on. Its last words:\n${words}`;
    throw new EngineError('PART_KEEPS_DYING', detail);
  }
  const waitMs =
    recent.length === 1 ? 0 : Math.min(RESTARTS.firstMs * 2 ** recent.length, RESTARTS.longestMs);
  say(
    `${part} died and is started again${waitMs === 0 ? '' : ` in ${waitMs} ms`}. Its last words:\n${words}`,
  );
  await delay(waitMs, undefined, { signal: stop }).catch(() => undefined);
  if (stop.aborted) return;
  try {
    await instance.start(part);
    say(`${part} runs again`);
  } catch (error) {
    // The next look finds it dead again, and counts.
    say(error instanceof Error ? error.message : String(error));
  }
}

export async function claimLauncher(runDir: string): Promise<void> {
  await writeWhole(join(runDir, 'launcher.json'), JSON.stringify(selfRecord()), 0o644);
}

/** For programs that start Sasayaki: where everything is, written when all is ready. */
export async function writeReady(instance: Instance, ports: object): Promise<void> {
  const found = await Promise.all(instance.parts.map(async (part) => instance.find(part)));
  const parts = Object.fromEntries(
    found.filter((part): part is RunningPart => part !== undefined).map((part) => [part.part, part]),
  );
  const ready = { ...ports, launcher: selfRecord(), parts };
  await writeWhole(join(instance.runDir, 'ready.json'), JSON.stringify(ready, null, 2), 0o644);
}
