import { describe, expect, it } from 'vitest';
import {
  BASE_STATUSES,
  CALL_STATUSES,
  changeStatus,
  endAfterCallWork,
  followCall,
  missCall,
  shownStatus,
  signIn,
  signOut,
  statusByNumber,
  type AgentState,
  type BaseStatus,
  type CallStatus,
} from './rules.ts';

const THEN = new Date('2026-11-21T00:00:00Z');
const NOW = new Date('2026-11-21T01:00:00Z');

function agent(over: Partial<AgentState> = {}): AgentState {
  const signedOff = over.baseStatus === 'signed_off';
  return {
    accountId: 1,
    baseStatus: 'ready',
    baseSince: THEN,
    callStatus: null,
    callSince: null,
    phone: signedOff ? null : '1000',
    seat: null,
    idleSince: over.baseSince ?? THEN,
    readyAt: null,
    misses: 0,
    ...over,
  };
}

const inCall = (callStatus: CallStatus, over: Partial<AgentState> = {}): AgentState =>
  agent({ callStatus, callSince: THEN, ...over });

describe('status numbers', () => {
  it.each([
    ['0', 'ready'],
    ['1', 'after_call_work'],
    ['2', 'on_break'],
    ['3', 'away'],
    ['9', 'signed_off'],
  ])('%s means %s', (keyed, status) => {
    expect(statusByNumber(keyed)).toBe(status);
  });

  it.each(['4', '5', '6', '7', '8', '', '00', '10', 'a', '０', 'constructor'])(
    '%j means nothing',
    (keyed) => {
      expect(statusByNumber(keyed)).toBeUndefined();
    },
  );
});

describe('a status change', () => {
  const cases = BASE_STATUSES.flatMap((from) =>
    [null, ...CALL_STATUSES].flatMap((call) => BASE_STATUSES.map((to) => ({ from, call, to }))),
  ).filter(({ from, call }) => from !== 'signed_off' || call === null);

  it.each(cases)('from $from with call $call to $to', ({ from, call, to }) => {
    const state = agent({ baseStatus: from, callStatus: call, callSince: call === null ? null : THEN });
    const decision = changeStatus(state, to, NOW);
    if (from === 'signed_off') {
      expect(decision).toEqual({ ok: false, refusal: 'AGENT_SIGNED_OFF' });
    } else if (call === 'call_center_call' || (to === 'signed_off' && call !== null)) {
      expect(decision).toEqual({ ok: false, refusal: 'AGENT_IN_CALL' });
    } else {
      expect(decision).toEqual({
        ok: true,
        states: [
          {
            ...state,
            baseStatus: to,
            baseSince: from === to ? THEN : NOW,
            idleSince: from === to ? THEN : NOW,
            ...(to === 'signed_off' ? { phone: null, seat: null } : {}),
          },
        ],
      });
    }
  });

  it('frees the phone and the seat when signing off', () => {
    const decision = signOut(agent({ seat: '12' }), NOW);
    expect(decision.ok && decision.states[0]).toMatchObject({
      baseStatus: 'signed_off',
      phone: null,
      seat: null,
    });
  });
});

describe('a sign-in', () => {
  const nobody = { ofPhone: null, ofSeat: null };

  it.each(['ready', 'after_call_work', 'on_break', 'away'] as const)(
    'from ログオフ to %s binds the phone',
    (status) => {
      const decision = signIn(agent({ baseStatus: 'signed_off' }), { phone: '1001', status }, nobody, NOW);
      expect(decision).toEqual({
        ok: true,
        states: [agent({ baseStatus: status, baseSince: NOW, phone: '1001' })],
      });
    },
  );

  it('moves the binding when already signed in', () => {
    const decision = signIn(agent({ phone: '1000' }), { phone: '1001', status: 'ready' }, nobody, NOW);
    expect(decision.ok && decision.states[0].phone).toBe('1001');
  });

  it('signs off the agent who held the phone, and the seat with it', () => {
    const other = agent({ accountId: 2, phone: '1001', seat: '7', baseStatus: 'away' });
    const decision = signIn(
      agent({ baseStatus: 'signed_off' }),
      { phone: '1001', status: 'ready', seat: '7' },
      { ofPhone: other, ofSeat: other },
      NOW,
    );
    expect(decision.ok && decision.states).toEqual([
      agent({ baseSince: NOW, phone: '1001', seat: '7' }),
      { ...other, baseStatus: 'signed_off', baseSince: NOW, idleSince: NOW, phone: null, seat: null },
    ]);
  });

  it.each(CALL_STATUSES)('is refused while the agent itself is in %s', (call) => {
    expect(signIn(inCall(call), { phone: '1001', status: 'ready' }, nobody, NOW)).toEqual({
      ok: false,
      refusal: 'AGENT_IN_CALL',
    });
  });

  it.each(CALL_STATUSES)('is refused while the holder of the phone is in %s', (call) => {
    const holders = { ofPhone: inCall(call, { accountId: 2, phone: '1001' }), ofSeat: null };
    expect(signIn(agent(), { phone: '1001', status: 'ready' }, holders, NOW)).toEqual({
      ok: false,
      refusal: 'PHONE_IN_CALL',
    });
  });

  it('is refused, whole, when someone else holds the seat', () => {
    const holders = { ofPhone: null, ofSeat: agent({ accountId: 2, phone: '1002', seat: '7' }) };
    expect(signIn(agent(), { phone: '1000', status: 'ready', seat: '7' }, holders, NOW)).toEqual({
      ok: false,
      refusal: 'SEAT_TAKEN',
    });
  });

  it('keeps the phone and the seat that the agent already has', () => {
    const own = agent({ seat: '7' });
    const decision = signIn(
      own,
      { phone: '1000', status: 'away', seat: '7' },
      { ofPhone: own, ofSeat: own },
      NOW,
    );
    expect(decision.ok && decision.states).toEqual([
      agent({ baseStatus: 'away', baseSince: NOW, seat: '7' }),
    ]);
  });

  it('leaves the seat as it is when none is named', () => {
    const decision = signIn(agent({ seat: '7' }), { phone: '1001', status: 'ready' }, nobody, NOW);
    expect(decision.ok && decision.states[0].seat).toBe('7');
  });
});

describe('what is shown', () => {
  it('is the call status while there is a call, else the base status', () => {
    const talking = followCall(agent({ baseStatus: 'away' }), 'internal_call', NOW);
    expect(shownStatus(talking)).toEqual({ status: 'internal_call', since: NOW });
    expect(shownStatus(followCall(talking, null, NOW))).toEqual({ status: 'away', since: THEN });
  });

  it('keeps its time when the same call status is reported again', () => {
    const talking = inCall('internal_call');
    expect(followCall(talking, 'internal_call', NOW)).toBe(talking);
  });

  it.each(BASE_STATUSES.filter((status) => status !== 'signed_off'))(
    'shows a base status chosen during a call when the call ends: %s',
    (to: BaseStatus) => {
      const decision = changeStatus(inCall('internal_call'), to, NOW);
      if (!decision.ok) throw new Error(decision.refusal);
      expect(shownStatus(decision.states[0]).status).toBe('internal_call');
      expect(shownStatus(followCall(decision.states[0], null, NOW)).status).toBe(to);
    },
  );
});

const LATER = new Date('2026-11-21T01:01:00Z');

describe('後作業', () => {
  const talking = inCall('call_center_call', { misses: 2 });

  it('follows a call-center call, with the moment at which it ends by itself', () => {
    expect(followCall(talking, null, NOW, { readyAt: LATER })).toMatchObject({
      baseStatus: 'after_call_work',
      baseSince: NOW,
      callStatus: null,
      readyAt: LATER,
      misses: 0,
    });
  });

  it('begins anew after the next call, also when the agent was in it already', () => {
    const again = followCall(inCall('call_center_call', { baseStatus: 'after_call_work' }), null, NOW, {
      readyAt: null,
    });
    expect(again).toMatchObject({ baseStatus: 'after_call_work', baseSince: NOW, readyAt: null });
  });

  it('is none of a signed-off agent’s, whose phone ended a call', () => {
    const off = agent({ baseStatus: 'signed_off' });
    expect(followCall(off, null, NOW, { readyAt: LATER })).toBe(off);
  });

  it('becomes 受付可 when its time is over, and not before', () => {
    const working = followCall(talking, null, NOW, { readyAt: LATER });
    expect(endAfterCallWork(working, new Date(LATER.getTime() - 1))).toBe(working);
    expect(endAfterCallWork(working, LATER)).toMatchObject({
      baseStatus: 'ready',
      baseSince: LATER,
      idleSince: LATER,
      readyAt: null,
    });
  });

  it('that ends by hand never ends by itself', () => {
    const working = followCall(talking, null, NOW, { readyAt: null });
    expect(endAfterCallWork(working, LATER)).toBe(working);
  });

  it.each(BASE_STATUSES.filter((status) => status !== 'after_call_work'))(
    'that was left for %s leaves no timer behind',
    (to) => {
      const decision = changeStatus(followCall(talking, null, NOW, { readyAt: LATER }), to, NOW);
      if (!decision.ok) throw new Error(decision.refusal);
      expect(decision.states[0].readyAt).toBeNull();
      expect(endAfterCallWork(decision.states[0], LATER)).toBe(decision.states[0]);
    },
  );

  it('that was left by a new sign-in leaves no timer behind', () => {
    const working = followCall(talking, null, NOW, { readyAt: LATER });
    const request = { phone: '1001', status: 'after_call_work' } as const;
    const decision = signIn(working, request, { ofPhone: null, ofSeat: null }, NOW);
    expect(decision.ok && decision.states[0].readyAt).toBeNull();
  });
});

describe('idle time', () => {
  it.each(CALL_STATUSES.filter((status) => status !== 'ringing'))('begins when %s ends', (call) => {
    expect(followCall(inCall(call), null, NOW).idleSince).toBe(NOW);
  });

  it('goes on when the phone rang and the caller gave up', () => {
    expect(followCall(inCall('ringing'), null, NOW).idleSince).toBe(THEN);
  });
});

describe('calls that ring in vain', () => {
  it('make the agent 離席中 at the last of so many in a row', () => {
    const first = missCall(inCall('ringing'), 2, NOW);
    expect(first).toMatchObject({ baseStatus: 'ready', baseSince: THEN, misses: 1 });
    expect(missCall(first, 2, LATER)).toMatchObject({ baseStatus: 'away', baseSince: LATER, misses: 0 });
  });

  it('never do when the call center says 0', () => {
    expect(missCall(agent({ misses: 98 }), 0, NOW)).toMatchObject({ baseStatus: 'ready', misses: 99 });
  });

  it('leave a status that was chosen meanwhile', () => {
    expect(missCall(agent({ baseStatus: 'on_break' }), 1, NOW).baseStatus).toBe('on_break');
  });

  it('are forgotten when one is answered', () => {
    expect(followCall(inCall('ringing', { misses: 2 }), 'call_center_call', NOW).misses).toBe(0);
    expect(followCall(inCall('ringing', { misses: 2 }), 'internal_call', NOW).misses).toBe(2);
  });
});
