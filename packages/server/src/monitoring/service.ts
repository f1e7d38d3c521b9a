import { randomUUID } from 'node:crypto';
import { AriError, ifGone, newId, type AriClient, type Bridge, type Channel } from '@sasayaki/ari';
import { allowed, type Action } from '../access/rules.ts';
import { readActor } from '../access/store.ts';
import { Outbox } from '../calls/outbox.ts';
import { failureOf, legsOf, type Call } from '../calls/rules.ts';
import type { CallService } from '../calls/service.ts';
import type { Db } from '../database/pool.ts';
import type { MonitorMode } from '../dialing/rules.ts';
import type { LegRegistry } from '../telephony/legs.ts';
import type { Voice } from '../telephony/voice.ts';
import { MonitoringError } from './errors.ts';
import { Line, TAP } from './line.ts';
import {
  modeByKey,
  startRefusal,
  stateOf,
  step,
  type MonitoringDoor,
  type Session,
  type SessionEffect,
  type SessionEvent,
  type Target,
  type TargetLeg,
} from './rules.ts';
import {
  addPart,
  closeLost,
  insertSession,
  readAgent,
  readName,
  readOwnPhone,
  saveSession,
  type Names,
} from './store.ts';

export interface MonitoringOptions {
  readonly db: Db;
  readonly ari: AriClient;
  readonly app: string;
  readonly legs: LegRegistry;
  readonly calls: CallService;
  readonly isPhone: (number: string) => boolean;
  readonly settings: () => MonitoringSettings;
  readonly voice: (channelId: string) => Voice;
  /** Media of the notice between calls, in the language of this phone. */
  readonly notice: (phone: string) => readonly string[];
  /** Media of a start tone. */
  readonly tone: (mode: MonitorMode) => string;
  /** A session changed: pages are told, the supervisor's phone is shown anew. */
  readonly onChanged: (session: Session) => void;
  readonly onFault: (error: unknown, what: string, about: { readonly session?: string }) => void;
  readonly now?: () => number;
}

export interface MonitoringSettings {
  readonly monitoringContinuous: boolean;
  readonly monitorTone: boolean;
  readonly whisperTone: boolean;
  readonly callCenterPlan: boolean;
  readonly seatViewOption: boolean;
  readonly outboundOption: boolean;
}

export interface PageRequest {
  readonly supervisor: number;
  readonly target: number;
  readonly mode: MonitorMode;
  readonly door: Exclude<MonitoringDoor, 'dial'>;
  /** The phone that is called back; null for the shortcut, which calls the account's own. */
  readonly phone: string | null;
}

export interface DialRequest {
  readonly supervisor: number;
  readonly phone: string;
  /** The leg that dials: it becomes the supervisor's. */
  readonly channel: string;
  readonly mode: MonitorMode;
  /** The extension that is listened to. */
  readonly target: string;
}

interface Live {
  session: Session;
  readonly names: Names;
  readonly line: Line;
  /** The agent's phone as last known; a dial's target is its own. */
  targetPhone: string | null;
  /** One look at the target after the other, so that an older one never overtakes a newer. */
  following: Promise<void>;
  retry: NodeJS.Timeout | undefined;
}

/** The system's own number, which calls supervisors back. */
export const SYSTEM_NUMBER = '9999';
const SYSTEM_NAME = 'システム';
/** How long a callback rings, s, from every door. */
const CALLBACK_SECONDS = 10;
const BRIDGE = 'monitor-';
const STATE = 'SASAYAKI_SESSION';
const SUPERVISOR_LEG = 'supervisor-';
const NOT_REACHABLE = 20;
const MOST_WAITING = 10_000;
const RETRY_MS = 1_000;
/** The first argument of a callback leg in its StasisStart. */
export const CALLBACK_ARGUMENT = 'callback';

const ACTIONS: Readonly<Record<MonitoringDoor, Action>> = {
  realtime_monitor: 'monitor_from_page',
  seat_view: 'monitor_from_page',
  job_monitor: 'monitor_from_job_monitor',
  dial: 'monitor_from_dial',
};

/** The one place where listening and whispering start, whichever door asks; and what keeps sessions on their targets. */
export class MonitoringService {
  readonly #options: MonitoringOptions;
  readonly #now: () => number;
  readonly #live = new Map<string, Live>();
  readonly #written: Outbox<Session>;

  constructor(options: MonitoringOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#written = new Outbox<Session>({
      keyOf: ({ id }) => id,
      merge: (_waiting, next) => next,
      write: async (session) => saveSession(options.db, session),
      onFault: (error) => options.onFault(error, 'a monitoring session could not be written', {}),
      limit: MOST_WAITING,
    });
    options.calls.observe((before, after) => this.#callChanged(before, after));
  }

  get size(): number {
    return this.#live.size;
  }

  /** Sessions that run, with the names of who is in them. */
  list(): readonly {
    readonly session: Session;
    readonly names: Names;
    readonly targetPhone: string | null;
  }[] {
    return Array.from(this.#live.values(), ({ session, names, targetPhone }) => ({
      session,
      names,
      targetPhone,
    }));
  }

  /** Whether a supervisor listens at this phone: it shows 内線通話. */
  isListening(phone: string): boolean {
    for (const { session } of this.#live.values()) {
      if (session.supervisor.phone === phone && session.phase === 'open') return true;
    }
    return false;
  }

  /**
   * Starts a session from a page: the chosen phone is called back from 9999.
   * @throws MonitoringError; nothing was changed then, and nobody was called
   */
  async startFromPage(request: PageRequest): Promise<Session> {
    const { db, settings, isPhone } = this.#options;
    const { door, mode } = request;
    const enabled = settings();
    const option = {
      realtime_monitor: 'callCenterPlan',
      seat_view: 'seatViewOption',
      job_monitor: 'outboundOption',
    };
    if (!enabled[option[door] as keyof MonitoringSettings])
      throw new MonitoringError('MONITORING_NOT_ENABLED');
    const agent = await readAgent(db, request.target);
    const target: Target = { kind: 'agent', accountId: request.target };
    // Who may not know whether there is such an agent is told the same as who may not listen.
    if (!(await this.#allowed(request.supervisor, door, target)))
      throw new MonitoringError('MONITORING_NOT_ALLOWED');
    if (agent === undefined) throw new MonitoringError('MONITORING_TARGET_UNKNOWN');
    const shortcut = request.phone === null;
    const phone = request.phone ?? (await readOwnPhone(db, request.supervisor));
    if (phone === null || !isPhone(phone)) throw new MonitoringError('MONITORING_NO_PHONE');
    if (request.supervisor === request.target || phone === agent.phone)
      throw new MonitoringError('MONITORING_SELF');
    const continuous = enabled.monitoringContinuous;
    const leg = this.#requireCall(agent.phone, { shortcut, continuous });
    const names: Names = {
      supervisor: await readName(db, request.supervisor),
      target: agent.name,
      targetPhone: agent.phone,
    };
    const supervisor = { accountId: request.supervisor, phone, channel: newId('supervisor') };
    const live = await this.#begin({ supervisor, target, mode, door, shortcut, continuous, leg }, names);
    // Asterisk itself says whether there is a phone to call.
    if (!(await this.#callBack(live))) throw new MonitoringError('MONITORING_PHONE_OFFLINE');
    this.#follow(live);
    return live.session;
  }

  /**
   * Starts a session in the supervisor's own call, for this call of the extension only. The leg is ours from now on; sound begins with
   * {@link begin}.
   * @throws MonitoringError
   */
  async startFromDial(request: DialRequest): Promise<void> {
    const { db, isPhone, legs } = this.#options;
    const { channel, mode, phone } = request;
    const target: Target = { kind: 'phone', number: request.target };
    if (!isPhone(request.target) || !(await this.#allowed(request.supervisor, 'dial', target))) {
      throw new MonitoringError('MONITORING_NOT_ALLOWED');
    }
    if (request.target === phone) throw new MonitoringError('MONITORING_SELF');
    const leg = this.#requireCall(request.target, { shortcut: false, continuous: false });
    const names: Names = {
      supervisor: await readName(db, request.supervisor),
      target: request.target,
      targetPhone: request.target,
    };
    if (!legs.has(channel)) throw new MonitoringError('MONITORING_NO_PHONE');
    const supervisor = { accountId: request.supervisor, phone, channel };
    const live = await this.#begin(
      { supervisor, target, mode, door: 'dial', shortcut: false, continuous: false, leg },
      names,
    );
    if (legs.has(channel)) this.#own(live.session);
    else this.#apply(live, { kind: 'supervisor_left', reason: 'supervisor_hung_up' });
  }

  /** The dialling supervisor's leg is quiet now: it hears the target. */
  begin(channel: string): void {
    const live = this.#ofSupervisor(channel);
    if (live === undefined) return;
    this.#apply(live, { kind: 'answered' });
    this.#follow(live);
  }

  /**
   * Listen to whisper, or back, in the running session; the permission is asked again.
   * @throws MonitoringError MONITORING_UNKNOWN (also for another supervisor's session), MONITORING_NOT_ALLOWED
   */
  async changeMode(sessionId: string, supervisor: number, mode: MonitorMode): Promise<Session> {
    const live = this.#requireOwn(sessionId, supervisor);
    const { door, target } = live.session;
    if (!(await this.#allowed(supervisor, door, target))) throw new MonitoringError('MONITORING_NOT_ALLOWED');
    this.#apply(live, { kind: 'mode', mode });
    return live.session;
  }

  /** @throws MonitoringError MONITORING_UNKNOWN */
  stop(sessionId: string, supervisor: number): void {
    this.#apply(this.#requireOwn(sessionId, supervisor), { kind: 'end', reason: 'stopped' });
  }

  /** Writes what is left to write. */
  async close(): Promise<void> {
    for (const live of this.#live.values()) clearTimeout(live.retry);
    await this.#written.stop();
  }

  /** Agents signed in, out, or elsewhere: sessions follow to the phone where they are now. */
  agentsChanged(ids: readonly number[] | 'all'): void {
    for (const live of this.#live.values()) {
      const { target } = live.session;
      if (target.kind === 'agent' && (ids === 'all' || ids.includes(target.accountId))) this.#follow(live);
    }
  }

  /** Rights changed: each session's permission is asked again. */
  accessChanged(): void {
    for (const live of this.#live.values()) {
      live.following = live.following.then(async () => {
        await this.#checkPermission(live).catch((error: unknown) => this.#fault(live, error));
      });
    }
  }

  /** A channel of ours is in the application. */
  entered(channelId: string): void {
    if (channelId.startsWith(SUPERVISOR_LEG)) {
      this.#ring(channelId);
      return;
    }
    for (const live of this.#live.values()) if (live.line.entered(channelId)) return;
    // A tone, or a tap of a session that has ended meanwhile.
    if (!this.#options.legs.has(channelId)) this.#quietly(this.#options.ari.channels.hangup({ channelId }));
  }

  /** After a connection, before legs are looked at: sessions whose bridge is gone went with Asterisk. */
  lostWith(bridges: readonly Bridge[]): void {
    const here = new Set(bridges.map(({ id }) => id));
    for (const live of [...this.#live.values()]) {
      if (!here.has(BRIDGE + live.session.id)) this.#apply(live, { kind: 'end', reason: 'engine_lost' });
    }
  }

  /**
   * Takes over the sessions that are in Asterisk, after a connection. Nobody hears anything of it.
   * @returns the channels that belong to sessions
   */
  async adopt(channels: readonly Channel[], bridges: readonly Bridge[]): Promise<ReadonlySet<string>> {
    const { ari, onFault, db, legs } = this.#options;
    const states = new Map(channels.map(({ id, state }) => [id, state]));
    for (const bridge of bridges.filter(({ id }) => id.startsWith(BRIDGE))) {
      const kept = await ifGone(ari.bridges.getBridgeVar({ bridgeId: bridge.id, variable: STATE }));
      const found = parseState(kept?.value);
      if (found === undefined) {
        this.#quietly(ari.bridges.destroy({ bridgeId: bridge.id }));
        continue;
      }
      const tap = bridge.channels.find((id) => id.startsWith(TAP));
      const live = this.#live.get(found.session.id) ?? this.#adopted(found, tap);
      const state = states.get(live.session.supervisor.channel);
      if (state === undefined || state === 'Down') {
        legs.failed(live.session.supervisor.channel, 0);
      } else if (live.session.phase === 'calling' && state === 'Up') {
        this.#apply(live, { kind: 'answered' });
      }
      this.#follow(live);
    }
    const owned = new Set(channels.map(({ id }) => id).filter((id) => id.startsWith(TAP)));
    const joined = new Set(bridges.flatMap((bridge) => bridge.channels));
    // Taps that were being made when the server went: their session makes new ones.
    for (const id of owned) if (!joined.has(id)) this.#quietly(ari.channels.hangup({ channelId: id }));
    for (const { session } of this.#live.values()) owned.add(session.supervisor.channel);
    await closeLost(db, [...this.#live.keys()], new Date(this.#now())).catch((error: unknown) =>
      onFault(error, 'monitoring sessions could not be compared', {}),
    );
    return owned;
  }

  #adopted({ session: kept, names }: KeptState, tap: string | undefined): Live {
    // Without its tap a session is joined to nothing, whatever was intended.
    const session = tap === undefined ? { ...kept, leg: null } : kept;
    const live = this.#makeLive(session, names, tap);
    this.#live.set(session.id, live);
    this.#own(session);
    if (session.phase === 'open' && session.leg === null) live.line.wait();
    this.#options.onChanged(session);
    return live;
  }

  async #begin(
    start: Pick<Session, 'supervisor' | 'target' | 'mode' | 'door' | 'shortcut' | 'continuous' | 'leg'>,
    names: Names,
  ): Promise<Live> {
    const { db, ari } = this.#options;
    const taken = Array.from(this.#live.values()).some(
      ({ session: { supervisor } }) =>
        supervisor.accountId === start.supervisor.accountId || supervisor.phone === start.supervisor.phone,
    );
    if (taken) throw new MonitoringError('MONITORING_ALREADY');
    const session: Session = {
      ...start,
      id: randomUUID(),
      phase: 'calling',
      hadCall: false,
      startedAt: this.#now(),
      answeredAt: null,
      endedAt: null,
      reason: null,
    };
    const live = this.#makeLive(session, names);
    // Known before it is written, so that what begins in the same moment does not take it for left over.
    this.#live.set(session.id, live);
    try {
      if (!(await insertSession(db, session, names, [...this.#live.keys()]))) {
        throw new MonitoringError('MONITORING_ALREADY');
      }
    } catch (error) {
      this.#live.delete(session.id);
      throw error;
    }
    const variables = { [STATE]: JSON.stringify({ session, names }) };
    this.#do(
      live,
      ari.bridges.createWithId({
        bridgeId: BRIDGE + session.id,
        type: 'mixing',
        name: 'monitoring',
        variables,
      }),
    );
    this.#options.onChanged(session);
    return live;
  }

  #makeLive(session: Session, names: Names, tap?: string): Live {
    const { ari, app, legs, voice, notice, onFault } = this.#options;
    const { channel, phone } = session.supervisor;
    const options = {
      ari,
      app,
      legs,
      bridge: BRIDGE + session.id,
      supervisor: channel,
      voice: voice(channel),
      notice: () => notice(phone),
      onFault: (error: unknown, what: string) => onFault(error, what, { session: session.id }),
    };
    return {
      session,
      names,
      line: new Line(options, tap),
      targetPhone: session.target.kind === 'phone' ? session.target.number : names.targetPhone,
      following: Promise.resolve(),
      retry: undefined,
    };
  }

  /** @returns false when the phone cannot be reached; the session has ended then */
  async #callBack(live: Live): Promise<boolean> {
    const { ari, app, legs } = this.#options;
    const { channel, phone } = live.session.supervisor;
    this.#own(live.session);
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
      if (!(error instanceof AriError) || error.status !== 500) this.#fault(live, error);
      legs.failed(channel, NOT_REACHABLE);
      return false;
    }
  }

  #ring(channelId: string): void {
    const live = this.#ofSupervisor(channelId);
    const { ari } = this.#options;
    if (live?.session.phase !== 'calling') this.#quietly(ari.channels.hangup({ channelId }));
    else this.#do(live, ari.channels.dial({ channelId, timeout: CALLBACK_SECONDS }));
  }

  #own(session: Session): void {
    const { channel } = session.supervisor;
    const rung = session.door !== 'dial';
    const live = (): Live | undefined => this.#live.get(session.id);
    const apply = (event: SessionEvent): void => {
      const found = live();
      if (found !== undefined) this.#apply(found, event);
    };
    this.#options.legs.own(
      channel,
      {
        answered: () => apply({ kind: 'answered' }),
        digit: (key) => this.#key(live(), key),
        playbackFinished: (playbackId) => live()?.line.playbackFinished(playbackId),
        ended: (cause) => {
          const calling = live()?.session.phase === 'calling' && rung;
          apply({ kind: 'supervisor_left', reason: calling ? failureOf(cause) : 'supervisor_hung_up' });
        },
      },
      { rung, up: session.phase === 'open' },
    );
  }

  #key(live: Live | undefined, key: string): void {
    const mode = modeByKey(key);
    if (live === undefined || mode === undefined || live.session.phase !== 'open') return;
    this.changeMode(live.session.id, live.session.supervisor.accountId, mode).catch((error: unknown) => {
      if (!(error instanceof MonitoringError)) this.#fault(live, error);
    });
  }

  #apply(live: Live, event: SessionEvent): void {
    const before = live.session;
    const { session, effects } = step(before, event, this.#now());
    if (session === before) return;
    live.session = session;
    if (session.phase === 'ended') {
      this.#live.delete(session.id);
      clearTimeout(live.retry);
    } else {
      const value = JSON.stringify({ session, names: live.names });
      const { ari } = this.#options;
      this.#do(live, ari.bridges.setBridgeVar({ bridgeId: BRIDGE + session.id, variable: STATE, value }));
    }
    for (const effect of effects) this.#effect(live, effect);
    if (worthWriting(before, session)) this.#written.add(session);
    this.#options.onChanged(session);
  }

  #effect(live: Live, effect: SessionEffect): void {
    const { db, settings, tone } = this.#options;
    switch (effect.kind) {
      case 'attach': {
        const wanted = effect.mode === 'listen' ? settings().monitorTone : settings().whisperTone;
        live.line.attach(effect.channel, effect.mode, wanted ? tone(effect.mode) : undefined);
        const { session } = live;
        if (session.leg === null) break;
        addPart(db, session, session.leg.call, new Date(this.#now())).catch((error: unknown) => {
          this.#fault(live, error);
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

  #callChanged(before: Call | undefined, after: Call): void {
    if (this.#live.size === 0) return;
    const phones = new Set(
      [before, after]
        .flatMap((call) => (call === undefined ? [] : legsOf(call)))
        .map(({ party }) => (party.kind === 'phone' ? party.number : '')),
    );
    for (const live of this.#live.values()) {
      if (live.targetPhone !== null && phones.has(live.targetPhone)) this.#followNow(live);
    }
  }

  /** The leg that a phone talks on, or holds; null when there is none to listen to. */
  #legOf(phone: string | null): TargetLeg | null {
    const found = phone === null ? undefined : this.#options.calls.phoneLeg(phone);
    if (found?.call.phase !== 'talking' || found.status === 'ringing') return null;
    return { channel: found.leg.channel, call: found.call.id, held: found.leg.holding };
  }

  /** A call ended, began or was held: what needs no question is done at once. */
  #followNow(live: Live): void {
    const leg = this.#legOf(live.targetPhone);
    const goes = leg === null || leg.channel === live.session.leg?.channel;
    if (goes) this.#apply(live, { kind: 'target', leg });
    else this.#follow(live);
  }

  /** Looks where the target is and what it talks on. A new call is joined only after the permission was asked again. */
  #follow(live: Live): void {
    live.following = live.following.then(async () => {
      if (live.session.phase === 'ended') return;
      try {
        const { target } = live.session;
        if (target.kind === 'agent') {
          live.targetPhone = (await readAgent(this.#options.db, target.accountId))?.phone ?? null;
        }
        const leg = this.#legOf(live.targetPhone);
        const joins = leg !== null && leg.channel !== live.session.leg?.channel;
        if (joins && !(await this.#checkPermission(live))) return;
        // The call may have ended while the permission was asked.
        this.#apply(live, { kind: 'target', leg: this.#legOf(live.targetPhone) });
      } catch (error) {
        // Without the database nobody can say that it is allowed: not joined, and asked again.
        this.#fault(live, error);
        clearTimeout(live.retry);
        live.retry = setTimeout(() => this.#follow(live), RETRY_MS);
      }
    });
  }

  async #checkPermission(live: Live): Promise<boolean> {
    const { session } = live;
    if (session.phase === 'ended') return false;
    const may = await this.#allowed(session.supervisor.accountId, session.door, session.target);
    if (!may) this.#apply(live, { kind: 'end', reason: 'permission_lost' });
    return may;
  }

  async #allowed(accountId: number, door: MonitoringDoor, target: Target): Promise<boolean> {
    const { db } = this.#options;
    const actor = await readActor(db, accountId);
    if (actor === undefined) return false;
    const resources =
      target.kind === 'phone'
        ? [target.number]
        : ((await readAgent(db, target.accountId))?.callCenters ?? []);
    return allowed(actor, ACTIONS[door], [{ id: 0, resources }]).has(0);
  }

  #requireCall(
    phone: string | null,
    how: { readonly shortcut: boolean; readonly continuous: boolean },
  ): TargetLeg | null {
    const found = phone === null ? undefined : this.#options.calls.phoneLeg(phone);
    const refusal = startRefusal(found?.status ?? 'ready', how.shortcut);
    if (refusal !== undefined) throw new MonitoringError(refusal);
    const leg = this.#legOf(phone);
    // For one call there has to be one to listen to; otherwise the next that is answered will do.
    if (leg === null && !how.shortcut && !how.continuous)
      throw new MonitoringError('MONITORING_TARGET_NOT_IN_CALL');
    return leg;
  }

  #requireOwn(sessionId: string, supervisor: number): Live {
    const live = this.#live.get(sessionId);
    if (live?.session.supervisor.accountId !== supervisor) throw new MonitoringError('MONITORING_UNKNOWN');
    return live;
  }

  #ofSupervisor(channel: string): Live | undefined {
    for (const live of this.#live.values()) if (live.session.supervisor.channel === channel) return live;
    return undefined;
  }

  #do(live: Live, request: Promise<unknown>): void {
    ifGone(request).catch((error: unknown) => this.#fault(live, error));
  }

  #quietly(request: Promise<unknown>): void {
    request.catch(() => undefined);
  }

  #fault(live: Live, error: unknown): void {
    this.#options.onFault(error, 'monitoring could not be carried on', { session: live.session.id });
  }
}

interface KeptState {
  readonly session: Session;
  readonly names: Names;
}

function parseState(text: string | undefined): KeptState | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    return JSON.parse(text) as KeptState;
  } catch {
    return undefined;
  }
}

/** What the audit holds; holds and waits are no part of it. */
function worthWriting(before: Session, after: Session): boolean {
  return before.mode !== after.mode || before.phase !== after.phase || stateOf(after) === 'ended';
}
