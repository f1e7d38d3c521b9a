import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { muLawToSamples } from '../../test/kit/rtp.ts';
import { parseSip, type SipMessage } from '../../test/kit/sip.ts';
import { goertzel } from '../../test/kit/tones.ts';

/** What a phone of a {@link PhoneBank} sends without pause, Hz. A multiple of 50, so that every packet is the same. */
export const TONES = { first: 1_000, second: 1_500, third: 2_000, other: 3_100 } as const;

const PACKET_MS = 20;
const SAMPLES = 160;
/** All streams in step would arrive as one burst; phones do not. */
const PHASES = 4;
const REPEAT_MS = 500;
const DEADLINE_MS = 10_000;
/** Of full scale: a tone of the bank is sent at 0.25. Neither speech nor music holds one tone like that for a packet. */
const HEARD = 0.1;
const REGISTERED_SECONDS = 3_600;

/** An account at Asterisk. */
export interface Account {
  readonly number: string;
  readonly password: string;
  /** Sent in all calls of this phone, Hz. */
  readonly tone: number;
}

interface Transaction {
  readonly repeating: NodeJS.Timeout;
  readonly answered: (message: SipMessage) => void;
}

/**
 * Hundreds of phones that talk all the time, in one process, with one socket for SIP and one for sound: lean enough to load an Asterisk
 * from the same machine and to say to the packet when something was heard. They register, dial, and answer at once.
 */
export class PhoneBank {
  readonly #sip: Socket;
  readonly #media: Socket;
  readonly #to: number;
  readonly #accounts = new Map<string, Account>();
  readonly #calls = new Map<string, PhoneCall>();
  /** By the port of Asterisk that a call's sound comes from: it has one for each. */
  readonly #streams = new Map<number, PhoneCall>();
  readonly #transactions = new Map<string, Transaction>();
  readonly #arrivals = new Map<string, (call: PhoneCall) => void>();
  /** Told of every call that comes, once it is answered. */
  onArrival: ((call: PhoneCall) => void) | undefined;
  /** While set, nobody says anything: an Asterisk whose figures are not taken rests. */
  paused = false;
  #ticking: NodeJS.Timeout | undefined;
  #tick = 0;
  #begun = performance.now();

  private constructor(sip: Socket, media: Socket, to: number) {
    this.#sip = sip;
    this.#media = media;
    this.#to = to;
    sip.on('message', (packet: Buffer) => {
      const message = parseSip(packet.toString('utf8'));
      if (message !== undefined) this.#received(message);
    });
    media.on('message', (packet: Buffer, { port }) => this.#streams.get(port)?.sounded(packet));
    this.#schedule();
  }

  /** @param to Asterisk's SIP port, on loopback */
  static async open(to: number): Promise<PhoneBank> {
    const sockets = [1, 2].map(() => createSocket({ type: 'udp4', recvBufferSize: 4_000_000 }));
    await Promise.all(
      sockets.map(async (socket) => new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))),
    );
    const [sip, media] = sockets as [Socket, Socket];
    return new PhoneBank(sip, media, to);
  }

  /** Registers these phones, some at a time. */
  async register(accounts: readonly Account[]): Promise<void> {
    const waiting = [...accounts];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        this.#accounts.set(next.number, next);
        await this.#register(next);
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
  }

  /** Dials, and settles when the other side answers. */
  async dial(number: string, to: string): Promise<PhoneCall> {
    const account = this.#account(number);
    const uri = `sip:${to}@127.0.0.1:${this.#to}`;
    const call = this.#makeCall(randomBytes(8).toString('hex'), account, uri);
    call.begunAt = performance.now();
    const answer = await this.#ask(call, 'INVITE', this.#offer(account));
    const { status } = answer;
    if (status >= 300) {
      this.#calls.delete(call.id);
      throw new Error(`${to} refused with ${status}.`);
    }
    call.remote = answer.header('to');
    this.#up(call, answer);
    return call;
  }

  /** The next call that comes to this phone, answered. */
  async arrival(number: string): Promise<PhoneCall> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`Nobody called ${number}.`)), DEADLINE_MS);
      this.#arrivals.set(number, (call) => {
        clearTimeout(late);
        resolve(call);
      });
    });
  }

  /** Hangs up what is up. */
  async hangUpAll(): Promise<void> {
    await Promise.all([...this.#calls.values()].map(async (call) => call.hangUp()));
  }

  async close(): Promise<void> {
    await this.hangUpAll();
    clearTimeout(this.#ticking);
    this.#sip.close();
    this.#media.close();
  }

  /** For {@link PhoneCall.hangUp}. */
  async bye(call: PhoneCall): Promise<void> {
    await this.#ask(call, 'BYE', '');
    this.#over(call);
  }

  #account(number: string): Account {
    const account = this.#accounts.get(number);
    if (account === undefined) throw new Error(`There is no phone ${number} here.`);
    return account;
  }

  async #register(account: Account): Promise<void> {
    const call = new PhoneCall(this, randomBytes(8).toString('hex'), account, `sip:127.0.0.1:${this.#to}`);
    call.remote = `<sip:${account.number}@127.0.0.1>`;
    const answer = await this.#ask(call, 'REGISTER', '', `Expires: ${REGISTERED_SECONDS}\r\n`);
    if (answer.status !== 200) throw new Error(`${account.number} could not register: ${answer.status}`);
  }

  #makeCall(id: string, account: Account, uri: string): PhoneCall {
    const call = new PhoneCall(this, id, account, uri);
    call.phase = this.#calls.size % PHASES;
    call.remote = `<${uri}>`;
    this.#calls.set(id, call);
    return call;
  }

  /** A request, with credentials when they are asked for. @returns the final answer */
  async #ask(call: PhoneCall, method: string, body: string, headers = ''): Promise<SipMessage> {
    const first = await this.#transact(call, method, body, headers);
    if (first.status !== 401 || method === 'BYE') return first;
    const { number, password } = call.account;
    const given = digest(first.headers('www-authenticate'), { method, uri: call.uri, number, password });
    return this.#transact(call, method, body, headers + given);
  }

  async #transact(call: PhoneCall, method: string, body: string, headers: string): Promise<SipMessage> {
    call.sequence += 1;
    const branch = `z9hG4bK${call.id}${call.sequence}${method}`;
    const text = this.#text(call, method, branch, headers, body);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#settle(branch);
        reject(new Error(`${method} of ${call.account.number} got no answer.`));
      }, DEADLINE_MS);
      const answered = (message: SipMessage): void => {
        if (message.status < 200) {
          clearInterval(this.#transactions.get(branch)?.repeating);
          return;
        }
        clearTimeout(late);
        this.#settle(branch);
        if (method === 'INVITE') {
          // The acknowledgement of a refusal is of the INVITE's transaction, that of an answer is not.
          call.remote = message.header('to');
          this.#write(this.#text(call, 'ACK', message.status < 300 ? `${branch}ACK` : branch, '', ''));
          if (message.status >= 300) call.remote = `<${call.uri}>`;
        }
        resolve(message);
      };
      const repeating = setInterval(() => this.#write(text), REPEAT_MS);
      this.#transactions.set(branch, { repeating, answered });
      this.#write(text);
    });
  }

  #settle(branch: string): void {
    clearInterval(this.#transactions.get(branch)?.repeating);
    this.#transactions.delete(branch);
  }

  #text(call: PhoneCall, method: string, branch: string, headers: string, body: string): string {
    const { port } = this.#sip.address();
    const { number } = call.account;
    const local = call.local ?? `<sip:${number}@127.0.0.1>;tag=${call.id}`;
    const type = body === '' ? '' : 'Content-Type: application/sdp\r\n';
    return (
      `${method} ${call.uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${port};rport;branch=${branch}\r\n` +
      `From: ${local}\r\nTo: ${call.remote}\r\nCall-ID: ${call.id}\r\nCSeq: ${call.sequence} ${method}\r\n` +
      `Contact: <sip:${number}@127.0.0.1:${port}>\r\nMax-Forwards: 70\r\n${headers}${type}` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
    );
  }

  #offer({ number }: Account): string {
    const { port } = this.#media.address();
    return (
      `v=0\r\no=${number} 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0\r\n` +
      'a=rtpmap:0 PCMU/8000\r\na=ptime:20\r\na=sendrecv\r\n'
    );
  }

  #received(message: SipMessage): void {
    if (message.method === undefined) {
      const branch = /branch=([^;]+)/.exec(message.header('via'))?.[1] ?? '';
      this.#transactions.get(branch)?.answered(message);
      return;
    }
    const call = this.#calls.get(message.header('call-id'));
    if (message.method === 'ACK') return;
    if (message.method === 'INVITE') {
      if (call === undefined) this.#called(message);
      else this.#answer(message, call);
      return;
    }
    this.#answer(message);
    if (message.method === 'BYE' && call !== undefined) this.#over(call);
  }

  #called(message: SipMessage): void {
    const contact = /<([^>]+)>/.exec(message.header('contact'))?.[1] ?? '';
    const account = this.#account(/sip:([0-9]+)@/.exec(message.header('to'))?.[1] ?? '');
    const call = this.#makeCall(message.header('call-id'), account, contact);
    call.begunAt = performance.now();
    call.remote = message.header('from');
    call.local = `${message.header('to')};tag=${call.id}`;
    this.#answer(message, call);
    this.#up(call, message);
    const expected = this.#arrivals.get(account.number);
    this.#arrivals.delete(account.number);
    expected?.(call);
    this.onArrival?.(call);
  }

  #answer(message: SipMessage, call?: PhoneCall): void {
    const copied = ['via', 'from', 'call-id', 'cseq']
      .flatMap((name) => message.headers(name).map((value) => `${name}: ${value}\r\n`))
      .join('');
    const to = call?.local ?? message.header('to');
    const body = call === undefined ? '' : this.#offer(call.account);
    const { port } = this.#sip.address();
    const contact = call === undefined ? '' : `Contact: <sip:${call.account.number}@127.0.0.1:${port}>\r\n`;
    const type = body === '' ? '' : 'Content-Type: application/sdp\r\n';
    this.#write(
      `SIP/2.0 200 OK\r\n${copied}To: ${to}\r\n${contact}${type}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }

  #up(call: PhoneCall, message: SipMessage): void {
    const port = Number(/^m=audio ([0-9]+)/m.exec(message.body)?.[1] ?? 0);
    call.up(port, performance.now());
    this.#streams.set(port, call);
  }

  #over(call: PhoneCall): void {
    this.#calls.delete(call.id);
    if (this.#streams.get(call.mediaPort) === call) this.#streams.delete(call.mediaPort);
    call.over();
  }

  #write(text: string): void {
    this.#sip.send(text, this.#to, '127.0.0.1');
  }

  /** Each phase of each 20 ms is due at a time of its own; a late one does not make the next ones late. */
  #schedule(): void {
    this.#tick += 1;
    const due = this.#begun + (this.#tick * PACKET_MS) / PHASES;
    this.#ticking = setTimeout(
      () => {
        for (const call of this.#streams.values()) {
          if (call.phase === this.#tick % PHASES)
            this.#media.send(call.packet(), call.mediaPort, '127.0.0.1');
        }
        this.#schedule();
      },
      Math.max(0, due - performance.now()),
    );
  }
}

/** One call of one phone of a {@link PhoneBank}. Times are as `performance.now()` gives them. */
export class PhoneCall {
  readonly id: string;
  readonly account: Account;
  readonly uri: string;
  /** When INVITE was sent, or came. */
  begunAt = 0;
  answeredAt = 0;
  remote = '';
  local: string | undefined;
  sequence = 0;
  mediaPort = 0;
  phase = 0;
  /** When the first packet went out after {@link send}. */
  changedAt = 0;
  /** Settles when the call is over, whoever ended it, with when that was known. */
  readonly ended: Promise<number>;
  /** Told of every packet of sound. */
  onSound: ((payload: Buffer, at: number) => void) | undefined;
  readonly #bank: PhoneBank;
  readonly #packet = Buffer.alloc(12 + SAMPLES);
  #end!: (at: number) => void;
  #isOver = false;
  #rtpSequence = 0;
  #changed = false;

  constructor(bank: PhoneBank, id: string, account: Account, uri: string) {
    this.#bank = bank;
    this.id = id;
    this.account = account;
    this.uri = uri;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.#packet[0] = 0x80;
    this.#packet.writeUInt32BE(Math.floor(Math.random() * 0xffff_ffff), 8);
    this.send(account.tone);
  }

  /** What is sent from now on: a tone, or silence for 0. */
  send(tone: number): void {
    payloadOf(tone).copy(this.#packet, 12);
    this.#changed = true;
  }

  /** The next packet to send; it is overwritten by the one after. */
  packet(): Buffer {
    this.#rtpSequence = (this.#rtpSequence + 1) & 0xffff;
    this.#packet.writeUInt16BE(this.#rtpSequence, 2);
    this.#packet.writeUInt32BE(this.#rtpSequence * SAMPLES, 4);
    if (this.#changed) {
      this.#changed = false;
      this.changedAt = performance.now();
    }
    return this.#packet;
  }

  up(mediaPort: number, at: number): void {
    this.mediaPort = mediaPort;
    this.answeredAt = at;
  }

  over(): void {
    this.#isOver = true;
    this.#end(performance.now());
  }

  sounded(packet: Buffer): void {
    this.onSound?.(packet.subarray(12), performance.now());
  }

  /** When a packet with this tone comes. */
  async hears(tone: number, within = DEADLINE_MS): Promise<number> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.onSound = undefined;
        reject(new Error(`${this.account.number} did not hear ${tone} Hz.`));
      }, within);
      this.onSound = (payload, at) => {
        if (!isHeard(payload, tone)) return;
        clearTimeout(late);
        this.onSound = undefined;
        resolve(at);
      };
    });
  }

  /** Hangs up, if it is up. Settles when the other side has agreed. */
  async hangUp(): Promise<void> {
    if (!this.#isOver) await this.#bank.bye(this);
  }
}

/** Whether this tone is in one packet. */
export function isHeard(payload: Buffer, tone: number): boolean {
  return goertzel(muLawToSamples(payload), tone, 8_000) > HEARD;
}

const payloads = new Map<number, Buffer>();

function payloadOf(tone: number): Buffer {
  const known = payloads.get(tone);
  if (known !== undefined) return known;
  const made = Buffer.from(
    Array.from({ length: SAMPLES }, (_value, index) =>
      muLaw(0.25 * Math.sin((2 * Math.PI * tone * index) / 8_000)),
    ),
  );
  payloads.set(tone, made);
  return made;
}

/** G.711 µ-law of a sample in [-1, 1]. */
function muLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(32_635, Math.round(Math.abs(sample) * 32_768)) + 0x84;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff;
}

function digest(
  challenges: readonly string[],
  ask: {
    readonly method: string;
    readonly uri: string;
    readonly number: string;
    readonly password: string;
  },
): string {
  const challenge = challenges.find((text) => !/algorithm=(?!"?MD5\b)/i.test(text)) ?? '';
  const field = (name: string): string => new RegExp(`${name}="([^"]*)"`, 'i').exec(challenge)?.[1] ?? '';
  const [realm, nonce, opaque] = [field('realm'), field('nonce'), field('opaque')];
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const own = randomBytes(8).toString('hex');
  const secret = md5(`${ask.number}:${realm}:${ask.password}`);
  const response = md5(`${secret}:${nonce}:00000001:${own}:auth:${md5(`${ask.method}:${ask.uri}`)}`);
  return (
    `Authorization: Digest username="${ask.number}", realm="${realm}", nonce="${nonce}", uri="${ask.uri}", ` +
    `response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="${own}", opaque="${opaque}"\r\n`
  );
}
