import { describe, expect, test } from 'vitest';
import { en } from './en.ts';
import { ja } from './ja.ts';
import { firstLanguage } from './rules.ts';

describe('the language to begin with', () => {
  test('what was chosen before wins over the browser', () => {
    expect(firstLanguage('ja', ['en-GB'])).toBe('ja');
  });
  test('the first language of the browser that we speak', () => {
    expect(firstLanguage(null, ['fr-FR', 'en-GB', 'ja'])).toBe('en');
    expect(firstLanguage(null, ['JA-jp', 'en'])).toBe('ja');
  });
  test('Japanese when nothing fits', () => {
    expect(firstLanguage(null, ['fr', 'de'])).toBe('ja');
    expect(firstLanguage('klingon', [])).toBe('ja');
  });
});

describe('the words', () => {
  const flatten = (words: object, path = ''): [string, string][] =>
    Object.entries(words).flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'string' ? [[path + key, value]] : flatten(value as object, `${path}${key}.`),
    );
  const places = (text: string): string[] => (text.match(/\{\{\w+\}\}/g) ?? []).toSorted();

  test('both languages fill the same places, and nothing is empty', () => {
    const english = new Map(flatten(en));
    for (const [key, text] of flatten(ja)) {
      expect(text, key).not.toBe('');
      expect(english.get(key), key).toBeTruthy();
      expect(places(english.get(key) ?? ''), key).toEqual(places(text));
    }
  });
});
