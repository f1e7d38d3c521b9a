import { describe, expect, test } from 'vitest';
import { RowPool, type PlacedRow, type Wanted } from './row-pool.ts';

interface Row {
  readonly accountId: number;
}

const list = (...accounts: number[]): Row[] => accounts.map((accountId) => ({ accountId }));
const TEN = list(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
const wanted = (first: number, end: number, more: Partial<Wanted> = {}): Wanted => ({
  first,
  end,
  held: null,
  moving: false,
  ...more,
});
/** By account, which elements show it and where. */
const shown = (placed: readonly PlacedRow<Row>[]): Record<number, [key: number, index: number]> =>
  Object.fromEntries(placed.map(({ key, index, row }) => [row.accountId, [key, index]]));
const accounts = (placed: readonly PlacedRow<Row>[]): number[] => placed.map(({ row }) => row.accountId);

describe('a list that is scrolled', () => {
  test('makes no elements: rows that come take those of rows that went, the others keep theirs', () => {
    const pool = new RowPool<Row>();
    const before = shown(pool.place(TEN, wanted(0, 4)));
    const after = shown(pool.place(TEN, wanted(2, 6, { moving: true })));
    expect(Object.keys(after)).toEqual(['2', '3', '4', '5']);
    expect([after[2], after[3]]).toEqual([before[2], before[3]]);
    const keys = (of: typeof before) =>
      Object.values(of)
        .map(([key]) => key)
        .sort();
    expect(keys(after)).toEqual(keys(before));
    expect([after[4]?.[1], after[5]?.[1]]).toEqual([4, 5]);
  });
  test('keeps the order of its elements, and puts it right when it stands still', () => {
    const pool = new RowPool<Row>();
    const keys = pool.place(TEN, wanted(0, 4)).map(({ key }) => key);
    const moving = pool.place(TEN, wanted(2, 6, { moving: true }));
    expect(moving.map(({ key }) => key)).toEqual(keys);
    expect(accounts(moving)).not.toEqual([2, 3, 4, 5]);
    expect(accounts(pool.place(TEN, wanted(2, 6)))).toEqual([2, 3, 4, 5]);
  });
  test('answers the same when it is asked the same again', () => {
    const pool = new RowPool<Row>();
    pool.place(TEN, wanted(0, 4));
    const once = pool.place(TEN, wanted(3, 7, { moving: true }));
    expect(pool.place(TEN, wanted(3, 7, { moving: true }))).toEqual(once);
  });
  test('makes more elements for a larger window, and lets go of those that a smaller one leaves', () => {
    const pool = new RowPool<Row>();
    pool.place(TEN, wanted(0, 2));
    expect(accounts(pool.place(TEN, wanted(0, 5)))).toEqual([0, 1, 2, 3, 4]);
    expect(accounts(pool.place(TEN, wanted(1, 3)))).toEqual([1, 2]);
    expect(accounts(pool.place(list(7), wanted(0, 5)))).toEqual([7]);
  });
});

describe('a list that is sorted anew', () => {
  test('moves elements with their rows', () => {
    const pool = new RowPool<Row>();
    const before = shown(pool.place(list(1, 2, 3), wanted(0, 3)));
    const after = shown(pool.place(list(3, 1, 2), wanted(0, 3)));
    expect([1, 2, 3].map((account) => after[account]?.[0])).toEqual(
      [1, 2, 3].map((account) => before[account]?.[0]),
    );
    expect([1, 2, 3].map((account) => after[account]?.[1])).toEqual([1, 2, 0]);
  });
});

describe('the row with the focus', () => {
  test('stays drawn at its place, however far the list is scrolled', () => {
    const pool = new RowPool<Row>();
    const before = shown(pool.place(TEN, wanted(0, 3, { held: 1 })));
    const away = shown(pool.place(TEN, wanted(6, 9, { held: 1, moving: true })));
    expect(away[1]).toEqual(before[1]);
    expect(Object.keys(away)).toEqual(['1', '6', '7', '8']);
    expect(shown(pool.place(TEN, wanted(0, 3, { held: 1 })))[1]).toEqual(before[1]);
  });
  test('never becomes another row when its agent is gone', () => {
    const pool = new RowPool<Row>();
    const key = shown(pool.place(TEN, wanted(0, 3, { held: 1 })))[1]?.[0];
    const after = pool.place(list(0, 2, 3, 4), wanted(0, 3, { held: 1 }));
    expect(accounts(after)).toEqual([0, 2, 3]);
    expect(after.map((placed) => placed.key)).not.toContain(key);
  });
});
