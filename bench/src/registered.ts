import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/kit/ports.ts';
import type { System } from '../../test/kit/system.ts';
import { sipClientCommand } from '../../test/kit/tools.ts';

/** The SIP password of every phone of a bench. */
export const PASSWORD = 'bench-sip-password-0123456789';

/**
 * Registers all phones, each with a contact of its own at one SIPp, which then answers for them.
 * @returns how to end them
 */
export async function registerAll(system: System, numbers: readonly string[]): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'sasayaki-bench-'));
  const scenario = `<?xml version="1.0" encoding="UTF-8"?>
<scenario name="register">
  <send retrans="500"><![CDATA[
REGISTER sip:[remote_ip] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[remote_ip]>;tag=[call_number]
To: <sip:[field0]@[remote_ip]>
Call-ID: [call_id]
CSeq: 1 REGISTER
Contact: <sip:[field0]@[local_ip]:[local_port]>
Expires: 600
Max-Forwards: 70
Content-Length: 0

]]></send>
  <recv response="401" auth="true"/>
  <send retrans="500"><![CDATA[
REGISTER sip:[remote_ip] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[remote_ip]>;tag=[call_number]
To: <sip:[field0]@[remote_ip]>
Call-ID: [call_id]
CSeq: 2 REGISTER
Contact: <sip:[field0]@[local_ip]:[local_port]>
[field1]
Expires: 600
Max-Forwards: 70
Content-Length: 0

]]></send>
  <recv response="200"/>
</scenario>
`;
  const rows = numbers.map((number) => `${number};[authentication username=${number} password=${PASSWORD}]`);
  await writeFile(join(folder, 'register.xml'), scenario);
  await writeFile(join(folder, 'phones.csv'), `SEQUENTIAL\n${rows.join('\n')}\n`);
  await writeFile(join(folder, 'options.xml'), OPTIONS_SCENARIO);
  const [program, ...args] = await sipClientCommand('sipp');
  const common = ['-i', '127.0.0.1', '-p', String(await freePort()), '-nostdin'];
  const options = [
    '-sf',
    'register.xml',
    '-inf',
    'phones.csv',
    '-m',
    String(numbers.length),
    '-r',
    '200',
    '-timeout',
    '60s',
  ];
  const target = `127.0.0.1:${system.sipPort}`;
  const child = spawn(program, [...args, ...options, ...common, target], { cwd: folder, stdio: 'ignore' });
  const code = await new Promise<number>((resolve) => child.once('exit', (exit) => resolve(exit ?? 1)));
  if (code !== 0) throw new Error(`SIPp ended with ${code}: not every phone was registered.`);
  // From now on the phones answer when Asterisk asks whether they are still there.
  const phones = spawn(program, [...args, '-sf', 'options.xml', ...common], { cwd: folder, stdio: 'ignore' });
  return async () => {
    const gone = new Promise<void>((resolve) => phones.once('exit', () => resolve()));
    phones.kill('SIGKILL');
    await gone;
    await rm(folder, { recursive: true, force: true });
  };
}

const OPTIONS_SCENARIO = `<?xml version="1.0" encoding="UTF-8"?>
<scenario name="options">
  <recv request="OPTIONS"/>
  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:];tag=[call_number]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
</scenario>
`;
