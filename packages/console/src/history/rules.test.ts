import { describe, expect, test } from 'vitest';
import type { CallView } from '../../../server/src/http/contract.ts';
import { talkersOf, timesOf } from './rules.ts';

const sato = { accountId: 2, displayName: '佐藤 一郎' };
const call: CallView = {
  id: '6d8b1f7e-0000-4000-8000-000000000000',
  direction: 'incoming',
  kind: 'call_center',
  caller: '0312345678',
  callerAgent: null,
  dialled: '7000',
  callCenter: '7000',
  trunk: 'main',
  startedAt: '2026-11-21T00:00:00.000Z',
  answeredAt: '2026-11-21T00:00:05.000Z',
  endedAt: '2026-11-21T00:01:05.000Z',
  result: 'answered',
  heldMs: 0,
  parts: [],
};

describe('the lengths of a call', () => {
  test('one that was answered has a wait and a talk', () => {
    expect(timesOf(call)).toEqual({ waitedMs: 5_000, talkedMs: 60_000 });
  });
  test('one that was not has a wait only', () => {
    expect(timesOf({ ...call, answeredAt: null })).toEqual({ waitedMs: 65_000, talkedMs: null });
  });
  test('one that goes on has no end', () => {
    expect(timesOf({ ...call, endedAt: null })).toEqual({ waitedMs: 5_000, talkedMs: null });
    expect(timesOf({ ...call, answeredAt: null, endedAt: null })).toEqual({ waitedMs: null, talkedMs: null });
  });
});

test('who talked is said once, agents by name', () => {
  const part = { outside: false, joinedAt: call.startedAt, leftAt: null } as const;
  expect(
    talkersOf({
      ...call,
      parts: [
        { ...part, side: 'caller', number: '0312345678', agent: null },
        { ...part, side: 'callee', number: '1000', agent: sato },
        { ...part, side: 'callee', number: '1002', agent: null },
        { ...part, side: 'callee', number: '1000', agent: sato },
      ],
    }),
  ).toEqual(['佐藤 一郎', '1002']);
});
