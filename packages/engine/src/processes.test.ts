import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { isAlive, parseListeners, portOwner, recordOf, selfRecord } from './processes.ts';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12345 1 0000000000000000 100 0 0 10 0
   1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 12346 1 0000000000000000 20 4 30 10 -1
   2: 00000000000000000000000001000000:13C4 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 777 2 0 0
`;

it('listeners are the lines in the state that was asked for, with port and inode', () => {
  expect(parseListeners(TABLE, '0A')).toEqual([{ port: 8_080, inode: '12345' }]);
  expect(parseListeners(TABLE, '07')).toEqual([{ port: 5_060, inode: '777' }]);
  expect(parseListeners('', '0A')).toEqual([]);
});

it('names the process that has a TCP or a UDP port, and nobody when it is free', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const address = server.address();
  const tcp = typeof address === 'object' && address !== null ? address.port : 0;
  const udp = socket.address().port;
  expect(portOwner('tcp', tcp)).toMatchObject({ pid: process.pid });
  expect(portOwner('udp', udp)).toMatchObject({ pid: process.pid });
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  expect(portOwner('tcp', tcp)).toBeUndefined();
  expect(portOwner('udp', udp)).toBeUndefined();
});

it('a process is known by its id and its start: an id that is used again is somebody else', () => {
  const self = selfRecord();
  expect(recordOf(process.pid)).toEqual(self);
  expect(isAlive(self)).toBe(true);
  expect(isAlive({ ...self, startTime: '1' })).toBe(false);
  expect(recordOf(0)).toBeUndefined();
});

/** Listens, with threads that have much to give back, and then says its port. */
const HOLDER = `
  const { Worker } = require('node:worker_threads');
  const begun = [1, 2, 3].map(() => new Promise((resolve) =>
    new Worker('Buffer.alloc(5e7, 1); setInterval(() => 0, 1e6)', { eval: true }).once('online', resolve)));
  const server = require('node:net').createServer().listen(0, '127.0.0.1', async () => {
    await Promise.all(begun);
    console.log(server.address().port);
  });
`;

it('a process that was killed lives until its last thread has let go of its port', async () => {
  const child = spawn(process.execPath, ['-e', HOLDER], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const record = recordOf(child.pid ?? 0);
  if (record === undefined) throw new Error('It has ended.');
  child.kill('SIGKILL');
  // Nobody else looks at it meanwhile, as a launcher that did not start it cannot.
  while (isAlive(record));
  const server = createServer().listen(Number(said.toString()), '127.0.0.1');
  await once(server, 'listening');
  server.close();
});
