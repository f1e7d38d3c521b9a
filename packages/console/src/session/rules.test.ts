import { describe, expect, test } from 'vitest';
import { checkNewPassword, splitSeconds } from './rules.ts';

describe('a new password', () => {
  const good = { current: 'one-time', next: 'correct horse battery', again: 'correct horse battery' };

  test('nothing to say about a good one', () => {
    expect(checkNewPassword(good)).toEqual({});
  });
  test('each mistake at its own field', () => {
    expect(checkNewPassword({ current: '', next: 'short', again: 'shirt' })).toEqual({
      current: 'required',
      next: 'tooShort',
      again: 'mismatch',
    });
  });
  test('the same again is no change', () => {
    expect(checkNewPassword({ ...good, current: good.next })).toEqual({ next: 'same' });
  });
  test('twelve characters are enough', () => {
    const enough = (next: string) => checkNewPassword({ current: 'x', next, again: next });
    expect(enough('朝ごはんは三人で食べます')).toEqual({});
    expect(enough('12345678901')).toEqual({ next: 'tooShort' });
  });
});

test('time left is rounded up and never negative', () => {
  expect(splitSeconds(59.2)).toEqual({ minutes: 1, seconds: 0 });
  expect(splitSeconds(61)).toEqual({ minutes: 1, seconds: 1 });
  expect(splitSeconds(-3)).toEqual({ minutes: 0, seconds: 0 });
});
