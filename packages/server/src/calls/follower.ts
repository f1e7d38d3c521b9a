import type { CallStatus } from '../agents/rules.ts';
import type { AgentService } from '../agents/service.ts';
import type { Db } from '../database/pool.ts';
import { Outbox } from './outbox.ts';
import { legsOf, type Call } from './rules.ts';
import type { CallService } from './service.ts';
import { closeLost, listPhoneStatuses, saveCall } from './store.ts';

export interface FollowerOptions {
  readonly db: Db;
  readonly agents: AgentService;
  readonly calls: CallService;
  /** Whether a monitoring leg is at this phone: it shows 内線通話. */
  readonly isListening: (phone: string) => boolean;
  /** A call record was written; what is counted of its call center changed. */
  readonly onRecorded: (call: Call) => void;
  readonly onFault: (error: unknown, what: string) => void;
  readonly now?: () => number;
}

interface Change {
  readonly phone: string;
  readonly callStatus: CallStatus | null;
  readonly at: Date;
  /** The call center whose call has ended at this phone. */
  readonly afterCallWork: string | null;
}

/** How often what is committed is compared with what is there, ms. */
const REPAIR_MS = 30_000;
const MOST_WAITING = 10_000;

/** Writes down what calls do: the statuses of the agents at the phones, and the call records. */
export class CallFollower {
  readonly #options: FollowerOptions;
  readonly #now: () => number;
  readonly #statuses: Outbox<Change>;
  readonly #records: Outbox<Call>;
  /** What each phone was last said to show; a phone that is not here shows nothing. */
  readonly #shown = new Map<string, CallStatus>();
  #repairing: NodeJS.Timeout | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { agents, db, calls, onRecorded, onFault } = options;
    this.#statuses = new Outbox<Change>({
      keyOf: ({ phone }) => phone,
      // Only the last status counts; that a call-center call ended in between is not forgotten.
      merge: (waiting, next) => ({ ...next, afterCallWork: next.afterCallWork ?? waiting.afterCallWork }),
      write: async (change) => agents.followPhone(change.phone, change),
      onFault: (error) => onFault(error, 'the status of a phone could not be written'),
      limit: MOST_WAITING,
    });
    this.#records = new Outbox<Call>({
      keyOf: ({ id }) => id,
      merge: (_waiting, next) => next,
      write: async (call) => {
        await saveCall(db, call);
        onRecorded(call);
      },
      onFault: (error) => onFault(error, 'a call record could not be written'),
      limit: MOST_WAITING,
    });
    calls.observe((before, after) => this.#changed(before, after));
    this.#repairing = setInterval(() => void this.repair(), REPAIR_MS);
  }

  /** Changes that wait for the database. */
  get waiting(): number {
    return this.#statuses.size + this.#records.size;
  }

  /** Somebody signed in at a phone, with no status of a call: it shows the call that the phone may be in. */
  signedIn(phone: string): void {
    if (this.#wanted(phone) !== undefined) this.touch(phone);
  }

  /** Looks at a phone again: a monitoring leg came or went. */
  touch(phone: string): void {
    this.#show(phone, null, true);
  }

  /** After the world was read: records of calls that are gone are closed, statuses are made what they are. */
  async readWorld(): Promise<void> {
    const { db, calls } = this.#options;
    await closeLost(
      db,
      Array.from(calls.all, ({ id }) => id),
      new Date(this.#now()),
    );
    await this.repair();
  }

  /** Compares what is committed with what is there, and writes what differs: no agent is left in a call that is gone. */
  async repair(): Promise<void> {
    try {
      for (const { phone, callStatus } of await listPhoneStatuses(this.#options.db)) {
        if ((this.#wanted(phone) ?? null) !== callStatus) this.touch(phone);
      }
    } catch (error) {
      this.#options.onFault(error, 'statuses could not be compared with calls');
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#repairing);
    this.#repairing = undefined;
    await Promise.all([this.#statuses.stop(), this.#records.stop()]);
  }

  #changed(before: Call | undefined, after: Call): void {
    this.#records.add(after);
    const phones = new Set([...(before === undefined ? [] : phonesOf(before)), ...phonesOf(after)]);
    for (const phone of phones) {
      this.#show(phone, hasLeft(before, after, phone) ? after.callCenter : null, false);
    }
  }

  #wanted(phone: string): CallStatus | undefined {
    const { calls, isListening } = this.#options;
    return calls.phoneLeg(phone)?.status ?? (isListening(phone) ? 'internal_call' : undefined);
  }

  #show(phone: string, afterCallWork: string | null, again: boolean): void {
    const callStatus = this.#wanted(phone);
    if (!again && afterCallWork === null && this.#shown.get(phone) === callStatus) return;
    if (callStatus === undefined) this.#shown.delete(phone);
    else this.#shown.set(phone, callStatus);
    this.#statuses.add({ phone, callStatus: callStatus ?? null, at: new Date(this.#now()), afterCallWork });
  }
}

function phonesOf(call: Call): readonly string[] {
  return legsOf(call).flatMap(({ party }) => (party.kind === 'phone' ? [party.number] : []));
}

/** Whether an agent has just left a call-center call that was talked in. */
function hasLeft(before: Call | undefined, after: Call, phone: string): boolean {
  if (before === undefined || before.kind !== 'call_center') return false;
  return before.parts.some(({ channel, side, party, leftAt }) => {
    const now = after.parts.find((part) => part.channel === channel && part.side === side);
    return side === 'callee' && party.number === phone && leftAt === null && now?.leftAt !== null;
  });
}
