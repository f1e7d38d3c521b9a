/** A row that is drawn: what it shows, and its place in the whole list. */
export interface PlacedRow<Row> {
  /** The same as long as the row's elements are the same. */
  readonly key: number;
  readonly index: number;
  readonly row: Row;
}

interface Slot {
  readonly key: number;
  account: number;
  index: number;
}

/** What of a list is to be drawn. */
export interface Wanted {
  readonly first: number;
  /** After the last. */
  readonly end: number;
  /** The account whose row has or had the focus: it stays drawn wherever the list is scrolled to. */
  readonly held: number | null;
  /** While the list is scrolled elements keep their order in the document, whatever they show. */
  readonly moving: boolean;
}

/**
 * Which elements show which rows of a long list. To make a row's elements takes a large part of a frame, so a row that comes into the window
 * takes over those of one that went out, and only texts change; a row that stays keeps its own, with the focus in them. Elements are put in
 * their places whatever their order in the document; that is put right, for screen readers and the tabulator, when the list stands still.
 * Asked the same again it answers the same, so it may be asked while React draws.
 */
export class RowPool<Row extends { readonly accountId: number }> {
  #slots: Slot[] = [];
  #made = 0;

  place(rows: readonly Row[], { first, end, held, moving }: Wanted): readonly PlacedRow<Row>[] {
    const wanted = new Map(rows.slice(first, end).map(({ accountId }, at) => [accountId, first + at]));
    if (held !== null && !wanted.has(held)) {
      const index = rows.findIndex(({ accountId }) => accountId === held);
      if (index >= 0) wanted.set(held, index);
    }
    const free: Slot[] = [];
    const kept = this.#slots.filter((slot) => {
      const index = wanted.get(slot.account);
      if (index === undefined) {
        // Elements that may have the focus never become another agent's: who presses a key means the one that was there.
        if (slot.account !== held) free.push(slot);
        return slot.account !== held;
      }
      slot.index = index;
      wanted.delete(slot.account);
      return true;
    });
    for (const [account, index] of wanted) {
      const slot = free.pop();
      if (slot === undefined) kept.push({ key: (this.#made += 1), account, index });
      else Object.assign(slot, { account, index });
    }
    this.#slots = kept.filter((slot) => !free.includes(slot));
    if (!moving) this.#slots.sort((one, other) => one.index - other.index);
    return this.#slots.flatMap(({ key, index }) => {
      const row = rows[index];
      return row === undefined ? [] : [{ key, index, row }];
    });
  }
}
