import { expect, test } from 'vitest';
import type { AgentView, CallCenterLive } from '../../../server/src/http/contract.ts';
import { minutes, percent, staffingOf, waitingOf } from './rules.ts';

const agent = (
  status: AgentView['status'],
  callCenters: string[],
  changes: Partial<AgentView> = {},
): AgentView => ({
  accountId: 1,
  loginName: 'a',
  displayName: 'a',
  status,
  since: '2026-01-15T00:00:00Z',
  baseStatus: 'ready',
  phone: '1000',
  phoneRegistered: true,
  seat: null,
  callCenters,
  call: null,
  ...changes,
});

test('who could take a call, of those who are there, for each call center', () => {
  const staffing = staffingOf([
    agent('ready', ['7000', '7001']),
    agent('call_center_call', ['7000']),
    agent('signed_off', ['7000'], { baseStatus: 'signed_off' }),
  ]);
  expect(staffing.get('7000')).toEqual({ ready: 1, present: 2 });
  expect(staffing.get('7001')).toEqual({ ready: 1, present: 1 });
  expect(staffing.get('7002')).toBeUndefined();
});

test('shares and times, and a dash where there is nothing yet', () => {
  expect([percent(null), percent(0), percent(0.666), percent(1)]).toEqual(['–', '0%', '67%', '100%']);
  expect([minutes(null), minutes(0.4), minutes(59.6), minutes(125)]).toEqual(['–', '0:00', '1:00', '2:05']);
});

test('all who wait, the longest first, with the name of the call center', () => {
  const figures = {} as CallCenterLive['figures'];
  const caller = (callId: string, since: string): CallCenterLive['waiting'][number] => ({
    callId,
    caller: '0312345678',
    since,
    position: 1,
    state: 'waiting',
    agent: null,
  });
  const callers = waitingOf([
    { number: '7000', name: 'A', figures, waiting: [caller('late', '2026-01-15T00:00:09Z')] },
    { number: '7001', name: 'B', figures, waiting: [caller('early', '2026-01-15T00:00:01Z')] },
  ]);
  expect(callers.map(({ callId, callCenter }) => [callId, callCenter])).toEqual([
    ['early', 'B'],
    ['late', 'A'],
  ]);
});
