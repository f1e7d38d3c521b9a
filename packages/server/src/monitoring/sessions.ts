import { AriError, ifGone, type AriClient, type Bridge } from '@sasayaki/ari';
import { Outbox } from '../calls/outbox.ts';
import { failureOf } from '../calls/legs.ts';
import type { Db } from '../database/pool.ts';
import type { MonitorMode } from '../dialing/rules.ts';
import type { LegRegistry } from '../telephony/legs.ts';
import type { Voice } from '../telephony/voice.ts';
import { Line, type Found } from './line.ts';
import { stateOf, step, type Session, type SessionEffect, type SessionEvent } from './rules.ts';
import { addPart, saveSession, type Names } from './store.ts';
import { TAP, Taps } from './taps.ts';

export interface SessionsOptions {
  readonly db: Db;
  readonly ari: AriClient;
  readonly app: string;
  readonly legs: LegRegistry;
  readonly voice: (channelId: string) => Voice;
  /** Media of the notice between calls, in the language of this phone. */
  readonly notice: (phone: string) => readonly string[];
  /** Media of a start tone; undefined when the setting says silence. */
  readonly tone: (mode: MonitorMode) => string | undefined;
  /** A session changed: pages are told, the supervisor's phone is shown anew. */
  readonly onChanged: (session: Session, names: Names) => void;
  readonly onFault: (error: unknown, what: string, about: { readonly session?: string }) => void;
  /** A key on the phone of a supervisor who listens. */
  readonly onKey: (live: Live, key: string) => void;
  readonly now: () => number;
}

/** A session that runs, with what it holds. */
export interface Live {
  session: Session;
  readonly names: Names;
  readonly line: Line;
  /** Whether Asterisk was told of it. */
  opened: boolean;
  /** The agent's phone as last known; a dial's target is its own. */
  targetPhone: string | null;
  /** One look at the target after the other, so that an older one never overtakes a newer. */
  following: Promise<void>;
  retry: NodeJS.Timeout | undefined;
}

/** What a bridge keeps of its session, so that a new server finds it. */
export interface KeptState {
  readonly session: Session;
  readonly names: Names;
}

export const BRIDGE = 'monitor-';
export const STATE = 'SASAYAKI_SESSION';
/** The first argument of a callback leg in its StasisStart. */
export const CALLBACK_ARGUMENT = 'callback';

/** The system's own number, which calls supervisors back. */
const SYSTEM_NUMBER = '9999';
const SYSTEM_NAME = 'システム';
/** How long a callback rings, s, from every door. */
const CALLBACK_SECONDS = 10;
/** Q.850: no route to the destination; how a leg that Asterisk refuses to make ends. */
const NOT_REACHABLE = 20;
const MOST_WAITING = 10_000;

/** The sessions that run: the machine of `rules.ts` decides, this one does and keeps. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #live = new Map<string, Live>();
  /** Sessions that have ended, until Asterisk has taken them away. */
  readonly #closing = new Map<string, Live>();
  readonly #written: Outbox<Session>;
  readonly taps: Taps;

  constructor(options: SessionsOptions) {
    this.#options = options;
    const { ari, app } = options;
    this.taps = new Taps({ ari, app, onFault: (error, what) => options.onFault(error, what, {}) });
    this.#written = new Outbox<Session>({
      keyOf: ({ id }) => id,
      merge: (_waiting, next) => next,
      write: async (session) => saveSession(options.db, session),
      onFault: (error) => options.onFault(error, 'a monitoring session could not be written', {}),
      limit: MOST_WAITING,
    });
  }

  get size(): number {
    return this.#live.size;
  }

  get ids(): readonly string[] {
    return [...this.#live.keys()];
  }

  /** A copy, so that sessions may end while they are walked through. */
  all(): readonly Live[] {
    return [...this.#live.values()];
  }

  get(id: string): Live | undefined {
    return this.#live.get(id);
  }

  ofSupervisor(channel: string): Live | undefined {
    for (const live of this.#live.values()) if (live.session.supervisor.channel === channel) return live;
    return undefined;
  }

  /** Writes what is left to write. */
  async close(): Promise<void> {
    for (const live of this.#live.values()) clearTimeout(live.retry);
    await this.#written.stop();
  }

  /** Makes a session known, with nothing in Asterisk yet. */
  add(session: Session, names: Names, found?: Found): Live {
    const { ari, app, legs, voice, notice, onFault } = this.#options;
    const { channel, phone } = session.supervisor;
    const options = {
      ari,
      app,
      legs,
      bridge: BRIDGE + session.id,
      supervisor: channel,
      taps: this.taps,
      voice: voice(channel),
      notice: () => notice(phone),
      onFault: (error: unknown, what: string) => onFault(error, what, { session: session.id }),
    };
    const live: Live = {
      session,
      names,
      line: new Line(options, found),
      opened: found !== undefined,
      targetPhone: session.target.kind === 'phone' ? session.target.number : names.targetPhone,
      following: Promise.resolve(),
      retry: undefined,
    };
    this.#live.set(session.id, live);
    return live;
  }

  /** For a session that could not begin: as if it had never been there. */
  forget(live: Live): void {
    this.#live.delete(live.session.id);
  }

  /** Makes the bridge of a session that was written. @returns false when it ended while it was written */
  open(live: Live): boolean {
    const { session, names } = live;
    if (session.phase === 'ended') {
      // What was written of its end came perhaps before its beginning.
      this.#written.add(session);
      return false;
    }
    live.opened = true;
    const variables = { [STATE]: JSON.stringify({ session, names } satisfies KeptState) };
    this.do(
      live,
      this.#options.ari.bridges.createWithId({
        bridgeId: BRIDGE + session.id,
        type: 'mixing',
        name: 'monitoring',
        variables,
      }),
    );
    this.#options.onChanged(session, names);
    return true;
  }

  /** A session that was found in Asterisk goes on here. */
  adopted({ session: kept, names }: KeptState, found: Found): Live {
    // Without its tap a session is joined to nothing, whatever was intended.
    const session = found.joint === undefined ? { ...kept, leg: null } : kept;
    const live = this.add(session, names, found);
    this.own(session);
    const { leg, mode } = session;
    if (session.phase === 'open' && leg === null) {
      if (kept.leg === null && found.seat === undefined) live.line.goOnWaiting();
      else live.line.wait();
    }
    // The server before went while it changed the mode.
    if (leg !== null && !live.line.isJoined(mode)) live.line.attach(leg.channel, mode, undefined);
    this.#options.onChanged(session, names);
    return live;
  }

  /** A session that went on through a lost connection: what was asked or told meanwhile may be lost, so it is compared and made good. */
  reconnected(live: Live, bridges: readonly Bridge[]): void {
    const { phase, leg, mode } = live.session;
    if (phase === 'ended') return;
    this.#keep(live);
    if (phase !== 'open') return;
    live.line.compare(bridges);
    if (leg !== null) {
      if (!live.line.isJoined(mode)) this.#effect(live, { kind: 'attach', channel: leg.channel, mode });
    } else if (live.line.isApart) live.line.goOnWaiting();
    else live.line.wait();
  }

  /** Brings an event to a session: keeps what it makes of it, does what follows, tells who watches. */
  apply(live: Live, event: SessionEvent): void {
    const before = live.session;
    const { session, effects } = step(before, event, this.#options.now());
    if (session === before) return;
    live.session = session;
    if (session.phase === 'ended') {
      this.#live.delete(session.id);
      clearTimeout(live.retry);
    } else {
      this.#keep(live);
    }
    for (const effect of effects) this.#effect(live, effect);
    if (worthWriting(before, session)) this.#written.add(session);
    this.#options.onChanged(session, live.names);
  }

  /** For a server that takes over. */
  #keep(live: Live): void {
    const { session, names } = live;
    const value = JSON.stringify({ session, names } satisfies KeptState);
    const { ari } = this.#options;
    this.do(live, ari.bridges.setBridgeVar({ bridgeId: BRIDGE + session.id, variable: STATE, value }));
  }

  #effect(live: Live, effect: SessionEffect): void {
    switch (effect.kind) {
      case 'attach': {
        const { db, tone, now } = this.#options;
        live.line.attach(effect.channel, effect.mode, tone(effect.mode));
        const { session } = live;
        if (session.leg === null) break;
        addPart(db, session, session.leg.call, new Date(now())).catch((error: unknown) => {
          this.fault(live, error);
        });
        break;
      }
      case 'wait':
        live.line.wait();
        break;
      case 'close':
        this.#close(live);
        break;
    }
  }

  #close(live: Live): void {
    const { id } = live.session;
    this.#closing.set(id, live);
    const closed = live.line.close().then(() => {
      if (this.#closing.get(id) === live) this.#closing.delete(id);
    });
    this.do(live, closed);
  }

  /**
   * After a connection: what ended while there was none is in Asterisk still, and must not come to life again.
   * @returns the supervisors' channels
   */
  closeAgain(bridges: readonly Bridge[]): readonly string[] {
    const closing = [...this.#closing.values()];
    this.#closing.clear();
    return closing.flatMap((live) => {
      const bridge = bridges.find(({ id }) => id === BRIDGE + live.session.id);
      if (bridge === undefined) return [];
      for (const channelId of bridge.channels.filter((id) => id.startsWith(TAP)))
        this.do(live, this.#options.ari.channels.hangup({ channelId }));
      this.#close(live);
      return [live.session.supervisor.channel];
    });
  }

  /** Whether a session has ended, and Asterisk is being told. */
  isClosing(id: string): boolean {
    return this.#closing.has(id);
  }

  /** A tap is in the application. @returns false when nobody waits for it */
  entered(channelId: string): boolean {
    return this.taps.entered(channelId) || this.all().some(({ line }) => line.entered(channelId));
  }

  /** Calls the supervisor's phone from 9999. @returns false when it cannot be reached; the session has ended then */
  async callBack(live: Live): Promise<boolean> {
    const { ari, app, legs } = this.#options;
    const { channel, phone } = live.session.supervisor;
    this.own(live.session);
    try {
      await ari.channels.create({
        channelId: channel,
        endpoint: `PJSIP/${phone}`,
        app,
        appArgs: CALLBACK_ARGUMENT,
        variables: {
          'CONNECTEDLINE(name,i)': SYSTEM_NAME,
          'CONNECTEDLINE(num,i)': SYSTEM_NUMBER,
          'CONNECTEDLINE(pres,i)': 'allowed',
        },
      });
      return true;
    } catch (error) {
      // 500 is how Asterisk says that there is no contact.
      if (!(error instanceof AriError) || error.status !== 500) this.fault(live, error);
      legs.failed(channel, NOT_REACHABLE);
      return false;
    }
  }

  /** The callback's leg is in the application: only there can it be rung. */
  ring(channelId: string): void {
    const live = this.ofSupervisor(channelId);
    const { ari } = this.#options;
    if (live?.session.phase !== 'calling') ari.channels.hangup({ channelId }).catch(() => undefined);
    else this.do(live, ari.channels.dial({ channelId, timeout: CALLBACK_SECONDS }));
  }

  /** What happens on the supervisor's leg comes to its session. */
  own(session: Session): void {
    const { channel } = session.supervisor;
    const rung = session.door !== 'dial';
    const live = (): Live | undefined => this.#live.get(session.id);
    const apply = (event: SessionEvent): void => {
      const found = live();
      if (found !== undefined) this.apply(found, event);
    };
    this.#options.legs.own(
      channel,
      {
        ringing: () => apply({ kind: 'ringing' }),
        answered: () => apply({ kind: 'answered' }),
        digit: (key) => {
          const found = live();
          if (found !== undefined) this.#options.onKey(found, key);
        },
        playbackFinished: (playbackId) => live()?.line.playbackFinished(playbackId),
        ended: (cause) => {
          const calling = live()?.session.phase === 'calling' && rung;
          apply({ kind: 'supervisor_left', reason: calling ? failureOf(cause) : 'supervisor_hung_up' });
        },
      },
      { rung, up: session.phase === 'open' },
    );
  }

  /** What may fail because something is gone is no fault: its end is told as an event. */
  do(live: Live, request: Promise<unknown>): void {
    ifGone(request).catch((error: unknown) => this.fault(live, error));
  }

  fault(live: Live, error: unknown): void {
    this.#options.onFault(error, 'monitoring could not be carried on', { session: live.session.id });
  }
}

/** What the audit holds; holds and waits are no part of it. */
function worthWriting(before: Session, after: Session): boolean {
  return before.mode !== after.mode || before.phase !== after.phase || stateOf(after) === 'ended';
}
