/**
 * Which phones are registered, as Asterisk says: a list after each connection, and changes. A change may overtake the list that was asked for
 * before it, so changes that come without a list are kept for it.
 */
export class Registrations {
  #known: Set<string> | undefined;
  readonly #meanwhile = new Map<string, boolean>();

  /** Whether a phone is registered now; null while Asterisk's answer is unknown. */
  has(number: string): boolean | null {
    return this.#known === undefined ? null : this.#known.has(number);
  }

  /** Asterisk's list after a (re)connection, or undefined when the connection is lost. */
  are(numbers: Iterable<string> | undefined): void {
    this.#known = numbers === undefined ? undefined : new Set(numbers);
    if (this.#known !== undefined)
      for (const [number, online] of this.#meanwhile) this.changed(number, online);
    this.#meanwhile.clear();
  }

  /** @returns whether what is known changed */
  changed(number: string, online: boolean): boolean {
    if (this.#known === undefined) {
      this.#meanwhile.set(number, online);
      return false;
    }
    if (this.#known.has(number) === online) return false;
    if (online) this.#known.add(number);
    else this.#known.delete(number);
    return true;
  }
}
