import type { AgentService } from '../agents/service.ts';
import { Outbox } from '../calls/outbox.ts';
import type { Db } from '../database/pool.ts';
import { release } from './store.ts';
import type { Settlement } from './waiting.ts';

export interface SettlementsOptions {
  readonly db: Db;
  readonly agents: AgentService;
  /** An agent was given back, and may be free for the next caller. */
  readonly onSettled: () => void;
  readonly onFault: (error: unknown) => void;
  readonly now: () => number;
}

interface Settled {
  readonly callId: string;
  readonly accountId: number | null;
  readonly as: Settlement;
  readonly most: number;
  readonly at: number;
}

/** After a ring in vain no call center calls the agent for this long, ms. */
const REST_MS = 3_000;
const MOST_WAITING = 10_000;

/** Gives agents back who were reserved for a caller, each once, also when the database is away for a while. */
export class Settlements {
  readonly #now: () => number;
  readonly #outbox: Outbox<Settled>;

  constructor({ db, agents, onSettled, onFault, now }: SettlementsOptions) {
    this.#now = now;
    this.#outbox = new Outbox<Settled>({
      keyOf: ({ callId, accountId }) => `${callId} ${accountId ?? ''}`,
      merge: (_waiting, next) => next,
      write: async ({ callId, accountId, as, most, at }) => {
        const restUntil = new Date(at + REST_MS);
        if (as === 'missed') await agents.missed(callId, accountId, { most, restUntil });
        else await release(db, callId, accountId, as === 'unreachable' ? restUntil : null);
        onSettled();
      },
      onFault,
      limit: MOST_WAITING,
    });
  }

  /**
   * @param accountId null when only the call is known
   * @param most how many misses in a row make the agent 離席中; 0 never
   */
  add(callId: string, accountId: number | null, as: Settlement, most = 0): void {
    this.#outbox.add({ callId, accountId, as, most, at: this.#now() });
  }

  /** Writes what waits, as far as the database takes it now. */
  async stop(): Promise<void> {
    await this.#outbox.stop();
  }
}
