import type { Status } from '../agents/rules.ts';
import type { MonitorMode } from '../dialing/rules.ts';
import type { MonitoringRefusal } from './errors.ts';

/**
 * A monitoring session as a pure machine: one supervisor leg, one target, from the callback to the reason why it ended. Who hears whom is
 * said in words: the supervisor hears both parties; the agent hears the supervisor in `whisper` only; the customer never does.
 */

/** Where a session was asked for. */
export type MonitoringDoor = 'realtime_monitor' | 'seat_view' | 'job_monitor' | 'dial';

export type Target =
  /** From a page: whoever the agent is talking to, at whichever phone. */
  | { readonly kind: 'agent'; readonly accountId: number }
  /** From a dial: whoever uses the extension. */
  | { readonly kind: 'phone'; readonly number: string };

export type EndReason =
  | 'supervisor_hung_up'
  | 'no_answer'
  | 'busy'
  | 'offline'
  | 'failed'
  | 'call_ended'
  | 'stopped'
  | 'permission_lost'
  /** Asterisk went away with the call. */
  | 'engine_lost'
  /** It ended while no server watched. */
  | 'lost';

/** The target's leg that is talked on now. */
export interface TargetLeg {
  readonly channel: string;
  readonly call: string;
  /** The agent holds the other party: the agent hears nothing meanwhile, the supervisor included. */
  readonly held: boolean;
}

export interface Session {
  readonly id: string;
  readonly supervisor: { readonly accountId: number; readonly phone: string; readonly channel: string };
  readonly target: Target;
  readonly mode: MonitorMode;
  readonly door: MonitoringDoor;
  readonly shortcut: boolean;
  /** Whether it goes on with the target's next call. Never for a dial. */
  readonly continuous: boolean;
  readonly phase: 'calling' | 'open' | 'ended';
  /** While it is called: whether the supervisor's phone is known to ring. */
  readonly ringing: boolean;
  /** What the target talks on, whether or not the supervisor has answered yet. */
  readonly leg: TargetLeg | null;
  /** Whether a call was listened to already: a session for one call ends with it. */
  readonly hadCall: boolean;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly reason: EndReason | null;
}

export type SessionEvent =
  /** The supervisor's phone rings. */
  | { readonly kind: 'ringing' }
  | { readonly kind: 'answered' }
  | { readonly kind: 'supervisor_left'; readonly reason: EndReason }
  | { readonly kind: 'target'; readonly leg: TargetLeg | null }
  | { readonly kind: 'mode'; readonly mode: MonitorMode }
  | { readonly kind: 'end'; readonly reason: EndReason };

export type SessionEffect =
  /** Join the supervisor's leg to this leg of the target, in this mode; in place of what it was joined to. */
  | { readonly kind: 'attach'; readonly channel: string; readonly mode: MonitorMode }
  /** Between calls: the supervisor hears a notice, then quiet music. */
  | { readonly kind: 'wait' }
  /** Everything that belongs to the session goes; nobody else notices. */
  | { readonly kind: 'close' };

export interface Step {
  readonly session: Session;
  readonly effects: readonly SessionEffect[];
}

/** What people see of a session: 呼出中, 受話待ち, 次の通話を待機中, モニタリング中, ささやき中, 保留中. */
export type SessionState =
  'calling' | 'ringing' | 'waiting' | 'listening' | 'whispering' | 'target_on_hold' | 'ended';

export function stateOf(session: Session): SessionState {
  if (session.phase === 'calling' && session.ringing) return 'ringing';
  if (session.phase !== 'open') return session.phase;
  if (session.leg === null) return 'waiting';
  if (session.leg.held) return 'target_on_hold';
  return session.mode === 'listen' ? 'listening' : 'whispering';
}

/** Who hears whom now, by party; empty lists mean silence. */
export function hearing(session: Session): {
  readonly heardBySupervisor: readonly ('agent' | 'customer')[];
  readonly hearsSupervisor: readonly 'agent'[];
} {
  switch (stateOf(session)) {
    case 'listening':
      return { heardBySupervisor: ['agent', 'customer'], hearsSupervisor: [] };
    case 'whispering':
      return { heardBySupervisor: ['agent', 'customer'], hearsSupervisor: ['agent'] };
    case 'target_on_hold':
      return { heardBySupervisor: ['customer'], hearsSupervisor: [] };
    case 'calling':
    case 'ringing':
    case 'waiting':
    case 'ended':
      return { heardBySupervisor: [], hearsSupervisor: [] };
  }
}

const TALKING: readonly Status[] = ['call_center_call', 'external_call', 'outgoing_call', 'internal_call'];

/** Whether a session may start with the target in this status; the shortcut starts in any and waits. */
export function startRefusal(status: Status, shortcut: boolean): MonitoringRefusal | undefined {
  if (shortcut || TALKING.includes(status)) return undefined;
  return status === 'on_hold' ? 'MONITORING_TARGET_ON_HOLD' : 'MONITORING_TARGET_NOT_IN_CALL';
}

/** Keys on the supervisor's phone, as ChanSpy has them. */
export function modeByKey(key: string): MonitorMode | undefined {
  return key === '4' ? 'listen' : key === '5' ? 'whisper' : undefined;
}

/** What an event makes of a session. After its end nothing changes it. */
export function step(session: Session, event: SessionEvent, at: number): Step {
  if (session.phase === 'ended') return { session, effects: [] };
  switch (event.kind) {
    case 'ringing':
      if (session.phase !== 'calling' || session.ringing) return { session, effects: [] };
      return { session: { ...session, ringing: true }, effects: [] };
    case 'answered':
      return answered(session, at);
    case 'supervisor_left':
    case 'end':
      return ended(session, event.reason, at);
    case 'target':
      return followed(session, event.leg, at);
    case 'mode':
      if (session.mode === event.mode) return { session, effects: [] };
      return {
        session: { ...session, mode: event.mode },
        effects:
          session.phase === 'open' && session.leg !== null
            ? [{ kind: 'attach', channel: session.leg.channel, mode: event.mode }]
            : [],
      };
  }
}

function answered(session: Session, at: number): Step {
  if (session.phase !== 'calling') return { session, effects: [] };
  const { leg, mode } = session;
  const open: Session = { ...session, phase: 'open', ringing: false, answeredAt: at, hadCall: leg !== null };
  return {
    session: open,
    effects: [leg === null ? { kind: 'wait' } : { kind: 'attach', channel: leg.channel, mode }],
  };
}

function followed(session: Session, leg: TargetLeg | null, at: number): Step {
  const before = session.leg;
  const now: Session = { ...session, leg };
  if (leg === null) {
    // The call that was asked for is over, also when that was missed. The shortcut asked for none, so it waits for its first.
    const over = !session.continuous && (!session.shortcut || session.hadCall);
    if (over) return ended(now, 'call_ended', at);
    if (before === null) return { session, effects: [] };
    return { session: now, effects: session.phase === 'open' ? [{ kind: 'wait' }] : [] };
  }
  if (before?.channel === leg.channel) {
    return { session: same(before, leg) ? session : now, effects: [] };
  }
  if (session.phase !== 'open') return { session: now, effects: [] };
  return {
    session: { ...now, hadCall: true },
    effects: [{ kind: 'attach', channel: leg.channel, mode: session.mode }],
  };
}

function same(one: TargetLeg, other: TargetLeg): boolean {
  return one.call === other.call && one.held === other.held;
}

function ended(session: Session, reason: EndReason, at: number): Step {
  return {
    session: { ...session, phase: 'ended', ringing: false, leg: null, endedAt: at, reason },
    effects: [{ kind: 'close' }],
  };
}
