import { expect, test } from 'vitest';
import { isNumberBetween, listOf, matches, problemsOf } from './rules.ts';

test('a number is within its bounds or is none', () => {
  expect(isNumberBetween('5', 5, 120)).toBe(true);
  expect(isNumberBetween('121', 5, 120)).toBe(false);
  expect(isNumberBetween('', 0, 9)).toBe(false);
  expect(isNumberBetween('1.5', 0, 9)).toBe(false);
});

test('a search finds letters whatever their case and width', () => {
  expect(matches('ＳＡＴＯ', '佐藤', 'sato')).toBe(true);
  expect(matches(' ', 'anything')).toBe(true);
  expect(matches('鈴木', '佐藤', 'sato')).toBe(false);
});

test('a list is written with blanks, commas or lines', () => {
  expect(listOf(' 110, 118\n119、171 ')).toEqual(['110', '118', '119', '171']);
  expect(listOf(' ')).toEqual([]);
});

test('only what is wrong is a problem', () => {
  expect(problemsOf({ name: null, port: 'wrong' })).toEqual({ port: 'wrong' });
});
