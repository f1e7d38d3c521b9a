import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { System } from './system.ts';

/**
 * Breaks the server's connection to Asterisk while both live: the server is held up, and somebody else takes its place at Asterisk, with every
 * event that comes meanwhile. Those events are lost.
 * @returns what lets the server go on, which then finds its connection ended
 */
export async function cutOff(system: System): Promise<() => Promise<void>> {
  const { ari } = JSON.parse(await readFile(join(system.dataDir, 'run/config.json'), 'utf8')) as {
    readonly ari: { readonly url: string; readonly username: string; readonly password: string };
  };
  await system.freeze('server', true);
  const authorization = `Basic ${Buffer.from(`${ari.username}:${ari.password}`).toString('base64')}`;
  const url = `${ari.url.replace('http', 'ws')}/ari/events?app=sasayaki,sasayaki-phones`;
  const intruder = new WebSocket(url, { headers: { authorization } });
  await once(intruder, 'open');
  return async () => {
    intruder.terminate();
    await system.freeze('server', false);
  };
}
