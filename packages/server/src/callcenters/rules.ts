import type { BaseStatus, CallStatus } from '../agents/rules.ts';

/** Who is called next for whom (pure). What a caller goes through meanwhile is in `waiting.ts`. */

/** Where a caller goes for whom nobody answered in time. `busy`: busy tone. `notice`: says so and hangs up. */
export type OverflowAction = 'busy' | 'notice' | 'call_center' | 'extension';

/** What a call center is and how it distributes. */
export interface CallCenterRules {
  /** 7000 to 7999. */
  readonly number: string;
  readonly name: string;
  /** 1 is served first. */
  readonly priority: number;
  readonly ringSeconds: number;
  /** How long 後作業 lasts; 0 ends by hand. */
  readonly wrapUpSeconds: number;
  /** Rings in vain, in a row, that make an agent 離席中; 0 never does. */
  readonly maxMisses: number;
  /** Between notices to a caller who waits; 0 is never. */
  readonly noticeSeconds: number;
  readonly overflowSeconds: number;
  readonly overflowAction: OverflowAction;
  /** The call center or extension; null with the other actions. */
  readonly overflowTarget: string | null;
  /** Answered within this is well served, in the figures. */
  readonly serviceLevelSeconds: number;
}

/** What holds when nobody has chosen; the database has the same. */
export const DEFAULT_RULES = {
  priority: 10,
  ringSeconds: 20,
  wrapUpSeconds: 0,
  maxMisses: 3,
  noticeSeconds: 30,
  overflowSeconds: 300,
  overflowAction: 'notice',
  overflowTarget: null,
  serviceLevelSeconds: 20,
} as const satisfies Omit<CallCenterRules, 'number' | 'name'>;

/** An agent as a member of one call center. */
export interface Candidate {
  readonly callCenter: string;
  /** Within the call center; 1 is called first. */
  readonly priority: number;
  readonly accountId: number;
  readonly baseStatus: BaseStatus;
  readonly callStatus: CallStatus | null;
  readonly phone: string | null;
  readonly idleSince: Date;
  /** Until when another call has the agent; null when none has. */
  readonly reservedUntil: Date | null;
  /** Until when no call center calls the agent, after a ring in vain. */
  readonly restUntil: Date | null;
}

/** A caller who waits and is offered to nobody now. */
export interface Caller {
  readonly callId: string;
  readonly callCenter: string;
  /** ms since 1970. */
  readonly enteredAt: number;
  /** Agents at whom it rang in vain, the latest last. */
  readonly tried: readonly number[];
}

/** A caller and who may be called for it, best first; the first who is still free gets it. */
export interface Turn {
  readonly callId: string;
  readonly agents: readonly { readonly accountId: number; readonly phone: string }[];
}

/** An agent that a call may be offered to, except that its phone may be gone or in use. */
export function isAvailable(agent: Candidate, at: Date): boolean {
  return (
    agent.baseStatus === 'ready' &&
    agent.callStatus === null &&
    agent.phone !== null &&
    (agent.reservedUntil === null || agent.reservedUntil <= at) &&
    (agent.restUntil === null || agent.restUntil <= at)
  );
}

/** Callers in the order in which they are served: the call center's priority, then who waits longest. */
export function inOrder<C extends Pick<Caller, 'callId' | 'callCenter' | 'enteredAt'>>(
  callers: readonly C[],
  priorityOf: (callCenter: string) => number,
): readonly C[] {
  return callers.toSorted(
    (one, other) =>
      priorityOf(one.callCenter) - priorityOf(other.callCenter) ||
      one.enteredAt - other.enteredAt ||
      compare(one.callId, other.callId),
  );
}

/**
 * Agents in the order in which they are called for this caller: those at whom it did not ring yet, then those at whom it rang longest ago;
 * within that the priority in the call center, then who is idle longest.
 */
export function agentsFor(caller: Caller, candidates: readonly Candidate[]): readonly Candidate[] {
  const triedAt = (agent: Candidate): number => caller.tried.lastIndexOf(agent.accountId);
  return candidates
    .filter(({ callCenter }) => callCenter === caller.callCenter)
    .toSorted(
      (one, other) =>
        triedAt(one) - triedAt(other) ||
        one.priority - other.priority ||
        one.idleSince.getTime() - other.idleSince.getTime() ||
        one.accountId - other.accountId,
    );
}

export interface Floor {
  readonly callers: readonly Caller[];
  /** Members of the callers' call centers, once for each of them. */
  readonly candidates: readonly Candidate[];
  readonly priorityOf: (callCenter: string) => number;
  /** Whether a phone is registered and in no call. */
  readonly isPhoneFree: (phone: string) => boolean;
  readonly at: Date;
}

/**
 * Who is called for whom now. No agent is the first choice of two callers; the later choices are for the case that somebody else was faster.
 * Callers for whom there is nobody have no turn.
 */
export function distribute({ callers, candidates, priorityOf, isPhoneFree, at }: Floor): readonly Turn[] {
  const free = candidates.filter(
    (agent) => isAvailable(agent, at) && agent.phone !== null && isPhoneFree(agent.phone),
  );
  const taken = new Set<number>();
  const turns: Turn[] = [];
  for (const caller of inOrder(callers, priorityOf)) {
    const agents = agentsFor(caller, free).filter(({ accountId }) => !taken.has(accountId));
    const [first] = agents;
    if (first === undefined) continue;
    taken.add(first.accountId);
    turns.push({
      callId: caller.callId,
      agents: agents.map(({ accountId, phone }) => ({ accountId, phone: phone ?? '' })),
    });
  }
  return turns;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
