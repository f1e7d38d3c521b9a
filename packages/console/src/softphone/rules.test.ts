import { describe, expect, test } from 'vitest';
import { consultation, dialable, foremost, isKey, loudness, mishapOf } from './rules.ts';
import type { CallState } from './rules.ts';

const call = (id: string, changes: Partial<CallState> = {}): CallState => ({
  id,
  direction: 'outgoing',
  number: '1002',
  name: null,
  phase: 'talking',
  held: false,
  heldByOther: false,
  muted: false,
  since: 0,
  transferring: false,
  ...changes,
});

describe('what is dialled', () => {
  test.each([
    ['1002', '1002'],
    [' 03-1234-5678 ', '0312345678'],
    ['０３（１２３４）５６７８', '0312345678'],
    ['０３ー１２３４ー５６７８', '0312345678'],
    ['+81 3 1234 5678', '+81312345678'],
    ['0009*482915#', '0009*482915#'],
  ])('%s', (text, number) => expect(dialable(text)).toBe(number));
  test.each(['', 'sato', '1002@host', '1'.repeat(65)])('not %s', (text) => expect(dialable(text)).toBeNull());
  test('keys are those of a phone', () => {
    expect(['0', '*', '#'].every(isKey)).toBe(true);
    expect(isKey('a') || isKey('12') || isKey('')).toBe(false);
  });
});

describe('which call matters', () => {
  test('one that rings before one that is spoken in before one on hold', () => {
    const held = call('a', { held: true });
    const talking = call('b');
    const ringing = call('c', { phase: 'waiting', direction: 'incoming' });
    expect(foremost([held])?.id).toBe('a');
    expect(foremost([talking, held])?.id).toBe('b');
    expect(foremost([talking, ringing, held])?.id).toBe('c');
    expect(foremost([])).toBeNull();
  });
  test('a consultation is one call on hold and one made since', () => {
    const held = call('a', { held: true, direction: 'incoming' });
    expect(consultation([held])).toBeNull();
    expect(consultation([held, call('b', { phase: 'calling' })])).toMatchObject({
      held: { id: 'a' },
      asked: { id: 'b' },
    });
    expect(consultation([call('b')])).toBeNull();
  });
});

test('only what went wrong is told', () => {
  expect(mishapOf('Terminated', false)).toBeNull();
  expect(mishapOf('Busy', false)).toBe('busy');
  expect(mishapOf('WebRTC Error', false)).toBe('failed');
  expect(mishapOf('Rejected', true)).toBeNull();
});

test('loudness is 0 for silence and 1 at full scale', () => {
  expect(loudness(new Float32Array(128))).toBe(0);
  expect(loudness(new Float32Array())).toBe(0);
  expect(loudness(new Float32Array(128).fill(1))).toBe(1);
  expect(loudness(new Float32Array(128).fill(0.0316))).toBeCloseTo(0.5, 1);
});
