import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { authorization } from './digest.ts';
import { keyPackets, muLawToSamples, RtpWriter, type KeyTiming } from './rtp.ts';
import { parseSip, type SipMessage } from './sip.ts';

/** A phone's account at Asterisk, and what it dials. */
export interface CallerOptions {
  readonly number: string;
  readonly password: string;
  /** The string to dial. */
  readonly dial: string;
  /** Keeps what is heard, for {@link Caller.heard}. */
  readonly listens?: boolean;
  /** Told of each packet of sound (G.711 µ-law) when it comes. */
  readonly onSound?: (payload: Buffer) => void;
  /** Offers session timers (RFC 4028) of this length, s, and asks by them whether the other side still has the call. */
  readonly sessionSeconds?: number;
}

/** Requests that get no answer are sent again after this, ms. */
const REPEAT_MS = 500;
const DEADLINE_MS = 20_000;
const PACKET_MS = 20;

/**
 * Many callers on one SIP socket in this process: lean enough to load an Asterisk from the same machine, and exact about when the first
 * sound came. They do not register; INVITE with digest authentication, RTP of their own, BYE from either side.
 */
export class Switchboard {
  readonly #socket: Socket;
  readonly #calls = new Map<string, Caller>();
  readonly #to: { readonly host: string; readonly port: number };

  private constructor(socket: Socket, to: { readonly host: string; readonly port: number }) {
    this.#socket = socket;
    this.#to = to;
    socket.on('message', (packet: Buffer) => {
      const message = parseSip(packet.toString('utf8'));
      if (message !== undefined) this.#calls.get(message.header('call-id'))?.received(message);
    });
  }

  static async open(port: number, host = '127.0.0.1'): Promise<Switchboard> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4_000_000 });
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return new Switchboard(socket, { host, port });
  }

  /** Dials. The call is under way when this settles, not answered. */
  async dial(options: CallerOptions): Promise<Caller> {
    const media = createSocket('udp4');
    await new Promise<void>((resolve) => media.bind(0, '127.0.0.1', resolve));
    const id = randomBytes(8).toString('hex');
    const { port } = this.#socket.address();
    const caller = new Caller(id, media, { ...options, ...this.#to, localPort: port }, (text) =>
      this.#socket.send(text, this.#to.port, this.#to.host),
    );
    this.#calls.set(id, caller);
    void caller.ended.then(() => this.#calls.delete(id));
    caller.invite();
    return caller;
  }

  /** Hangs up what is still up. */
  async close(): Promise<void> {
    await Promise.all([...this.#calls.values()].map(async (call) => call.hangUp()));
    this.#socket.close();
  }
}

interface CallerSettings extends CallerOptions {
  readonly host: string;
  readonly port: number;
  readonly localPort: number;
}

/** One call of a {@link Switchboard}. */
export class Caller {
  /** When the first INVITE was sent, as `performance.now()` gives it. */
  sentAt = 0;
  /** When the first packet of sound came. */
  firstSoundAt: number | undefined;
  /** Settles when the other side answers; rejects with the code of a refusal. */
  readonly answered: Promise<void>;
  /** The session timer that the other side agreed to, s. */
  sessionSeconds: number | undefined;
  /** Settles when the call is over, whoever ended it, with the status of a refusal. */
  readonly ended: Promise<number | undefined>;
  readonly #id: string;
  readonly #media: Socket;
  readonly #settings: CallerSettings;
  readonly #send: (text: string) => void;
  readonly #packets: Buffer[] = [];
  /** How many packets of any kind came. */
  #came = 0;
  readonly #rtp = new RtpWriter();
  #answer!: (refusal?: number) => void;
  #end!: (refusal?: number) => void;
  #state: 'calling' | 'cancelled' | 'up' | 'ending' | 'over' = 'calling';
  #sequence = 1;
  #toTag = '';
  #mediaPort = 0;
  #repeating: NodeJS.Timeout | undefined;
  #giveUp: NodeJS.Timeout | undefined;
  #refreshing: NodeJS.Timeout | undefined;
  /** Whether credentials were sent for the question that is open. */
  #asked = false;

  constructor(id: string, media: Socket, settings: CallerSettings, send: (text: string) => void) {
    this.#id = id;
    this.#media = media;
    this.#settings = settings;
    this.#send = send;
    this.answered = new Promise((resolve, reject) => {
      this.#answer = (refusal) =>
        refusal === undefined ? resolve() : reject(new Error(`The call was refused with ${refusal}.`));
    });
    // Who only waits for the end need not look at the answer.
    this.answered.catch(() => undefined);
    this.ended = new Promise((resolve) => (this.#end = resolve));
    media.on('message', (packet: Buffer) => {
      this.#came += 1;
      this.firstSoundAt ??= performance.now();
      const isMuLaw = ((packet[1] ?? 0) & 0x7f) === 0;
      if (!isMuLaw) return;
      if (settings.listens === true) this.#packets.push(packet.subarray(12));
      settings.onSound?.(packet.subarray(12));
    });
  }

  /** What was heard so far: samples in [-1, 1], 8,000 a second. */
  heard(): Float64Array {
    return muLawToSamples(Buffer.concat(this.#packets));
  }

  invite(authorization = ''): void {
    const { number, localPort, sessionSeconds } = this.#settings;
    const { port } = this.#media.address();
    const offer = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\n`;
    const contact = `Contact: <sip:${number}@127.0.0.1:${localPort}>\r\n`;
    const timer =
      sessionSeconds === undefined
        ? ''
        : `Supported: timer\r\nSession-Expires: ${sessionSeconds};refresher=uac\r\n`;
    if (this.sentAt === 0) this.sentAt = performance.now();
    this.#request('INVITE', `${contact}${timer}${authorization}Content-Type: application/sdp\r\n`, offer);
  }

  /** Presses keys with these times; settles when the last is released. */
  async keys(keys: string, timing: KeyTiming): Promise<void> {
    const begun = performance.now();
    for (const packet of keyPackets(keys, timing).packets) {
      const at = begun + packet.at;
      if (at - performance.now() > 3) await delay(at - performance.now() - 3);
      while (performance.now() < at) await turn();
      if (this.#state !== 'up') return;
      this.#media.send(this.#rtp.write(packet, begun), this.#mediaPort, this.#settings.host);
    }
    await delay(Math.max(0, begun + keyPackets(keys, timing).lengthMs - performance.now()));
  }

  /** Some silence, as a phone sends it all the time. */
  async silence(ms: number): Promise<void> {
    const begun = performance.now();
    for (let at = 0; at < ms && this.#state === 'up'; at += PACKET_MS) {
      this.#media.send(this.#rtp.write({ at }, begun), this.#mediaPort, this.#settings.host);
      await delay(Math.max(0, begun + at + PACKET_MS - performance.now()));
    }
  }

  /** Hangs up: CANCEL before the answer, BYE after it. Settles when the other side has agreed. */
  async hangUp(): Promise<void> {
    if (this.#state === 'calling') {
      this.#state = 'cancelled';
      this.#request('CANCEL', '', '');
    }
    if (this.#state === 'up') this.#bye();
    await this.ended;
  }

  #bye(): void {
    this.#state = 'ending';
    this.#sequence += 1;
    this.#request('BYE', '', '');
  }

  received(message: SipMessage): void {
    if (message.method !== undefined) {
      this.#requested(message);
      return;
    }
    const method = message.header('cseq').split(' ')[1];
    const { status } = message;
    if (status < 200) {
      clearTimeout(this.#repeating);
      return;
    }
    if (method === 'INVITE') this.#invited(message);
    else if (method === 'BYE') this.#over();
  }

  #invited(message: SipMessage): void {
    const { status } = message;
    // On a busy machine the first question comes once more when it is answered already.
    if (status === 401 && Number.parseInt(message.header('cseq'), 10) < this.#sequence) return;
    this.#toTag = /;tag=([^;>\s]+)/.exec(message.header('to'))?.[1] ?? '';
    clearTimeout(this.#repeating);
    // The acknowledgement of a refusal is of the INVITE's transaction, that of an answer is not.
    const branch = status < 300 ? undefined : this.#branch('INVITE');
    this.#write('ACK', '', '', this.#toTag, branch);
    // An answer may cross the CANCEL.
    if (this.#state === 'cancelled') {
      if (status < 300) this.#bye();
      else this.#over(status);
    }
    if (this.#state === 'up') this.#refreshed(message);
    if (this.#state !== 'calling') return;
    if (status === 401 && this.#sequence === 1) {
      this.#sequence = 2;
      this.#toTag = '';
      this.invite(this.#authorization(message.headers('www-authenticate')));
    } else if (status >= 300) {
      this.#answer(status);
      this.#over(status);
    } else {
      clearTimeout(this.#giveUp);
      this.#mediaPort = Number(/^m=audio ([0-9]+)/m.exec(message.body)?.[1] ?? 0);
      this.#state = 'up';
      this.#keepAlive(message);
      this.#answer();
    }
  }

  /** Asks again at half of the agreed time, as RFC 4028 wants it. */
  #keepAlive(message: SipMessage): void {
    const agreed = Number(/^[0-9]+/.exec(message.header('session-expires'))?.[0] ?? 0);
    if (this.#settings.sessionSeconds === undefined || agreed === 0) return;
    this.sessionSeconds = agreed;
    this.#refreshing = setTimeout(() => {
      this.#sequence += 1;
      this.invite();
    }, agreed * 500);
  }

  /** The answer to a question whether the call is still there: with a refusal it is over. */
  #refreshed(message: SipMessage): void {
    clearTimeout(this.#giveUp);
    if (message.status === 401 && !this.#asked) {
      this.#asked = true;
      this.#sequence += 1;
      this.invite(this.#credentials(message));
      return;
    }
    this.#asked = false;
    if (message.status >= 300) this.#over(message.status);
    else this.#keepAlive(message);
  }

  #requested(message: SipMessage): void {
    const copied = ['via', 'from', 'to', 'call-id', 'cseq']
      .map((name) => `${name}: ${message.headers(name).join(', ')}\r\n`)
      .join('');
    this.#send(`SIP/2.0 200 OK\r\n${copied}Content-Length: 0\r\n\r\n`);
    if (message.method === 'BYE') this.#over();
  }

  #over(refusal?: number): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    clearTimeout(this.#refreshing);
    clearTimeout(this.#repeating);
    clearTimeout(this.#giveUp);
    void this.#drained().then(() => {
      this.#media.close();
      this.#end(refusal);
    });
  }

  /** What was said before the end may still lie in the socket, when this process was busy: each turn of its loop takes some of it. */
  async #drained(): Promise<void> {
    for (let before = -1; before !== this.#came;) {
      before = this.#came;
      await turn();
      await turn();
    }
  }

  /** Sends, and again until there is an answer; without one the call is over. */
  #request(method: 'INVITE' | 'BYE' | 'CANCEL', headers: string, body: string): void {
    const branch = this.#write(method, headers, body, this.#toTag);
    const repeat = (): void => {
      this.#write(method, headers, body, this.#toTag, branch);
      this.#repeating = setTimeout(repeat, REPEAT_MS);
    };
    clearTimeout(this.#repeating);
    this.#repeating = setTimeout(repeat, REPEAT_MS);
    clearTimeout(this.#giveUp);
    this.#giveUp = setTimeout(() => {
      this.#answer(408);
      this.#over(408);
    }, DEADLINE_MS);
  }

  /** @returns the branch, by which a repetition is known as one */
  #write(method: string, headers: string, body: string, toTag: string, branch?: string): string {
    const { number, host, port, localPort } = this.#settings;
    // A CANCEL is of the transaction that it cancels.
    const own = branch ?? this.#branch(method === 'CANCEL' ? 'INVITE' : method);
    const to = `<${this.#uri()}>${toTag === '' ? '' : `;tag=${toTag}`}`;
    this.#send(
      `${method} ${this.#uri()} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${localPort};rport;branch=${own}\r\n` +
        `From: <sip:${number}@${host}:${port}>;tag=${this.#id}\r\nTo: ${to}\r\nCall-ID: ${this.#id}\r\n` +
        `CSeq: ${this.#sequence} ${method}\r\nMax-Forwards: 70\r\n${headers}` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    return own;
  }

  #branch(method: string): string {
    return `z9hG4bK${this.#id}${this.#sequence}${method}`;
  }

  #credentials(message: SipMessage): string {
    const { number, password } = this.#settings;
    const digest = { number, password, method: 'INVITE', uri: this.#uri() };
    return authorization(message.headers('www-authenticate'), digest);
  }

  #uri(): string {
    const { dial, host, port } = this.#settings;
    return `sip:${dial.replaceAll('#', '%23')}@${host}:${port}`;
  }

  #authorization(challenges: readonly string[]): string {
    const { number, password } = this.#settings;
    return authorization(challenges, { number, password, method: 'INVITE', uri: this.#uri() });
  }
}
