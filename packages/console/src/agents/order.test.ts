import { describe, expect, test } from 'vitest';
import type { AgentCallView, AgentView } from '../../../server/src/http/contract.ts';
import { inOrder, NameOrder, nextSorting, sortAgents } from './order.ts';
import type { Column } from './order.ts';

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

const call = (changes: Partial<AgentCallView> = {}): AgentCallView => ({
  direction: 'in',
  number: '0312345678',
  callCenter: null,
  answeredAt: '2026-01-15T00:00:00Z',
  heldMs: 0,
  heldSince: null,
  ...changes,
});

const order = (agents: AgentView[], column: Column, descending = false): string[] =>
  sortAgents(agents, { column, descending }, new NameOrder('ja'), (id) => id - 1).map((row) => row.loginName);

describe('sorting', () => {
  test('by login name, with numbers as numbers', () => {
    expect(order([agent('agent10'), agent('agent9')], 'agent')).toEqual(['agent9', 'agent10']);
    expect(order([agent('agent10'), agent('agent9')], 'agent', true)).toEqual(['agent10', 'agent9']);
  });
  test('by phone, those without one last', () => {
    const agents = [agent('a'), agent('b', { phone: '1001' }), agent('c', { phone: '1000' })];
    expect(order(agents, 'phone')).toEqual(['c', 'b', 'a']);
    expect(order(agents, 'phone', true)).toEqual(['b', 'c', 'a']);
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
  test('by call: number, time, hold, those without a call last', () => {
    const agents = [
      agent('none'),
      agent('long', { call: call({ number: '100', answeredAt: '2026-01-14T00:00:00Z', heldMs: 5 }) }),
      agent('short', { call: call({ number: '99', heldSince: '2026-01-15T00:00:09Z' }) }),
    ];
    expect(order(agents, 'call')).toEqual(['short', 'long', 'none']);
    expect(order(agents, 'talk')).toEqual(['short', 'long', 'none']);
    expect(order(agents, 'hold')).toEqual(['long', 'short', 'none']);
  });
  test('by who listens: the most listened to first', () => {
    expect(
      order([agent('a'), agent('b', { accountId: 3 }), agent('c', { accountId: 2 })], 'listeners'),
    ).toEqual(['b', 'c', 'a']);
  });
  test('by seat and call center, those without one last', () => {
    const agents = [
      agent('a'),
      agent('b', { seat: '10', callCenters: ['7001'] }),
      agent('c', { seat: '9', callCenters: ['7000'] }),
    ];
    expect(order(agents, 'seat')).toEqual(['c', 'b', 'a']);
    expect(order(agents, 'callCenters')).toEqual(['c', 'b', 'a']);
  });
  test('somebody new finds a place among those who were there', () => {
    const names = new NameOrder('ja');
    const byName = { column: 'agent', descending: false } as const;
    sortAgents([agent('b'), agent('d')], byName, names);
    const rows = sortAgents([agent('d'), agent('c'), agent('b')], byName, names);
    expect(rows.map(({ loginName }) => loginName)).toEqual(['b', 'c', 'd']);
  });
});

test('an order is kept for the same agents, and is none for others', () => {
  const [one, two] = [agent('one', { accountId: 1 }), agent('two', { accountId: 2 })];
  expect(inOrder([one, two], [2, 1])).toEqual([two, one]);
  expect(inOrder([one], [2, 1])).toBeNull();
  expect(inOrder([one, two], [2, 3])).toBeNull();
});
