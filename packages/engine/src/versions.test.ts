import { expect, it } from 'vitest';
import { compareVersions } from './versions.ts';

it.each([
  ['0.1.0', '0.1.0', 0],
  ['0.1.0', '0.2.0', -1],
  ['0.10.0', '0.9.9', 1],
  ['1.0', '1.0.0', 0],
  ['1.0.0', '0.99.99', 1],
  ['', '0.0.1', -1],
  ['0.2.0-next', '0.2.0', 0],
])('release %j against %j: %i', (a, b, expected) => {
  expect(Math.sign(compareVersions(a, b))).toBe(expected);
});
