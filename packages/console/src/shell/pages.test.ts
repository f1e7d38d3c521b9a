import { expect, test } from 'vitest';
import { pageAt, pagesFor } from './pages.ts';

test('a role has its pages and no others', () => {
  expect(pagesFor('supervisor').map(({ key }) => key)).toContain('monitor');
  expect(pagesFor('supervisor').some(({ group }) => group === 'administration')).toBe(false);
  expect(pagesFor('user').map(({ key }) => key)).not.toContain('monitor');
});

test('the first page of a role is at /, and an unknown path is none', () => {
  expect(pageAt('/', 'supervisor')?.key).toBe('monitor');
  expect(pageAt('/administration/accounts', 'supervisor')).toBeNull();
  expect(pageAt('/elsewhere', 'system_administrator')).toBeNull();
});
