import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ENGINE_ERRORS } from './errors.ts';

it('the operator’s page lists every reason not to start, with its exit code', () => {
  const page = readFileSync(new URL('../../../docs/operator/running.md', import.meta.url), 'utf8');
  for (const [code, { exit, means }] of Object.entries(ENGINE_ERRORS)) {
    expect(page.replace(/ +/g, ' ')).toContain(`| \`${code}\` | ${exit} | ${means} |`);
  }
});

it('no two reasons share an exit code', () => {
  const exits = Object.values(ENGINE_ERRORS).map(({ exit }) => exit);
  expect(new Set(exits).size).toBe(exits.length);
});
