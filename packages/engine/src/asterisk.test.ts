import { expect, it } from 'vitest';
import { isNewEnough } from './asterisk.ts';

it.each([
  ['22.10.1', true],
  ['22.10.1~dfsg', true],
  ['22.10.2', true],
  ['22.11.0', true],
  ['23.0.0', true],
  ['22.10.0', false],
  ['22.9.9', false],
  ['20.17.0', false],
  ['22.10', false],
  ['GIT-master-1a2b3c', false],
  ['', false],
])('Asterisk %j is new enough: %s', (version, expected) => {
  expect(isNewEnough(version)).toBe(expected);
});
