import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { Heard } from './phone.ts';
import { freePort } from './ports.ts';
import { keyPackets, muLawToSamples, RtpWriter, type KeySequence, type KeyTiming } from './rtp.ts';
import { endWithTests, sipClientCommand } from './tools.ts';
import { until } from './wait.ts';

export interface KeypadOptions {
  readonly host: string;
  readonly port: number;
  readonly number: string;
  readonly password: string;
  /** The string to dial. */
  readonly dial: string;
}

const DEADLINE_MS = 20_000;
const PACKET_MS = 20;

/**
 * A call whose keys have exact times. The call is sipp's; its sound and its keys are sent from here, because sipp's own way to send telephone
 * events needs root.
 */
export class KeypadCall {
  readonly #folder: string;
  readonly #media: Socket;
  readonly #sipp: ChildProcess;
  readonly #control: number;
  readonly #heard: Float64Array[] = [];
  readonly #pressed: { readonly sequence: KeySequence; readonly done: () => void }[] = [];
  #sending = Promise.resolve();
  #latestMs = 0;
  #open = true;

  private constructor(folder: string, media: Socket, sipp: ChildProcess, control: number) {
    this.#folder = folder;
    this.#media = media;
    this.#sipp = sipp;
    this.#control = control;
    media.on('message', (packet: Buffer) => this.#received(packet));
    sipp.once('exit', () => (this.#open = false));
  }

  /** Dials and waits for the answer. */
  static async dial(options: KeypadOptions): Promise<KeypadCall> {
    const folder = await mkdtemp(join(tmpdir(), `sasayaki-keypad-${options.number}-`));
    const [mediaPort, sipPort, control] = [await freePort(), await freePort(), await freePort()];
    const media = createSocket('udp4');
    await new Promise<void>((resolve) => media.bind(mediaPort, '127.0.0.1', resolve));
    // The password is in the scenario, never among the arguments.
    await writeFile(join(folder, 'call.xml'), scenario(options, mediaPort), { mode: 0o600 });
    const [program, ...args] = await sipClientCommand('sipp');
    const said = await open(join(folder, 'said'), 'a');
    const sipp = spawn(
      program,
      [
        ...args,
        ...['-sf', 'call.xml', '-m', '1', '-l', '1', '-i', '127.0.0.1', '-p', String(sipPort)],
        ...['-cp', String(control), '-nostdin', '-trace_logs', '-log_file', 'log'],
        `${options.host}:${options.port}`,
      ],
      { cwd: folder, stdio: ['ignore', said.fd, said.fd] },
    );
    endWithTests(sipp);
    await said.close();
    const call = new KeypadCall(folder, media, sipp, control);
    const answered = await until(`an answer to ${options.number}'s call`, DEADLINE_MS, async () => {
      if (!call.#open) throw new Error(`sipp ended: ${await readFile(join(folder, 'said'), 'utf8')}`);
      const log = await readFile(join(folder, 'log'), 'utf8').catch(() => '');
      return /^media ([0-9]+)$/m.exec(log) ?? undefined;
    }).catch(async (error: unknown) => {
      await call.close();
      throw error;
    });
    call.#sending = call.#send({ address: options.host, port: Number(answered[1]) });
    return call;
  }

  /** Presses keys with exact times; done when the last one is released. */
  async keys(keys: string, timing: KeyTiming): Promise<void> {
    if (!this.#open) throw new Error('The call has ended: no key can be pressed.');
    await new Promise<void>((done) => this.#pressed.push({ sequence: keyPackets(keys, timing), done }));
  }

  /** How late the latest packet left, ms: whether this machine kept the times. */
  get latestMs(): number {
    return this.#latestMs;
  }

  /** Everything that was heard so far. */
  heard(): Heard {
    return new Heard(Float64Array.from(this.#heard.flatMap((samples) => [...samples])));
  }

  /** Waits until the other side has hung up. */
  async ended(deadlineMs = 20_000): Promise<void> {
    await until('the end of the keypad call', deadlineMs, () => !this.#open);
  }

  /** Hangs up, if the call still is, and forgets it. */
  async close(): Promise<void> {
    if (this.#open) {
      const gone = new Promise<void>((resolve) => this.#sipp.once('exit', () => resolve()));
      // sipp says BYE for its calls when it is told to quit.
      this.#media.send('Q', this.#control, '127.0.0.1');
      const grace = setTimeout(() => this.#sipp.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(grace);
    }
    await this.#sending;
    this.#media.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Silence every 20 ms as a phone sends it, keys in between. */
  async #send(to: Pick<RemoteInfo, 'address' | 'port'>): Promise<void> {
    const rtp = new RtpWriter();
    let clock = performance.now();
    while (this.#open) {
      const pressed = this.#pressed.shift();
      const { packets, lengthMs } = pressed?.sequence ?? { packets: [{ at: 0 }], lengthMs: PACKET_MS };
      for (const packet of packets) {
        await this.#reach(clock + packet.at);
        this.#media.send(rtp.write(packet, clock), to.port, to.address);
      }
      clock += lengthMs;
      pressed?.done();
    }
  }

  /** A timer is up to some ms late, so the last of them are waited for without one. */
  async #reach(at: number): Promise<void> {
    const left = at - performance.now();
    if (left > 3) await delay(left - 3);
    while (performance.now() < at) await turn();
    this.#latestMs = Math.max(this.#latestMs, performance.now() - at);
  }

  #received(packet: Buffer): void {
    const isMuLaw = ((packet[1] ?? 0) & 0x7f) === 0;
    if (packet.length > 12 && isMuLaw) this.#heard.push(muLawToSamples(packet.subarray(12)));
  }
}

function scenario({ host, port, number, password, dial }: KeypadOptions, mediaPort: number): string {
  const uri = `sip:${dial.replaceAll('#', '%23')}@${host}:${port}`;
  const invite = (sequence: number, extra: string): string => `<send retrans="500"><![CDATA[
INVITE ${uri} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:${number}@${host}:${port}>;tag=[pid]k[call_number]
To: <${uri}>
Call-ID: [call_id]
CSeq: ${sequence} INVITE
Contact: <sip:${number}@[local_ip]:[local_port]>
Max-Forwards: 70
${extra}Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio ${mediaPort} RTP/AVP 0 101
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-16
a=ptime:20
a=sendrecv
]]></send>`;
  const ack = (sequence: number): string => `<send><![CDATA[
ACK ${uri} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:${number}@${host}:${port}>;tag=[pid]k[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: ${sequence} ACK
Max-Forwards: 70
Content-Length: 0

]]></send>`;
  return `<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="keypad">
${invite(1, '')}
<recv response="100" optional="true"/>
<recv response="401" auth="true"/>
${ack(1)}
${invite(2, `[authentication username=${number} password=${password}]\n`)}
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="200" rrs="true"><action>
  <ereg regexp="m=audio ([0-9]+)" search_in="body" check_it="true" assign_to="whole,mediaport"/>
  <log message="media [$mediaport]"/>
</action></recv>
${ack(2)}
<recv request="BYE"/>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
<Reference variables="whole"/>
</scenario>
`;
}
