import { setTimeout as delay } from 'node:timers/promises';

export interface OutboxOptions<Item> {
  /** What can be merged into what waits already has the same key. */
  readonly keyOf: (item: Item) => string;
  readonly merge: (waiting: Item, next: Item) => Item;
  readonly write: (item: Item) => Promise<unknown>;
  readonly onFault: (error: unknown) => void;
  /** How many keys may wait, so that a long absence of the database does not fill the memory. */
  readonly limit: number;
}

const RETRY_MS = 1_000;
/** Writes side by side: one commit at a time would fall behind in a rush, and the rest of the database's connections stay for others. */
const SIDE_BY_SIDE = 2;

/**
 * Writes what calls did, in order for each key, and waits while the database is away: a call goes on whatever happens here. Items of a key
 * that wait are merged into one; different keys are written side by side.
 */
export class Outbox<Item> {
  readonly #options: OutboxOptions<Item>;
  readonly #waiting = new Map<string, Item>();
  /** Keys that are being written. */
  readonly #writing = new Set<string>();
  readonly #workers = new Set<Promise<void>>();
  #running = 0;
  #failing = false;
  #stopped = false;

  constructor(options: OutboxOptions<Item>) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.size;
  }

  add(item: Item): void {
    const { keyOf, merge, limit, onFault } = this.#options;
    const key = keyOf(item);
    const waiting = this.#waiting.get(key);
    if (waiting === undefined && this.#waiting.size >= limit) {
      onFault(new Error(`more than ${limit} changes wait to be written: one was given up`));
      return;
    }
    this.#waiting.set(key, waiting === undefined ? item : merge(waiting, item));
    if (this.#running >= SIDE_BY_SIDE || this.#next() === undefined) return;
    this.#running += 1;
    const worker = this.#work().finally(() => this.#workers.delete(worker));
    this.#workers.add(worker);
  }

  /** Writes what waits, as far as the database takes it now. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#workers);
  }

  /** Until nothing waits that is not being written already; who writes a key looks for more of it afterwards. */
  async #work(): Promise<void> {
    for (let key = this.#next(); key !== undefined; key = this.#next()) {
      const item = this.#waiting.get(key);
      if (item === undefined) break;
      this.#waiting.delete(key);
      this.#writing.add(key);
      try {
        await this.#options.write(item);
        this.#failing = false;
      } catch (error) {
        if (!this.#failing) this.#options.onFault(error);
        this.#failing = true;
        if (this.#stopped) break;
        const later = this.#waiting.get(key);
        this.#waiting.set(key, later === undefined ? item : this.#options.merge(item, later));
        await delay(RETRY_MS, undefined, { ref: false });
      } finally {
        this.#writing.delete(key);
      }
    }
    // In the same moment as the last look, so that what is added next finds that nobody works.
    this.#running -= 1;
  }

  #next(): string | undefined {
    for (const key of this.#waiting.keys()) if (!this.#writing.has(key)) return key;
    return undefined;
  }
}
