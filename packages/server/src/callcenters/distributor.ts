import type { Db } from '../database/pool.ts';
import { distribute, type Caller } from './rules.ts';
import { listCandidates, reserve } from './store.ts';

export interface DistributorOptions {
  readonly db: Db;
  /** Callers who wait and are offered to nobody now. */
  readonly callers: () => readonly Caller[];
  readonly priorityOf: (callCenter: string) => number;
  /** Whether a phone is registered and in no call, as far as is known now. */
  readonly isPhoneFree: (phone: string) => boolean;
  /** How long a reservation for this call center holds when nobody ends it, ms. */
  readonly holdMs: (callCenter: string) => number;
  /** An agent is reserved for a caller, who may be gone meanwhile. */
  readonly onReserved: (
    callId: string,
    agent: { readonly accountId: number; readonly phone: string },
  ) => void;
  readonly onFault: (error: unknown) => void;
  readonly now: () => number;
}

/** While somebody waits it is looked again this often, whatever is missed: a rest that ends, a reservation, a database that is back; ms. */
const AGAIN_MS = 1_000;

/** Brings callers and agents together, one look at a time: what is decided in `rules.ts` is reserved agent by agent. */
export class Distributor {
  readonly #options: DistributorOptions;
  #wanted = false;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #failing = false;

  constructor(options: DistributorOptions) {
    this.#options = options;
  }

  /** Something changed: a caller came, an agent may be free. */
  look(): void {
    if (this.#closed) return;
    this.#wanted = true;
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#wanted && !this.#closed) {
      this.#wanted = false;
      try {
        await this.#once();
        this.#failing = false;
      } catch (error) {
        if (!this.#failing) this.#options.onFault(error);
        this.#failing = true;
      }
    }
    if (this.#options.callers().length > 0) this.#timer = setTimeout(() => this.look(), AGAIN_MS);
    // In the same moment as the last look, so that who asks next finds that nobody looks.
    this.#running = undefined;
  }

  async #once(): Promise<void> {
    const { db, callers, priorityOf, isPhoneFree, holdMs, onReserved, now } = this.#options;
    const waiting = callers();
    if (waiting.length === 0) return;
    const callCenters = new Map(waiting.map(({ callId, callCenter }) => [callId, callCenter]));
    const candidates = await listCandidates(db, [...new Set(callCenters.values())]);
    const turns = distribute({ callers: waiting, candidates, priorityOf, isPhoneFree, at: new Date(now()) });
    // Side by side: each turn begins with an agent of its own, and the statement passes over those that another one has in hand.
    const reserving = turns.map(async ({ callId, agents }) => {
      const at = now();
      const until = new Date(at + holdMs(callCenters.get(callId) ?? ''));
      const agent = await reserve(db, { callId, agents, at: new Date(at), until });
      if (agent !== undefined) onReserved(callId, agent);
    });
    const failed = (await Promise.allSettled(reserving)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }
}
