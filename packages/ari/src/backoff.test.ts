import { expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

const BACKOFF = { firstMs: 100, longestMs: 5_000 };

it('doubles up to the longest wait', () => {
  const waits = [0, 1, 2, 5, 6, 1_000].map((attempt) => backoffMs(BACKOFF, attempt, 1));
  expect(waits).toEqual([100, 200, 400, 3_200, 5_000, 5_000]);
});

it('waits at least half of it', () => {
  expect(backoffMs(BACKOFF, 0, 0)).toBe(50);
  expect(backoffMs(BACKOFF, 10, 0)).toBe(2_500);
  expect(backoffMs(BACKOFF, 10, 0.5)).toBe(3_750);
});
