import type { Failure } from '../calls/rules.ts';
import type { CallCenterRules, OverflowAction } from './rules.ts';

/**
 * One caller who waits for an agent, as a pure machine: from coming in until an agent answers, the caller gives up, or the call center sends
 * the caller elsewhere. Every wait has an end: {@link CallCenterRules.overflowSeconds}, and one ring more at the most.
 */
export interface Waiting {
  readonly callId: string;
  /** The caller's leg in Asterisk. */
  readonly channel: string;
  readonly callCenter: string;
  /** The caller's number. */
  readonly caller: string;
  /** ms since 1970. */
  readonly enteredAt: number;
  /** `offering`: an agent's phone rings. `leaving`: the wait is over, the caller is on the way out. */
  readonly phase: 'waiting' | 'offering' | 'leaving' | 'gone';
  /** Whose phone rings. The account is null when a new server does not know it. */
  readonly agent: { readonly accountId: number | null; readonly phone: string } | null;
  /** Agents at whom it rang in vain, the latest last. */
  readonly tried: readonly number[];
  /** The call centers that the caller was in, this one last. */
  readonly visited: readonly string[];
  /** The time is over; the ring that goes on is the last. */
  readonly overdue: boolean;
}

export type OfferOutcome = Failure | 'answered' | 'caller_gone' | 'cancelled';

export type WaitingEvent =
  /** The caller is there: new, or found by a new server. */
  | { readonly kind: 'entered' }
  /** The call center has no agents at all, signed in or not. */
  | { readonly kind: 'nobody' }
  | {
      readonly kind: 'reserved';
      readonly agent: { readonly accountId: number; readonly phone: string };
    }
  | { readonly kind: 'offer_ended'; readonly outcome: OfferOutcome }
  /** The phone that rings is gone, or nobody is signed in there any more. */
  | { readonly kind: 'agent_gone' }
  | { readonly kind: 'notice_due' }
  | { readonly kind: 'overflow_due' }
  /** The call center was deleted. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'caller_gone' };

/**
 * How a reservation ends. `missed`: the agent let it ring. `unreachable`: the phone could not be rung, so that the next caller does not try
 * it at once. `free`: the agent has nothing to do with it.
 */
export type Settlement = 'answered' | 'missed' | 'unreachable' | 'free';

export type WaitingEffect =
  | { readonly kind: 'music' }
  | { readonly kind: 'notice' }
  | { readonly kind: 'wake'; readonly for: 'notice' | 'overflow'; readonly ms: number }
  /** Somebody may be free for the caller. */
  | { readonly kind: 'seek' }
  | { readonly kind: 'offer'; readonly phone: string; readonly ringSeconds: number }
  | { readonly kind: 'withdraw' }
  | { readonly kind: 'settle'; readonly accountId: number | null; readonly as: Settlement }
  /** Out of the call center. */
  | { readonly kind: 'leave'; readonly action: OverflowAction; readonly target: string | null }
  /** Nothing of the wait is left. */
  | { readonly kind: 'forget' };

export interface Step {
  readonly waiting: Waiting;
  readonly effects: readonly WaitingEffect[];
}

export interface NewWaiting {
  readonly callId: string;
  readonly channel: string;
  readonly callCenter: string;
  readonly caller: string;
  readonly enteredAt: number;
  /** Call centers that sent the caller on. */
  readonly visited?: readonly string[];
  readonly tried?: readonly number[];
  /** An offer that rings already. */
  readonly agent?: Waiting['agent'];
}

export function newWaiting({ visited = [], tried = [], agent = null, ...call }: NewWaiting): Waiting {
  return {
    ...call,
    phase: agent === null ? 'waiting' : 'offering',
    agent,
    tried,
    visited: [...visited.filter((number) => number !== call.callCenter), call.callCenter],
    overdue: false,
  };
}

/** What an event makes of a waiting caller. After the end nothing does, except that a reservation that came too late is given back. */
export function step(waiting: Waiting, event: WaitingEvent, rules: CallCenterRules, at: number): Step {
  if (event.kind === 'reserved' && waiting.phase !== 'waiting') {
    return stay(waiting, { kind: 'settle', accountId: event.agent.accountId, as: 'free' });
  }
  if (waiting.phase === 'gone') return stay(waiting);
  switch (event.kind) {
    case 'entered':
      return entered(waiting, rules, at);
    case 'reserved':
      return {
        waiting: { ...waiting, phase: 'offering', agent: event.agent },
        effects: [{ kind: 'offer', phone: event.agent.phone, ringSeconds: rules.ringSeconds }],
      };
    case 'offer_ended':
      return waiting.phase === 'offering' ? offerEnded(waiting, event.outcome, rules) : stay(waiting);
    case 'agent_gone':
      return waiting.phase === 'offering' ? stay(waiting, { kind: 'withdraw' }) : stay(waiting);
    case 'notice_due':
      return waiting.phase === 'leaving'
        ? stay(waiting)
        : stay(waiting, { kind: 'notice' }, ...nextNotice(rules));
    case 'nobody':
      return waiting.phase === 'waiting' ? leave(waiting, rules) : stay(waiting);
    case 'overflow_due':
      if (waiting.phase === 'offering') return { waiting: { ...waiting, overdue: true }, effects: [] };
      return waiting.phase === 'waiting' ? leave(waiting, rules) : stay(waiting);
    case 'closed':
      if (waiting.phase === 'offering') return { waiting: { ...waiting, overdue: true }, effects: [] };
      return waiting.phase === 'waiting' ? out(waiting, 'notice', null) : stay(waiting);
    case 'caller_gone':
      return gone(waiting, waiting.phase === 'offering' ? 'free' : undefined);
  }
}

function stay(waiting: Waiting, ...effects: readonly WaitingEffect[]): Step {
  return { waiting, effects };
}

function entered(waiting: Waiting, rules: CallCenterRules, at: number): Step {
  const left = waiting.enteredAt + rules.overflowSeconds * 1_000 - at;
  const effects: readonly WaitingEffect[] = [
    { kind: 'music' },
    ...nextNotice(rules),
    { kind: 'wake', for: 'overflow', ms: Math.max(0, left) },
  ];
  return stay(waiting, ...effects, ...(waiting.phase === 'waiting' ? [{ kind: 'seek' as const }] : []));
}

function nextNotice({ noticeSeconds }: CallCenterRules): readonly WaitingEffect[] {
  return noticeSeconds === 0 ? [] : [{ kind: 'wake', for: 'notice', ms: noticeSeconds * 1_000 }];
}

const SETTLED: Readonly<Record<OfferOutcome, Settlement>> = {
  answered: 'answered',
  no_answer: 'missed',
  busy: 'missed',
  offline: 'unreachable',
  failed: 'unreachable',
  unknown_number: 'unreachable',
  congestion: 'unreachable',
  caller_gone: 'free',
  cancelled: 'free',
};

function offerEnded(waiting: Waiting, outcome: OfferOutcome, rules: CallCenterRules): Step {
  const as = SETTLED[outcome];
  if (outcome === 'answered' || outcome === 'caller_gone') return gone(waiting, as);
  const { agent, tried } = waiting;
  const accountId = agent?.accountId ?? null;
  const next: Waiting = {
    ...waiting,
    phase: 'waiting',
    agent: null,
    tried: accountId === null ? tried : [...tried.filter((id) => id !== accountId), accountId],
  };
  const settle: WaitingEffect = { kind: 'settle', accountId, as };
  if (!waiting.overdue) return stay(next, settle, { kind: 'seek' });
  const { waiting: left, effects } = leave(next, rules);
  return stay(left, settle, ...effects);
}

/** The wait is over; a call center that the caller came from is not asked again, so that nobody is sent round for ever. */
function leave(waiting: Waiting, { overflowAction, overflowTarget }: CallCenterRules): Step {
  const round = overflowAction === 'call_center' && waiting.visited.includes(overflowTarget ?? '');
  return round ? out(waiting, 'notice', null) : out(waiting, overflowAction, overflowTarget);
}

function out(waiting: Waiting, action: OverflowAction, target: string | null): Step {
  return { waiting: { ...waiting, phase: 'leaving' }, effects: [{ kind: 'leave', action, target }] };
}

function gone(waiting: Waiting, as: Settlement | undefined): Step {
  const settle: readonly WaitingEffect[] =
    as === undefined ? [] : [{ kind: 'settle', accountId: waiting.agent?.accountId ?? null, as }];
  return { waiting: { ...waiting, phase: 'gone', agent: null }, effects: [...settle, { kind: 'forget' }] };
}
