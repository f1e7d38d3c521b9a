import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeNetstrings, encodeNetstring } from './netstring.ts';
import { freePort, phonePorts } from './ports.ts';
import { endWithTests, sipClientCommand, sipClients } from './tools.ts';
import { toneWav } from './tones.ts';
import { until } from './wait.ts';

export interface PhoneOptions {
  readonly host: string;
  readonly port: number;
  readonly number: string;
  readonly password: string;
  readonly transport?: 'udp' | 'tcp';
  /** Answers by itself. */
  readonly autoAnswer?: boolean;
  /** The tone that this phone sends, Hz; silence without one. */
  readonly toneHz?: number;
  /** Ends a call by itself when no sound comes for this long; 0, or nothing, is never. */
  readonly rtpTimeoutSeconds?: number;
  /** Registers; a test of a wrong password does not wait for success. */
  readonly awaitRegistration?: boolean;
}

/** Of every sound of the kit's phones, samples a second. */
export const SAMPLE_RATE = 8_000;
/** baresip takes commands within a fraction of this, or never. */
const START_MS = 4_000;

export interface RunningClient {
  readonly folder: string;
  readonly child: ChildProcess;
  readonly control: Socket;
}

/**
 * Starts baresip and waits until it takes commands. A port can be taken between looking and binding, by a client that chooses one for
 * itself; then baresip never comes up, and is started again on other ports, three times at the most.
 */
export async function startClient(options: PhoneOptions): Promise<RunningClient> {
  for (let attempt = 1; ; attempt += 1) {
    const folder = await mkdtemp(join(tmpdir(), `sasayaki-phone-${options.number}-`));
    const { root } = await sipClients();
    const controlPort = await freePort();
    const sipPort = await freePort();
    const rtpPorts = await phonePorts();
    await writeFile(join(folder, 'tone.wav'), toneFile(options.toneHz ?? 0));
    await writeFile(
      join(folder, 'config'),
      config(root, folder, { controlPort, sipPort, rtpPorts, ...options }),
    );
    // The account is added once the control connection stands, so that no event of it is missed.
    await writeFile(join(folder, 'accounts'), '');
    await writeFile(join(folder, 'contacts'), '');
    const [program, ...args] = await sipClientCommand('baresip');
    const child = spawn(program, [...args, '-f', folder], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    endWithTests(child);
    try {
      const what = `baresip of ${options.number} to take commands`;
      const control = await until(what, START_MS, async () => answering(controlPort));
      return { folder, child, control };
    } catch (error) {
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
      if (attempt === 3) throw error;
    }
  }
}

const toneFiles = new Map<number, Buffer>();

/** Long enough for any call of a test; made once for each frequency. */
export function toneFile(frequency: number): Buffer {
  const file = toneFiles.get(frequency) ?? toneWav(frequency, 120, SAMPLE_RATE);
  toneFiles.set(frequency, file);
  return file;
}

/**
 * A connection that baresip answers on. While it starts it may take one and drop it at once, so that one is only good after its first answer.
 */
async function answering(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let received: Buffer = Buffer.alloc(0);
    function data(chunk: Buffer): void {
      received = Buffer.concat([received, chunk]);
      if (decodeNetstrings(received).texts.length === 0) return;
      socket.off('data', data);
      resolve(socket);
    }
    socket.on('data', data);
    socket.once('error', () => resolve(undefined));
    socket.once('close', () => resolve(undefined));
    socket.write(encodeNetstring(JSON.stringify({ command: 'reginfo' })));
  });
}

/** What `uanew` takes. */
export function account({
  number,
  host,
  port,
  password,
  transport = 'udp',
  autoAnswer = false,
}: PhoneOptions): string {
  const mode = autoAnswer ? 'auto' : 'manual';
  const codecs = 'audio_codecs=pcmu/8000/1';
  return `<sip:${number}@${host}:${port};transport=${transport}>;auth_user=${number};auth_pass=${password};answermode=${mode};${codecs};regint=600;dtmfmode=rtpevent`;
}

function config(
  root: string,
  folder: string,
  {
    controlPort,
    sipPort,
    rtpPorts,
    rtpTimeoutSeconds = 0,
  }: {
    readonly controlPort: number;
    readonly sipPort: number;
    readonly rtpPorts: readonly [number, number];
  } & Pick<PhoneOptions, 'rtpTimeoutSeconds'>,
): string {
  const modules = ['account', 'g711', 'aufile', 'menu', 'ctrl_tcp'];
  return `module_path ${join(root, 'usr/lib/baresip/modules')}
sip_listen 127.0.0.1:${sipPort}
net_interface 127.0.0.1
ctrl_tcp_listen 127.0.0.1:${controlPort}
audio_player aufile,${join(folder, 'heard.wav')}
audio_source aufile,${join(folder, 'tone.wav')}
audio_alert aufile,${join(folder, 'alert.wav')}
ausrc_srate ${SAMPLE_RATE}
auplay_srate ${SAMPLE_RATE}
ausrc_channels 1
auplay_channels 1
audio_buffer 20-160
rtp_ports ${rtpPorts.join('-')}
call_max_calls 4
call_local_timeout 120
rtp_timeout ${rtpTimeoutSeconds}
${modules.map((name) => `module ${name}.so\n`).join('')}`;
}
