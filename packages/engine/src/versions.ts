/** Negative, zero or positive, as a is older, the same or newer. */
export function compareVersions(a: string, b: string): number {
  const numbers = (text: string): readonly number[] =>
    text.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const [left, right] = [numbers(a), numbers(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
