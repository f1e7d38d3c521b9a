import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Who has it holds a socket of this name, which the kernel lets go of when the process ends, however that ends. */
const TURN = '\0sasayaki-test-start';
const LOOK_MS = 50;

/**
 * Does what needs the whole processor for a moment, as the start of a system, one at a time on this machine, so that no deadline of a start
 * depends on how many others begin with it.
 * @param longestMs after this it is done beside the other, which may hang
 */
export async function inTurn<T>(longestMs: number, work: () => Promise<T>): Promise<T> {
  const turn = await taken(Date.now() + longestMs);
  try {
    return await work();
  } finally {
    turn?.close();
  }
}

async function taken(end: number): Promise<Server | undefined> {
  for (;;) {
    const server = createServer().unref();
    const got = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(TURN, () => resolve(true));
    });
    if (got) return server;
    if (Date.now() > end) return undefined;
    await delay(LOOK_MS);
  }
}
