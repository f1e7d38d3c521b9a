import { describe, expect, it } from 'vitest';
import {
  allowed,
  isTrivialDialPassword,
  isWeakPassword,
  mayEnter,
  type Action,
  type Level,
  type ResourceKind,
  type Role,
} from './rules.ts';

const ROLES: readonly Role[] = ['system_administrator', 'supervisor', 'user'];
const LEVELS: readonly (Level | null)[] = [null, 'view', 'edit', 'manage'];
const KINDS: readonly ResourceKind[] = ['phone', 'call_center', 'campaign'];

/** The whole table of decisions.md: who may, on which kind of resource, from which level on. */
const TABLE: readonly [Action, readonly Role[], ResourceKind, readonly Level[]][] = [
  ['see_agent', ['system_administrator', 'supervisor'], 'call_center', ['view', 'edit', 'manage']],
  ['change_agent_status', ['system_administrator', 'supervisor'], 'call_center', ['edit', 'manage']],
  ['monitor_from_page', ['system_administrator', 'supervisor'], 'call_center', ['edit', 'manage']],
  ['monitor_from_job_monitor', ['system_administrator', 'supervisor'], 'campaign', ['edit', 'manage']],
  ['monitor_from_dial', ['system_administrator', 'supervisor', 'user'], 'phone', ['edit', 'manage']],
  ['see_phone', ['system_administrator', 'supervisor'], 'phone', ['view', 'edit', 'manage']],
  ['edit_phone', ['system_administrator'], 'phone', ['edit', 'manage']],
  ['delete_phone', ['system_administrator'], 'phone', ['manage']],
  ['see_sip_credentials', ['system_administrator'], 'phone', ['edit', 'manage']],
  ['see_call_center', ['system_administrator', 'supervisor'], 'call_center', ['view', 'edit', 'manage']],
  ['edit_call_center', ['system_administrator'], 'call_center', ['edit', 'manage']],
  ['delete_call_center', ['system_administrator'], 'call_center', ['manage']],
  ['see_campaign', ['system_administrator', 'supervisor'], 'campaign', ['view', 'edit', 'manage']],
  ['edit_campaign', ['system_administrator'], 'campaign', ['edit', 'manage']],
  ['delete_campaign', ['system_administrator'], 'campaign', ['manage']],
];

describe.each(TABLE)('%s', (action, roles, wanted, levels) => {
  const cases = ROLES.flatMap((role) =>
    KINDS.flatMap((kind) => LEVELS.map((level) => ({ role, kind, level }))),
  );

  it.each(cases)('as $role with $level on a $kind', ({ role, kind, level }) => {
    const grants = level === null ? [] : [{ kind, resource: '7000', level }];
    const may = roles.includes(role) && kind === wanted && level !== null && levels.includes(level);
    const targets = [
      { id: 1, resources: ['7000'] },
      { id: 2, resources: ['7001'] },
      { id: 3, resources: [] },
      { id: 4, resources: ['7001', '7000'] },
    ];
    expect([...allowed({ role, grants }, action, targets)]).toEqual(may ? [1, 4] : []);
  });
});

describe('areas', () => {
  it.each([
    ['own', ['system_administrator', 'supervisor', 'user']],
    ['floor', ['system_administrator', 'supervisor']],
    ['administration', ['system_administrator']],
  ] as const)('%s exists for %j', (area, roles: readonly Role[]) => {
    expect(ROLES.filter((role) => mayEnter(role, area))).toEqual(roles);
  });
});

describe('trivial dial passwords', () => {
  it.each(['11111111', '12345678', '87654321', '01234567', '78901234', '0000', '9876'])(
    '%s is one',
    (password) => {
      expect(isTrivialDialPassword(password, '555123')).toBe(true);
    },
  );

  it('the ID and its reverse are', () => {
    expect(isTrivialDialPassword('482915', '482915')).toBe(true);
    expect(isTrivialDialPassword('519284', '482915')).toBe(true);
  });

  it.each(['73920418', '11111112', '13579135', '4829'])('%s is not', (password) => {
    expect(isTrivialDialPassword(password, '555123')).toBe(false);
  });
});

describe('console passwords', () => {
  it.each(['short', 'aaaaaaaaaaaaaaa', 'my-admin-password', 'abababababab'])(
    '%s is too weak for admin',
    (password) => {
      expect(isWeakPassword(password, 'admin')).toBe(true);
    },
  );

  it('a phrase is not', () => {
    expect(isWeakPassword('tea under the old pine', 'admin')).toBe(false);
  });
});
