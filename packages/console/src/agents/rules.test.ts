import { describe, expect, test } from 'vitest';
import type { AgentView } from '../../../server/src/http/contract.ts';
import { countByStatus, elapsedSince, filterAgents, formatSince, nextSorting, sortAgents } from './rules.ts';
import type { Column } from './rules.ts';

const agent = (loginName: string, changes: Partial<AgentView> = {}): AgentView => ({
  accountId: 1,
  loginName,
  displayName: loginName,
  status: 'ready',
  since: '2026-01-15T00:00:00Z',
  baseStatus: 'ready',
  phone: null,
  phoneRegistered: null,
  seat: null,
  callCenters: [],
  call: null,
  ...changes,
});

const order = (agents: AgentView[], column: Column, descending = false): string[] =>
  sortAgents(agents, { column, descending }, 'ja').map((row) => row.loginName);

describe('sorting', () => {
  test('by login name, with numbers as numbers', () => {
    expect(order([agent('agent10'), agent('agent9')], 'agent')).toEqual(['agent9', 'agent10']);
    expect(order([agent('agent10'), agent('agent9')], 'agent', true)).toEqual(['agent10', 'agent9']);
  });
  test('by phone, those without one last', () => {
    const agents = [agent('a'), agent('b', { phone: '1001' }), agent('c', { phone: '1000' })];
    expect(order(agents, 'phone')).toEqual(['c', 'b', 'a']);
  });
  test('by status: in a call before ready before signed off, equal ones by login name both ways', () => {
    const agents = [
      agent('d', { status: 'signed_off' }),
      agent('b'),
      agent('a'),
      agent('c', { status: 'call_center_call' }),
    ];
    expect(order(agents, 'status')).toEqual(['c', 'a', 'b', 'd']);
    expect(order(agents, 'status', true)).toEqual(['d', 'a', 'b', 'c']);
  });
  test('by time in status, the shortest first', () => {
    const agents = [
      agent('long', { since: '2026-01-14T00:00:00Z' }),
      agent('short', { since: '2026-01-15T09:00:00+09:00' }),
    ];
    expect(order(agents, 'elapsed')).toEqual(['short', 'long']);
  });
  test('a second click turns the order round, another column begins ascending', () => {
    const first = nextSorting({ column: 'agent', descending: false }, 'status');
    expect(first).toEqual({ column: 'status', descending: false });
    expect(nextSorting(first, 'status')).toEqual({ column: 'status', descending: true });
    expect(nextSorting({ column: 'status', descending: true }, 'agent')).toEqual({
      column: 'agent',
      descending: false,
    });
  });
});

test('counts stand in the order of interest, without empty ones', () => {
  const agents = [
    agent('a'),
    agent('b', { status: 'signed_off' }),
    agent('c'),
    agent('d', { status: 'on_hold' }),
  ];
  expect(countByStatus(agents)).toEqual([
    { status: 'on_hold', count: 1 },
    { status: 'ready', count: 2 },
    { status: 'signed_off', count: 1 },
  ]);
});

describe('filtering', () => {
  const agents = [
    agent('sato', { displayName: '佐藤 一郎', phone: '1000' }),
    agent('tanaka', { displayName: '田中 美咲', status: 'away', seat: '101' }),
  ];
  const found = (text: string, ...statuses: AgentView['status'][]) =>
    filterAgents(agents, { text, statuses: new Set(statuses) }).map(({ loginName }) => loginName);

  test('by name, login name, phone and seat, however it is typed', () => {
    expect(found('')).toEqual(['sato', 'tanaka']);
    expect(found('美咲')).toEqual(['tanaka']);
    expect(found('ＳＡＴＯ ')).toEqual(['sato']);
    expect(found('1000')).toEqual(['sato']);
    expect(found('101')).toEqual(['tanaka']);
  });
  test('by status, and both together', () => {
    expect(found('', 'away')).toEqual(['tanaka']);
    expect(found('sato', 'away')).toEqual([]);
    expect(found('', 'away', 'ready')).toEqual(['sato', 'tanaka']);
  });
});

describe('time in status', () => {
  const since = '2026-01-15T00:00:00.000Z';
  const after = (ms: number): number => Date.parse(since) + ms;

  test.each([
    [0, 0, '00:00:00'],
    [999, 0, '00:00:00'],
    [1_000, 0, '00:00:01'],
    [61_000, 0, '00:01:01'],
    [86_399_000, 0, '23:59:59'],
    [86_400_000, 1, '00:00:00'],
    [30 * 86_400_000 + 3_661_000, 30, '01:01:01'],
  ])('%i ms later', (ms, days, clock) => {
    expect(elapsedSince(since, after(ms))).toEqual({ days, clock });
  });
  test('a clock that is behind shows zero', () => {
    expect(elapsedSince(since, after(-5_000))).toEqual({ days: 0, clock: '00:00:00' });
  });
});

describe('when a status began', () => {
  test('the time of day, with the date when it was another day there', () => {
    const since = '2026-01-14T14:30:00Z';
    expect(formatSince(since, Date.parse('2026-01-14T14:59:00Z'), 'ja', 'Asia/Tokyo')).toBe('23:30');
    expect(formatSince(since, Date.parse('2026-01-14T15:01:00Z'), 'ja', 'Asia/Tokyo')).toBe('1/14 23:30');
    expect(formatSince(since, Date.parse('2026-01-14T15:01:00Z'), 'en', 'Asia/Tokyo')).toBe('14 Jan, 23:30');
  });
});
