import { describe, expect, it } from 'vitest';
import { BASE_STATUSES, CALL_STATUSES } from '../agents/rules.ts';
import {
  hearing,
  modeByKey,
  startRefusal,
  stateOf,
  step,
  type Session,
  type SessionEffect,
  type SessionEvent,
  type TargetLeg,
} from './rules.ts';

const LEG: TargetLeg = { channel: 'leg-1', call: 'call-1', held: false };
const NEXT: TargetLeg = { channel: 'leg-2', call: 'call-2', held: false };

function session(over: Partial<Session> = {}): Session {
  return {
    id: 's',
    supervisor: { accountId: 1, phone: '1003', channel: 'supervisor-1' },
    target: { kind: 'agent', accountId: 2 },
    mode: 'listen',
    door: 'realtime_monitor',
    shortcut: false,
    continuous: true,
    phase: 'calling',
    ringing: false,
    leg: LEG,
    hadCall: false,
    startedAt: 0,
    answeredAt: null,
    endedAt: null,
    reason: null,
    ...over,
  };
}

const open = (over: Partial<Session> = {}): Session =>
  session({ phase: 'open', hadCall: true, answeredAt: 1, ...over });

describe('the start', () => {
  it.each([...BASE_STATUSES, ...CALL_STATUSES])('with the target in %s', (status) => {
    const talking = ['call_center_call', 'external_call', 'outgoing_call', 'internal_call'].includes(status);
    const refusal = status === 'on_hold' ? 'MONITORING_TARGET_ON_HOLD' : 'MONITORING_TARGET_NOT_IN_CALL';
    expect(startRefusal(status, false)).toBe(talking ? undefined : refusal);
    expect(startRefusal(status, true)).toBeUndefined();
  });

  it('4 listens, 5 whispers, other keys do nothing', () => {
    expect(['4', '5', '6', '*', '#', ''].map(modeByKey)).toEqual([
      'listen',
      'whisper',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a session', () => {
  it('is joined when the supervisor answers, and waits when there is no call', () => {
    expect(step(session(), { kind: 'answered' }, 5)).toEqual({
      session: open({ answeredAt: 5 }),
      effects: [{ kind: 'attach', channel: 'leg-1', mode: 'listen' }],
    });
    expect(step(session({ leg: null }), { kind: 'answered' }, 5).effects).toEqual([{ kind: 'wait' }]);
  });

  it('stays between calls when it is continuous, and is joined to the next', () => {
    const waiting = step(open(), { kind: 'target', leg: null }, 5);
    expect(waiting.effects).toEqual([{ kind: 'wait' }]);
    expect(stateOf(waiting.session)).toBe('waiting');
    expect(step(waiting.session, { kind: 'target', leg: NEXT }, 6).effects).toEqual([
      { kind: 'attach', channel: 'leg-2', mode: 'listen' },
    ]);
  });

  it('its phone is called, then rings, then is answered; what comes late changes nothing', () => {
    const called = session();
    expect(stateOf(called)).toBe('calling');
    const rings = step(called, { kind: 'ringing' }, 1);
    expect([stateOf(rings.session), rings.effects]).toEqual(['ringing', []]);
    expect(hearing(rings.session)).toEqual({ heardBySupervisor: [], hearsSupervisor: [] });
    expect(step(rings.session, { kind: 'ringing' }, 2).session).toBe(rings.session);
    const answered = step(rings.session, { kind: 'answered' }, 3).session;
    expect([stateOf(answered), answered.ringing]).toEqual(['listening', false]);
    expect(step(answered, { kind: 'ringing' }, 4).session).toBe(answered);
    const left = step(rings.session, { kind: 'supervisor_left', reason: 'no_answer' }, 5).session;
    expect([stateOf(left), left.ringing]).toEqual(['ended', false]);
  });

  it.each([
    ['open', open({ continuous: false })],
    ['calling', session({ continuous: false })],
    ['open by the shortcut, after its call', open({ continuous: false, shortcut: true })],
  ])('for one call ends with it: %s', (_what, before) => {
    expect(step(before, { kind: 'target', leg: null }, 5)).toEqual({
      session: { ...before, phase: 'ended', leg: null, endedAt: 5, reason: 'call_ended' },
      effects: [{ kind: 'close' }],
    });
  });

  it('by the shortcut for one call waits for that call', () => {
    const calling = session({ continuous: false, shortcut: true });
    expect(step(calling, { kind: 'target', leg: null }, 5).session.phase).toBe('calling');
    const waiting = open({ continuous: false, shortcut: true, leg: null, hadCall: false });
    expect(step(waiting, { kind: 'target', leg: LEG }, 5).effects).toHaveLength(1);
  });

  it('goes from leg to leg of the target: the consultation, then back', () => {
    const consulting = step(open(), { kind: 'target', leg: NEXT }, 5);
    expect(consulting.effects).toEqual([{ kind: 'attach', channel: 'leg-2', mode: 'listen' }]);
    expect(step(consulting.session, { kind: 'target', leg: LEG }, 6).effects).toEqual([
      { kind: 'attach', channel: 'leg-1', mode: 'listen' },
    ]);
  });

  it('stays joined through a hold', () => {
    const held = step(open({ mode: 'whisper' }), { kind: 'target', leg: { ...LEG, held: true } }, 5);
    expect(held.effects).toEqual([]);
    expect(stateOf(held.session)).toBe('target_on_hold');
    expect(hearing(held.session)).toEqual({ heardBySupervisor: ['customer'], hearsSupervisor: [] });
    expect(stateOf(step(held.session, { kind: 'target', leg: LEG }, 6).session)).toBe('whispering');
  });

  it('changes its mode at once while it is joined, else at the next call', () => {
    expect(step(open(), { kind: 'mode', mode: 'whisper' }, 5).effects).toEqual([
      { kind: 'attach', channel: 'leg-1', mode: 'whisper' },
    ]);
    for (const before of [session(), open({ leg: null })]) {
      expect(step(before, { kind: 'mode', mode: 'whisper' }, 5)).toEqual({
        session: { ...before, mode: 'whisper' },
        effects: [],
      });
    }
  });
});

/**
 * Every state that events can lead to, from every way to start. What must hold holds in each of them and for each step.
 */
describe('the whole machine', () => {
  const EVENTS: readonly SessionEvent[] = [
    { kind: 'answered' },
    { kind: 'supervisor_left', reason: 'supervisor_hung_up' },
    { kind: 'target', leg: null },
    { kind: 'target', leg: LEG },
    { kind: 'target', leg: { ...LEG, held: true } },
    { kind: 'target', leg: NEXT },
    { kind: 'mode', mode: 'listen' },
    { kind: 'mode', mode: 'whisper' },
    { kind: 'end', reason: 'permission_lost' },
    { kind: 'end', reason: 'stopped' },
  ];
  const STARTS = [true, false].flatMap((continuous) =>
    [true, false].flatMap((shortcut) =>
      (['listen', 'whisper'] as const).flatMap((mode) =>
        [LEG, null].map((leg) => session({ continuous, shortcut, mode, leg })),
      ),
    ),
  );

  interface Edge {
    readonly before: Session;
    readonly event: SessionEvent;
    readonly after: Session;
    readonly effects: readonly SessionEffect[];
  }

  function explore(): readonly Edge[] {
    const seen = new Map(STARTS.map((start) => [JSON.stringify(start), start]));
    const edges: Edge[] = [];
    for (const before of seen.values()) {
      for (const event of EVENTS) {
        const { session: after, effects } = step(before, event, 7);
        edges.push({ before, event, after, effects });
        const key = JSON.stringify(after);
        if (!seen.has(key)) seen.set(key, after);
      }
    }
    return edges;
  }

  const edges = explore();

  it('is not small', () => {
    expect(edges.length).toBeGreaterThan(1_000);
  });

  it('nothing changes or happens after the end, and the end closes once', () => {
    for (const { before, after, effects } of edges) {
      if (before.phase === 'ended') expect([after, effects]).toEqual([before, []]);
      else expect(effects.some(({ kind }) => kind === 'close')).toBe(after.phase === 'ended');
    }
  });

  it('nobody is joined before the supervisor has answered, nor to anything but the target’s leg, nor in another mode', () => {
    for (const { after, effects } of edges) {
      for (const effect of effects) {
        if (effect.kind === 'attach') {
          expect([after.phase, after.leg?.channel, after.mode]).toEqual([
            'open',
            effect.channel,
            effect.mode,
          ]);
        }
      }
    }
  });

  it('who is open is joined to the target’s leg exactly, or waits: each change of the leg is followed', () => {
    for (const { before, after, effects } of edges) {
      if (after.phase !== 'open' || before.phase === 'ended') continue;
      const was = before.phase === 'open' ? before.leg?.channel : 'nothing yet';
      const now = after.leg?.channel;
      const did = effects.filter(({ kind }) => kind === 'attach' || kind === 'wait');
      const changed = was !== now || (now !== undefined && before.mode !== after.mode);
      expect(did).toHaveLength(changed ? 1 : 0);
      if (changed) expect(did[0]?.kind).toBe(now === undefined ? 'wait' : 'attach');
    }
  });

  it('the customer never hears the supervisor, the agent only in a whisper that is not on hold', () => {
    for (const { after } of edges) {
      const { hearsSupervisor } = hearing(after);
      expect(hearsSupervisor).not.toContain('customer');
      const whispers = after.phase === 'open' && after.mode === 'whisper' && after.leg?.held === false;
      expect(hearsSupervisor).toEqual(whispers ? ['agent'] : []);
    }
  });

  it('a session for one call is over when its call is, unless the shortcut still waits for it', () => {
    for (const { before, event, after } of edges) {
      if (before.phase === 'ended' || before.continuous || event.kind !== 'target' || event.leg !== null)
        continue;
      expect(after.phase === 'ended').toBe(!before.shortcut || before.hadCall);
    }
  });
});
