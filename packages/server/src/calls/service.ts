import { ifGone, newId, type AriClient } from '@sasayaki/ari';
import type { LegRegistry } from '../telephony/legs.ts';
import { failureOf, outsideFailureOf, outsideLegs, phoneLeg, type PhoneLeg } from './legs.ts';
import { Ringer, type Ringing, type Way } from './ringing.ts';
import {
  legsOf,
  newCall,
  refusedCall,
  step,
  type Call,
  type CallEffect,
  type CallEvent,
  type CallKind,
  type CallResult,
  type Failure,
  type Leg,
} from './rules.ts';

export type OfferOutcome = Failure | 'answered' | 'caller_gone' | 'cancelled';

/** An agent's phone that rings for a caller who waits. */
export interface Offer {
  /** Settles once, with how it ended. */
  readonly outcome: Promise<OfferOutcome>;
  cancel(): void;
}

export interface CallServiceOptions {
  readonly ari: AriClient;
  readonly legs: LegRegistry;
  readonly app: string;
  /** Tells a leg why the call did not come about, then hangs up. */
  readonly announce: (leg: Leg, failure: Failure) => void;
  readonly onFault: (error: unknown, what: string, call: string) => void;
  readonly now?: () => number;
}

export type CallObserver = (before: Call | undefined, after: Call) => void;

/** How long a phone rings, s. */
const RING_SECONDS = 60;
/** After these another way may lead to the called party; after others it is the party that does not want, or is not there. */
const LED_NOWHERE: readonly Failure[] = ['failed', 'congestion'];
/** How the ids of calls' bridges begin. */
export const BRIDGE = 'call-';
/** The bridge's variable that holds the call, so that a new server finds it. */
export const STATE = 'SASAYAKI_CALL';

/**
 * Calls: the machine in `rules.ts` decides, this one does. The caller and the rung party share a bridge from the first moment, so that ringing,
 * what a provider says before an answer, and the answer itself pass without us.
 */
export class CallService {
  readonly #options: CallServiceOptions;
  readonly #now: () => number;
  readonly #calls = new Map<string, Call>();
  readonly #observers = new Set<CallObserver>();
  readonly #waysLeft = new Map<string, readonly Way[]>();
  /** Rings phones, for calls and for what becomes one. */
  readonly ringer: Ringer;
  readonly #offers = new Map<string, (outcome: OfferOutcome) => void>();

  constructor(options: CallServiceOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { ari, app, legs, onFault } = options;
    this.ringer = new Ringer({ ari, app, legs, onFault });
  }

  get size(): number {
    return this.#calls.size;
  }

  /** Outside channels in use, for the concurrent-call limit. */
  get outsideChannels(): number {
    let count = 0;
    for (const call of this.#calls.values()) count += outsideLegs(call);
    return count;
  }

  get all(): Iterable<Call> {
    return this.#calls.values();
  }

  call(id: string): Call | undefined {
    return this.#calls.get(id);
  }

  ofChannel(channel: string): Call | undefined {
    for (const call of this.#calls.values()) {
      if (legsOf(call).some((leg) => leg.channel === channel)) return call;
    }
    return undefined;
  }

  /** The leg that a phone talks on now, or holds, or that rings. */
  phoneLeg(phone: string): PhoneLeg | undefined {
    return phoneLeg(this.#calls.values(), phone);
  }

  /** Told of every change of every call, after it was kept and before its effects. */
  observe(observer: CallObserver): void {
    this.#observers.add(observer);
  }

  /** Calls a party for a caller that waits in the application, trying one way after the other. */
  start(request: {
    readonly kind: Exclude<CallKind, 'call_center'>;
    readonly caller: Leg;
    readonly dialled: string;
    readonly ways: readonly [Way, ...Way[]];
    /** Placed from the page's list of calls. */
    readonly redial?: boolean;
  }): Call {
    const { kind, caller, dialled, ways, redial = false } = request;
    const id = newId('').slice(1);
    const call = newCall({ id, kind, bridge: BRIDGE + id, dialled, redial, caller, at: this.#now() });
    this.#open(call);
    this.#do(
      call,
      this.#options.ari.bridges.addChannel({ bridgeId: call.bridge, channel: [caller.channel] }),
    );
    const [first, ...rest] = ways;
    this.#waysLeft.set(id, rest);
    this.#ring(call, first, { seconds: RING_SECONDS, early: true, replaceable: rest.length > 0 });
    return this.#calls.get(id) ?? call;
  }

  /** A call that is refused before anybody is called is written down all the same. The leg stays with whoever has it. */
  refused(
    request: { readonly kind: CallKind; readonly caller: Leg; readonly dialled: string },
    result: CallResult,
  ): void {
    const id = newId('').slice(1);
    this.#tell(undefined, refusedCall({ ...request, id, bridge: BRIDGE + id, at: this.#now() }, result));
  }

  /** A caller who is to wait for an agent of a call center; answered, and from now on in the call center's hands. */
  wait(request: { readonly caller: Leg; readonly callCenter: string }): Call {
    const id = newId('').slice(1);
    const { caller, callCenter } = request;
    const call = newCall({
      id,
      kind: 'call_center',
      bridge: BRIDGE + id,
      dialled: callCenter,
      callCenter,
      caller: { ...caller, up: true },
      at: this.#now(),
    });
    this.#open(call);
    this.#do(call, this.#options.ari.channels.answer({ channelId: caller.channel }));
    return call;
  }

  /** Rings a phone for a caller who waits. One offer at a time for each caller. */
  offer(callId: string, way: Way, ringSeconds: number): Offer {
    const call = this.#calls.get(callId);
    if (call?.phase !== 'waiting')
      return { outcome: Promise.resolve('caller_gone'), cancel: () => undefined };
    const offer = this.#offerOf(callId);
    this.#ring(call, way, { seconds: ringSeconds, early: false, replaceable: false });
    return offer;
  }

  /** The offer that rings for this caller now: a new server goes on with it. */
  pendingOffer(callId: string): Offer | undefined {
    return this.#calls.get(callId)?.phase === 'offering' ? this.#offerOf(callId) : undefined;
  }

  /** Ends a call, whoever is in it. */
  end(callId: string, result: CallResult): void {
    this.apply(callId, { kind: 'end', result });
  }

  /** Lets go of a caller: the call is over with this result, the leg is free for another call. */
  release(callId: string, result: CallResult): Leg | undefined {
    const call = this.#calls.get(callId);
    if (call === undefined) return undefined;
    this.apply(callId, { kind: 'handed_over', result });
    return call.caller;
  }

  /** A blind transfer: rings its target, trying one way after the other; who answers takes the place of the leg that transfers. */
  transfer(call: Call, by: string, [first, ...rest]: readonly [Way, ...Way[]]): void {
    this.#waysLeft.set(call.id, rest);
    const how = { seconds: RING_SECONDS, early: false, replaceable: rest.length > 0 };
    this.apply(call.id, { kind: 'transfer', by, target: this.#makeLeg(call, first, how) });
  }

  /**
   * An attended transfer: the leg that was consulted takes the place of the one that transfers, and the consultation is over. The leg
   * belongs to the call that goes on before the other ends, so that nobody hangs it up.
   */
  join(callId: string, from: string, consultedId: string, joins: Leg, consulting: string): void {
    const consulted = this.#calls.get(consultedId);
    if (consulted === undefined) return;
    const { bridge } = consulted;
    // What is left of the ways to a consulted party that still rings; what was left of the call's own is over.
    this.#waysLeft.set(callId, this.#waysLeft.get(consultedId) ?? []);
    this.#waysLeft.delete(consultedId);
    this.#calls.delete(consultedId);
    const over = step(consulted, { kind: 'handed_over', result: 'transferred' }, this.#now()).call;
    this.#own(callId, joins, !joins.up);
    this.apply(callId, { kind: 'replace', channel: from, leg: joins, bridge });
    this.#tell(consulted, over);
    if (!joins.up) this.#do(over, this.#options.ari.bridges.destroy({ bridgeId: bridge }));
    this.#do(over, this.#options.ari.channels.hangup({ channelId: consulting }));
  }

  /** Brings an event to a call: keeps what it makes of it, tells who watches, does what follows. */
  apply(callId: string, event: CallEvent): void {
    const before = this.#calls.get(callId);
    if (before === undefined) return;
    if (this.#nextWay(before, event)) return;
    const { call, effects } = step(before, event, this.#now());
    this.#keep(before, call);
    for (const effect of effects) this.#effect(call, effect);
  }

  #open(call: Call): void {
    const { ari } = this.#options;
    this.#calls.set(call.id, call);
    const variables = { [STATE]: JSON.stringify(call) };
    this.#do(
      call,
      ari.bridges.createWithId({ bridgeId: call.bridge, type: 'mixing', name: 'call', variables }),
    );
    for (const leg of legsOf(call)) this.#own(call.id, leg, false);
    this.#tell(undefined, call);
  }

  #keep(before: Call, after: Call): void {
    if (after === before) return;
    if (after.phase === 'ended') {
      this.#calls.delete(after.id);
      this.#waysLeft.delete(after.id);
    } else {
      this.#calls.set(after.id, after);
      const { ari } = this.#options;
      const value = JSON.stringify(after);
      this.#do(after, ari.bridges.setBridgeVar({ bridgeId: after.bridge, variable: STATE, value }));
    }
    this.#tell(before, after);
  }

  #tell(before: Call | undefined, after: Call): void {
    for (const observer of this.#observers) {
      try {
        observer(before, after);
      } catch (error) {
        this.#options.onFault(error, 'who watches calls failed', after.id);
      }
    }
  }

  /** When the first way led nowhere, the next is tried; the caller notices nothing. */
  #nextWay(call: Call, event: CallEvent): boolean {
    if (event.kind !== 'left' || !LED_NOWHERE.includes(event.failure)) return false;
    const isRung = call.phase === 'ringing' && call.callee?.channel === event.channel;
    if (!isRung && call.transfer?.target.channel !== event.channel) return false;
    const [next, ...rest] = this.#waysLeft.get(call.id) ?? [];
    if (next === undefined) return false;
    this.#waysLeft.set(call.id, rest);
    const how = { seconds: RING_SECONDS, early: isRung, replaceable: rest.length > 0 };
    if (isRung) this.#ring(call, next, how);
    else this.apply(call.id, { kind: 'retarget', target: this.#makeLeg(call, next, how) });
    return true;
  }

  #ring(call: Call, way: Way, how: Ringing): void {
    const leg = this.#makeLeg(call, way, how);
    this.apply(call.id, { kind: 'ring', leg });
  }

  #makeLeg(call: Call, way: Way, how: Ringing): Leg {
    const leg = this.ringer.leg(way);
    this.#own(call.id, leg, true);
    this.ringer.make(call, leg, way, how);
    return leg;
  }

  /** A leg that we made is in the application: it is rung. */
  entered(channelId: string): void {
    this.ringer.entered(channelId);
  }

  #own(callId: string, leg: Leg, rung: boolean): void {
    const { channel, party } = leg;
    this.#options.legs.own(
      channel,
      {
        answered: () => this.apply(callId, { kind: 'answered', channel }),
        held: (on) => this.apply(callId, { kind: 'held', channel, on }),
        ended: (cause, sip, sign) => {
          this.ringer.forget(channel);
          const failure = party.kind === 'outside' ? outsideFailureOf(cause, sip, sign) : failureOf(cause);
          this.apply(callId, { kind: 'left', channel, failure });
        },
      },
      { rung, up: leg.up },
    );
  }

  #effect(call: Call, effect: CallEffect): void {
    const { ari, announce } = this.#options;
    switch (effect.kind) {
      case 'answer':
        this.#do(call, ari.channels.answer({ channelId: effect.channel }));
        break;
      case 'connect':
        this.#do(call, ari.bridges.addChannel({ bridgeId: call.bridge, channel: effect.channels }));
        break;
      case 'detach':
        this.#do(call, ari.bridges.removeChannel({ bridgeId: call.bridge, channel: [effect.channel] }));
        break;
      case 'comfort':
        this.#do(call, ari.bridges.removeChannel({ bridgeId: call.bridge, channel: [effect.channel] }));
        this.#do(call, ari.channels.startMoh({ channelId: effect.channel }));
        break;
      case 'hang_up':
        this.#do(call, ari.channels.hangup({ channelId: effect.channel }));
        break;
      case 'announce': {
        const leg = legsOf(call).find(({ channel }) => channel === effect.channel);
        if (leg !== undefined) announce(leg, effect.failure);
        break;
      }
      case 'transfer_result': {
        const { channel, state } = effect;
        this.#quietly(ari.channels.transfer_progress({ channelId: channel, states: state }));
        break;
      }
      case 'offer_ended':
        this.#offers.get(call.id)?.(effect.outcome);
        this.#offers.delete(call.id);
        break;
      case 'close':
        this.#do(call, ari.bridges.destroy({ bridgeId: effect.bridge }));
        break;
    }
  }

  #offerOf(callId: string): Offer {
    const outcome = new Promise<OfferOutcome>((resolve) => {
      const earlier = this.#offers.get(callId);
      this.#offers.set(callId, (ended) => {
        earlier?.(ended);
        resolve(ended);
      });
    });
    return { outcome, cancel: () => this.apply(callId, { kind: 'withdraw' }) };
  }

  /** What may fail because a leg is gone is no fault: its end is told as an event. */
  #do(call: Call, request: Promise<unknown>): void {
    ifGone(request).catch((error: unknown) => this.#fault(call, error, 'a call could not be carried on'));
  }

  /** For requests whose failure another request tells of. */
  #quietly(request: Promise<unknown>): void {
    request.catch(() => undefined);
  }

  #fault(call: Call, error: unknown, what: string): void {
    this.#options.onFault(error, what, call.id);
  }

  /** A call that was found in Asterisk goes on here. */
  take(call: Call): void {
    this.#calls.set(call.id, call);
    for (const leg of legsOf(call)) this.#own(call.id, leg, leg !== call.caller);
    this.#tell(undefined, call);
  }

  /** Puts who talks into the bridge again, when somebody was found outside it. */
  reunite(call: Call): void {
    if (call.callee === null) return;
    this.#effect(call, { kind: 'answer', channel: call.caller.channel });
    this.#effect(call, { kind: 'connect', channels: [call.caller.channel, call.callee.channel] });
  }
}
