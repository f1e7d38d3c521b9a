import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { parseSite, SiteError } from './parse.ts';
import { SITE_PROBLEMS } from './problems.ts';
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

/** What is wrong with a file, as code and parameters. */
function wrong(text: string): readonly (readonly [path: string, code: string, params: object])[] {
  try {
    parseSite(`site: 1\n${text}`);
  } catch (error) {
    if (!(error instanceof SiteError)) throw error;
    return error.problems.map(({ path, code, params }) => [path, code, params]);
  }
  return [];
}

it.each([
  ['a: 1\na: 2', '', 'YAML_KEY_TWICE', { detail: 'Map keys must be unique at line 3, column 1:' }],
  [
    'phones:\n\t- 1',
    '',
    'YAML_INDENT',
    { detail: 'Tabs are not allowed as indentation at line 3, column 1:' },
  ],
  ['floor: []', '', 'KEY_UNKNOWN', { names: 'floor' }],
  ['phones: [{ number: "1000", kind: desk }]', 'phones.0.name', 'MISSING', {}],
  ['phones: [{ number: "1000", name: a }]', 'phones.0.kind', 'MISSING', {}],
  ['phones: [{ number: "999", name: a, kind: desk }]', 'phones.0.number', 'EXTENSION', {}],
  ['campaigns: [{ name: 1 }]', 'campaigns.0.name', 'TYPE_STRING', { detail: expect.any(String) as string }],
  ['campaigns: [{ name: "" }]', 'campaigns.0.name', 'TOO_SHORT', { least: 1 }],
  [
    'phones: [{ number: "1000", name: a, kind: fax }]',
    'phones.0.kind',
    'CHOICE_UNKNOWN',
    { values: 'desk, browser, mobile' },
  ],
  ['settings: { timeZone: Mars }', 'settings.timeZone', 'TIME_ZONE', {}],
  ['settings: { outsideCallLimit: -1 }', 'settings.outsideCallLimit', 'TOO_SMALL', { least: 0 }],
  [
    'callCenters: [{ number: "7000", name: a, priority: 100 }]',
    'callCenters.0.priority',
    'TOO_BIG',
    { most: 99 },
  ],
  [
    'callCenters: [{ number: "7000", name: a, noticeSeconds: often }]',
    'callCenters.0.noticeSeconds',
    'NOTICE_SECONDS',
    {},
  ],
  [
    'accounts: [{ loginName: a, displayName: a, role: user, grants: [{ level: view }] }]',
    'accounts.0.grants.0',
    'GRANT_RESOURCE',
    {},
  ],
  ['numbers: [{ number: "0312345678" }]', 'numbers.0', 'NUMBER_TARGET', {}],
])('what is wrong has a code: %j', (text, path, code, params) => {
  expect(wrong(text)).toEqual([[path, code, params]]);
});

it('every sentence of the forms that a site file is checked with has a code', () => {
  const sentences = new Set<string>();
  const seen = new Set<unknown>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    const { error, _zod } = value as { readonly error?: unknown; readonly _zod?: { readonly def: unknown } };
    walk(_zod?.def);
    if (typeof error === 'function') {
      const said: unknown = (error as (issue: object) => unknown)({ code: 'custom' });
      if (typeof said === 'string') sentences.add(said);
    }
    for (const part of Object.values(value)) walk(part);
  };
  walk(siteSchema);
  const known: readonly string[] = Object.values(SITE_PROBLEMS);
  expect([...sentences].filter((sentence) => !known.includes(sentence))).toEqual([]);
  expect(sentences.size).toBeGreaterThan(15);
});
