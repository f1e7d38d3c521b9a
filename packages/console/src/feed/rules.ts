import type {
  AgentView,
  CallCenterLive,
  EngineState,
  FeedMessage,
  MonitoringEnd,
  MonitoringView,
} from '../../../server/src/http/contract.ts';

/** Without a message for so long (ms), what is shown is old and the connection is taken for dead. */
export const SILENCE_LIMIT = 12_000;

/**
 * `connecting` before the first snapshot; `live` from a snapshot on; `lost` while a connection that gave data is being made again;
 * `forbidden` when the account may not see agents.
 */
export type FeedPhase = 'connecting' | 'live' | 'lost' | 'forbidden';

/** What the page knows of the world, and how fresh that is. Times are milliseconds of this machine's clock. */
export interface FeedState {
  readonly phase: FeedPhase;
  /** Number of the last snapshot or delta. */
  readonly number: number | null;
  readonly engine: EngineState | null;
  readonly agents: ReadonlyMap<number, AgentView>;
  /** Monitoring sessions that this account may know. */
  readonly monitoring: readonly MonitoringView[];
  /** The account's own session that ended last; null before. */
  readonly ended: MonitoringEnd | null;
  /** Call centers that this account may see, in the order of their numbers. */
  readonly callCenters: readonly CallCenterLive[];
  /** When the last message came; null before the first. */
  readonly heardAt: number | null;
  /** What to add to this machine's clock to get the server's. */
  readonly clockOffset: number;
}

export const EMPTY_FEED: FeedState = {
  phase: 'connecting',
  number: null,
  engine: null,
  agents: new Map(),
  monitoring: [],
  ended: null,
  callCenters: [],
  heardAt: null,
  clockOffset: 0,
};

/** A gap means that a message was missed: the state is no longer known and a new snapshot is needed. */
export type Applied = { readonly gap: false; readonly state: FeedState } | { readonly gap: true };

/** Takes in one message of the feed. `now` is when it came. */
export function apply(state: FeedState, message: FeedMessage, now: number): Applied {
  const heard = { heardAt: now, clockOffset: offset(state, message.serverTime, now) };
  switch (message.type) {
    case 'snapshot':
      return {
        gap: false,
        state: {
          ...heard,
          phase: 'live',
          number: message.number,
          engine: message.engine,
          agents: new Map(message.agents.map((agent) => [agent.accountId, agent])),
          monitoring: message.monitoring,
          ended: message.ended?.at(-1) ?? state.ended,
          callCenters: message.callCenters,
        },
      };
    case 'delta': {
      if (state.phase !== 'live' || state.number === null || message.number !== state.number + 1) {
        return { gap: true };
      }
      const agents = new Map(state.agents);
      for (const agent of message.agents) agents.set(agent.accountId, agent);
      for (const accountId of message.gone) agents.delete(accountId);
      const engine = message.engine ?? state.engine;
      const monitoring = message.monitoring ?? state.monitoring;
      const ended = message.ended?.at(-1) ?? state.ended;
      const callCenters = withChanged(state.callCenters, message.callCenters ?? []);
      return {
        gap: false,
        state: { ...state, ...heard, number: message.number, engine, agents, monitoring, ended, callCenters },
      };
    }
    case 'heartbeat':
      // A heartbeat repeats the number of the last delta, so a delta lost on the way is noticed even when no other follows.
      if (state.phase !== 'live' || message.number !== state.number) return { gap: true };
      return { gap: false, state: { ...state, ...heard } };
    default:
      // A newer server may say more than this page understands.
      return { gap: false, state };
  }
}

/** Those that changed in the place of what they were; a new one comes with a snapshot. */
function withChanged(
  callCenters: readonly CallCenterLive[],
  changed: readonly CallCenterLive[],
): readonly CallCenterLive[] {
  if (changed.length === 0) return callCenters;
  return callCenters.map((known) => changed.find(({ number }) => number === known.number) ?? known);
}

/** The connection is gone: what is known stays, marked as old. */
export function lose(state: FeedState): FeedState {
  return state.heardAt === null ? { ...state, phase: 'connecting' } : { ...state, phase: 'lost' };
}

/**
 * Messages are late by the way they took, never early, so of similar measurements the largest is the truest; it also keeps shown seconds
 * from jumping back. A large difference means that a clock was set.
 */
function offset(state: FeedState, serverTime: string, now: number): number {
  const measured = Date.parse(serverTime) - now;
  if (Number.isNaN(measured)) return state.clockOffset;
  const first = state.heardAt === null;
  return !first && Math.abs(measured - state.clockOffset) < 2_000
    ? Math.max(state.clockOffset, measured)
    : measured;
}

/** Milliseconds since the last message; null before the first. */
export function ageOf(state: FeedState, now: number): number | null {
  return state.heardAt === null ? null : Math.max(0, now - state.heardAt);
}

/** Whether what is shown may differ from now. */
export function isOld(state: FeedState, now: number): boolean {
  const age = ageOf(state, now);
  return age !== null && (state.phase !== 'live' || age > SILENCE_LIMIT);
}

/** The server's clock, which stands still at the last message while the data is old: a running time would claim to know. */
export function serverNow(state: FeedState, now: number): number {
  const at = state.heardAt !== null && isOld(state, now) ? state.heardAt : now;
  return at + state.clockOffset;
}

/** How long to wait before the next try (ms): quick at first, at most 10 s, spread so that a thousand pages do not come at once. */
export function retryDelay(failures: number, random: number): number {
  const ceiling = Math.min(10_000, 400 * 2 ** Math.min(failures, 10));
  return Math.round(ceiling * (0.5 + random / 2));
}
