import type { TFunction } from 'i18next';
import { expect, test } from 'vitest';
import { numberWanted, numberWords } from './withheld.ts';
import { partsEn, partsJa } from './words.ts';

const translator = ({ withheld }: typeof partsJa): TFunction =>
  ((key: string) => (key === 'parts.withheld' ? withheld : key)) as TFunction;
const ja = translator(partsJa);
const en = translator(partsEn);

test('a number that was kept back is a word of the reader’s language; others are as they are', () => {
  expect(numberWords('anonymous', ja)).toBe('非通知');
  expect(numberWords('anonymous', en)).toBe('Withheld');
  expect(numberWords('0312345678', ja)).toBe('0312345678');
});

test('it is found by that word, in any letters; others by their digits', () => {
  expect(numberWanted(' 非通知 ', ja)).toBe('anonymous');
  expect(numberWanted('withheld', en)).toBe('anonymous');
  expect(numberWanted('Anonymous', ja)).toBe('anonymous');
  expect(numberWanted('０３-1234 5678', ja)).toBe('0312345678');
});
