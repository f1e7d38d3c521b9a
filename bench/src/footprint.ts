import { readFile, writeFile, mkdtemp, rm } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../test/kit/ports.ts';
import { System, type Part } from '../../test/kit/system.ts';
import { sipClientCommand } from '../../test/kit/tools.ts';

const PARTS: readonly Part[] = ['postgres', 'asterisk', 'server'];
const IDLE_MS = 20_000;
const PHONES = 1_000;
const PASSWORD = 'bench-sip-password-0123456789';

export interface Usage {
  /** Proportional set size: shared pages of PostgreSQL's processes are counted once, bytes. */
  readonly memory: number;
  /** Processor time so far, s. */
  readonly seconds: number;
}

/** Of a process and its children. */
export async function usage(pid: number): Promise<Usage> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'))
    .trim()
    .split(' ')
    .filter(Boolean);
  let [memory, ticks] = [0, 0];
  for (const id of [String(pid), ...children]) {
    const rollup = await readFile(`/proc/${id}/smaps_rollup`, 'utf8');
    memory += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1_024;
    const stat = await readFile(`/proc/${id}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Also what its ended children used: PostgreSQL's connections come and go.
    for (const field of fields.slice(11, 15)) ticks += Number(field);
  }
  return { memory, seconds: ticks / 100 };
}

async function measure(system: System, label: string, ms: number): Promise<void> {
  const pids = await Promise.all(PARTS.map(async (part) => (await system.part(part))?.pid ?? 0));
  const before = await Promise.all(pids.map(usage));
  await delay(ms);
  const after = await Promise.all(pids.map(usage));
  let [memory, share] = [0, 0];
  for (const [index, part] of PARTS.entries()) {
    const used = after[index]?.memory ?? 0;
    const percent = (((after[index]?.seconds ?? 0) - (before[index]?.seconds ?? 0)) / (ms / 1_000)) * 100;
    memory += used;
    share += percent;
    print(label, part, used, percent);
  }
  print(label, 'together', memory, share);
}

function print(label: string, part: string, bytes: number, percent: number): void {
  process.stdout.write(
    `${label.padEnd(22)} ${part.padEnd(9)} ${(bytes / 1e6).toFixed(0).padStart(5)} MB  ${percent.toFixed(1).padStart(5)} % of a core\n`,
  );
}

/**
 * Registers all phones, each with a contact of its own at one SIPp, which then answers for them.
 * @returns how to end them
 */
async function registerAll(system: System): Promise<() => Promise<void>> {
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
  const numbers = Array.from({ length: PHONES }, (_value, index) => 1_000 + index);
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
    String(PHONES),
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

/** What the three parts need, idle and with a thousand phones; and how soon they are ready. */
export async function footprint(): Promise<void> {
  const started = performance.now();
  const system = await System.start({ applySite: false });
  process.stdout.write(`first start on new data  ${((performance.now() - started) / 1_000).toFixed(1)} s\n`);
  try {
    await system.stop();
    const again = performance.now();
    await system.launch();
    process.stdout.write(`later start              ${((performance.now() - again) / 1_000).toFixed(1)} s\n`);
    const ready = system.output.match(/Asterisk is ready after .*/g)?.at(-1) ?? 'Asterisk ran already';
    process.stdout.write(`in this, ${ready}\n`);
    await delay(3_000);
    await measure(system, 'idle', IDLE_MS);
    const phones = Array.from({ length: PHONES }, (_value, index) => {
      return `  - { number: "${1_000 + index}", name: p${index}, kind: desk, sipPassword: ${PASSWORD} }`;
    });
    await system.apply(`site: 1\nphones:\n${phones.join('\n')}\n`);
    const end = await registerAll(system);
    // Every phone is asked once before the measure begins.
    await delay(16_000);
    await measure(system, '1,000 phones', IDLE_MS);
    await end();
  } finally {
    await system.close();
  }
}
