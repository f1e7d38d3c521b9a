import * as JsSIP from 'jssip';
import type { EndEvent, HoldEvent, RTCSession } from 'jssip/lib/RTCSession';
import type { RTCSessionEvent } from 'jssip/lib/UA';
import type { SoftphoneAnswer } from '../../../server/src/http/contract.ts';
import { WITHHELD } from '../parts/withheld.ts';
import { Keys } from './keys.ts';
import { consultation, mishapOf, type CallState, type Mishap, type SoftphoneState } from './rules.ts';
import { Sound } from './sound.ts';

type Credentials = NonNullable<SoftphoneAnswer['phone']>;

interface Line {
  readonly session: RTCSession;
  readonly id: string;
  readonly number: string;
  readonly name: string | null;
  readonly keys: Keys;
  stream: MediaStream | null;
  since: number | null;
  held: boolean;
  heldByOther: boolean;
  muted: boolean;
  transferring: boolean;
}

/** What JsSIP can do and its types do not say. */
interface InDialog {
  sendRequest(
    method: 'UPDATE',
    options: {
      readonly extraHeaders: readonly string[];
      readonly eventHandlers: { readonly onDialogError: () => void };
    },
  ): unknown;
}

const KEY_MS = 120;
const KEY_GAP_MS = 70;
/** Seconds. A server that restarts is back in a few. */
const RECOVERY = { connection_recovery_min_interval: 1, connection_recovery_max_interval: 5 };

/**
 * The account's phone in this page: SIP over the WebSocket of the page's origin, sound by WebRTC. One tab has the phone at a time; when that
 * tab closes, the next one takes over.
 */
export class Softphone {
  readonly sound = new Sound();
  readonly #number: string;
  readonly #ua: JsSIP.UA;
  readonly #lines: Line[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #ending = new AbortController();
  #state: SoftphoneState;

  constructor({ number, sipPassword }: Credentials, location: Location) {
    this.#number = number;
    this.#state = {
      number,
      registration: 'elsewhere',
      microphone: 'unasked',
      calls: [],
      mishap: null,
    };
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    this.#ua = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(`${scheme}://${location.host}/sip`)],
      uri: `sip:${number}@${location.hostname}`,
      password: sipPassword,
      register_expires: 300,
      session_timers: false,
      ...RECOVERY,
    });
    this.#ua.on('connecting', () => this.#set({ registration: 'connecting' }));
    this.#ua.on('disconnected', () => this.#set({ registration: 'connecting' }));
    this.#ua.on('registered', () => {
      this.#set({ registration: 'registered' });
      this.#sayWhere();
    });
    this.#ua.on('registrationFailed', ({ cause }) => {
      // A connection that breaks while it registers is no refusal.
      const refused = (cause as string | undefined) === 'Authentication Error' || this.#ua.isConnected();
      this.#set({ registration: refused ? 'refused' : 'connecting' });
    });
    this.#ua.on('newRTCSession', (event: RTCSessionEvent) => this.#began(event.session));
  }

  /** Registers as soon as no other tab of this browser has the phone. */
  start(): void {
    const { signal } = this.#ending;
    const held = navigator.locks.request(`sasayaki.phone.${this.#number}`, { signal }, async () => {
      this.#ua.start();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    });
    // Waiting for the other tab ends when this phone is stopped.
    held.catch(() => undefined);
  }

  stop(): void {
    this.#ending.abort();
    this.#ua.stop();
    this.sound.close();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): SoftphoneState => this.#state;

  /** Calls a number; a call that is spoken in is put on hold before. */
  async call(number: string): Promise<void> {
    this.#set({ mishap: null });
    await this.#holdOthers();
    const mediaStream = await this.sound.open();
    this.#ua.call(`sip:${number.replaceAll('#', '%23')}@${window.location.hostname}`, {
      ...media(mediaStream),
      eventHandlers: {},
    });
    const line = this.#lines.at(-1);
    if (line !== undefined) line.stream = mediaStream;
    this.#changed();
  }

  async answer(id: string): Promise<void> {
    const line = this.#line(id);
    this.#set({ mishap: null });
    await this.#holdOthers();
    line.stream = await this.sound.open();
    if (line.session.isEnded()) this.#release(line);
    else line.session.answer(media(line.stream));
    this.#changed();
  }

  /** Ends the call, or refuses it as busy while it rings. */
  hangUp(id: string): void {
    const { session } = this.#line(id);
    if (session.isEnded()) return;
    const rings = (session.direction as string) === 'incoming' && session.isInProgress();
    session.terminate(rings ? { status_code: 486 } : {});
  }

  async hold(id: string, held: boolean): Promise<void> {
    const line = this.#line(id);
    if (!held) await this.#holdOthers(line);
    await setHeld(line, held);
    this.#changed();
  }

  mute(id: string, muted: boolean): void {
    const line = this.#line(id);
    if (muted) line.session.mute({ audio: true });
    else line.session.unmute({ audio: true });
    line.muted = muted;
    this.#changed();
  }

  /** Keys as telephone events in the sound, as soon as that is connected. */
  press(id: string, key: string): void {
    this.#line(id).keys.press(key);
  }

  /** Blind: the other side is sent to the number, whether it answers or not. */
  transfer(id: string, number: string): void {
    this.#refer(this.#line(id), `sip:${number.replaceAll('#', '%23')}@${window.location.hostname}`);
  }

  /** Attended: joins the party on hold with the one that was asked. */
  completeTransfer(): void {
    const both = consultation(this.#state.calls);
    if (both === null) return;
    const { session } = this.#line(both.asked.id);
    this.#refer(this.#line(both.held.id), session.remote_identity.uri.toString(), session);
  }

  /** Ends the consultation and goes back to the party on hold. */
  async backToHeld(): Promise<void> {
    const both = consultation(this.#state.calls);
    if (both === null) return;
    this.hangUp(both.asked.id);
    await this.hold(both.held.id, false);
  }

  /** Another microphone, also in the middle of a call. */
  async chooseInput(device: string): Promise<void> {
    this.sound.chooseInput(device);
    for (const line of this.#lines.filter(({ stream }) => stream !== null)) {
      const stream = await this.sound.open();
      const track = stream.getAudioTracks()[0];
      const sender = line.session.connection.getSenders().find((one) => one.track?.kind === 'audio');
      if (track === undefined || sender === undefined) continue;
      track.enabled = !line.muted && !line.held;
      await sender.replaceTrack(track);
      this.#release(line);
      line.stream = stream;
    }
    this.#changed();
  }

  #refer(line: Line, target: string, replaces?: RTCSession): void {
    const failed = (): void => {
      line.transferring = false;
      this.#set({ mishap: { number: line.number, what: 'transferFailed' } });
    };
    line.transferring = true;
    line.session.refer(target, {
      ...(replaces === undefined ? {} : { replaces }),
      eventHandlers: {
        requestFailed: failed,
        failed,
        // The transferred call is over for this phone.
        accepted: () => {
          if (!line.session.isEnded()) line.session.terminate();
        },
      },
    });
    this.#changed();
  }

  /** After a connection was lost, calls go on but what the other side says of them would go the old way: each is told the new one. */
  #sayWhere(): void {
    for (const { session } of this.#lines.filter((line) => line.session.isEstablished())) {
      (session as unknown as InDialog).sendRequest('UPDATE', {
        extraHeaders: [`Contact: ${session.contact}`],
        // It ended while this page could not be told.
        eventHandlers: { onDialogError: () => !session.isEnded() && session.terminate() },
      });
    }
  }

  async #holdOthers(except?: Line): Promise<void> {
    for (const line of this.#lines) {
      if (line !== except && !line.held && line.session.isEstablished()) await setHeld(line, true);
    }
  }

  #line(id: string): Line {
    const line = this.#lines.find((one) => one.id === id);
    if (line === undefined) throw new Error('There is no such call');
    return line;
  }

  #began(session: RTCSession): void {
    const { uri, display_name: name } = session.remote_identity;
    const line: Line = {
      session,
      id: session.id,
      number: decodeURIComponent(uri.user),
      name: name === '' || name === uri.user || uri.user === WITHHELD ? null : name,
      keys: keysOf(session),
      stream: null,
      since: null,
      held: false,
      heldByOther: false,
      muted: false,
      transferring: false,
    };
    this.#lines.push(line);
    session.on('confirmed', () => {
      line.since ??= Date.now();
      this.#changed();
    });
    const holding =
      (on: boolean) =>
      ({ originator }: HoldEvent): void => {
        if ((originator as string) === 'remote') line.heldByOther = on;
        this.#changed();
      };
    session.on('hold', holding(true));
    session.on('unhold', holding(false));
    session.on('ended', (event) => this.#ended(line, event));
    session.on('failed', (event) => this.#ended(line, event));
    const connection = session.connection as RTCPeerConnection | null;
    if (connection === null)
      session.on('peerconnection', (event) => this.#listen(line, event.peerconnection));
    else this.#listen(line, connection);
    this.#changed();
  }

  #listen(line: Line, connection: RTCPeerConnection): void {
    connection.addEventListener('track', ({ track }) => this.sound.play(line.id, track));
  }

  #ended(line: Line, { originator, cause }: EndEvent): void {
    this.#lines.splice(this.#lines.indexOf(line), 1);
    this.sound.silence(line.id);
    line.keys.stop();
    this.#release(line);
    const wanted = (originator as string) === 'local' || (line.session.direction as string) === 'incoming';
    const what: Mishap | null = mishapOf(cause, wanted);
    if (what === null) this.#changed();
    else this.#set({ mishap: { number: line.number, what } });
  }

  #release(line: Line): void {
    if (line.stream !== null) this.sound.release(line.stream);
    line.stream = null;
  }

  #changed(): void {
    this.#set({});
  }

  #set(changes: Partial<SoftphoneState>): void {
    const calls = this.#lines.map(viewOf);
    this.#state = { ...this.#state, ...changes, microphone: this.sound.microphone, calls };
    this.sound.ring(calls.some(({ phase }) => phase === 'waiting'));
    for (const listener of this.#listeners) listener();
  }
}

function media(mediaStream: MediaStream): {
  readonly mediaStream: MediaStream;
  readonly pcConfig: RTCConfiguration;
} {
  return { mediaStream, pcConfig: { iceServers: [] } };
}

function viewOf(line: Line): CallState {
  const { session, id, number, name, held, heldByOther, muted, since, transferring } = line;
  const direction = (session.direction as string) === 'incoming' ? 'incoming' : 'outgoing';
  const phase =
    since !== null ? 'talking' : direction === 'incoming' && line.stream === null ? 'waiting' : 'calling';
  return { id, direction, number, name, phase, held, heldByOther, muted, since, transferring };
}

function keysOf(session: RTCSession): Keys {
  const transportType = JsSIP.C.DTMF_TRANSPORT.RFC2833;
  return new Keys({
    isReady: () =>
      session.isEstablished() &&
      session.connection.connectionState === 'connected' &&
      session.connection.getSenders().some(({ dtmf }) => dtmf?.canInsertDTMF === true),
    send: (keys) => session.sendDTMF(keys, { transportType, duration: KEY_MS, interToneGap: KEY_GAP_MS }),
  });
}

/** Done when the other side agreed. */
async function setHeld(line: Line, held: boolean): Promise<void> {
  if (line.held === held) return;
  await new Promise<void>((resolve, reject) => {
    const began = held ? line.session.hold({}, resolve) : line.session.unhold({}, resolve);
    if (!began) reject(new Error('The call cannot be held or resumed now'));
  });
  line.held = held;
}
