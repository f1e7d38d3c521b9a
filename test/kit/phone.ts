import type { ChildProcess } from 'node:child_process';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { account, SAMPLE_RATE, startClient, toneFile, type PhoneOptions } from './baresip.ts';
import { decodeNetstrings, encodeNetstring } from './netstring.ts';
import { levelOf, strongest, totalLevel, wavLength, wavSamples } from './tones.ts';
import { until } from './wait.ts';

export type { PhoneOptions };

export interface PhoneEvent {
  readonly type: string;
  readonly param?: string;
  readonly peeruri?: string;
  /** The call that it is about. */
  readonly id?: string;
}

const DEADLINE_MS = 20_000;
/** From key to key. baresip makes a press 180 ms and a pause 60 ms long. */
const KEY_MS = 245;

/** A real SIP phone: baresip, without a sound card. It sends a tone from a file and writes what it hears to another. */
export class Phone {
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #control: Socket;
  readonly #options: PhoneOptions;
  readonly #events: PhoneEvent[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #answers = new Map<string, (ok: boolean) => void>();
  /** Calls that nobody asks about any more. */
  readonly #past = new Set<string>();
  #buffer: Buffer = Buffer.alloc(0);
  #seen = 0;
  #tones = 0;
  #token = 0;

  private constructor(folder: string, child: ChildProcess, control: Socket, options: PhoneOptions) {
    this.#folder = folder;
    this.#process = child;
    this.#control = control;
    this.#options = options;
    control.on('data', (chunk: Buffer) => this.#received(chunk));
    control.on('error', () => undefined);
  }

  /** Starts a phone and registers it. */
  static async register(options: PhoneOptions): Promise<Phone> {
    const { folder, child, control } = await startClient(options);
    const phone = new Phone(folder, child, control, options);
    await phone.#command('uanew', account(options));
    if (options.awaitRegistration !== false) await phone.event('REGISTER_OK');
    return phone;
  }

  get number(): string {
    return this.#options.number;
  }

  /** Waits for the next event of this type that was not waited for yet. */
  async event(type: string | readonly string[], deadlineMs = DEADLINE_MS): Promise<PhoneEvent> {
    const wanted = typeof type === 'string' ? [type] : type;
    const end = Date.now() + deadlineMs;
    for (;;) {
      while (this.#seen < this.#events.length) {
        const event = this.#events[this.#seen++];
        if (event === undefined || !wanted.includes(event.type)) continue;
        if (event.type !== 'CALL_INCOMING' && this.#past.has(event.id ?? '')) continue;
        if (event.type === 'CALL_ESTABLISHED') await this.#soundRuns();
        return event;
      }
      this.#requireAlive();
      const left = end - Date.now();
      if (left <= 0) {
        const had = this.#events.map((event) => event.type).join(', ');
        throw new Error(
          `Phone ${this.number}: no ${wanted.join(' or ')} within ${deadlineMs} ms; it had ${had}`,
        );
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, left);
        const waiting = this.#waiting;
        function done(): void {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        }
        waiting.add(done);
      });
    }
  }

  /**
   * Dials any string; `#` is escaped as SIP wants it. Done as soon as the phone has sent it. News of a call from before, as its end, which may be
   * told late, is not taken for news of this one.
   */
  async dial(text: string): Promise<void> {
    this.#leaveBehind();
    await this.#command('dial', this.#uri(text));
  }

  /** Dials and waits for the answer. */
  async call(text: string): Promise<void> {
    await this.dial(text);
    await this.event('CALL_ESTABLISHED');
  }

  async answer(): Promise<void> {
    await this.event('CALL_INCOMING');
    await this.#command('accept');
    await this.event('CALL_ESTABLISHED');
  }

  /** Accepts the call that rings, without waiting for anything. */
  async acceptNow(): Promise<void> {
    await this.#command('accept');
  }

  /** Done when the phone has taken it: baresip knows no call of its own until the other side has said anything to it. */
  async hangUp(): Promise<void> {
    await this.#soundRuns();
    await until(`phone ${this.number} to hang up`, DEADLINE_MS, async () => this.#taken('hangup'));
  }

  /** Hangs up whatever is up; nothing is fine too. Done when the phone has done it, so that it does not decline what comes next. */
  async hangUpAll(): Promise<void> {
    if (this.#hasEnded) return;
    await this.#soundRuns();
    await this.#taken('hangupall');
  }

  /** What happened so far is of no interest any more. */
  forget(): void {
    this.#leaveBehind();
    this.#seen = this.#events.length;
  }

  async ended(deadlineMs = 20_000): Promise<PhoneEvent> {
    return this.event('CALL_CLOSED', deadlineMs);
  }

  async hold(): Promise<void> {
    await this.#renegotiate('hold');
  }

  async resume(): Promise<void> {
    await this.#renegotiate('resume');
  }

  /** Blind transfer of the call to a number. */
  async transfer(number: string): Promise<void> {
    await this.#command('transfer', this.#uri(number));
  }

  /** From now on this phone sends this tone, also in the middle of a call; 0 is silence. */
  async tone(frequency: number): Promise<void> {
    const path = join(this.#folder, `tone-${(this.#tones += 1)}.wav`);
    await writeFile(path, toneFile(frequency));
    await this.#command('ausrc', `aufile,${path}`);
  }

  /** Presses keys one after the other, as fast as a person does: 180 ms down, 60 ms apart. For exact times use `KeypadCall`. */
  async keys(keys: string): Promise<void> {
    for (const key of keys) {
      await this.#command('sndcode', key);
      await delay(KEY_MS);
    }
  }

  /** What was heard in the last `ms` of the call. */
  async heard(ms: number): Promise<Heard> {
    const file = await readFile(join(this.#folder, 'heard.wav')).catch(() => Buffer.alloc(0));
    const samples = wavSamples(file);
    return new Heard(samples.subarray(Math.max(0, samples.length - Math.round((ms * SAMPLE_RATE) / 1_000))));
  }

  /** Listens for `ms` of new sound from now on: of the call that is up, or of one that is being answered just now. */
  async listen(ms: number): Promise<Heard> {
    const path = join(this.#folder, 'heard.wav');
    const length = async (): Promise<number> => wavLength(await stat(path).catch(() => ({ size: 0 })));
    let from = await length();
    const wanted = Math.round((ms * SAMPLE_RATE) / 1_000);
    await until(`${ms} ms of sound at phone ${this.number}`, ms + DEADLINE_MS, async () => {
      this.#requireAlive();
      const now = await length();
      // What was there is of the call before: the one that begins writes the file anew.
      if (now < from) from = 0;
      return now - from >= wanted;
    });
    const samples = wavSamples(await readFile(path));
    return new Heard(samples.subarray(from, from + wanted));
  }

  /** The phone loses its power: nobody is told. */
  async vanish(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.#process.once('exit', () => resolve()));
    this.#process.kill('SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.#process.once('exit', () => resolve()));
    if (!this.#hasEnded) {
      this.#control.write(encodeNetstring(JSON.stringify({ command: 'quit' })));
      const grace = setTimeout(() => this.#process.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(grace);
    }
    this.#control.destroy();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /**
   * baresip forgets a player whose thread has not begun yet when the call ends, and crashes once it begins (its issue 1727). So no call is over
   * before each thread has run and slept once; on a busy machine that takes a moment.
   */
  async #soundRuns(): Promise<void> {
    const tasks = `/proc/${this.#process.pid}/task`;
    await until(`the sound of phone ${this.number} to run`, DEADLINE_MS, async () => {
      const ids = await readdir(tasks).catch(() => []);
      const states = await Promise.all(
        ids.map(async (id) => readFile(join(tasks, id, 'status'), 'utf8').catch(() => '')),
      );
      return !states.some((state) => /^voluntary_ctxt_switches:\t0$/m.test(state));
    });
  }

  #leaveBehind(): void {
    for (const { id } of this.#events) if (id !== undefined) this.#past.add(id);
  }

  get #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** A client that crashed is told as that, not as silence. */
  #requireAlive(): void {
    const { exitCode, signalCode } = this.#process;
    if (!this.#hasEnded) return;
    throw new Error(`Phone ${this.number}: baresip has ended (${signalCode ?? exitCode}).`);
  }

  /** Done when the other side has agreed: baresip may call a resumption that worked invalid, or give no answer to the command. */
  async #renegotiate(command: 'hold' | 'resume'): Promise<void> {
    const from = this.#events.length;
    this.#control.write(encodeNetstring(JSON.stringify({ command })));
    await until(`the other side's answer to ${command} of phone ${this.number}`, DEADLINE_MS, () =>
      this.#events.slice(from).some(({ type }) => type === 'CALL_REMOTE_SDP'),
    );
  }

  #uri(text: string): string {
    return `sip:${text.replaceAll('#', '%23')}@${this.#options.host}:${this.#options.port}`;
  }

  async #command(command: string, params = ''): Promise<void> {
    if (!(await this.#taken(command, params)))
      throw new Error(`Phone ${this.number}: baresip refused "${command}".`);
  }

  async #taken(command: string, params = ''): Promise<boolean> {
    const token = String((this.#token += 1));
    const answered = new Promise<boolean>((resolve) => this.#answers.set(token, resolve));
    this.#control.write(encodeNetstring(JSON.stringify({ command, params, token })));
    return (await Promise.race([answered, delay(DEADLINE_MS, undefined, { ref: false })])) === true;
  }

  #received(chunk: Buffer): void {
    const { texts, rest } = decodeNetstrings(Buffer.concat([this.#buffer, chunk]));
    this.#buffer = rest;
    for (const text of texts) {
      const message = JSON.parse(text) as {
        readonly event?: boolean;
        readonly response?: boolean;
        readonly ok?: boolean;
        readonly token?: string;
      } & PhoneEvent;
      if (message.response === true) this.#answers.get(message.token ?? '')?.(message.ok === true);
      if (message.event === true) this.#events.push(message);
    }
    for (const wake of [...this.#waiting]) wake();
  }
}

/** A stretch of sound that a phone received. Levels in dBFS; a tone of the kit is sent at -12. */
export class Heard {
  readonly #samples: Float64Array;

  constructor(samples: Float64Array) {
    this.#samples = samples;
  }

  /** In [-1, 1], 8000 a second. */
  get samples(): Float64Array {
    return this.#samples;
  }

  get seconds(): number {
    return this.#samples.length / SAMPLE_RATE;
  }

  level(frequency: number): number {
    return levelOf(this.#samples, frequency, SAMPLE_RATE);
  }

  get total(): number {
    return totalLevel(this.#samples);
  }

  /** The loudest of these frequencies. */
  dominant(frequencies: readonly number[]): number | undefined {
    return strongest(this.#samples, frequencies, SAMPLE_RATE);
  }
}
