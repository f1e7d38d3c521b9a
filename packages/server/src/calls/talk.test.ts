import { describe, expect, it } from 'vitest';
import { phoneLeg } from './legs.ts';
import { newCall, step, type Call, type CallEvent, type Leg, type Party } from './rules.ts';
import { retoldPhones, talkOf, type Talk } from './talk.ts';

const leg = (channel: string, party: Party): Leg => ({ channel, party, up: true, holding: false });
const phone = (number: string): Party => ({ kind: 'phone', number });
const A = leg('a', phone('1000'));
const B = leg('b', phone('1001'));
const C = leg('c', phone('1002'));
const CUSTOMER = leg('x', { kind: 'outside', number: '0312345678', trunk: 't1' });

/** Brings events to a call one ms after the other. */
function after(before: Call, ...events: readonly CallEvent[]): Call {
  return events.reduce((call, event, index) => step(call, event, index + 1).call, before);
}

function talk(call: Call, number: string): Talk | undefined {
  const found = phoneLeg([call], number);
  return found === undefined ? undefined : talkOf(found);
}

const ringing = after(
  newCall({ id: 'i', kind: 'internal', bridge: 'b', dialled: '1001', caller: A, at: 0 }),
  { kind: 'ring', leg: B },
);
const talking = after(ringing, { kind: 'answered', channel: 'b' });

describe('a call seen from one phone', () => {
  it('has a direction, the other number, and a time from the answer on', () => {
    expect(talk(ringing, '1001')).toMatchObject({ direction: 'in', number: '1000', answeredAt: null });
    expect(talk(talking, '1001')).toMatchObject({ direction: 'in', number: '1000', answeredAt: 1 });
    expect(talk(talking, '1000')).toMatchObject({ direction: 'out', number: '1001', answeredAt: 1 });
  });

  it('before anybody rings, what was dialled stands for the other number', () => {
    const dialled = newCall({
      id: 'i',
      kind: 'outgoing',
      bridge: 'b',
      dialled: '0398765432',
      caller: A,
      at: 0,
    });
    expect(talk(dialled, '1000')).toMatchObject({ direction: 'out', number: '0398765432' });
  });

  it('counts what was held, and says since when it is held now', () => {
    const held = after(talking, { kind: 'held', channel: 'b', on: true });
    expect(talk(held, '1001')).toMatchObject({ heldMs: 0, heldSince: 1 });
    const resumed = step(held, { kind: 'held', channel: 'b', on: false }, 31).call;
    expect(talk(resumed, '1001')).toMatchObject({ heldMs: 30, heldSince: null });
  });

  it('of a call center says which, and who called', () => {
    const call = after(
      newCall({
        id: 'i',
        kind: 'call_center',
        bridge: 'b',
        dialled: '7000',
        callCenter: '7000',
        caller: CUSTOMER,
        at: 0,
      }),
      { kind: 'ring', leg: B },
      { kind: 'answered', channel: 'b' },
    );
    expect(talk(call, '1001')).toMatchObject({ direction: 'in', number: '0312345678', callCenter: '7000' });
  });

  it('after a transfer by the caller: the new phone was called, the other sees the new number', () => {
    const moved = after(
      talking,
      { kind: 'transfer', by: 'a', target: { ...C, up: false } },
      { kind: 'answered', channel: 'c' },
    );
    expect(talk(moved, '1002')).toMatchObject({ direction: 'in', number: '1001' });
    expect(talk(moved, '1001')).toMatchObject({ direction: 'in', number: '1002' });
  });
});

describe('phones to be shown anew', () => {
  it('are those whose call looks otherwise at the same status', () => {
    // The caller's status is the same from the first ring on; the callee's changes, which is told with it.
    expect(retoldPhones(ringing, talking)).toEqual(['1000']);
    const moved = after(
      talking,
      { kind: 'transfer', by: 'a', target: { ...C, up: false } },
      { kind: 'answered', channel: 'c' },
    );
    expect(retoldPhones(talking, moved)).toEqual(['1001']);
  });

  it('are none when nothing looks otherwise', () => {
    expect(retoldPhones(undefined, ringing)).toEqual([]);
    expect(retoldPhones(talking, talking)).toEqual([]);
    expect(retoldPhones(talking, step(talking, { kind: 'end', result: 'answered' }, 9).call)).toEqual([]);
  });
});
