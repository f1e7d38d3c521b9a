import type { AgentRefusal } from './errors.ts';

/** Base statuses by the number that is keyed for them (0, 1, 2, 3, 9); 4 to 8 mean nothing. */
export const STATUS_BY_NUMBER = {
  '0': 'ready',
  '1': 'after_call_work',
  '2': 'on_break',
  '3': 'away',
  '9': 'signed_off',
} as const;

export const BASE_STATUSES = ['ready', 'after_call_work', 'on_break', 'away', 'signed_off'] as const;
export const CALL_STATUSES = [
  'ringing',
  'call_center_call',
  'external_call',
  'outgoing_call',
  'internal_call',
  'on_hold',
] as const;

export type BaseStatus = (typeof BASE_STATUSES)[number];
export type CallStatus = (typeof CALL_STATUSES)[number];
export type Status = BaseStatus | CallStatus;

export function statusByNumber(keyed: string): BaseStatus | undefined {
  return Object.hasOwn(STATUS_BY_NUMBER, keyed)
    ? STATUS_BY_NUMBER[keyed as keyof typeof STATUS_BY_NUMBER]
    : undefined;
}

/** One agent as it was last committed. */
export interface AgentState {
  readonly accountId: number;
  readonly baseStatus: BaseStatus;
  readonly baseSince: Date;
  readonly callStatus: CallStatus | null;
  readonly callSince: Date | null;
  /** The bound extension; null while signed off. */
  readonly phone: string | null;
  readonly seat: string | null;
  /** Since when nothing kept the agent busy: of the agents who are ready, the longest idle is called first. */
  readonly idleSince: Date;
  /** When 後作業 ends by itself; null when it ends by hand, and in every other status. */
  readonly readyAt: Date | null;
  /** Calls of call centers that rang in vain, in a row. */
  readonly misses: number;
}

/** What is shown and spoken: the call's status while there is a call, else the base status. */
export function shownStatus(state: AgentState): { readonly status: Status; readonly since: Date } {
  return state.callStatus !== null && state.callSince !== null
    ? { status: state.callStatus, since: state.callSince }
    : { status: state.baseStatus, since: state.baseSince };
}

export type Decision =
  | { readonly ok: true; readonly states: readonly [AgentState, ...AgentState[]] }
  | { readonly ok: false; readonly refusal: AgentRefusal };

const refuse = (refusal: AgentRefusal): Decision => ({ ok: false, refusal });
const accept = (...states: [AgentState, ...AgentState[]]): Decision => ({ ok: true, states });

function withBase(state: AgentState, to: BaseStatus, at: Date): AgentState {
  const released = to === 'signed_off' ? { phone: null, seat: null } : {};
  // Choosing the status one already has changes nothing, so the time in status goes on.
  if (state.baseStatus === to) return { ...state, ...released };
  return { ...state, ...released, baseStatus: to, baseSince: at, idleSince: at, readyAt: null, misses: 0 };
}

/**
 * A status change, whoever asks (dial, page, API). Refused in 通話中 and in ログオフ; signing off is refused during any call, because the
 * call would lose its agent.
 */
export function changeStatus(state: AgentState, to: BaseStatus, at: Date): Decision {
  if (state.baseStatus === 'signed_off') return refuse('AGENT_SIGNED_OFF');
  if (state.callStatus === 'call_center_call') return refuse('AGENT_IN_CALL');
  if (to === 'signed_off' && state.callStatus !== null) return refuse('AGENT_IN_CALL');
  return accept(withBase(state, to, at));
}

export interface SignInRequest {
  readonly phone: string;
  readonly status: Exclude<BaseStatus, 'signed_off'>;
  /** A seat to take with the sign-in; undefined leaves the seat as it is. */
  readonly seat?: string;
}

/** Who else stands where the request wants to be; null when nobody does, or the agent itself. */
export interface Holders {
  readonly ofPhone: AgentState | null;
  readonly ofSeat: AgentState | null;
}

/**
 * Binds a phone to an agent. Signing in again moves the binding; another agent on the extension is signed off, except during a call;
 * a seat that someone else holds is refused. All of it or nothing: the result holds every state that changes, the agent's first.
 */
export function signIn(state: AgentState, request: SignInRequest, holders: Holders, at: Date): Decision {
  // A binding that moved during a call would leave the call without its agent.
  if (state.callStatus !== null) return refuse('AGENT_IN_CALL');
  const other = holders.ofPhone?.accountId === state.accountId ? null : holders.ofPhone;
  const sitting = holders.ofSeat?.accountId === state.accountId ? null : holders.ofSeat;
  if (other !== null && other.callStatus !== null) return refuse('PHONE_IN_CALL');
  // The one who is signed off by this sign-in also leaves the seat.
  if (request.seat !== undefined && sitting !== null && sitting.accountId !== other?.accountId) {
    return refuse('SEAT_TAKEN');
  }
  const signedIn: AgentState = {
    ...withBase(state, request.status, at),
    // A sign-in starts the time in status anew, also into the status that was left.
    baseSince: at,
    idleSince: at,
    readyAt: null,
    misses: 0,
    phone: request.phone,
    seat: request.seat ?? state.seat,
  };
  return other === null ? accept(signedIn) : accept(signedIn, withBase(other, 'signed_off', at));
}

/** Signing out is a change to ログオフ. */
export function signOut(state: AgentState, at: Date): Decision {
  return changeStatus(state, 'signed_off', at);
}

/** A call-center call has ended: when the work after it ends by itself, or null when it ends by hand. */
export interface AfterCallWork {
  readonly readyAt: Date | null;
}

/**
 * A phone's call begins, goes on in another way, or ends (null). Never refused: it is what the phone does. Back from a call, the base status
 * is shown with the time since it was chosen.
 * @param afterCallWork when a call-center call has ended, which makes the base status 後作業
 */
export function followCall(
  state: AgentState,
  callStatus: CallStatus | null,
  at: Date,
  afterCallWork?: AfterCallWork,
): AgentState {
  const based =
    afterCallWork === undefined || state.baseStatus === 'signed_off'
      ? state
      : { ...withBase(state, 'after_call_work', at), baseSince: at, readyAt: afterCallWork.readyAt };
  if (based.callStatus === callStatus) return based;
  // A phone that rang in vain, because the caller gave up, does not cost the agent its place in the line.
  const talked = based.callStatus !== 'ringing' && callStatus === null;
  return {
    ...based,
    callStatus,
    callSince: callStatus === null ? null : at,
    idleSince: talked ? at : based.idleSince,
    misses: callStatus === 'call_center_call' ? 0 : based.misses,
  };
}

/**
 * A call center's call rang in vain at the agent. The last of so many in a row makes a ready agent 離席中.
 * @param most how many; 0 never does
 */
export function missCall(state: AgentState, most: number, at: Date): AgentState {
  const misses = state.misses + 1;
  if (most > 0 && misses >= most && state.baseStatus === 'ready') return withBase(state, 'away', at);
  return { ...state, misses };
}

/** 後作業 whose time is over becomes 受付可; anything else stays as it is. */
export function endAfterCallWork(state: AgentState, at: Date): AgentState {
  return state.readyAt !== null && state.readyAt <= at ? withBase(state, 'ready', at) : state;
}
