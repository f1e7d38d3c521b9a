import { expect, it } from 'vitest';
import { API_ERRORS } from './errors.ts';

it('docs/engineer/errors.md is the catalogue of errors', async () => {
  const rows = Object.entries(API_ERRORS).map(
    ([code, [status, text]]) => `| \`${code}\` | ${status} | ${text} |`,
  );
  const page = [
    '# Errors of the API',
    '',
    'Every error answer is `{ "error": { "code", "message" } }`. Codes are stable.',
    '',
    '| code | status | text |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
  await expect(page).toMatchFileSnapshot(
    new URL('../../../../docs/engineer/errors.md', import.meta.url).pathname,
  );
});
