import { AriError, ifGone, type AriClient } from '@sasayaki/ari';
import { Outbox } from '../calls/outbox.ts';
import { failureOf } from '../calls/legs.ts';
import type { Db } from '../database/pool.ts';
import type { MonitorMode } from '../dialing/rules.ts';
import type { LegRegistry } from '../telephony/legs.ts';
import type { Voice } from '../telephony/voice.ts';
import { Line, type Found } from './line.ts';
import { stateOf, step, type Session, type SessionEffect, type SessionEvent } from './rules.ts';
import { addPart, saveSession, type Names } from './store.ts';
import { Taps } from './taps.ts';

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
    if (leg !== null && found.joint !== undefined && (found.joint.kind === 'own') !== (mode === 'whisper')) {
      live.line.attach(leg.channel, mode, undefined);
    }
    this.#options.onChanged(session, names);
    return live;
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
      const value = JSON.stringify({ session, names: live.names } satisfies KeptState);
      const { ari } = this.#options;
      this.do(live, ari.bridges.setBridgeVar({ bridgeId: BRIDGE + session.id, variable: STATE, value }));
    }
    for (const effect of effects) this.#effect(live, effect);
    if (worthWriting(before, session)) this.#written.add(session);
    this.#options.onChanged(session, live.names);
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
        live.line.close();
        break;
    }
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
