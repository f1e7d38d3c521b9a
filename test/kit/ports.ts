import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * Ports for tests, below the kernel's ephemeral ones. Who takes a port holds a socket that is named after it, so that workers, and other runs
 * on the machine, never take the same one between looking and binding. The kernel lets go of it when the process ends, however that ends.
 */
const CLAIM = '\0sasayaki-test-port-';
const SINGLE = { first: 15_000, last: 20_999, step: 1 };
/** Most systems need few; a file that starts many keeps them all until it ends. */
const FEW = { first: 21_000, last: 26_900, step: 100 };
const MANY = { first: 27_000, last: 31_800, step: 400 };
const PHONES = { first: 10_000, last: 14_500, step: 500 };

/** All of a range, from a place of this process's own on: a port that was in use a moment ago is not the first to be used again. */
function candidates({ first, last, step }: typeof SINGLE): readonly number[] {
  const count = Math.floor((last - first) / step) + 1;
  const start = (process.pid * 53) % count;
  return Array.from({ length: count }, (_value, index) => first + ((start + index) % count) * step);
}

/** A port that nothing uses, over TCP or UDP; this process keeps it until it ends. */
export async function freePort(): Promise<number> {
  for (const port of candidates(SINGLE)) {
    if ((await claim(port)) && (await tcpFree(port)) && (await udpFree(port))) return port;
  }
  throw new Error('No port is left for this test.');
}

/** So many ports in a row, not checked one by one: for RTP. */
export async function portRange(count: number): Promise<readonly [number, number]> {
  const ranges = count > FEW.step ? MANY : FEW;
  if (count > ranges.step) throw new Error(`A range has at most ${ranges.step} ports.`);
  return claimRange(ranges, count);
}

let ofPhones: Promise<readonly [number, number]> | undefined;

/**
 * For the RTP of all phones of this process. What a system of another file still sends to a phone that is gone would otherwise reach one that took
 * its port: packets of two senders in turn are silence to it.
 */
export async function phonePorts(): Promise<readonly [number, number]> {
  ofPhones ??= claimRange(PHONES, PHONES.step);
  return ofPhones;
}

async function claimRange(ranges: typeof SINGLE, count: number): Promise<readonly [number, number]> {
  for (const first of candidates(ranges)) {
    if (await claim(first)) return [first, first + count - 1];
  }
  throw new Error('No range of ports is left for this test.');
}

async function claim(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().unref();
    server.once('error', () => resolve(false));
    server.listen(`${CLAIM}${port}`, () => resolve(true));
  });
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
