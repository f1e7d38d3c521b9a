import type { SeenAgent } from './store.ts';
import type { Seen } from './seen.ts';

/** Who dialled from which phone with the right password, as it was last seen. */
export interface Remembered extends Seen {
  readonly passwordHash: Buffer;
}

/** More than any floor has; past it everything is forgotten, so that it never grows without end. */
const MOST = 20_000;

/**
 * What was seen of agents who dialled, so that their next operation need not read it again. Nothing is ever told by it alone: what is written is
 * written only while it still holds, and an operation that writes nothing does not ask it.
 */
export class DialMemory {
  readonly #pairs = new Map<string, Remembered>();
  /** The keys of `#pairs` by account. */
  readonly #keys = new Map<number, Set<string>>();

  recall(dialId: string, phone: string): Remembered | undefined {
    return this.#pairs.get(keyOf(dialId, phone));
  }

  remember(dialId: string, phone: string, seen: Remembered): void {
    if (this.#pairs.size >= MOST) this.clear();
    const key = keyOf(dialId, phone);
    this.#forget(key);
    const { accountId } = seen.account;
    this.#pairs.set(key, seen);
    this.#keys.set(accountId, (this.#keys.get(accountId) ?? new Set()).add(key));
  }

  forget(dialId: string, phone: string): void {
    this.#forget(keyOf(dialId, phone));
  }

  /** Of these accounts those that are remembered. */
  known(ids: readonly number[]): readonly number[] {
    return ids.filter((id) => this.#keys.has(id));
  }

  /** An agent's state is this one now. */
  agentIs(agent: SeenAgent): void {
    for (const key of this.#keys.get(agent.state.accountId) ?? []) {
      const pair = this.#pairs.get(key);
      if (pair !== undefined) this.#pairs.set(key, { ...pair, account: { ...pair.account, agent } });
    }
  }

  clear(): void {
    this.#pairs.clear();
    this.#keys.clear();
  }

  #forget(key: string): void {
    const pair = this.#pairs.get(key);
    if (pair === undefined) return;
    this.#pairs.delete(key);
    const { accountId } = pair.account;
    const keys = this.#keys.get(accountId);
    keys?.delete(key);
    if (keys?.size === 0) this.#keys.delete(accountId);
  }
}

function keyOf(dialId: string, phone: string): string {
  return `${phone} ${dialId}`;
}
