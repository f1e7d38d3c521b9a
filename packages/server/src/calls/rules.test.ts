import { describe, expect, it } from 'vitest';
import { failureOf, outsideFailureOf, outsideLegs, phoneLeg, talkLeg } from './legs.ts';
import {
  legsOf,
  newCall,
  refusedCall,
  sideOf,
  step,
  type Call,
  type CallEffect,
  type CallEvent,
  type CallKind,
  type Leg,
  type Party,
} from './rules.ts';

const phone = (number: string): Party => ({ kind: 'phone', number });
const outside: Party = { kind: 'outside', number: '0312345678', trunk: 't1' };
const leg = (channel: string, party: Party, up = false): Leg => ({ channel, party, up, holding: false });

const A = leg('a', phone('1000'));
const B = leg('b', phone('1001'));
const C = leg('c', phone('1002'));

function call(kind: CallKind = 'internal', caller: Leg = A, callCenter?: string): Call {
  return newCall({
    id: 'id',
    kind,
    bridge: 'bridge',
    dialled: callCenter ?? '1001',
    caller,
    at: 0,
    ...(callCenter === undefined ? {} : { callCenter }),
  });
}

/** Brings events to a call one ms after the other. */
function after(
  before: Call,
  ...events: readonly CallEvent[]
): { readonly call: Call; readonly effects: readonly CallEffect[] } {
  return events.reduce<{ call: Call; effects: readonly CallEffect[] }>(
    (state, event, index) => step(state.call, event, index + 1),
    { call: before, effects: [] },
  );
}

const talking = (kind: CallKind = 'internal', caller: Leg = A, callee: Leg = B): Call =>
  after(call(kind, caller), { kind: 'ring', leg: callee }, { kind: 'answered', channel: callee.channel })
    .call;

describe('a call', () => {
  it('rings, is answered, and ends with both sides', () => {
    const begun = talking();
    expect(begun).toMatchObject({
      phase: 'talking',
      answeredAt: 2,
      parts: [{ channel: 'a' }, { channel: 'b' }],
    });
    const { call: over, effects } = after(begun, { kind: 'left', channel: 'a', failure: 'no_answer' });
    expect(over).toMatchObject({ phase: 'ended', result: 'answered', endedAt: 1 });
    expect(over.parts.every(({ leftAt }) => leftAt === 1)).toBe(true);
    expect(effects).toEqual([
      { kind: 'hang_up', channel: 'b' },
      { kind: 'close', bridge: 'bridge' },
    ]);
  });

  it.each(['no_answer', 'busy', 'offline', 'failed'] as const)(
    'that fails with %s tells the caller',
    (failure) => {
      const { call: over, effects } = after(
        call(),
        { kind: 'ring', leg: B },
        { kind: 'left', channel: 'b', failure },
      );
      expect(over).toMatchObject({ phase: 'ended', result: failure, answeredAt: null });
      expect(effects).toEqual([
        { kind: 'detach', channel: 'a' },
        { kind: 'close', bridge: 'bridge' },
        { kind: 'announce', channel: 'a', failure },
      ]);
    },
  );

  it('is abandoned by a caller who hangs up first', () => {
    const { call: over, effects } = after(
      call(),
      { kind: 'ring', leg: B },
      { kind: 'left', channel: 'a', failure: 'no_answer' },
    );
    expect(over.result).toBe('abandoned');
    expect(effects).toContainEqual({ kind: 'hang_up', channel: 'b' });
  });

  it('counts the time in which somebody holds, once when both do', () => {
    const held = after(
      talking(),
      { kind: 'held', channel: 'a', on: true },
      { kind: 'held', channel: 'b', on: true },
      { kind: 'held', channel: 'a', on: false },
      { kind: 'held', channel: 'b', on: false },
    ).call;
    expect([held.heldMs, held.heldSince]).toEqual([3, null]);
  });
});

describe('a blind transfer', () => {
  const asked = after(talking(), { kind: 'transfer', by: 'b', target: C }).call;

  it('puts the target in the place of the one who transfers', () => {
    const { call: moved, effects } = after(asked, { kind: 'answered', channel: 'c' });
    expect(moved).toMatchObject({
      phase: 'talking',
      caller: { channel: 'a' },
      callee: { channel: 'c' },
      transfer: null,
    });
    expect(effects).toEqual([
      { kind: 'detach', channel: 'b' },
      { kind: 'transfer_result', channel: 'b', state: 'channel_answered' },
      { kind: 'connect', channels: ['a', 'c'] },
      { kind: 'hang_up', channel: 'b' },
    ]);
    expect(after(moved, { kind: 'left', channel: 'b', failure: 'no_answer' }).call).toBe(moved);
  });

  it('that fails leaves the call as it was', () => {
    const { call: before, effects } = after(asked, { kind: 'left', channel: 'c', failure: 'busy' });
    expect(before).toEqual({ ...asked, transfer: null });
    expect(effects).toEqual([{ kind: 'transfer_result', channel: 'b', state: 'channel_unavailable' }]);
  });

  it('goes on when the one who transfers hangs up, and tells the other when it fails then', () => {
    const gone = after(asked, { kind: 'left', channel: 'b', failure: 'no_answer' });
    expect(gone.effects).toEqual([{ kind: 'comfort', channel: 'a' }]);
    // A new server finds the leg gone once more.
    expect(after(gone.call, { kind: 'left', channel: 'b', failure: 'no_answer' }).call).toBe(gone.call);
    expect(after(gone.call, { kind: 'answered', channel: 'c' }).effects).toEqual([
      { kind: 'connect', channels: ['a', 'c'] },
    ]);
    expect(after(gone.call, { kind: 'left', channel: 'c', failure: 'busy' }).effects).toEqual([
      { kind: 'close', bridge: 'bridge' },
      { kind: 'announce', channel: 'a', failure: 'busy' },
    ]);
  });

  it('whose target is rung over another way goes on with that, whether the one who transfers stays or not', () => {
    const D: Leg = { ...C, channel: 'd' };
    const gone = after(asked, { kind: 'left', channel: 'b', failure: 'no_answer' }).call;
    for (const before of [asked, gone]) {
      const { call: next, effects } = after(before, { kind: 'retarget', target: D });
      expect(effects).toEqual([]);
      expect(next).toEqual({ ...before, transfer: { ...before.transfer, target: D } });
      expect(after(next, { kind: 'left', channel: 'c', failure: 'failed' }).call).toBe(next);
      expect(after(next, { kind: 'answered', channel: 'd' }).call.callee?.channel).toBe('d');
    }
    expect(after(talking(), { kind: 'retarget', target: D }).call).toEqual(talking());
  });

  it('is refused while one is under way, and before the answer', () => {
    const refused = [{ kind: 'transfer_result', channel: 'a', state: 'channel_unavailable' }];
    expect(after(asked, { kind: 'transfer', by: 'a', target: C }).effects).toEqual(refused);
    expect(after(call(), { kind: 'transfer', by: 'a', target: C }).effects).toEqual(refused);
  });
});

describe('an attended transfer', () => {
  it('puts the consulted leg in the place, in the consultation’s bridge', () => {
    const { call: joined, effects } = after(talking(), {
      kind: 'replace',
      channel: 'b',
      leg: { ...C, up: true },
      bridge: 'other',
    });
    expect(joined).toMatchObject({ bridge: 'other', caller: { channel: 'a' }, callee: { channel: 'c' } });
    expect(effects).toEqual([
      { kind: 'connect', channels: ['a', 'c'] },
      { kind: 'transfer_result', channel: 'b', state: 'channel_answered' },
      { kind: 'hang_up', channel: 'b' },
      { kind: 'close', bridge: 'bridge' },
    ]);
  });

  it('to a leg that still rings becomes a transfer that waits for it', () => {
    const { call: waiting, effects } = after(talking(), {
      kind: 'replace',
      channel: 'b',
      leg: C,
      bridge: 'other',
    });
    expect(waiting).toMatchObject({ bridge: 'bridge', transfer: { target: { channel: 'c' }, gone: true } });
    expect(effects).toContainEqual({ kind: 'comfort', channel: 'a' });
    // The end of the leg that was hung up for it is no end of the call.
    expect(after(waiting, { kind: 'left', channel: 'b', failure: 'no_answer' }).call).toBe(waiting);
    expect(after(waiting, { kind: 'answered', channel: 'c' }).effects).toEqual([
      { kind: 'connect', channels: ['a', 'c'] },
    ]);
  });
});

describe('a caller who waits for a call center', () => {
  const waiting = call('call_center', A, '7000');

  it('is offered to one agent after the other, and connected with who answers', () => {
    const first = after(
      waiting,
      { kind: 'ring', leg: B },
      { kind: 'left', channel: 'b', failure: 'no_answer' },
    );
    expect(first.call).toMatchObject({ phase: 'waiting', callee: null });
    expect(first.effects).toEqual([{ kind: 'offer_ended', outcome: 'no_answer' }]);
    const second = after(first.call, { kind: 'ring', leg: C }, { kind: 'answered', channel: 'c' });
    expect(second.call.phase).toBe('talking');
    expect(second.effects).toEqual([
      { kind: 'offer_ended', outcome: 'answered' },
      { kind: 'connect', channels: ['a', 'c'] },
    ]);
  });

  it('is offered to one agent at a time', () => {
    const offered = after(waiting, { kind: 'ring', leg: B }).call;
    expect(after(offered, { kind: 'ring', leg: C }).call).toBe(offered);
  });

  it('who hangs up takes the offer along', () => {
    const { effects } = after(
      waiting,
      { kind: 'ring', leg: B },
      { kind: 'left', channel: 'a', failure: 'no_answer' },
    );
    expect(effects).toEqual([
      { kind: 'offer_ended', outcome: 'caller_gone' },
      { kind: 'hang_up', channel: 'b' },
      { kind: 'close', bridge: 'bridge' },
    ]);
  });
});

describe('what a phone shows', () => {
  const caller = leg('a', outside);
  it.each([
    ['着信中 while it rings', [after(call('incoming', caller), { kind: 'ring', leg: B }).call], 'ringing'],
    ['外線通話 for a call from outside', [talking('incoming', caller)], 'external_call'],
    [
      '通話中 for a call of a call center',
      [
        after(
          call('call_center', caller, '7000'),
          { kind: 'ring', leg: B },
          { kind: 'answered', channel: 'b' },
        ).call,
      ],
      'call_center_call',
    ],
    ['内線通話 between phones', [talking()], 'internal_call'],
    ['発信通話 for a call to outside', [talking('outgoing', B, leg('o', outside))], 'outgoing_call'],
    [
      '発信通話 while the outside phone rings',
      [after(call('outgoing', B), { kind: 'ring', leg: leg('o', outside) }).call],
      'outgoing_call',
    ],
    ['保留中 while it holds', [after(talking(), { kind: 'held', channel: 'b', on: true }).call], 'on_hold'],
    [
      'not 保留中 while it is held',
      [after(talking(), { kind: 'held', channel: 'a', on: true }).call],
      'internal_call',
    ],
    [
      '着信中 at a transfer’s target',
      [after(talking('internal', A, C), { kind: 'transfer', by: 'a', target: B }).call],
      'ringing',
    ],
    [
      '外線通話 after a transfer of a call from outside',
      [after(talking('incoming', caller, C), { kind: 'transfer', by: 'c', target: { ...B, up: true } }).call],
      'external_call',
    ],
    [
      'the consultation, not the call on hold',
      [
        after(talking('incoming', caller), { kind: 'held', channel: 'b', on: true }).call,
        talking('internal', leg('b2', phone('1001')), C),
      ],
      'internal_call',
    ],
    [
      'the call on hold rather than one that rings',
      [
        after(talking('incoming', caller), { kind: 'held', channel: 'b', on: true }).call,
        after(call('internal', C), { kind: 'ring', leg: leg('b2', phone('1001')) }).call,
      ],
      'on_hold',
    ],
  ] as const)('%s', (_what, calls, status) => {
    expect(phoneLeg(calls, '1001')?.status).toBe(status);
  });

  it('nothing without a call, and after its end', () => {
    expect(phoneLeg([], '1001')).toBeUndefined();
    expect(phoneLeg([after(talking(), { kind: 'end', result: 'answered' }).call], '1001')).toBeUndefined();
  });
});

describe('what is listened to at a phone', () => {
  const held = after(talking('incoming', leg('o', outside)), { kind: 'held', channel: 'b', on: true }).call;
  const consulting = after(call('internal', leg('b2', phone('1001'))), { kind: 'ring', leg: C }).call;
  const consulted = after(consulting, { kind: 'answered', channel: 'c' }).call;
  const talked = (calls: readonly Call[]): string | undefined => talkLeg(calls, '1001')?.leg.channel;

  it('stays the held call while a consultation rings, and is the consultation once it is answered', () => {
    expect(phoneLeg([held, consulting], '1001')?.leg.channel).toBe('b2');
    expect(talked([held, consulting])).toBe('b');
    expect(talked([held, consulted])).toBe('b2');
  });

  it('is nothing while the phone only rings or calls, when it has transferred the call away, and in a 再発信', () => {
    const transferring = after(
      talking(),
      { kind: 'transfer', by: 'b', target: C },
      { kind: 'left', channel: 'b', failure: 'no_answer' },
    ).call;
    const called = after(call(), { kind: 'ring', leg: B }).call;
    for (const none of [consulting, called, transferring, { ...talking(), redial: true }])
      expect(talked([none])).toBeUndefined();
    expect(talkLeg([transferring], '1002')).toBeUndefined();
  });
});

it('outside channels are counted while the call goes on', () => {
  const outgoing = talking('outgoing', A, leg('o', outside));
  expect([outsideLegs(outgoing), outsideLegs(talking())]).toEqual([1, 0]);
  expect(outsideLegs(after(outgoing, { kind: 'end', result: 'answered' }).call)).toBe(0);
});

it.each([
  [17, 'busy'],
  [21, 'busy'],
  [19, 'no_answer'],
  [undefined, 'no_answer'],
  [20, 'offline'],
  [34, 'failed'],
  [1, 'failed'],
] as const)('cause %s means %s', (cause, failure) => {
  expect(failureOf(cause)).toBe(failure);
});

it.each([
  [17, 486, undefined, 'busy'],
  [21, 603, 'ringing', 'busy'],
  [21, 403, undefined, 'failed'],
  [21, 401, undefined, 'failed'],
  [1, 404, 'progress', 'unknown_number'],
  [22, 410, undefined, 'unknown_number'],
  [28, 484, undefined, 'unknown_number'],
  [34, 503, undefined, 'congestion'],
  [38, 500, undefined, 'congestion'],
  [19, 480, 'ringing', 'no_answer'],
  [19, 480, 'progress', 'offline'],
  [19, 480, undefined, 'offline'],
  [18, 408, 'ringing', 'no_answer'],
  [18, 408, undefined, 'failed'],
  [20, undefined, undefined, 'failed'],
  [undefined, undefined, undefined, 'no_answer'],
] as const)('a provider’s cause %s and answer %s after %s mean %s', (cause, sip, sign, failure) => {
  expect(outsideFailureOf(cause, sip, sign)).toBe(failure);
});

it('a refused call begins and ends at once', () => {
  const { id, kind, bridge, dialled, caller } = call('outgoing');
  expect(refusedCall({ id, kind, bridge, dialled, caller, at: 5 }, 'limit_reached')).toMatchObject({
    phase: 'ended',
    startedAt: 5,
    endedAt: 5,
    answeredAt: null,
    result: 'limit_reached',
  });
});

/** Every state that events of three legs can lead to: what must hold holds at each step. */
describe('the whole machine', () => {
  const EVENTS: readonly CallEvent[] = [
    ...['a', 'b', 'c'].flatMap((channel): readonly CallEvent[] => [
      { kind: 'answered', channel },
      { kind: 'left', channel, failure: 'busy' },
      { kind: 'held', channel, on: true },
      { kind: 'held', channel, on: false },
    ]),
    { kind: 'ring', leg: B },
    { kind: 'withdraw' },
    { kind: 'transfer', by: 'a', target: C },
    { kind: 'transfer', by: 'b', target: C },
    { kind: 'retarget', target: C },
    { kind: 'replace', channel: 'b', leg: { ...C, up: true }, bridge: 'other' },
    { kind: 'replace', channel: 'a', leg: C, bridge: 'other' },
    { kind: 'handed_over', result: 'transferred' },
    { kind: 'end', result: 'lost' },
  ];

  const edges: { before: Call; event: CallEvent; after: Call; effects: readonly CallEffect[] }[] = [];
  const starts = [call(), call('call_center', A, '7000')];
  // Times are left out of the comparison, parts too: they grow with every transfer.
  const keyOf = (of: Call): string =>
    JSON.stringify({
      ...of,
      parts: [],
      answeredAt: null,
      endedAt: null,
      heldMs: 0,
      heldSince: of.heldSince === null,
    });
  const seen = new Map(starts.map((start) => [keyOf(start), start]));
  for (const before of seen.values()) {
    for (const event of EVENTS) {
      const { call: next, effects } = step(before, event, 7);
      edges.push({ before, event, after: next, effects });
      if (!seen.has(keyOf(next))) seen.set(keyOf(next), next);
    }
  }

  it('is not small', () => {
    expect(edges.length).toBeGreaterThan(500);
  });

  it('nothing changes after the end, and the end closes the bridge', () => {
    for (const { before, after: next, effects } of edges) {
      if (before.phase === 'ended') expect([next, effects]).toEqual([before, []]);
      else if (next.phase === 'ended') expect(effects).toContainEqual({ kind: 'close', bridge: next.bridge });
    }
  });

  it('nobody is left behind: who was in an ended call has left, is hung up, is told why, or goes over to another', () => {
    for (const { before, event, after: next, effects } of edges) {
      if (before.phase === 'ended' || next.phase !== 'ended' || event.kind === 'handed_over') continue;
      const gone = before.transfer?.gone === true ? legOnSide(before, before.transfer.by) : undefined;
      for (const { channel } of legsOf(before)) {
        const left = event.kind === 'left' && event.channel === channel;
        const dealt = effects.some(
          (effect) => (effect.kind === 'hang_up' || effect.kind === 'announce') && effect.channel === channel,
        );
        expect(left || dealt || channel === gone).toBe(true);
      }
    }
  });

  it('an offer that rang has one end', () => {
    for (const { before, after: next, effects } of edges) {
      const ends = effects.filter(({ kind }) => kind === 'offer_ended').length;
      const over = before.phase === 'offering' && next.phase !== 'offering';
      if (before.phase !== 'offering') expect(ends).toBe(0);
      else expect(ends).toBe(over ? 1 : 0);
    }
  });

  it('who talks is in the parts, and nobody twice', () => {
    for (const { after: next } of edges) {
      const present = next.parts.filter(({ leftAt }) => leftAt === null).map(({ channel }) => channel);
      expect(new Set(present).size).toBe(present.length);
      if (next.phase === 'ended') expect(present).toEqual([]);
    }
  });
});

function legOnSide(of: Call, side: 'caller' | 'callee'): string | undefined {
  const found = side === 'caller' ? of.caller : of.callee;
  return found === null || sideOf(of, found.channel) === undefined ? undefined : found.channel;
}
