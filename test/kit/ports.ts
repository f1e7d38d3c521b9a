import { createSocket } from 'node:dgram';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Ports for tests, below the kernel's ephemeral ones. Who takes a port leaves a file with its process id, so that workers, and other runs on
 * the machine, never take the same one between looking and binding; the file of a dead process counts for nothing.
 */
const CLAIMS = join(tmpdir(), `sasayaki-test-ports-${process.getuid?.() ?? 0}`);
const SINGLE = { first: 15_000, last: 20_999, step: 1 };
const RTP = { first: 21_000, last: 32_199, step: 400 };

/** Workers of one run look from places of their own, so that they do not meet at the claims of a run that died. */
const WORKER = (Number(process.env['VITEST_POOL_ID'] ?? '1') - 1) % 4;

/** The candidates of a range, beginning at this worker's quarter and going round. */
function candidates({ first, last, step }: typeof SINGLE | typeof RTP): readonly number[] {
  const all = Array.from(
    { length: Math.floor((last - first) / step) + 1 },
    (_value, index) => first + index * step,
  );
  const start = Math.floor((all.length / 4) * WORKER);
  return [...all.slice(start), ...all.slice(0, start)];
}

const mine = new Set<string>();
mkdirSync(CLAIMS, { recursive: true });
process.once('exit', () => mine.forEach((claimed) => rmSync(claimed, { force: true })));

/** A port that nothing uses, over TCP or UDP; this process keeps it until it ends. */
export async function freePort(): Promise<number> {
  for (const port of candidates(SINGLE)) {
    if (claim(port) && (await tcpFree(port)) && (await udpFree(port))) return port;
  }
  throw new Error('No port is left for this test.');
}

/** So many ports in a row, not checked one by one: for RTP. */
export function portRange(count: number): readonly [number, number] {
  if (count > RTP.step) throw new Error(`A range has at most ${RTP.step} ports.`);
  for (const first of candidates(RTP)) {
    if (claim(first)) return [first, first + count - 1];
  }
  throw new Error('No range of ports is left for this test.');
}

function claim(port: number): boolean {
  const path = join(CLAIMS, String(port));
  if (write(path)) return true;
  if (mine.has(path) || !isStale(path)) return false;
  rmSync(path, { force: true });
  return write(path);
}

function write(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    mine.add(path);
    return true;
  } catch {
    return false;
  }
}

function isStale(path: string): boolean {
  try {
    process.kill(Number(readFileSync(path, 'utf8')), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

async function tcpFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

async function udpFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(true)));
  });
}
