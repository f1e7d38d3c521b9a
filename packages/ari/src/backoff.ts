export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * How long to wait before attempt number `attempt` (0 is the first after a loss): doubling, and between half and all of it so that many
 * clients of one server do not come back in step.
 * @param random in [0, 1)
 */
export function backoffMs({ firstMs, longestMs }: Backoff, attempt: number, random: number): number {
  const full = Math.min(firstMs * 2 ** Math.min(attempt, 30), longestMs);
  return Math.round(full / 2 + (full / 2) * random);
}
