import { describe, expect, test } from 'vitest';
import type { MonitoringView } from '../../../server/src/http/contract.ts';
import { endOfGone, extensionOf, isExpected, listenersByTarget, obstacle, sessionsOf } from './rules.ts';

const session = (
  id: string,
  supervisor: number,
  target: number | null,
  startedAt = '2026-01-15T00:00:00Z',
): MonitoringView => ({
  id,
  supervisor: { accountId: supervisor, name: 's', phone: '1003' },
  target: { accountId: target, name: 't', phone: '1000' },
  mode: 'listen',
  door: 'realtime_monitor',
  continuous: true,
  state: 'listening',
  startedAt,
  heardBySupervisor: ['agent', 'customer'],
  hearsSupervisor: [],
});

test('a person’s own sessions, the oldest first', () => {
  const all = [
    session('late', 1, 5, '2026-01-15T00:00:02Z'),
    session('other', 2, 5),
    session('early', 1, 6, '2026-01-15T00:00:01Z'),
  ];
  expect(sessionsOf(all, 1).map(({ id }) => id)).toEqual(['early', 'late']);
});

test('several may listen to one agent, and a phone without an agent is nobody’s', () => {
  const byTarget = listenersByTarget([session('a', 1, 5), session('b', 2, 5), session('c', 3, null)]);
  expect([...byTarget.keys()]).toEqual([5]);
  expect(byTarget.get(5)?.map(({ id }) => id)).toEqual(['a', 'b']);
});

test('what went without a word ended while nobody looked; what goes on did not', () => {
  const [one, other] = [session('a', 1, 5), session('b', 1, 6)];
  expect(endOfGone([one], [one, other])).toBeNull();
  const end = endOfGone([one, other], [one]);
  expect(end).toEqual({ id: 'b', supervisor: 1, target: 't', reason: 'lost' });
  expect(end !== null && isExpected(end)).toBe(false);
  expect(isExpected({ id: 'a', supervisor: 1, target: 't', reason: 'stopped' })).toBe(true);
});

describe('what is typed as an extension', () => {
  test.each([
    ['1003', '1003'],
    [' １００３ ', '1003'],
    ['999', null],
    ['4000', null],
    ['7000', null],
    ['10031', null],
    ['', null],
  ])('%j', (text, extension) => expect(extensionOf(text)).toBe(extension));
});

test('it can begin in a call, not on hold, and not without one', () => {
  for (const status of ['call_center_call', 'external_call', 'outgoing_call', 'internal_call'] as const) {
    expect(obstacle(status)).toBeNull();
  }
  expect(obstacle('on_hold')).toBe('onHold');
  for (const status of ['ringing', 'ready', 'away', 'signed_off'] as const) {
    expect(obstacle(status)).toBe('notInCall');
  }
});
