import type { AgentService } from '../agents/service.ts';
import { listAfterCallWork } from '../agents/store.ts';
import type { Db } from '../database/pool.ts';

export interface WrapUpOptions {
  readonly db: Db;
  readonly agents: AgentService;
  readonly onFault: (error: unknown) => void;
  readonly now?: () => number;
}

/** What another server or a missed notice may have left is looked for this often, ms. */
const LOOK_MS = 10_000;
/** Changes are looked at together, ms after the first: 後作業 lasts seconds. */
const GATHER_MS = 100;

/**
 * Ends 後作業 when its time is over. The time is kept with the agent's state, so that a new server goes on where the old one was, and the
 * change is made only while the agent is still in that same 後作業.
 */
export class WrapUp {
  readonly #options: WrapUpOptions;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #gathering: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(options: WrapUpOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Somebody's 後作業 may have begun or ended. */
  agentsChanged(): void {
    if (this.#closed) return;
    this.#gathering ??= setTimeout(() => this.#look(), GATHER_MS);
  }

  /** Reads who is in 後作業, ends what is over, and waits for the next. */
  #look(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    if (this.#closed) return;
    this.#again = true;
    this.#looking ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#gathering);
    clearTimeout(this.#timer);
    await this.#looking;
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      clearTimeout(this.#timer);
      let next = this.#now() + LOOK_MS;
      try {
        next = Math.min(next, await this.#endDue());
      } catch (error) {
        this.#options.onFault(error);
      }
      this.#timer = setTimeout(() => this.#look(), Math.max(0, next - this.#now()));
    }
    // In the same moment as the last look, so that who asks next finds that nobody looks.
    this.#looking = undefined;
  }

  /** @returns when the next is over, ms since 1970 */
  async #endDue(): Promise<number> {
    const { db, agents } = this.#options;
    for (const { accountId, readyAt } of await listAfterCallWork(db)) {
      if (readyAt.getTime() > this.#now()) return readyAt.getTime();
      await agents.endAfterCallWork(accountId);
    }
    return Infinity;
  }
}
