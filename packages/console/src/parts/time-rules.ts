/** The first moment of a day of this machine's time zone, ISO 8601 in UTC; empty when no day is given. */
export function dayBegins(day: string): string {
  return day === '' ? '' : new Date(`${day}T00:00:00`).toISOString();
}

/** The first moment after a day. */
export function dayEnds(day: string): string {
  if (day === '') return '';
  const next = new Date(`${day}T00:00:00`);
  next.setDate(next.getDate() + 1);
  return next.toISOString();
}

/** `h:mm:ss`. Never negative. */
export function clockOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
