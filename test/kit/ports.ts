import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * Ports for one test file. Each Vitest worker has a range of its own, below the kernel's ephemeral ports, so that workers never meet; a port
 * that something else holds is passed over.
 */
const WORKER = Number(process.env['VITEST_POOL_ID'] ?? '1') % 8;
const RANGE = 1_500;
let next = 15_000 + WORKER * RANGE;

export async function freePort(): Promise<number> {
  for (;;) {
    const port = take(1);
    if ((await tcpFree(port)) && (await udpFree(port))) return port;
  }
}

/** So many ports in a row, not checked one by one: for RTP. */
export function portRange(count: number): readonly [number, number] {
  const first = take(count);
  return [first, first + count - 1];
}

function take(count: number): number {
  const first = next;
  next += count;
  if (next > 15_000 + (WORKER + 1) * RANGE) throw new Error('This test file uses up its ports.');
  return first;
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
