import type { Role, SessionAnswer } from '../../../server/src/http/contract.ts';

export type PageKey =
  'monitor' | 'me' | 'activity' | 'monitoringHistory' | 'accounts' | 'grants' | 'locks' | 'tokens' | 'audit';
export type PageGroup = 'daily' | 'history' | 'administration';

/** What every page is given: who looks at it. */
export interface PageProps {
  readonly account: SessionAnswer['account'];
}

export interface PageEntry {
  readonly key: PageKey;
  readonly path: string;
  readonly group: PageGroup;
  readonly roles: readonly Role[];
}

const LEADERS: readonly Role[] = ['system_administrator', 'supervisor'];

/** Every page, in the order of the navigation. Which exist for a person is decided by the role; the server decides again what they show. */
export const PAGES: readonly PageEntry[] = [
  { key: 'monitor', path: '/monitor', group: 'daily', roles: LEADERS },
];

export const GROUPS: readonly PageGroup[] = ['daily', 'history', 'administration'];

export function pagesFor(role: Role): readonly PageEntry[] {
  return PAGES.filter(({ roles }) => roles.includes(role));
}

/** The page at a path. `/` is the first page of the role; null is a path where there is none, or none for the role. */
export function pageAt(path: string, role: Role): PageEntry | null {
  const pages = pagesFor(role);
  return (path === '/' ? pages[0] : pages.find((page) => page.path === path)) ?? null;
}
