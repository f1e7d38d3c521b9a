import { describe, expect, it } from 'vitest';
import { afterFailure, isLocked, LEVEL_KEPT_MS, type LockKind, type LockRecord } from './lockout.ts';

const START = Date.parse('2026-11-21T00:00:00Z');
const MINUTE = 60_000;
const at = (ms: number) => new Date(START + ms);

/** Fails `count` times, `stepMs` apart, beginning at `fromMs`. */
function fail(
  kind: LockKind,
  count: number,
  fromMs: number,
  stepMs: number,
  record?: LockRecord,
): LockRecord {
  for (let index = 0; index < count; index += 1)
    record = afterFailure(kind, record, at(fromMs + index * stepMs));
  if (record === undefined) throw new Error('count must be at least 1');
  return record;
}

describe('lock-out', () => {
  it.each([
    ['pair', 5, 1],
    ['id', 20, 15],
    ['phone', 50, 15],
  ] as const)('%s locks at failure %i for %i min', (kind, limit, minutes) => {
    expect(isLocked(fail(kind, limit - 1, 0, 1_000), at(limit * 1_000))).toBe(false);
    const locked = fail(kind, limit, 0, 1_000);
    const lastMs = (limit - 1) * 1_000;
    expect(isLocked(locked, at(lastMs + minutes * MINUTE - 1))).toBe(true);
    expect(isLocked(locked, at(lastMs + minutes * MINUTE))).toBe(false);
  });

  it('doubles the lock of a pair up to an hour', () => {
    const lengths: number[] = [];
    let record: LockRecord | undefined;
    let now = 0;
    for (let round = 0; round < 8; round += 1) {
      record = fail('pair', 5, now, 0, record);
      lengths.push(((record.lockedUntil?.getTime() ?? 0) - START - now) / MINUTE);
      now += 61 * MINUTE;
    }
    expect(lengths).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('begins at one minute again after a quiet day', () => {
    const record = fail('pair', 5, 0, 0);
    const later = fail('pair', 5, LEVEL_KEPT_MS + MINUTE, 0, record);
    expect(later.level).toBe(1);
  });

  it('forgets failures older than ten minutes', () => {
    const record = fail('pair', 4, 0, 0);
    expect(fail('pair', 1, 10 * MINUTE, 0, record).lockedUntil).toBeNull();
    expect(fail('pair', 1, 10 * MINUTE - 1, 0, record).lockedUntil).not.toBeNull();
  });

  it('is not locked without a record', () => {
    expect(isLocked(undefined, at(0))).toBe(false);
  });
});
