import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallCenterRules } from './rules.ts';
import { newWaiting, step, type Waiting, type WaitingEffect, type WaitingEvent } from './waiting.ts';

const AT = 1_000_000;
const AGENT = { accountId: 5, phone: '1005' };

const RULES: CallCenterRules = {
  number: '7000',
  name: 'お客様窓口',
  priority: 10,
  ringSeconds: 20,
  wrapUpSeconds: 0,
  maxMisses: 3,
  noticeSeconds: 30,
  overflowSeconds: 300,
  overflowAction: 'notice',
  overflowTarget: null,
  serviceLevelSeconds: 20,
};

function call(over: Partial<Waiting> = {}): Waiting {
  const made = newWaiting({
    callId: 'call',
    channel: 'channel',
    callCenter: '7000',
    caller: '0312345678',
    enteredAt: AT,
  });
  return { ...made, ...over };
}

const ringing = (over: Partial<Waiting> = {}): Waiting => call({ phase: 'offering', agent: AGENT, ...over });

function after(waiting: Waiting, event: WaitingEvent, rules: Partial<CallCenterRules> = {}, at = AT) {
  const { waiting: next, effects } = step(waiting, event, { ...RULES, ...rules }, at);
  return { next, effects };
}

const leaving = (effects: readonly WaitingEffect[]) => effects.filter(({ kind }) => kind === 'leave');

describe('a caller who comes in', () => {
  it('hears music, is told again and again, has a time that ends, and somebody is looked for', () => {
    expect(after(call(), { kind: 'entered' }).effects).toEqual([
      { kind: 'music' },
      { kind: 'wake', for: 'notice', ms: 30_000 },
      { kind: 'wake', for: 'overflow', ms: 300_000 },
      { kind: 'seek' },
    ]);
  });

  it('is found by a new server with the time that is left, and with the phone that rings already', () => {
    const { effects } = after(ringing(), { kind: 'entered' }, {}, AT + 290_000);
    expect(effects).toContainEqual({ kind: 'wake', for: 'overflow', ms: 10_000 });
    expect(effects).not.toContainEqual({ kind: 'seek' });
    const late = after(call(), { kind: 'entered' }, {}, AT + 400_000);
    expect(late.effects).toContainEqual({ kind: 'wake', for: 'overflow', ms: 0 });
  });

  it('leaves at once when the call center has no agents', () => {
    const { next, effects } = after(call(), { kind: 'nobody' });
    expect(next.phase).toBe('leaving');
    expect(effects).toEqual([{ kind: 'leave', action: 'notice', target: null }]);
  });
});

describe('a phone that rings for a caller', () => {
  it('is the one that was reserved, for the ring time', () => {
    const { next, effects } = after(call(), { kind: 'reserved', agent: AGENT });
    expect(next).toMatchObject({ phase: 'offering', agent: AGENT });
    expect(effects).toEqual([{ kind: 'offer', phone: '1005', ringSeconds: 20 }]);
  });

  it.each([
    ['answered', 'gone', 'answered'],
    ['caller_gone', 'gone', 'free'],
    ['no_answer', 'waiting', 'missed'],
    ['busy', 'waiting', 'missed'],
    ['offline', 'waiting', 'unreachable'],
    ['failed', 'waiting', 'unreachable'],
    ['cancelled', 'waiting', 'free'],
  ] as const)('that ends as %s: the caller is %s, the agent %s', (outcome, phase, as) => {
    const { next, effects } = after(ringing(), { kind: 'offer_ended', outcome });
    expect(next).toMatchObject({ phase, agent: null });
    expect(effects).toEqual([
      { kind: 'settle', accountId: 5, as },
      { kind: phase === 'gone' ? 'forget' : 'seek' },
    ]);
  });

  it('is remembered, the latest last', () => {
    const first = after(ringing({ tried: [5, 6] }), { kind: 'offer_ended', outcome: 'no_answer' }).next;
    expect(first.tried).toEqual([6, 5]);
  });

  it('is taken back when the phone or its agent is gone', () => {
    expect(after(ringing(), { kind: 'agent_gone' }).effects).toEqual([{ kind: 'withdraw' }]);
  });

  it('rings to its end when the time is over meanwhile, and is the last', () => {
    const overdue = after(ringing(), { kind: 'overflow_due' });
    expect(overdue).toEqual({ next: ringing({ overdue: true }), effects: [] });
    const { next, effects } = after(overdue.next, { kind: 'offer_ended', outcome: 'no_answer' });
    expect(next.phase).toBe('leaving');
    expect(effects.map(({ kind }) => kind)).toEqual(['settle', 'leave']);
    expect(after(overdue.next, { kind: 'offer_ended', outcome: 'answered' }).next.phase).toBe('gone');
  });

  it('is given back when it was reserved too late', () => {
    for (const phase of ['leaving', 'gone'] as const) {
      const { next, effects } = after(call({ phase }), { kind: 'reserved', agent: AGENT });
      expect(next.phase).toBe(phase);
      expect(effects).toEqual([{ kind: 'settle', accountId: 5, as: 'free' }]);
    }
  });
});

describe('a wait whose time is over', () => {
  it.each([
    ['busy', null],
    ['notice', null],
    ['call_center', '7001'],
    ['extension', '1009'],
  ] as const)('ends with %s %s', (overflowAction, overflowTarget) => {
    const { next, effects } = after(call(), { kind: 'overflow_due' }, { overflowAction, overflowTarget });
    expect(next.phase).toBe('leaving');
    expect(effects).toEqual([{ kind: 'leave', action: overflowAction, target: overflowTarget }]);
  });

  it('does not go round: a call center that the caller was in already is not asked again', () => {
    const came = newWaiting({
      callId: 'call',
      channel: 'channel',
      callCenter: '7001',
      caller: '',
      enteredAt: AT,
      visited: ['7000'],
    });
    const { effects } = after(
      came,
      { kind: 'overflow_due' },
      { overflowAction: 'call_center', overflowTarget: '7000' },
    );
    expect(effects).toEqual([{ kind: 'leave', action: 'notice', target: null }]);
  });

  it('ends with a notice when the call center is deleted', () => {
    const rules = { overflowAction: 'extension', overflowTarget: '1009' } as const;
    expect(leaving(after(call(), { kind: 'closed' }, rules).effects)).toEqual([
      { kind: 'leave', action: 'notice', target: null },
    ]);
    expect(after(ringing(), { kind: 'closed' }, rules).next.overdue).toBe(true);
  });
});

describe('notices', () => {
  it('come again and again, also while a phone rings, and never without an interval', () => {
    for (const waiting of [call(), ringing()]) {
      expect(after(waiting, { kind: 'notice_due' }).effects).toEqual([
        { kind: 'notice' },
        { kind: 'wake', for: 'notice', ms: 30_000 },
      ]);
    }
    expect(after(call(), { kind: 'entered' }, { noticeSeconds: 0 }).effects).not.toContainEqual(
      expect.objectContaining({ for: 'notice' }),
    );
    expect(after(call({ phase: 'leaving' }), { kind: 'notice_due' }).effects).toEqual([]);
  });
});

describe('whatever happens in whatever order', () => {
  const event: fc.Arbitrary<WaitingEvent> = fc.oneof(
    fc.constantFrom<WaitingEvent>(
      { kind: 'entered' },
      { kind: 'nobody' },
      { kind: 'agent_gone' },
      { kind: 'notice_due' },
      { kind: 'overflow_due' },
      { kind: 'closed' },
      { kind: 'caller_gone' },
    ),
    fc.integer({ min: 1, max: 3 }).map((accountId): WaitingEvent => ({
      kind: 'reserved',
      agent: { accountId, phone: String(accountId) },
    })),
    fc
      .constantFrom(
        'answered' as const,
        'no_answer' as const,
        'busy' as const,
        'offline' as const,
        'failed' as const,
        'caller_gone' as const,
        'cancelled' as const,
      )
      .map((outcome): WaitingEvent => ({ kind: 'offer_ended', outcome })),
  );

  it('every agent that was reserved is given back once, and a caller without a ring and not on the way out is looked after', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        let waiting = call();
        let reserved = 0;
        let settled = 0;
        for (const next of events) {
          const before = waiting;
          const result = step(waiting, next, RULES, AT);
          waiting = result.waiting;
          if (next.kind === 'reserved') reserved += 1;
          settled += result.effects.filter(({ kind }) => kind === 'settle').length;
          expect(waiting.phase === 'offering').toBe(waiting.agent !== null);
          expect(reserved - settled).toBe(waiting.phase === 'offering' ? 1 : 0);
          const kinds = result.effects.map(({ kind }) => kind);
          // Back from a ring without having left: somebody else is looked for.
          if (before.phase === 'offering' && waiting.phase === 'waiting') expect(kinds).toContain('seek');
          if (before.phase !== 'leaving' && waiting.phase === 'leaving') expect(kinds).toContain('leave');
          if (before.phase !== 'gone' && waiting.phase === 'gone') expect(kinds).toContain('forget');
          if (before.phase === 'gone') expect(waiting).toBe(before);
        }
      }),
    );
  });
});
