import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Keys } from './keys.ts';

let isReady: boolean;
let sent: string[];
let keys: Keys;

beforeEach(() => {
  vi.useFakeTimers();
  isReady = false;
  sent = [];
  keys = new Keys({ isReady: () => isReady, send: (pressed) => sent.push(pressed) });
});
afterEach(() => vi.useRealTimers());

test('a key goes at once when the sound is connected', () => {
  isReady = true;
  for (const key of '12#') keys.press(key);
  expect(sent).toEqual(['1', '2', '#']);
});

test('keys that are too early go together, in their order, as soon as it is; what follows goes after them', () => {
  for (const key of '12') keys.press(key);
  vi.advanceTimersByTime(2_000);
  expect(sent).toEqual([]);
  isReady = true;
  vi.advanceTimersByTime(100);
  keys.press('3');
  expect(sent).toEqual(['12', '3']);
});

test('they do not come when nobody expects them any more', () => {
  keys.press('1');
  vi.advanceTimersByTime(6_000);
  isReady = true;
  vi.advanceTimersByTime(60_000);
  expect(sent).toEqual([]);
  keys.press('2');
  expect(sent).toEqual(['2']);
});

test('they end with the call', () => {
  keys.press('1');
  keys.stop();
  isReady = true;
  vi.advanceTimersByTime(60_000);
  expect(sent).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
