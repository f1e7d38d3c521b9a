import type { ChildProcess } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { provideDebianPackages, rootedCommand, type DebianPackages } from '@sasayaki/engine';

/** Where unpacked programs are kept; shared with `npm start`. */
export function partsDir(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(process.env['HOME'] ?? homedir(), '.cache');
  return (
    process.env['SASAYAKI_PARTS'] ??
    (process.getuid?.() === 0 ? '/var/cache/sasayaki' : join(cache, 'sasayaki'))
  );
}

let clients: Promise<DebianPackages> | undefined;

/** Real SIP clients, from Debian's packages, the same way as the engine gets Asterisk. */
export async function sipClients(): Promise<DebianPackages> {
  clients ??= provideDebianPackages({
    partsDir: partsDir(),
    name: 'sip-clients',
    release: 'forky',
    packages: ['baresip-core', 'sip-tester'],
    needMegabytes: 600,
    onProgress: (text) => void process.stderr.write(`test kit: ${text}\n`),
  });
  return clients;
}

export async function sipClientCommand(program: 'baresip' | 'sipp'): Promise<readonly [string, ...string[]]> {
  return rootedCommand(await sipClients(), `usr/bin/${program}`);
}

const clientsRunning = new Set<ChildProcess>();
process.once('exit', () => clientsRunning.forEach((running) => running.kill('SIGKILL')));

/** A client that a failed test leaves must not outlive the tests. */
export function endWithTests(client: ChildProcess): void {
  clientsRunning.add(client);
  client.once('exit', () => clientsRunning.delete(client));
}
