import { randomUUID } from 'node:crypto';
import { newId, type Bridge, type Channel } from '@sasayaki/ari';
import type { CallService } from '../calls/service.ts';
import type { MonitorMode } from '../dialing/rules.ts';
import { adoptSessions, endLost } from './adoption.ts';
import { MonitoringError } from './errors.ts';
import { Following, isPartyTo } from './following.ts';
import { mayMonitor } from './permission.ts';
import {
  modeByKey,
  startRefusal,
  type MonitoringDoor,
  type Session,
  type Target,
  type TargetLeg,
} from './rules.ts';
import { Sessions, type Live, type SessionsOptions } from './sessions.ts';
import {
  closeLost,
  insertSession,
  readAgent,
  readName,
  readOwnPhone,
  readPhoneUsers,
  type Names,
} from './store.ts';

export interface MonitoringOptions extends Omit<SessionsOptions, 'tone' | 'onKey' | 'now'> {
  readonly calls: CallService;
  readonly isPhone: (number: string) => boolean;
  readonly settings: () => MonitoringSettings;
  /** Media of a start tone. */
  readonly tone: (mode: MonitorMode) => string;
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

type Start = Pick<Session, 'supervisor' | 'target' | 'mode' | 'door' | 'shortcut' | 'continuous' | 'leg'>;

const SUPERVISOR_LEG = 'supervisor-';

/** The setting that opens a page's door. */
const OPTIONS: Readonly<Record<PageRequest['door'], keyof MonitoringSettings>> = {
  realtime_monitor: 'callCenterPlan',
  seat_view: 'seatViewOption',
  job_monitor: 'outboundOption',
};

/** The one place where listening and whispering start, whichever door asks. */
export class MonitoringService {
  readonly #options: MonitoringOptions;
  readonly #now: () => number;
  readonly #sessions: Sessions;
  readonly #following: Following;

  constructor(options: MonitoringOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#sessions = new Sessions({
      ...options,
      now: this.#now,
      onKey: (live, key) => this.#key(live, key),
      tone: (mode) => {
        const { monitorTone, whisperTone } = options.settings();
        return (mode === 'listen' ? monitorTone : whisperTone) ? options.tone(mode) : undefined;
      },
    });
    this.#following = new Following({ db: options.db, calls: options.calls, sessions: this.#sessions });
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Sessions that run, with the names of who is in them. */
  list(): readonly {
    readonly session: Session;
    readonly names: Names;
    readonly targetPhone: string | null;
  }[] {
    return this.#sessions.all();
  }

  /** Whether a supervisor listens at this phone: it shows 内線通話. */
  isListening(phone: string): boolean {
    return this.#sessions
      .all()
      .some(({ session }) => session.supervisor.phone === phone && session.phase === 'open');
  }

  /** Whether a supervisor is at this phone, or is called back there. */
  isAt(phone: string): boolean {
    return this.#sessions.all().some(({ session }) => session.supervisor.phone === phone);
  }

  /**
   * Starts a session from a page: the chosen phone is called back from 9999.
   * @throws MonitoringError; nothing was changed then, and nobody was called
   */
  async startFromPage(request: PageRequest): Promise<Session> {
    const { db, settings, isPhone } = this.#options;
    const { door, mode } = request;
    const enabled = settings();
    if (!enabled[OPTIONS[door]]) throw new MonitoringError('MONITORING_NOT_ENABLED');
    const agent = await readAgent(db, request.target);
    const target: Target = { kind: 'agent', accountId: request.target };
    // Who may not know whether there is such an agent is told the same as who may not listen.
    if (!(await mayMonitor(db, request.supervisor, door, target)))
      throw new MonitoringError('MONITORING_NOT_ALLOWED');
    if (agent === undefined) throw new MonitoringError('MONITORING_TARGET_UNKNOWN');
    const shortcut = request.phone === null;
    const phone = request.phone ?? (await readOwnPhone(db, request.supervisor));
    if (phone === null || !isPhone(phone)) throw new MonitoringError('MONITORING_NO_PHONE');
    if (request.supervisor === request.target || phone === agent.phone)
      throw new MonitoringError('MONITORING_SELF');
    const continuous = enabled.monitoringContinuous;
    const leg = this.#requireCall(agent.phone, phone, { shortcut, continuous });
    const names: Names = {
      supervisor: await readName(db, request.supervisor),
      target: agent.name,
      targetPhone: agent.phone,
    };
    const supervisor = { accountId: request.supervisor, phone, channel: newId('supervisor') };
    const live = await this.#begin({ supervisor, target, mode, door, shortcut, continuous, leg }, names);
    // Asterisk itself says whether there is a phone to call.
    if (!(await this.#sessions.callBack(live))) throw new MonitoringError('MONITORING_PHONE_OFFLINE');
    this.#following.follow(live);
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
    if (!isPhone(request.target) || !(await mayMonitor(db, request.supervisor, 'dial', target))) {
      throw new MonitoringError('MONITORING_NOT_ALLOWED');
    }
    const user = (await readPhoneUsers(db, [request.target])).get(request.target);
    if (request.target === phone || user?.accountId === request.supervisor)
      throw new MonitoringError('MONITORING_SELF');
    const leg = this.#requireCall(request.target, phone, { shortcut: false, continuous: false });
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
    if (legs.has(channel)) this.#sessions.own(live.session);
    else this.#sessions.apply(live, { kind: 'supervisor_left', reason: 'supervisor_hung_up' });
  }

  /** The dialling supervisor's leg is quiet now: it hears the target. */
  begin(channel: string): void {
    const live = this.#sessions.ofSupervisor(channel);
    if (live === undefined) return;
    this.#sessions.apply(live, { kind: 'answered' });
    this.#following.follow(live);
  }

  /**
   * Listen to whisper, or back, in the running session; the permission is asked again.
   * @throws MonitoringError MONITORING_UNKNOWN (also for another supervisor's session), MONITORING_NOT_ALLOWED
   */
  async changeMode(sessionId: string, supervisor: number, mode: MonitorMode): Promise<Session> {
    const live = this.#requireOwn(sessionId, supervisor);
    const { door, target } = live.session;
    const change = live.following.then(async () => {
      if (!(await mayMonitor(this.#options.db, supervisor, door, target)))
        throw new MonitoringError('MONITORING_NOT_ALLOWED');
      this.#sessions.apply(live, { kind: 'mode', mode });
    });
    // In the order in which they were asked for: of two keys the last one holds, however long the first one's permission took.
    live.following = change.catch(() => undefined);
    await change;
    return live.session;
  }

  /** @throws MonitoringError MONITORING_UNKNOWN */
  stop(sessionId: string, supervisor: number): void {
    this.#sessions.apply(this.#requireOwn(sessionId, supervisor), { kind: 'end', reason: 'stopped' });
  }

  /** Writes what is left to write. */
  async close(): Promise<void> {
    await this.#sessions.close();
  }

  /** Agents signed in, out, or elsewhere: sessions follow to the phone where they are now. */
  agentsChanged(ids: readonly number[] | 'all'): void {
    this.#following.agentsChanged(ids);
  }

  /** Rights changed: each session's permission is asked again. */
  accessChanged(): void {
    this.#following.accessChanged();
  }

  /** A channel of ours is in the application. */
  entered(channelId: string): void {
    if (channelId.startsWith(SUPERVISOR_LEG)) {
      this.#sessions.ring(channelId);
      return;
    }
    if (this.#sessions.entered(channelId)) return;
    // A tone, or a tap of a session that has ended meanwhile.
    const { legs, ari } = this.#options;
    if (!legs.has(channelId)) ari.channels.hangup({ channelId }).catch(() => undefined);
  }

  /** Sessions that Asterisk was told of. */
  get ids(): readonly string[] {
    return this.#sessions
      .all()
      .filter(({ opened }) => opened)
      .map(({ session }) => session.id);
  }

  /**
   * After a connection, before legs are looked at.
   * @param known the sessions that Asterisk had been told of before it was asked
   */
  lostWith(known: readonly string[], bridges: readonly Bridge[]): void {
    endLost(this.#sessions, known, bridges);
  }

  /**
   * Takes over the sessions that are in Asterisk, after a connection; others that were open are closed in the audit.
   * @returns the channels that belong to sessions
   */
  async adopt(channels: readonly Channel[], bridges: readonly Bridge[]): Promise<ReadonlySet<string>> {
    const { ari, db, legs, onFault } = this.#options;
    const sessions = this.#sessions;
    const follow = (live: Live): void => this.#following.lookAgain(live);
    const owned = await adoptSessions({ ari, legs, sessions, follow }, channels, bridges);
    await closeLost(db, sessions.ids, new Date(this.#now())).catch((error: unknown) =>
      onFault(error, 'monitoring sessions could not be compared', {}),
    );
    return owned;
  }

  async #begin(start: Start, names: Names): Promise<Live> {
    const sessions = this.#sessions;
    const taken = sessions
      .all()
      .some(
        ({ session: { supervisor } }) =>
          supervisor.accountId === start.supervisor.accountId || supervisor.phone === start.supervisor.phone,
      );
    if (taken) throw new MonitoringError('MONITORING_ALREADY');
    const session: Session = {
      ...start,
      id: randomUUID(),
      phase: 'calling',
      ringing: false,
      hadCall: false,
      startedAt: this.#now(),
      answeredAt: null,
      endedAt: null,
      reason: null,
    };
    // Known before it is written, so that what begins in the same moment does not take it for left over.
    const live = sessions.add(session, names);
    try {
      if (!(await insertSession(this.#options.db, session, names, sessions.ids))) {
        throw new MonitoringError('MONITORING_ALREADY');
      }
    } catch (error) {
      sessions.forget(live);
      throw error;
    }
    if (!sessions.open(live)) {
      const lost = live.session.reason === 'permission_lost';
      throw new MonitoringError(lost ? 'MONITORING_NOT_ALLOWED' : 'MONITORING_TARGET_NOT_IN_CALL');
    }
    return live;
  }

  #key({ session }: Live, key: string): void {
    const mode = modeByKey(key);
    if (mode === undefined || session.phase !== 'open') return;
    this.changeMode(session.id, session.supervisor.accountId, mode).catch((error: unknown) => {
      if (error instanceof MonitoringError) return;
      this.#options.onFault(error, 'monitoring could not be carried on', { session: session.id });
    });
  }

  #requireCall(
    phone: string | null,
    listener: string,
    how: { readonly shortcut: boolean; readonly continuous: boolean },
  ): TargetLeg | null {
    const found = phone === null ? undefined : this.#options.calls.phoneLeg(phone);
    const refusal = startRefusal(found?.status ?? 'ready', how.shortcut);
    if (refusal !== undefined) throw new MonitoringError(refusal);
    // The shortcut starts in any status, and waits for a call that may be listened to.
    if (found?.call.redial === true && !how.shortcut) throw new MonitoringError('MONITORING_TARGET_REDIAL');
    if (found !== undefined && isPartyTo(found.call, listener) && !how.shortcut)
      throw new MonitoringError('MONITORING_SELF');
    const leg = this.#following.legOf(phone, listener);
    // For one call there has to be one to listen to; otherwise the next that is answered will do.
    if (leg === null && !how.shortcut && !how.continuous)
      throw new MonitoringError('MONITORING_TARGET_NOT_IN_CALL');
    return leg;
  }

  #requireOwn(sessionId: string, supervisor: number): Live {
    const live = this.#sessions.get(sessionId);
    if (live?.session.supervisor.accountId !== supervisor) throw new MonitoringError('MONITORING_UNKNOWN');
    return live;
  }
}
