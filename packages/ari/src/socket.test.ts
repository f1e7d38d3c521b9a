import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { AriSocket } from './socket.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A peer that answers each request with `reply`, all of it in one packet. */
async function peer(
  reply: (requestId: string) => readonly object[],
): Promise<{ readonly socket: AriSocket; readonly seen: string[]; readonly closed: Promise<string> }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (connection: WebSocket, { socket }: { readonly socket: Duplex }) => {
    connection.on('message', (data: Buffer) => {
      const { request_id: id } = JSON.parse(data.toString()) as { readonly request_id: string };
      socket.cork();
      for (const message of reply(id)) connection.send(JSON.stringify(message));
      socket.uncork();
    });
  });
  const seen: string[] = [];
  let ended: (reason: string) => void;
  const closed = new Promise<string>((resolve) => (ended = resolve));
  const socket = new AriSocket({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authorization: 'Basic x',
    app: 'app',
    connectTimeoutMs: 30_000,
    onEvent: (event) => seen.push(event.type),
    onClosed: (reason) => ended(reason),
  });
  closing.push(() => {
    socket.terminate('the test is over');
    server.close();
  });
  await socket.opened();
  return { socket, seen, closed };
}

const request = {
  operation: 'x',
  method: 'GET',
  uri: 'x',
  query: [],
  body: undefined,
  timeoutMs: 30_000,
} as const;

it('settles an answer before the events that follow it in the same packet, and keeps all in order', async () => {
  const { socket, seen } = await peer((id) => [
    { type: `before ${id}` },
    { type: 'RESTResponse', request_id: id, status_code: 200 },
    { type: `after ${id}` },
    { type: `later ${id}` },
  ]);
  const ask = async (): Promise<void> => {
    const { request_id: id } = await socket.request(request);
    // One more turn of promises, as an operation's caller has.
    await Promise.resolve();
    seen.push(`settled ${id}`);
  };
  await Promise.all([ask(), ask(), ask()]);
  await expect.poll(() => seen.length).toBe(12);
  const order = ['before', 'settled', 'after', 'later'];
  expect(seen).toEqual(['1', '2', '3'].flatMap((id) => order.map((what) => `${what} ${id}`)));
});

it('delivers what came before the connection ended', async () => {
  const { socket, seen } = await peer((id) => [
    { type: 'RESTResponse', request_id: id, status_code: 200 },
    { type: 'event' },
  ]);
  await socket.request(request).then(() => socket.terminate('over'));
  expect(seen).toEqual(['event']);
  await expect(socket.request(request)).rejects.toMatchObject({ code: 'ARI_DISCONNECTED' });
});

it('rejects all pending requests together when the connection ends', async () => {
  const { socket, closed } = await peer(() => []);
  const pending = Promise.allSettled([socket.request(request), socket.request(request)]);
  socket.terminate('cut');
  expect(await closed).toBe('cut');
  for (const outcome of await pending) {
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { code: 'ARI_DISCONNECTED', operation: 'x', message: 'x: cut' },
    });
  }
});

it('refuses a request that would make Asterisk end the connection', async () => {
  const { socket } = await peer((id) => [{ type: 'RESTResponse', request_id: id, status_code: 204 }]);
  const query = [{ name: 'value', value: 'x'.repeat(70_000) }];
  await expect(socket.request({ ...request, query })).rejects.toMatchObject({ code: 'ARI_TOO_LONG' });
  expect((await socket.request(request)).status_code).toBe(204);
});
