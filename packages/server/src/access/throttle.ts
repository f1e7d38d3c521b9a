/**
 * Slows down who guesses passwords: after some failures each further one doubles the wait, counted by name and by address apart.
 */

interface Entry {
  failures: number;
  blockedUntil: number;
  lastAt: number;
}

export interface ThrottleLimits {
  /** Failures that cost nothing. */
  readonly free: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Forgotten after this long without a failure. */
  readonly forgetMs: number;
  /** Entries at the most; the oldest make room. */
  readonly capacity: number;
}

const DEFAULTS: ThrottleLimits = {
  free: 5,
  firstWaitMs: 1_000,
  longestWaitMs: 15 * 60_000,
  forgetMs: 60 * 60_000,
  capacity: 10_000,
};

export class Throttle {
  readonly #limits: ThrottleLimits;
  readonly #entries = new Map<string, Entry>();

  constructor(limits: ThrottleLimits = DEFAULTS) {
    this.#limits = limits;
  }

  /** How long these keys must wait still, ms; 0 when they need not. */
  waitMs(keys: readonly string[], now: number): number {
    return Math.max(0, ...keys.map((key) => (this.#entries.get(key)?.blockedUntil ?? 0) - now));
  }

  failed(keys: readonly string[], now: number): void {
    const { free, firstWaitMs, longestWaitMs, forgetMs, capacity } = this.#limits;
    for (const key of keys) {
      const entry = this.#entries.get(key);
      const failures = entry === undefined || now - entry.lastAt > forgetMs ? 1 : entry.failures + 1;
      const wait =
        failures < free ? 0 : Math.min(firstWaitMs * 2 ** Math.min(failures - free, 30), longestWaitMs);
      // Put at the end again, so that the first is always the one unused for longest.
      this.#entries.delete(key);
      this.#entries.set(key, { failures, blockedUntil: now + wait, lastAt: now });
    }
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= capacity) break;
      this.#entries.delete(key);
    }
  }

  succeeded(key: string): void {
    this.#entries.delete(key);
  }
}
