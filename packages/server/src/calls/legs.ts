import type { CallStatus } from '../agents/rules.ts';
import {
  legOn,
  legsOf,
  other,
  sideOf,
  type Call,
  type Failure,
  type Leg,
  type PhoneFailure,
} from './rules.ts';

/** What one leg of a phone makes of the phone's status. */
export function legStatus(call: Call, leg: Leg): CallStatus {
  if (call.transfer?.target.channel === leg.channel) return 'ringing';
  const side = sideOf(call, leg.channel);
  if (side === 'callee' && (call.phase === 'ringing' || call.phase === 'offering')) return 'ringing';
  if (leg.holding) return 'on_hold';
  if (side === 'callee' && call.kind === 'call_center') return 'call_center_call';
  const opposite = side === undefined ? null : legOn(call, other(side));
  if (opposite?.party.kind === 'outside') return call.kind === 'incoming' ? 'external_call' : 'outgoing_call';
  // Before the called party is known to ring, what was dialled decides.
  return opposite === null && call.kind === 'outgoing' ? 'outgoing_call' : 'internal_call';
}

/** Of several legs at one phone the one that is talked on decides, then one that is held, then one that rings. */
const RANK: Readonly<Record<CallStatus, number>> = {
  call_center_call: 0,
  external_call: 0,
  outgoing_call: 0,
  internal_call: 0,
  on_hold: 1,
  ringing: 2,
};

export interface PhoneLeg {
  readonly call: Call;
  readonly leg: Leg;
  readonly status: CallStatus;
}

/** The leg that a phone is talking on (or holds, or that rings), of all calls; undefined without one. */
export function phoneLeg(calls: Iterable<Call>, phone: string): PhoneLeg | undefined {
  let best: PhoneLeg | undefined;
  for (const call of calls) {
    if (call.phase === 'ended') continue;
    for (const leg of legsOf(call)) {
      if (leg.party.kind !== 'phone' || leg.party.number !== phone) continue;
      if (call.transfer?.gone === true && sideOf(call, leg.channel) === call.transfer.by) continue;
      const status = legStatus(call, leg);
      const later = best !== undefined && call.startedAt >= best.call.startedAt;
      if (
        best === undefined ||
        RANK[status] < RANK[best.status] ||
        (later && RANK[status] === RANK[best.status])
      ) {
        best = { call, leg, status };
      }
    }
  }
  return best;
}

/**
 * The leg of a phone that may be listened to: the one that is talked on, or one that is held, also while the phone calls somebody else for a
 * consultation that nobody has answered yet. Never of a 再発信.
 */
export function talkLeg(calls: Iterable<Call>, phone: string): PhoneLeg | undefined {
  const talks = Array.from(calls).filter(({ phase, redial }) => phase === 'talking' && !redial);
  const found = phoneLeg(talks, phone);
  return found?.status === 'ringing' ? undefined : found;
}

/** Outside channels of a call, which count against the limit. */
export function outsideLegs(call: Call): number {
  return call.phase === 'ended' ? 0 : legsOf(call).filter(({ party }) => party.kind === 'outside').length;
}

/** Outside channels on one trunk. */
export function channelsOf(calls: Iterable<Call>, trunk: string): number {
  let count = 0;
  for (const call of calls)
    count += legsOf(call).filter(({ party }) => party.kind === 'outside' && party.trunk === trunk).length;
  return count;
}

/** Causes of ISDN (Q.850) by what they mean for the caller of a phone. */
export function failureOf(cause: number | undefined): PhoneFailure {
  if (cause === 17 || cause === 21) return 'busy';
  if (cause === 18 || cause === 19 || cause === 16) return 'no_answer';
  if (cause === 20 || cause === 3) return 'offline';
  return cause === undefined || cause === 0 ? 'no_answer' : 'failed';
}

/** Q.850: how a leg ends that could not be made, or showed nothing in time. */
export const NOT_MADE = 20;
/** Answers of SIP by which a provider refuses us, not the called party: another trunk may do better. */
const REFUSED_BY_PROVIDER: readonly number[] = [401, 403, 407, 488];
/** Q.850: unallocated, changed, incomplete. */
const UNKNOWN_NUMBERS: readonly number[] = [1, 22, 28];
/** Q.850: no circuit, out of order, temporary failure, congestion, resources unavailable. */
const NO_LINE: readonly number[] = [27, 34, 38, 41, 42, 44, 47];

/** The same for a number outside; `sip` is the provider's answer, where it gave one, `sign` what was seen before it. */
export function outsideFailureOf(
  cause: number | undefined,
  sip: number | undefined,
  sign: 'ringing' | 'progress' | undefined,
): Failure {
  // No answer at all is the provider's fault, not the called party's: nobody was rung.
  if (sip === undefined && cause === NOT_MADE) return 'failed';
  if (sip === 408 && sign === undefined) return 'failed';
  if (sip === 480 && sign !== 'ringing') return 'offline';
  if (sip !== undefined && REFUSED_BY_PROVIDER.includes(sip)) return 'failed';
  if (cause !== undefined && UNKNOWN_NUMBERS.includes(cause)) return 'unknown_number';
  if (cause !== undefined && NO_LINE.includes(cause)) return 'congestion';
  return failureOf(cause);
}
