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

/**
 * Writes what calls did, in order for each key, and waits while the database is away: a call goes on whatever happens here. Items of a key
 * that wait are merged into one.
 */
export class Outbox<Item> {
  readonly #options: OutboxOptions<Item>;
  readonly #waiting = new Map<string, Item>();
  #running: Promise<void> | undefined;
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
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /** Writes what waits, as far as the database takes it now. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    let failing = false;
    for (;;) {
      const [entry] = this.#waiting;
      if (entry === undefined) return;
      const [key, item] = entry;
      this.#waiting.delete(key);
      try {
        await this.#options.write(item);
        failing = false;
      } catch (error) {
        if (!failing) this.#options.onFault(error);
        if (this.#stopped) return;
        failing = true;
        const later = this.#waiting.get(key);
        this.#waiting.set(key, later === undefined ? item : this.#options.merge(item, later));
        await delay(RETRY_MS, undefined, { ref: false });
      }
    }
  }
}
