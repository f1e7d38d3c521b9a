import { describe, expect, test } from 'vitest';
import type { AgentView, FeedMessage } from '../../../server/src/http/contract.ts';
import { EMPTY_FEED, SILENCE_LIMIT, ageOf, apply, isOld, lose, retryDelay, serverNow } from './rules.ts';
import type { FeedState } from './rules.ts';

const T0 = Date.parse('2026-01-15T00:00:00.000Z');

const agent = (accountId: number, changes: Partial<AgentView> = {}): AgentView => ({
  accountId,
  loginName: `agent${accountId}`,
  displayName: `Agent ${accountId}`,
  status: 'ready',
  since: '2026-01-15T00:00:00.000Z',
  baseStatus: 'ready',
  phone: '1000',
  phoneRegistered: true,
  seat: null,
  callCenters: [],
  call: null,
  ...changes,
});

const at = (ms: number): string => new Date(T0 + ms).toISOString();
const snapshot = (number: number, ...agents: AgentView[]): FeedMessage => ({
  type: 'snapshot',
  number,
  serverTime: at(0),
  engine: 'up',
  agents,
  monitoring: [],
  callCenters: [],
});
const delta = (number: number, agents: AgentView[], gone: number[] = []): FeedMessage => ({
  type: 'delta',
  number,
  serverTime: at(0),
  agents,
  gone,
});

function taken(state: FeedState, message: FeedMessage, now = T0): FeedState {
  const applied = apply(state, message, now);
  if (applied.gap) throw new Error('gap');
  return applied.state;
}

const live = taken(EMPTY_FEED, snapshot(7, agent(1), agent(2)));

describe('messages', () => {
  test('a snapshot replaces everything', () => {
    const state = taken(live, snapshot(40, agent(3)));
    expect([...state.agents.keys()]).toEqual([3]);
    expect(state).toMatchObject({ phase: 'live', number: 40, engine: 'up' });
  });
  test('a delta changes, adds and removes whole rows and leaves the others as they are', () => {
    const state = taken(live, delta(8, [agent(2, { status: 'on_break' }), agent(3)], [1]));
    expect([...state.agents.keys()]).toEqual([2, 3]);
    expect(state.agents.get(2)?.status).toBe('on_break');
    expect(live.agents.get(2)?.status).toBe('ready');
  });
  test('a delta may tell that the engine is down', () => {
    const state = taken(live, { ...delta(8, []), engine: 'down' } as FeedMessage);
    expect(state.engine).toBe('down');
    expect(taken(state, delta(9, [])).engine).toBe('down');
  });
  test('why one’s own session ended stays known, also when a snapshot says it', () => {
    const end = { id: 's', supervisor: 1, target: 't', reason: 'no_answer' } as const;
    const told = taken(live, { ...delta(8, []), ended: [end] } as FeedMessage);
    expect(told.ended).toEqual(end);
    expect(taken(told, delta(9, [])).ended).toBe(told.ended);
    expect(taken(told, snapshot(9)).ended).toBe(told.ended);
    expect(taken(live, { ...snapshot(8), ended: [end] } as FeedMessage).ended).toEqual(end);
  });
  test.each([6, 7, 9])('a delta numbered %i after 7 is a gap', (number) => {
    expect(apply(live, delta(number, []), T0)).toEqual({ gap: true });
  });
  test('a heartbeat repeats the last number; another one tells of a lost delta', () => {
    expect(taken(live, { type: 'heartbeat', number: 7, serverTime: at(5_000) }, T0 + 5_000).heardAt).toBe(
      T0 + 5_000,
    );
    expect(apply(live, { type: 'heartbeat', number: 8, serverTime: at(5_000) }, T0)).toEqual({ gap: true });
  });
  test('nothing but a snapshot begins', () => {
    expect(apply(EMPTY_FEED, delta(1, []), T0)).toEqual({ gap: true });
    expect(apply(lose(live), delta(8, []), T0)).toEqual({ gap: true });
    expect(taken(lose(live), snapshot(1)).phase).toBe('live');
  });
  test('a kind of message that is not known yet changes nothing', () => {
    const applied = apply(
      live,
      { type: 'figures', number: 8, serverTime: at(0) } as unknown as FeedMessage,
      T0,
    );
    expect(applied).toEqual({ gap: false, state: live });
  });
});

describe('age', () => {
  test('is unknown before the first message and never negative', () => {
    expect(ageOf(EMPTY_FEED, T0)).toBeNull();
    expect(ageOf(live, T0 + 3_000)).toBe(3_000);
    expect(ageOf(live, T0 - 3_000)).toBe(0);
  });
  test('old after the silence limit, and at once when the connection is lost', () => {
    expect(isOld(live, T0 + SILENCE_LIMIT)).toBe(false);
    expect(isOld(live, T0 + SILENCE_LIMIT + 1)).toBe(true);
    expect(isOld(lose(live), T0 + 1)).toBe(true);
    expect(isOld(lose(EMPTY_FEED), T0)).toBe(false);
  });
});

describe('the clock of the server', () => {
  test('a machine whose clock is an hour wrong still shows the right time', () => {
    const wrong = T0 + 3_600_000;
    const state = taken(EMPTY_FEED, snapshot(1), wrong);
    expect(serverNow(state, wrong + 1_000)).toBe(T0 + 1_000);
  });
  test('a late message does not turn time back; a clock that was set does', () => {
    const late = taken(live, { type: 'heartbeat', number: 7, serverTime: at(5_000) }, T0 + 5_400);
    expect(serverNow(late, T0 + 6_000)).toBe(T0 + 6_000);
    const set = taken(live, { type: 'heartbeat', number: 7, serverTime: at(60_000) }, T0 + 5_000);
    expect(serverNow(set, T0 + 5_000)).toBe(T0 + 60_000);
  });
  test('stands still while the data is old', () => {
    expect(serverNow(lose(live), T0 + 90_000)).toBe(T0);
  });
});

test('tries come quickly at first, then at most every 10 s, each at least half of that', () => {
  expect(retryDelay(0, 1)).toBe(400);
  expect(retryDelay(0, 0)).toBe(200);
  expect(retryDelay(3, 1)).toBe(3_200);
  expect(retryDelay(50, 1)).toBe(10_000);
  expect(retryDelay(50, 0)).toBe(5_000);
});
