import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { parseSite, SiteError } from './parse.ts';
import { SAMPLE_SITE } from './sample.ts';
import { siteSchema } from './schema.ts';

const SCHEMA = new URL('../../../../docs/operator/site-file.schema.json', import.meta.url);

it('the JSON Schema in the documentation is the one that is checked', async () => {
  const current = `${JSON.stringify(z.toJSONSchema(siteSchema, { io: 'input' }), null, 2)}\n`;
  await expect(current).toMatchFileSnapshot(SCHEMA.pathname);
});

it('the sample site and the example in the documentation are site files', () => {
  expect(() => parseSite(SAMPLE_SITE)).not.toThrow();
  const page = readFileSync(new URL('../../../../docs/operator/site-file.md', import.meta.url), 'utf8');
  const example = /```yaml\n([^]*?)```/.exec(page)?.[1] ?? '';
  expect(parseSite(example).site.accounts).toHaveLength(2);
});

it.each([
  ['site: 1\nphone: []\n', 1, 'phone'],
  ['site: 1\nphones:\n  - { number: 1000, name: a, kind: desk }\n', 3, 'phones.0.number'],
  ['site: 2\n', 1, 'site'],
  ['site: 1\nphones: [\n', 3, ''],
])('what is wrong is told with its line: %j', (text, line, where) => {
  try {
    parseSite(text);
    expect.unreachable();
  } catch (error) {
    if (!(error instanceof SiteError)) throw error;
    expect(error.problems[0]?.line).toBe(line);
    expect(error.problems[0]?.message).toContain(where);
  }
});
