import { phoneLeg, type PhoneLeg } from './legs.ts';
import { legsOf, other, sideOf, type Call, type Leg } from './rules.ts';

/** A call as it is from one phone: with whom, since when, how long held. Times in ms since 1970. */
export interface Talk {
  /** `in`: the phone was called, or a transfer brought the call to it. */
  readonly direction: 'in' | 'out';
  /** The other party now; what was dialled while there is none. */
  readonly number: string;
  /** Number of the call center whose call it is; null for any other. */
  readonly callCenter: string | null;
  /** When this phone began to talk; null while it rings. */
  readonly answeredAt: number | null;
  /** How long the call was held before the hold that lasts, ms. */
  readonly heldMs: number;
  /** When the hold that lasts began; null while nobody holds. */
  readonly heldSince: number | null;
}

/** What a phone's call is to who looks at that phone. */
export function talkOf({ call, leg }: Pick<PhoneLeg, 'call' | 'leg'>): Talk {
  const side = call.transfer?.target.channel === leg.channel ? call.transfer.by : sideOf(call, leg.channel);
  const opposite = side === undefined ? null : other(side) === 'caller' ? call.caller : call.callee;
  const own = call.parts.find((part) => part.channel === leg.channel && part.leftAt === null);
  return {
    direction: side === 'caller' && isFirst(call, leg) ? 'out' : 'in',
    number: opposite?.party.number ?? call.dialled,
    callCenter: call.callCenter,
    answeredAt: own?.joinedAt ?? null,
    heldMs: call.heldMs,
    heldSince: call.heldSince,
  };
}

/** Whether the leg made the call, and did not take its place later by a transfer. */
function isFirst(call: Call, leg: Leg): boolean {
  const first = call.parts.find(({ side }) => side === 'caller');
  return (first?.channel ?? call.caller.channel) === leg.channel;
}

/** Phones whose call looks otherwise now though their status is the same, which nobody else tells. */
export function retoldPhones(before: Call | undefined, after: Call): readonly string[] {
  if (before === undefined) return [];
  const numbers = legsOf(after).flatMap(({ party }) => (party.kind === 'phone' ? [party.number] : []));
  return [...new Set(numbers)].filter((number) => {
    const [then, now] = [phoneLeg([before], number), phoneLeg([after], number)];
    if (then === undefined || now === undefined || then.status !== now.status) return false;
    return JSON.stringify(talkOf(then)) !== JSON.stringify(talkOf(now));
  });
}
