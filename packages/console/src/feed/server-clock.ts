import { lastSecond, subscribeToClock } from '../shell/clock.ts';
import type { FeedConnection } from './connection.ts';
import { serverNow } from './rules.ts';

/**
 * The server's clock in whole seconds, for everything on the page that counts: looked at once for all of them, with each message and each second,
 * and told when a second is over. Shaped for React's `useSyncExternalStore`.
 */
export class ServerClock {
  readonly #connection: FeedConnection;
  readonly #listeners = new Set<() => void>();
  #second = 0;
  #leave: readonly (() => void)[] = [];

  constructor(connection: FeedConnection) {
    this.#connection = connection;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) {
      this.#second = this.#read();
      this.#leave = [this.#connection.subscribe(this.#look), subscribeToClock(this.#look)];
    }
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      for (const leave of this.#leave) leave();
    };
  };

  /** Ms; the last full second. */
  readonly getSecond = (): number => (this.#listeners.size === 0 ? this.#read() : this.#second);

  #read(): number {
    const now = serverNow(this.#connection.getState(), lastSecond());
    return now - (now % 1_000);
  }

  readonly #look = (): void => {
    const second = this.#read();
    if (second === this.#second) return;
    this.#second = second;
    for (const listener of this.#listeners) listener();
  };
}
