import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAsterisk, readSettings, recordOf, waitForAsterisk, writeAsteriskConfig } from '@sasayaki/engine';
import { BrowserPhones, type BrowserPhone, type BrowserPhoneOptions } from './browser-phone.ts';
import { ENDPOINT_TEMPLATE, phoneEndpoint } from './endpoints.ts';
import { Phone, type PhoneOptions } from './phone.ts';
import { freePort, portRange } from './ports.ts';
import { endWithTests, partsDir } from './tools.ts';
import { toneWav } from './tones.ts';
import { until } from './wait.ts';

/** The SIP password of every phone of a bare Asterisk. */
const PASSWORD = 'bare-phone-password';
/** What a party on hold hears, Hz. */
export const HOLD_TONE = 440;

/** `600` gives back what it hears, `601` takes keys while silence plays, a phone's number calls the phone. */
const dialplan = (silence: string): string => `[default]
exten => 600,1,Answer()
 same => n,Echo()
exten => 601,1,Answer()
 same => n,Playback(${silence})
exten => _X!,1,Dial(PJSIP/\${EXTEN:0:4},20)
`;

/** A key as Asterisk noticed it. Times in ms; `pressMs` is what the telephone events say. */
export interface NoticedKey {
  readonly key: string;
  readonly endedAt: number;
  readonly pressMs: number;
}

/** An Asterisk with phones 1000 to 1039, browser phones 1100 to 1109, and nothing of us: it proves the kit itself, and notes every key that it notices. */
export class BareAsterisk {
  readonly port: number;
  readonly #home: string;
  readonly #child: ChildProcess;
  readonly #phones = new Set<Phone>();
  readonly #browserPhones = new BrowserPhones();
  readonly #httpPort: number;

  private constructor(home: string, port: number, httpPort: number, child: ChildProcess) {
    this.#home = home;
    this.port = port;
    this.#httpPort = httpPort;
    this.#child = child;
  }

  static async start(): Promise<BareAsterisk> {
    const { asterisk } = readSettings(process.env, process.getuid?.() === 0);
    const say = (text: string): void => void process.stderr.write(`test kit: ${text}\n`);
    const program = await findAsterisk(asterisk, process.env['PATH'] ?? '', partsDir(), say);
    const home = await mkdtemp(join(tmpdir(), 'sasayaki-bare-'));
    const [port, ariPort] = [await freePort(), await freePort()];
    const access = { port: ariPort, user: 'kit', password: 'kit' };
    await writeAsteriskConfig({
      home,
      logDir: join(home, 'log'),
      moduleDir: program.moduleDir,
      shareDir: program.shareDir,
      bind: '127.0.0.1',
      sipPort: port,
      rtpPorts: await portRange(400),
      ariPort,
      ariUser: access.user,
      ariPassword: access.password,
      node: 'bare',
      unavailable: join(home, 'nothing'),
      musicDir: join(home, 'var/moh'),
    });
    const etc = join(home, 'etc');
    const modules = await readFile(join(etc, 'modules.conf'), 'utf8');
    await writeFile(join(etc, 'modules.conf'), `${modules}load = app_dial.so\nload = app_echo.so\n`);
    const silence = join(home, 'silence');
    await writeFile(`${silence}.wav`, toneWav(0, 60, 8_000));
    await writeFile(join(etc, 'extensions.conf'), dialplan(silence));
    // The keys of these tests are no secrets; the product never writes this log.
    const logger =
      '[general]\ndateformat = %s.%3q\n[logfiles]\nmessages => notice,warning,error\nkeys => dtmf\n';
    await writeFile(join(etc, 'logger.conf'), logger);
    await writeFile(join(etc, 'pjsip.d/phones.conf'), phones());
    await writeFile(join(home, 'var/moh/hold.wav'), toneWav(HOLD_TONE, 20, 8_000));
    const log = join(home, 'log/stdout');
    const out = await open(log, 'a');
    const [command, ...args] = program.command;
    const child = spawn(command, [...args, '-C', join(etc, 'asterisk.conf'), '-f'], {
      stdio: ['ignore', out.fd, out.fd],
    });
    endWithTests(child);
    await out.close();
    const record = recordOf(child.pid ?? 0);
    if (record === undefined) throw new Error('Asterisk ended at once.');
    await waitForAsterisk(record, access, log, 20_000);
    return new BareAsterisk(home, port, ariPort, child);
  }

  async phone(number: string, options: Partial<PhoneOptions> = {}): Promise<Phone> {
    const phone = await Phone.register({ ...this.account(number), ...options });
    this.#phones.add(phone);
    return phone;
  }

  /** Registers a phone in a browser. */
  async browserPhone(number: string, options: Partial<BrowserPhoneOptions> = {}): Promise<BrowserPhone> {
    const url = `ws://127.0.0.1:${this.#httpPort}/ws`;
    return this.#browserPhones.register({ url, number, password: PASSWORD, ...options });
  }

  account(number: string): Pick<PhoneOptions, 'host' | 'port' | 'number' | 'password'> {
    return { host: '127.0.0.1', port: this.port, number, password: PASSWORD };
  }

  /** The keys that Asterisk took from the calls of a phone, in order; waits until there are so many. */
  async keysOf(number: string, count: number): Promise<readonly NoticedKey[]> {
    return until(`${count} keys of ${number}`, 30_000, async () => {
      const keys = noticedKeys(await readFile(join(this.#home, 'log/keys'), 'utf8').catch(() => ''), number);
      return keys.length >= count && keys;
    });
  }

  async closePhones(): Promise<void> {
    await Promise.all([...this.#phones].map(async (phone) => phone.close()));
    this.#phones.clear();
    await this.#browserPhones.closePhones();
  }

  async close(): Promise<void> {
    await this.closePhones();
    await this.#browserPhones.close();
    const gone = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    if (this.#child.exitCode === null) {
      this.#child.kill('SIGKILL');
      await gone;
    }
    await rm(this.#home, { recursive: true, force: true });
  }
}

function noticedKeys(log: string, number: string): readonly NoticedKey[] {
  const line = new RegExp(
    `^\\[([0-9.]+)\\].* DTMF end '(.)' received on PJSIP/${number}-\\S+, duration ([0-9]+) ms$`,
    'gm',
  );
  return [...log.matchAll(line)].map(([, time, key = '', duration]) => ({
    key,
    endedAt: Number(time) * 1_000,
    pressMs: Number(duration),
  }));
}

function phones(): string {
  const browser = '[browser](!,phone)\nwebrtc = yes\n';
  const phone = (number: number, template?: string): string =>
    phoneEndpoint({ number: String(number), password: PASSWORD }, template === undefined ? {} : { template });
  const desks = Array.from({ length: 40 }, (_, index) => phone(1_000 + index));
  const browsers = Array.from({ length: 10 }, (_, index) => phone(1_100 + index, 'browser'));
  return [ENDPOINT_TEMPLATE, browser, ...desks, ...browsers].join('');
}
