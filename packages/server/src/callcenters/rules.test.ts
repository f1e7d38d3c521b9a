import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BASE_STATUSES, CALL_STATUSES } from '../agents/rules.ts';
import {
  agentsFor,
  distribute,
  inOrder,
  isAvailable,
  type Caller,
  type Candidate,
  type Floor,
} from './rules.ts';

const NOW = new Date('2026-11-21T01:00:00Z');
const seconds = (count: number): Date => new Date(NOW.getTime() + count * 1_000);

function agent(accountId: number, over: Partial<Candidate> = {}): Candidate {
  return {
    callCenter: '7000',
    priority: 1,
    accountId,
    baseStatus: 'ready',
    callStatus: null,
    phone: String(1_000 + accountId),
    idleSince: seconds(-60),
    reservedUntil: null,
    restUntil: null,
    ...over,
  };
}

function caller(callId: string, over: Partial<Caller> = {}): Caller {
  return { callId, callCenter: '7000', enteredAt: NOW.getTime() - 10_000, tried: [], ...over };
}

function floor(over: Partial<Floor>): Floor {
  return { callers: [], candidates: [], priorityOf: () => 10, isPhoneFree: () => true, at: NOW, ...over };
}

const ids = (agents: readonly Candidate[]): readonly number[] => agents.map(({ accountId }) => accountId);

describe('an agent is available', () => {
  const cases = BASE_STATUSES.flatMap((baseStatus) =>
    [null, ...CALL_STATUSES].map((callStatus) => ({ baseStatus, callStatus })),
  );

  it.each(cases)('only in 受付可 and in no call: $baseStatus, $callStatus', (state) => {
    expect(isAvailable(agent(1, state), NOW)).toBe(state.baseStatus === 'ready' && state.callStatus === null);
  });

  it.each([
    ['at no phone', { phone: null }, false],
    ['reserved for another call', { reservedUntil: seconds(1) }, false],
    ['reserved for a call that nobody ended', { reservedUntil: seconds(0) }, true],
    ['resting after a ring in vain', { restUntil: seconds(1) }, false],
    ['rested', { restUntil: seconds(-1) }, true],
  ])('%s: %j %s', (_what, over, available) => {
    expect(isAvailable(agent(1, over), NOW)).toBe(available);
  });
});

describe('agents are called', () => {
  it('by priority in the call center, then the longest idle, then in the order of accounts', () => {
    const agents = [
      agent(1, { priority: 2, idleSince: seconds(-900) }),
      agent(2, { idleSince: seconds(-10) }),
      agent(4, { idleSince: seconds(-30) }),
      agent(3, { idleSince: seconds(-30) }),
    ];
    expect(ids(agentsFor(caller('a'), agents))).toEqual([3, 4, 2, 1]);
  });

  it('again only when nobody else is left, the one who was called first first', () => {
    const agents = [agent(1), agent(2), agent(3, { priority: 9 })];
    expect(ids(agentsFor(caller('a', { tried: [2, 1] }), agents))).toEqual([3, 2, 1]);
  });

  it('of the caller’s own call center, with the priority that they have there', () => {
    const agents = [agent(1, { callCenter: '7001' }), agent(2, { priority: 5 }), agent(1, { priority: 9 })];
    expect(ids(agentsFor(caller('a'), agents))).toEqual([2, 1]);
  });
});

describe('callers are served', () => {
  it('by the call center’s priority, then the longest waiting', () => {
    const priorities: Readonly<Record<string, number>> = { '7000': 10, '7001': 1 };
    const callers = [
      caller('a', { enteredAt: 1 }),
      caller('b', { enteredAt: 3, callCenter: '7001' }),
      caller('c', { enteredAt: 2, callCenter: '7001' }),
      caller('e', { enteredAt: 0 }),
      caller('d', { enteredAt: 0 }),
    ];
    const order = inOrder(callers, (number) => priorities[number] ?? 99);
    expect(order.map(({ callId }) => callId)).toEqual(['c', 'b', 'd', 'e', 'a']);
  });
});

describe('distribution', () => {
  it('gives an agent of two call centers to the caller of the one with priority', () => {
    const turns = distribute(
      floor({
        callers: [caller('low', { enteredAt: 0 }), caller('high', { callCenter: '7001', enteredAt: 5 })],
        candidates: [agent(1), agent(1, { callCenter: '7001', priority: 9 })],
        priorityOf: (number) => (number === '7001' ? 1 : 2),
      }),
    );
    expect(turns).toEqual([{ callId: 'high', agents: [{ accountId: 1, phone: '1001' }] }]);
  });

  it('passes over agents whose phone is gone or in use', () => {
    const turns = distribute(
      floor({
        callers: [caller('a')],
        candidates: [agent(1, { idleSince: seconds(-900) }), agent(2)],
        isPhoneFree: (phone) => phone !== '1001',
      }),
    );
    expect(turns).toEqual([{ callId: 'a', agents: [{ accountId: 2, phone: '1002' }] }]);
  });

  it('names the others too, should the first be taken meanwhile', () => {
    const turns = distribute(
      floor({
        callers: [
          caller('a', { enteredAt: 1 }),
          caller('b', { enteredAt: 2 }),
          caller('c', { enteredAt: 3 }),
        ],
        candidates: [agent(1), agent(2)],
      }),
    );
    expect(turns.map(({ callId, agents }) => [callId, agents.map(({ accountId }) => accountId)])).toEqual([
      ['a', [1, 2]],
      ['b', [2]],
    ]);
  });

  const members = fc.array(
    fc.record({
      accountId: fc.integer({ min: 1, max: 8 }),
      callCenter: fc.constantFrom('7000', '7001', '7002'),
      priority: fc.integer({ min: 1, max: 3 }),
      baseStatus: fc.constantFrom('ready' as const, 'ready' as const, 'away' as const),
      callStatus: fc.constantFrom(null, null, 'ringing' as const),
      idle: fc.integer({ min: 0, max: 5 }),
    }),
    { maxLength: 20 },
  );
  const waiting = fc.uniqueArray(
    fc.record({
      callId: fc.uuid(),
      callCenter: fc.constantFrom('7000', '7001', '7002'),
      enteredAt: fc.integer({ min: 0, max: 5 }),
      tried: fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 3 }),
    }),
    { maxLength: 10, selector: ({ callId }) => callId },
  );

  it('never has two callers for one agent, nobody who is not available, and leaves nobody waiting for whom somebody is free', () => {
    fc.assert(
      fc.property(members, waiting, (list, callers) => {
        const candidates = list.map(({ accountId, idle, ...over }) =>
          agent(accountId, { ...over, idleSince: seconds(-idle) }),
        );
        const busy = '1003';
        const turns = distribute(floor({ callers, candidates, isPhoneFree: (phone) => phone !== busy }));
        const firsts = turns.map(({ agents }) => agents[0]?.accountId ?? 0);
        expect(new Set(firsts).size).toBe(firsts.length);
        const free = (callCenter: string): readonly number[] =>
          candidates
            .filter((one) => one.callCenter === callCenter && isAvailable(one, NOW) && one.phone !== busy)
            .map(({ accountId }) => accountId);
        for (const { callId, agents } of turns) {
          const callCenter = callers.find((one) => one.callId === callId)?.callCenter ?? '';
          for (const { accountId } of agents) expect(free(callCenter)).toContain(accountId);
        }
        for (const { callId, callCenter } of callers) {
          if (turns.some((turn) => turn.callId === callId)) continue;
          expect(free(callCenter).filter((id) => !firsts.includes(id))).toEqual([]);
        }
      }),
    );
  });
});
