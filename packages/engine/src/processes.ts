import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A process that can be recognised later: ids are used again, a start time with them is not. */
export interface ProcessRecord {
  readonly pid: number;
  /** Ticks since the machine's start, from /proc/PID/stat. */
  readonly startTime: string;
}

interface Stat {
  readonly state: string;
  readonly threads: number;
  readonly startTime: string;
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything, so fields are counted after its end.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', threads: Number(fields[17]), startTime: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

/** @returns undefined when there is no such process any more */
export function recordOf(pid: number): ProcessRecord | undefined {
  const stat = statOf(pid);
  return stat === undefined ? undefined : { pid, startTime: stat.startTime };
}

export function selfRecord(): ProcessRecord {
  return { pid: process.pid, startTime: statOf(process.pid)?.startTime ?? '' };
}

/**
 * Whether a process still has anything: the first thread of one that was killed may be a zombie while others of it end, and until the last has
 * ended the ports and files are in use.
 */
export function isAlive(record: ProcessRecord): boolean {
  const stat = statOf(record.pid);
  if (stat === undefined || stat.startTime !== record.startTime || stat.state === 'X') return false;
  return stat.state !== 'Z' || stat.threads > 1;
}

/** Resident memory in bytes, and when it started in ms since the epoch. */
export function usageOf(
  record: ProcessRecord,
): { readonly residentBytes: number; readonly startedAt: number } | undefined {
  if (!isAlive(record)) return undefined;
  try {
    const pages = Number(readFileSync(`/proc/${record.pid}/statm`, 'utf8').split(' ')[1]);
    const uptimeMs = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1_000;
    return { residentBytes: pages * 4_096, startedAt: Date.now() - uptimeMs + Number(record.startTime) * 10 };
  } catch {
    return undefined;
  }
}

/** Asks a process to end, and makes it end when it does not within `graceMs`. */
export async function endProcess(
  record: ProcessRecord,
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  const send = (which: NodeJS.Signals): void => {
    try {
      if (isAlive(record)) process.kill(record.pid, which);
    } catch {
      // It ended between the two looks.
    }
  };
  send(signal);
  const until = Date.now() + graceMs;
  while (isAlive(record) && Date.now() < until) await delay(20);
  if (!isAlive(record)) return;
  send('SIGKILL');
  while (isAlive(record)) await delay(20);
}

interface Listener {
  readonly port: number;
  readonly inode: string;
}

/** Listeners of one of the tables of /proc/net: state 0A is a listening TCP socket, 07 a bound UDP one. */
export function parseListeners(table: string, state: '0A' | '07'): readonly Listener[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === state)
    .map((fields) => ({
      port: Number.parseInt(fields[1]?.split(':').at(-1) ?? '', 16),
      inode: fields[9] ?? '',
    }));
}

/** Who listens on a port: `name (pid)`, or `another program` when only root may know. Undefined when nobody does. */
export function portOwner(
  protocol: 'tcp' | 'udp',
  port: number,
): { readonly pid: number | undefined; readonly text: string } | undefined {
  const state = protocol === 'tcp' ? '0A' : '07';
  const inodes = [protocol, `${protocol}6`].flatMap((table) => {
    try {
      return parseListeners(readFileSync(`/proc/net/${table}`, 'utf8'), state);
    } catch {
      return [];
    }
  });
  const inode = inodes.find((listener) => listener.port === port)?.inode;
  if (inode === undefined) return undefined;
  for (const pid of readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))) {
    try {
      const found = readdirSync(`/proc/${pid}/fd`).some(
        (fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`,
      );
      if (found) {
        const name = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
        return { pid: Number(pid), text: `${name} (process ${pid})` };
      }
    } catch {
      // Another user's process, or one that just ended.
    }
  }
  return { pid: undefined, text: 'another program' };
}
