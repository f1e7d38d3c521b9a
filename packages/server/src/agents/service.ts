import type { Transaction } from 'kysely';
import { notify } from '../database/notifications.ts';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import { AgentError } from './errors.ts';
import {
  changeStatus,
  endAfterCallWork,
  followCall,
  missCall,
  shownStatus,
  signIn,
  type AfterCallWork,
  type AgentState,
  type BaseStatus,
  type CallStatus,
  type Decision,
  type SignInRequest,
} from './rules.ts';
import type { SeenState } from './seen.ts';
import {
  addActivity,
  endReservation,
  lockStates,
  readWrapUpSeconds,
  saveState,
  type ActivityCause,
  type ActivityEntry,
  type Door,
} from './store.ts';

type Trx = Transaction<Database>;

/** Who asks and through which door; written into the activity history. */
export interface Origin {
  readonly door: Door;
  /** The account that asked for another one's change; null when agents do it themselves. */
  readonly byAccountId: number | null;
}

/** What a phone's calls make of the status of whoever is signed in there. */
export interface PhoneChange {
  readonly callStatus: CallStatus | null;
  readonly at: Date;
  /** The call center whose call has ended at this phone: what follows is 後作業. */
  readonly afterCallWork: string | null;
}

/**
 * Every change of an agent's state goes through here, whichever door it came in by. When a promise settles the change is committed (or
 * nothing was changed), so the caller may be told.
 */
export class AgentService {
  readonly #db: Db;
  readonly #onSignedIn: (phone: string) => void;
  readonly #now: () => Date;

  /** @param options.onSignedIn told of the phone after each sign-in: it may be in a call already */
  constructor(
    db: Db,
    options: { readonly onSignedIn?: (phone: string) => void; readonly now?: () => Date } = {},
  ) {
    this.#db = db;
    this.#onSignedIn = options.onSignedIn ?? (() => undefined);
    this.#now = options.now ?? (() => new Date());
  }

  /**
   * Signs in at a phone, takes over the phone from whoever holds it, and takes the seat if one is named: all or nothing.
   * @throws AgentError PHONE_UNKNOWN, PHONE_IN_CALL, AGENT_IN_CALL, SEAT_UNKNOWN, SEAT_TAKEN, AGENT_UNKNOWN
   */
  async signIn(accountId: number, request: SignInRequest, origin: Origin): Promise<AgentState> {
    const state = await this.#signIn(accountId, request, origin);
    this.#onSignedIn(request.phone);
    return state;
  }

  /**
   * The usual sign-in from what was seen already: nobody else is at the phone, and no seat is named.
   * @returns undefined when it is another case, for {@link signIn}; nothing was written then
   */
  async signInAtOnce(
    seen: SeenState,
    request: SignInRequest,
    origin: Origin,
  ): Promise<AgentState | undefined> {
    if (request.seat !== undefined) return undefined;
    const decision = signIn(seen.state, request, NOBODY, this.#now());
    const state = await this.#atOnce(seen, decision, 'sign_in', origin);
    if (state !== undefined) this.#onSignedIn(request.phone);
    return state;
  }

  async #signIn(accountId: number, request: SignInRequest, origin: Origin): Promise<AgentState> {
    return this.#db.transaction().execute(async (trx) => {
      await requirePhone(trx, request.phone);
      if (request.seat !== undefined) await requireSeat(trx, request.seat);
      const locked = await lockStates(trx, accountId, request.phone, request.seat);
      const own = requireOwn(locked, accountId);
      await requireEnabled(trx, accountId);
      const holders = {
        ofPhone: locked.find((state) => state.phone === request.phone) ?? null,
        ofSeat:
          request.seat === undefined ? null : (locked.find((state) => state.seat === request.seat) ?? null),
      };
      return this.#commit(trx, locked, signIn(own, request, holders, this.#now()), 'sign_in', origin);
    });
  }

  /** @throws AgentError AGENT_SIGNED_OFF, AGENT_IN_CALL */
  async changeStatus(accountId: number, to: BaseStatus, origin: Origin): Promise<AgentState> {
    return this.#db.transaction().execute(async (trx) => {
      const locked = await lockStates(trx, accountId, undefined, undefined);
      const decision = changeStatus(requireOwn(locked, accountId), to, this.#now());
      return this.#commit(trx, locked, decision, causeOf(to), origin);
    });
  }

  /**
   * The same from what was seen already.
   * @returns undefined when that no longer holds or refuses it, for {@link changeStatus}; nothing was written then
   */
  async changeStatusAtOnce(seen: SeenState, to: BaseStatus, origin: Origin): Promise<AgentState | undefined> {
    return this.#atOnce(seen, changeStatus(seen.state, to, this.#now()), causeOf(to), origin);
  }

  /**
   * Signs off as part of a greater change, with which it holds or does not; nothing is done for whoever is no agent, or signed off already. A
   * sign-in that is under way waits for that change, and sees it.
   * @throws AgentError AGENT_IN_CALL
   */
  async signOffWith(trx: Trx, accountId: number, origin: Origin): Promise<void> {
    const locked = await lockStates(trx, accountId, undefined, undefined);
    const [own] = locked;
    if (own === undefined) return;
    if (own.baseStatus === 'signed_off') {
      // Written as it is: what was seen of it before the change no longer holds.
      await saveState(trx, own);
      return;
    }
    await this.#commit(trx, locked, changeStatus(own, 'signed_off', this.#now()), 'sign_out', origin);
  }

  /**
   * The real call of a phone changed; whoever is signed in there shows it. The base status is left alone, except that a call-center call that
   * ended makes it 後作業.
   * @returns undefined when nobody is signed in at the phone
   */
  async followPhone(phone: string, change: PhoneChange): Promise<AgentState | undefined> {
    return this.#db.transaction().execute(async (trx) => {
      const locked = await lockStates(trx, undefined, phone, undefined);
      const [own] = locked;
      if (own === undefined) return undefined;
      const { callStatus, at, afterCallWork } = change;
      const work = afterCallWork === null ? undefined : await workAfter(trx, afterCallWork, at);
      const next = followCall(own, callStatus, at, work);
      if (next === own) return own;
      const origin: Origin = { door: 'call', byAccountId: null };
      const cause = work === undefined ? 'call' : 'after_call_work';
      return this.#commit(trx, locked, { ok: true, states: [next] }, cause, origin);
    });
  }

  /**
   * A call center's call rang in vain at the agent who was reserved for it. Counted once: the reservation ends with it.
   * @param accountId null when only the call is known
   * @param how.most how many in a row make the agent 離席中; 0 never
   * @returns undefined when the call has no reservation
   */
  async missed(
    callId: string,
    accountId: number | null,
    how: { readonly most: number; readonly restUntil: Date },
  ): Promise<AgentState | undefined> {
    return this.#db.transaction().execute(async (trx) => {
      const own = await endReservation(trx, callId, accountId, how.restUntil);
      if (own === undefined) return undefined;
      const next = missCall(own, how.most, this.#now());
      if (next.baseStatus === own.baseStatus) {
        await saveState(trx, next);
        return next;
      }
      return this.#commit(trx, [own], { ok: true, states: [next] }, 'misses', BY_ITSELF);
    });
  }

  /** 後作業 of this agent becomes 受付可, if its time is over. */
  async endAfterCallWork(accountId: number): Promise<AgentState> {
    return this.#db.transaction().execute(async (trx) => {
      const locked = await lockStates(trx, accountId, undefined, undefined);
      const own = requireOwn(locked, accountId);
      const next = endAfterCallWork(own, this.#now());
      if (next === own) return own;
      return this.#commit(trx, locked, { ok: true, states: [next] }, 'after_call_work', BY_ITSELF);
    });
  }

  async #atOnce(
    seen: SeenState,
    decision: Decision,
    cause: ActivityCause,
    origin: Origin,
  ): Promise<AgentState | undefined> {
    if (!decision.ok) return undefined;
    const [own] = decision.states;
    const entry = activity(seen.state, own, cause, origin, own.accountId, this.#now());
    return (await seen.save(own, entry)) ? own : undefined;
  }

  async #commit(
    trx: Trx,
    before: readonly AgentState[],
    decision: Decision,
    cause: ActivityCause,
    origin: Origin,
  ): Promise<AgentState> {
    if (!decision.ok) throw new AgentError(decision.refusal);
    const at = this.#now();
    const [own, ...others] = decision.states;
    // The one who loses the phone is written first: the phone is free before it is taken (the column is unique).
    for (const state of [...others, own]) await saveState(trx, state);
    await addActivity(
      trx,
      decision.states.map((state) => {
        const earlier = requireOwn(before, state.accountId);
        return activity(earlier, state, state === own ? cause : 'taken_over', origin, own.accountId, at);
      }),
    );
    await notify(trx, { kind: 'agents', ids: decision.states.map((state) => state.accountId) });
    return own;
  }
}

const NOBODY = { ofPhone: null, ofSeat: null };
const BY_ITSELF: Origin = { door: 'system', byAccountId: null };

async function workAfter(trx: Trx, callCenter: string, endedAt: Date): Promise<AfterCallWork> {
  const seconds = await readWrapUpSeconds(trx, callCenter);
  return { readyAt: seconds === 0 ? null : new Date(endedAt.getTime() + seconds * 1_000) };
}

function causeOf(to: BaseStatus): ActivityCause {
  return to === 'signed_off' ? 'sign_out' : 'status_change';
}

function activity(
  before: AgentState,
  after: AgentState,
  cause: ActivityCause,
  origin: Origin,
  actor: number,
  at: Date,
): ActivityEntry {
  const from = shownStatus(before);
  return {
    accountId: after.accountId,
    at,
    from: from.status,
    to: shownStatus(after).status,
    lastedMs: at.getTime() - from.since.getTime(),
    cause,
    door: origin.door,
    phone: after.phone ?? before.phone,
    seat: after.seat ?? before.seat,
    byAccountId: cause === 'taken_over' ? actor : origin.byAccountId,
  };
}

function requireOwn(states: readonly AgentState[], accountId: number): AgentState {
  const own = states.find((state) => state.accountId === accountId);
  if (own === undefined) throw new AgentError('AGENT_UNKNOWN');
  return own;
}

/** エージェント利用 is switched off under the lock of the agent's state (`signOffWith`), so what is read under that lock holds. */
async function requireEnabled(trx: Trx, accountId: number): Promise<void> {
  const row = await trx
    .selectFrom('accounts')
    .select('id')
    .where('id', '=', accountId)
    .where('agent_enabled', '=', true)
    .executeTakeFirst();
  if (row === undefined) throw new AgentError('AGENT_UNKNOWN');
}

/** Also locks the phone, so that two agents who sign in at one free phone do it one after the other. */
async function requirePhone(trx: Trx, number: string): Promise<void> {
  const row = await trx
    .selectFrom('phones')
    .select('number')
    .where('number', '=', number)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new AgentError('PHONE_UNKNOWN');
}

async function requireSeat(trx: Trx, id: string): Promise<void> {
  const row = await trx
    .selectFrom('seats')
    .select('id')
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new AgentError('SEAT_UNKNOWN');
}
