/** What runs in the page of a {@link BrowserPhone}: JsSIP, a tone instead of a microphone, and a recorder instead of a loudspeaker. */
import * as JsSIP from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession';
import type { RTCSessionEvent } from 'jssip/lib/UA';

export interface PagePhoneOptions {
  readonly url: string;
  readonly number: string;
  readonly password: string;
  readonly autoAnswer: boolean;
  readonly toneHz: number;
}

/** Told to the test as it happens; the types are baresip's where it has one. */
export interface PageEvent {
  readonly type:
    | 'REGISTER_OK'
    | 'REGISTER_FAIL'
    | 'CALL_INCOMING'
    | 'CALL_RINGING'
    | 'CALL_ESTABLISHED'
    | 'CALL_CLOSED'
    | 'CALL_HOLD'
    | 'CALL_RESUME'
    | 'TRANSFER_PROGRESS'
    | 'TRANSFER_DONE'
    | 'TRANSFER_FAILED';
  readonly param?: string;
}

/** The rate of what is recorded, Hz; that of the kit's measures. */
const SAMPLE_RATE = 8_000;
const KEPT_SECONDS = 60;
const AMPLITUDE = 0.25;

interface Call {
  readonly session: RTCSession;
  readonly chunks: Int16Array[];
  /** Samples recorded since the call's sound began. */
  recorded: number;
  source: MediaStreamAudioSourceNode | undefined;
}

const RECORDER = `registerProcessor('recorder', class extends AudioWorkletProcessor {
  process([input]) {
    if (input[0] !== undefined) this.port.postMessage(input[0].slice());
    return true;
  }
});`;

export class PagePhone {
  readonly #options: PagePhoneOptions;
  readonly #tell: (event: PageEvent) => void;
  readonly #context = new AudioContext({ sampleRate: SAMPLE_RATE });
  readonly #sender = new AudioContext();
  readonly #oscillator = this.#sender.createOscillator();
  readonly #gain = this.#sender.createGain();
  readonly #voice = this.#sender.createMediaStreamDestination();
  readonly #ua: JsSIP.UA;
  readonly #calls: Call[] = [];

  private constructor(options: PagePhoneOptions, tell: (event: PageEvent) => void) {
    this.#options = options;
    this.#tell = tell;
    this.#oscillator.connect(this.#gain).connect(this.#voice);
    this.#oscillator.start();
    this.tone(options.toneHz);
    this.#ua = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(options.url)],
      uri: `sip:${options.number}@127.0.0.1`,
      password: options.password,
      register_expires: 600,
      session_timers: false,
    });
    this.#ua.on('registered', () => tell({ type: 'REGISTER_OK' }));
    this.#ua.on('registrationFailed', ({ cause }) =>
      tell({ type: 'REGISTER_FAIL', ...(cause === undefined ? {} : { param: cause }) }),
    );
    this.#ua.on('newRTCSession', ({ session }: RTCSessionEvent) => this.#began(session));
  }

  static async start(options: PagePhoneOptions, tell: (event: PageEvent) => void): Promise<PagePhone> {
    const phone = new PagePhone(options, tell);
    const recorder = URL.createObjectURL(new Blob([RECORDER], { type: 'text/javascript' }));
    await phone.#context.audioWorklet.addModule(recorder);
    phone.#ua.start();
    return phone;
  }

  /** 0 is silence. */
  tone(frequency: number): void {
    this.#gain.gain.value = frequency === 0 ? 0 : AMPLITUDE;
    if (frequency !== 0) this.#oscillator.frequency.value = frequency;
  }

  dial(user: string): void {
    this.#ua.call(this.#uri(user), this.#media());
  }

  answer(): void {
    const ringing = this.#calls.findLast(
      ({ session }) => (session.direction as string) === 'incoming' && session.isInProgress(),
    );
    if (ringing === undefined) throw new Error('No call rings.');
    ringing.session.answer(this.#media());
  }

  /** Ends the call that is spoken in. */
  hangUp(): void {
    this.#current().session.terminate();
  }

  hangUpAll(): void {
    this.#ua.terminateSessions();
  }

  /** Resolves when the other side agreed. */
  async hold(): Promise<void> {
    const { session } = this.#current();
    await this.#renegotiated((done) => session.hold({}, done));
  }

  async resume(): Promise<void> {
    const held = this.#calls.findLast(({ session }) => session.isOnHold().local);
    if (held === undefined) throw new Error('No call is on hold.');
    await this.#renegotiated((done) => held.session.unhold({}, done));
  }

  /** Telephone events in the sound, one key after the other; as soon as the sound is connected. */
  async keys(keys: string): Promise<void> {
    const { session } = this.#current();
    const isConnected = (): boolean =>
      session.connection.getSenders().some(({ dtmf }) => dtmf?.canInsertDTMF === true);
    for (let tries = 0; tries < 100 && !isConnected(); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const transportType = JsSIP.C.DTMF_TRANSPORT.RFC2833;
    session.sendDTMF(keys, { transportType, duration: 100, interToneGap: 70 });
  }

  /** Blind transfer; resolves when the request was accepted, the rest are events. */
  async transfer(user: string): Promise<void> {
    await this.#refer(this.#current().session, this.#uri(user));
  }

  /** Attended transfer: joins the party on hold with the one of the latest call. */
  async completeTransfer(): Promise<void> {
    const held = this.#calls.find(({ session }) => session.isOnHold().local);
    if (held === undefined) throw new Error('No call is on hold.');
    const { session: consulted } = this.#current();
    await this.#refer(held.session, consulted.remote_identity.uri.toString(), consulted);
  }

  /** How many samples of the current call's sound were recorded. */
  get recorded(): number {
    return this.#calls.findLast(({ session }) => !session.isOnHold().local)?.recorded ?? 0;
  }

  /** Samples of the current call from a place on, 16 bit little-endian in base64. */
  samples(from: number, count: number): string {
    const { chunks, recorded } = this.#current();
    const kept = chunks.reduce((total, chunk) => total + chunk.length, 0);
    const all = new Int16Array(kept);
    let at = 0;
    for (const chunk of chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    const start = Math.max(0, from - (recorded - kept));
    const bytes = new Uint8Array(all.slice(start, start + count).buffer);
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  }

  stop(): void {
    this.#ua.stop();
  }

  #uri(user: string): string {
    return `sip:${user.replaceAll('#', '%23')}@127.0.0.1`;
  }

  /** Each call has tracks of its own, because holding one switches its tracks off. */
  #media(): { readonly mediaStream: MediaStream; readonly pcConfig: RTCConfiguration } {
    const tracks = this.#voice.stream.getAudioTracks().map((track) => track.clone());
    return { mediaStream: new MediaStream(tracks), pcConfig: { iceServers: [] } };
  }

  /** The call that is spoken in: the latest that is not on hold. */
  #current(): Call {
    const call = this.#calls.findLast(({ session }) => !session.isOnHold().local);
    if (call === undefined) throw new Error('There is no call.');
    return call;
  }

  #began(session: RTCSession): void {
    const call: Call = { session, chunks: [], recorded: 0, source: undefined };
    this.#calls.push(call);
    const ended = ({ cause }: { readonly cause: string }): void => {
      this.#calls.splice(this.#calls.indexOf(call), 1);
      this.#tell({ type: 'CALL_CLOSED', param: cause });
    };
    session.on('progress', () => {
      if ((session.direction as string) === 'outgoing') this.#tell({ type: 'CALL_RINGING' });
    });
    session.on('confirmed', () => this.#tell({ type: 'CALL_ESTABLISHED' }));
    session.on('ended', ended);
    session.on('failed', ended);
    session.on('hold', ({ originator }) => {
      if ((originator as string) === 'remote') this.#tell({ type: 'CALL_HOLD' });
    });
    session.on('unhold', ({ originator }) => {
      if ((originator as string) === 'remote') this.#tell({ type: 'CALL_RESUME' });
    });
    // An outgoing call has its connection already.
    const connection = session.connection as RTCPeerConnection | null;
    if (connection !== null) this.#hear(call, connection);
    else session.on('peerconnection', ({ peerconnection }) => this.#hear(call, peerconnection));
    if ((session.direction as string) === 'incoming') {
      this.#tell({ type: 'CALL_INCOMING', param: session.remote_identity.uri.user });
      if (this.#options.autoAnswer) session.answer(this.#media());
    }
  }

  #hear(call: Call, connection: RTCPeerConnection): void {
    connection.addEventListener('track', ({ track, receiver }) => {
      const stream = new MediaStream([track]);
      // What is held back against jitter would be heard by the next measure.
      receiver.jitterBufferTarget = 0;
      // Chromium decodes a remote stream only for an element that plays it.
      const player = new Audio();
      player.muted = true;
      player.srcObject = stream;
      void player.play();
      const recorder = new AudioWorkletNode(this.#context, 'recorder', {
        channelCount: 1,
        channelCountMode: 'explicit',
      });
      recorder.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
        call.chunks.push(Int16Array.from(data, (sample) => Math.round(sample * 32_767)));
        call.recorded += data.length;
        if (call.chunks.length > (KEPT_SECONDS * SAMPLE_RATE) / data.length) call.chunks.shift();
      };
      // A call that goes on after a hold gives its track again; two recorders would write into each other.
      call.source?.disconnect();
      call.source = this.#context.createMediaStreamSource(stream);
      call.source.connect(recorder).connect(this.#context.destination);
    });
  }

  async #renegotiated(begin: (done: () => void) => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      if (!begin(resolve)) reject(new Error('The call cannot be changed now.'));
    });
  }

  async #refer(session: RTCSession, target: string, replaces?: RTCSession): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      session.refer(target, {
        ...(replaces === undefined ? {} : { replaces }),
        eventHandlers: {
          requestSucceeded: () => resolve(),
          requestFailed: ({ cause }: { readonly cause: string }) => reject(new Error(cause)),
          progress: () => this.#tell({ type: 'TRANSFER_PROGRESS' }),
          failed: () => this.#tell({ type: 'TRANSFER_FAILED' }),
          // As desk phones do: the transferred call is over for this phone.
          accepted: () => {
            this.#tell({ type: 'TRANSFER_DONE' });
            if (!session.isEnded()) session.terminate();
          },
        },
      });
    });
  }
}

declare global {
  /** The binding to the test. */
  function tellTest(event: PageEvent): Promise<void>;
  function startPhone(options: PagePhoneOptions): Promise<void>;
  var phone: PagePhone;
}

globalThis.startPhone = async (options) => {
  globalThis.phone = await PagePhone.start(options, (event) => void globalThis.tellTest(event));
};
