import { expect, test } from 'vitest';
import { clockOf, dayBegins, dayEnds } from './time-rules.ts';

test('a day reaches from its first moment to that of the next, in the time zone of the machine', () => {
  expect(dayBegins('')).toBe('');
  expect(dayEnds('')).toBe('');
  expect(new Date(dayBegins('2026-02-28')).getHours()).toBe(0);
  expect(new Date(dayEnds('2026-02-28')).getDate()).toBe(1);
  expect(new Date(dayEnds('2026-12-31')).getFullYear()).toBe(2027);
});

test('a length of time in hours, minutes and seconds', () => {
  expect(clockOf(0)).toBe('0:00:00');
  expect(clockOf(-5)).toBe('0:00:00');
  expect(clockOf(61_400)).toBe('0:01:01');
  expect(clockOf(100 * 3_600_000)).toBe('100:00:00');
});
