import type { Role, SessionAnswer } from '../../../server/src/http/contract.ts';

export type PageKey =
  | 'monitor'
  | 'me'
  | 'activity'
  | 'calls'
  | 'monitoringHistory'
  | 'accounts'
  | 'grants'
  | 'phones'
  | 'callCenters'
  | 'trunks'
  | 'seats'
  | 'settings'
  | 'locks'
  | 'tokens'
  | 'audit'
  | 'site';
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

const ALL: readonly Role[] = ['system_administrator', 'supervisor', 'user'];
const LEADERS: readonly Role[] = ['system_administrator', 'supervisor'];
const ADMINISTRATORS: readonly Role[] = ['system_administrator'];

/** Every page, in the order of the navigation. Which exist for a person is decided by the role; the server decides again what they show. */
export const PAGES: readonly PageEntry[] = [
  { key: 'monitor', path: '/monitor', group: 'daily', roles: LEADERS },
  { key: 'me', path: '/me', group: 'daily', roles: ALL },
  { key: 'activity', path: '/history/activity', group: 'history', roles: ALL },
  { key: 'calls', path: '/history/calls', group: 'history', roles: ALL },
  { key: 'monitoringHistory', path: '/history/monitoring', group: 'history', roles: ADMINISTRATORS },
  { key: 'accounts', path: '/administration/accounts', group: 'administration', roles: ADMINISTRATORS },
  { key: 'grants', path: '/administration/grants', group: 'administration', roles: ADMINISTRATORS },
  { key: 'phones', path: '/administration/phones', group: 'administration', roles: ADMINISTRATORS },
  {
    key: 'callCenters',
    path: '/administration/call-centers',
    group: 'administration',
    roles: ADMINISTRATORS,
  },
  { key: 'trunks', path: '/administration/trunks', group: 'administration', roles: ADMINISTRATORS },
  { key: 'seats', path: '/administration/seats', group: 'administration', roles: ADMINISTRATORS },
  { key: 'settings', path: '/administration/settings', group: 'administration', roles: ADMINISTRATORS },
  { key: 'locks', path: '/administration/locks', group: 'administration', roles: ADMINISTRATORS },
  { key: 'tokens', path: '/administration/tokens', group: 'administration', roles: ADMINISTRATORS },
  { key: 'audit', path: '/administration/audit', group: 'administration', roles: ADMINISTRATORS },
  { key: 'site', path: '/administration/site', group: 'administration', roles: ADMINISTRATORS },
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
