import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { EngineError } from './errors.ts';

/**
 * A free port of the loopback address; the preferred one when it is free, so that addresses last over restarts.
 * @throws EngineError PORT_TAKEN
 */
export async function freePort(preferred: number | undefined): Promise<number> {
  const tryPort = async (port: number): Promise<number | undefined> =>
    new Promise((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(undefined));
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
      });
    });
  const found = (preferred === undefined ? undefined : await tryPort(preferred)) ?? (await tryPort(0));
  if (found === undefined) throw new EngineError('PORT_TAKEN', 'No free port was found on 127.0.0.1.');
  return found;
}

/** A free UDP port of an address of this machine. @throws EngineError PORT_TAKEN */
export async function freeUdpPort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', () =>
      reject(new EngineError('PORT_TAKEN', `No free UDP port was found on ${host}.`)),
    );
    socket.bind(0, host, () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}
