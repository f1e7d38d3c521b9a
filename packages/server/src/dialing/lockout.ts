/**
 * When failures lock (pure). 5 failures of one ID from one phone in 10 minutes lock that pair for 1 minute, doubling to 1 hour; 20 failures
 * of one ID from anywhere, or 50 from one phone, lock it for 15 minutes. While locked nothing is checked or counted.
 */

export type LockKind = 'pair' | 'id' | 'phone';

export interface LockRecord {
  /** Times of the failures that still count, oldest first. */
  readonly failures: readonly Date[];
  readonly lockedUntil: Date | null;
  /** Locks in a row so far. */
  readonly level: number;
  readonly updatedAt: Date;
}

interface Limit {
  readonly failures: number;
  readonly firstLockMs: number;
  readonly longestLockMs: number;
}

const MINUTE = 60_000;
export const FAILURE_WINDOW_MS = 10 * MINUTE;
/** After this long without a failure the next lock is a first one again. */
export const LEVEL_KEPT_MS = 24 * 60 * MINUTE;

export const LIMITS: Readonly<Record<LockKind, Limit>> = {
  pair: { failures: 5, firstLockMs: MINUTE, longestLockMs: 60 * MINUTE },
  id: { failures: 20, firstLockMs: 15 * MINUTE, longestLockMs: 15 * MINUTE },
  phone: { failures: 50, firstLockMs: 15 * MINUTE, longestLockMs: 15 * MINUTE },
};

export function isLocked(record: LockRecord | undefined, now: Date): boolean {
  return record?.lockedUntil != null && record.lockedUntil > now;
}

/** The record after one more failure. Not to be called while it is locked. */
export function afterFailure(kind: LockKind, record: LockRecord | undefined, now: Date): LockRecord {
  const limit = LIMITS[kind];
  const since = now.getTime() - FAILURE_WINDOW_MS;
  const failures = [...(record?.failures ?? []).filter((at) => at.getTime() > since), now];
  const old = record === undefined || now.getTime() - record.updatedAt.getTime() > LEVEL_KEPT_MS;
  const level = old ? 0 : record.level;
  if (failures.length < limit.failures) return { failures, lockedUntil: null, level, updatedAt: now };
  const lockMs = Math.min(limit.firstLockMs * 2 ** Math.min(level, 20), limit.longestLockMs);
  return { failures: [], lockedUntil: new Date(now.getTime() + lockMs), level: level + 1, updatedAt: now };
}
