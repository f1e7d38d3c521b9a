/**
 * What a call is and how it goes on (pure). A call has two sides, the one that called and the one that was called; a transfer puts another leg
 * on a side. Everything here is kept with the call's bridge in Asterisk, so that a new server goes on where the old one was.
 */

/** `incoming`: from outside to an extension. `call_center`: to a call center, from outside or inside. */
export type CallKind = 'internal' | 'incoming' | 'outgoing' | 'call_center';

export type Party =
  | { readonly kind: 'phone'; readonly number: string }
  | { readonly kind: 'outside'; readonly number: string; readonly trunk: string };

export interface Leg {
  /** The channel's id in Asterisk. */
  readonly channel: string;
  readonly party: Party;
  readonly up: boolean;
  /** Whether this party holds the other one. */
  readonly holding: boolean;
}

export type Side = 'caller' | 'callee';

/** Who was in the talk and when, ms since 1970; `leftAt` is null while they are. */
export interface Part {
  readonly channel: string;
  readonly party: Party;
  readonly side: Side;
  readonly joinedAt: number;
  readonly leftAt: number | null;
}

export type CallResult =
  | 'answered'
  | 'no_answer'
  | 'busy'
  | 'offline'
  | 'failed'
  /** The outside world does not know the number that was called, or we do not know the one that was called from there. */
  | 'unknown_number'
  /** The outside world had no line free. */
  | 'congestion'
  /** As many outside calls were up as are allowed: it was refused. */
  | 'limit_reached'
  /** The caller gave up before an answer. */
  | 'abandoned'
  /** A call center sent the caller elsewhere or away. */
  | 'overflowed'
  /** The caller was handed to another call (a call center), which has its own record. */
  | 'transferred'
  /** It ended while nobody could see how: Asterisk or the server was away. */
  | 'lost';

export interface Call {
  readonly id: string;
  readonly kind: CallKind;
  /** The id of the bridge in Asterisk. */
  readonly bridge: string;
  /** The number that was called: an extension, a call center or an outside number. */
  readonly dialled: string;
  readonly callCenter: string | null;
  /** Placed from the page's list of calls (再発信): never a target of monitoring. */
  readonly redial: boolean;
  /**
   * `waiting`: in a call center's hands. `offering`: an agent's phone rings for a caller who waits. `ringing`: the called phone rings, and
   * the caller hears what comes from there. `talking`: answered, also while somebody holds.
   */
  readonly phase: 'waiting' | 'offering' | 'ringing' | 'talking' | 'ended';
  readonly caller: Leg;
  readonly callee: Leg | null;
  /** A blind transfer whose target rings. `gone`: the one who transferred has hung up already. */
  readonly transfer: { readonly by: Side; readonly target: Leg; readonly gone: boolean } | null;
  readonly parts: readonly Part[];
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly result: CallResult | null;
  readonly heldMs: number;
  readonly heldSince: number | null;
}

/** Why a called phone did not answer. */
export type PhoneFailure = 'no_answer' | 'busy' | 'offline' | 'failed';
/** Why a called party did not answer. */
export type Failure = PhoneFailure | 'unknown_number' | 'congestion';

export type CallEvent =
  /** A leg that was rung has answered. */
  | { readonly kind: 'answered'; readonly channel: string }
  /** A leg is gone; `failure` says why, when it had been rung. */
  | { readonly kind: 'left'; readonly channel: string; readonly failure: Failure }
  | { readonly kind: 'held'; readonly channel: string; readonly on: boolean }
  /** The next way to the called party, after the first led nowhere; or an agent for a caller who waits. */
  | { readonly kind: 'ring'; readonly leg: Leg }
  /** A waiting call's ring is taken back. */
  | { readonly kind: 'withdraw' }
  | { readonly kind: 'transfer'; readonly by: string; readonly target: Leg }
  /** The next way to a transfer's target, after the one before led nowhere. */
  | { readonly kind: 'retarget'; readonly target: Leg }
  /** An attended transfer: the other leg takes this one's place, in the other call's bridge. */
  | { readonly kind: 'replace'; readonly channel: string; readonly leg: Leg; readonly bridge: string }
  /** The caller, or who is left of a talk, goes over to another call. */
  | { readonly kind: 'handed_over'; readonly result: CallResult }
  | { readonly kind: 'end'; readonly result: CallResult };

export type CallEffect =
  /** The caller, who shares a bridge with the rung party already. */
  | { readonly kind: 'answer'; readonly channel: string }
  /** Into the bridge. */
  | { readonly kind: 'connect'; readonly channels: readonly string[] }
  | { readonly kind: 'detach'; readonly channel: string }
  /** Alone while a transfer's target rings: music. */
  | { readonly kind: 'comfort'; readonly channel: string }
  | { readonly kind: 'hang_up'; readonly channel: string }
  /** The leg leaves the call, hears why, and ends. */
  | { readonly kind: 'announce'; readonly channel: string; readonly failure: Failure }
  | {
      readonly kind: 'transfer_result';
      readonly channel: string;
      readonly state: 'channel_answered' | 'channel_unavailable';
    }
  | { readonly kind: 'offer_ended'; readonly outcome: Failure | 'answered' | 'caller_gone' | 'cancelled' }
  /** The bridge goes, with whoever is still in it. */
  | { readonly kind: 'close'; readonly bridge: string };

export interface Step {
  readonly call: Call;
  readonly effects: readonly CallEffect[];
}

export interface NewCall {
  readonly id: string;
  readonly kind: CallKind;
  readonly bridge: string;
  readonly dialled: string;
  readonly callCenter?: string;
  readonly redial?: boolean;
  readonly caller: Leg;
  readonly at: number;
}

/** A call whose called party is not rung yet. */
export function newCall({ id, kind, bridge, dialled, callCenter, redial, caller, at }: NewCall): Call {
  return {
    id,
    kind,
    bridge,
    dialled,
    callCenter: callCenter ?? null,
    redial: redial ?? false,
    phase: callCenter === undefined ? 'ringing' : 'waiting',
    caller,
    callee: null,
    transfer: null,
    parts: [],
    startedAt: at,
    answeredAt: null,
    endedAt: null,
    result: null,
    heldMs: 0,
    heldSince: null,
  };
}

export const other = (side: Side): Side => (side === 'caller' ? 'callee' : 'caller');

export function sideOf(call: Call, channel: string): Side | undefined {
  if (call.caller.channel === channel) return 'caller';
  return call.callee?.channel === channel ? 'callee' : undefined;
}

/** All legs that the call owns, a transfer's target too. */
export function legsOf(call: Call): readonly Leg[] {
  return [call.caller, call.callee, call.transfer?.target ?? null].filter((leg) => leg !== null);
}

/** What an event makes of a call. Events about legs that the call does not have, and any event after its end, change nothing. */
export function step(call: Call, event: CallEvent, at: number): Step {
  if (call.phase === 'ended') return same(call);
  switch (event.kind) {
    case 'answered':
      return answered(call, event.channel, at);
    case 'left':
      return left(call, event.channel, event.failure, at);
    case 'held':
      return held(call, event.channel, event.on, at);
    case 'ring':
      if (call.phase === 'talking' || (call.phase === 'offering' && call.callee !== null)) return same(call);
      return {
        call: { ...call, callee: event.leg, phase: call.phase === 'ringing' ? 'ringing' : 'offering' },
        effects: [],
      };
    case 'withdraw':
      return call.phase === 'offering' ? offerEnded(call, 'cancelled', at) : same(call);
    case 'transfer':
      return transferred(call, event.by, event.target, at);
    case 'retarget':
      if (call.transfer === null) return same(call);
      return { call: { ...call, transfer: { ...call.transfer, target: event.target } }, effects: [] };
    case 'replace':
      return replaced(call, event, at);
    case 'handed_over':
      return withoutOffer(call, at, (rest) => ({
        call: finished(rest, event.result, at),
        effects: [{ kind: 'close', bridge: rest.bridge }],
      }));
    case 'end':
      return withoutOffer(call, at, (rest) => ended(rest, event.result, at, []));
  }
}

/** Takes back the offer that rings, if one does, before what follows. */
function withoutOffer(call: Call, at: number, then: (call: Call) => Step): Step {
  if (call.phase !== 'offering') return then(call);
  const first = offerEnded(call, 'cancelled', at);
  const rest = then(first.call);
  return { call: rest.call, effects: [...first.effects, ...rest.effects] };
}

function same(call: Call): Step {
  return { call, effects: [] };
}

function answered(call: Call, channel: string, at: number): Step {
  const { callee, caller, transfer } = call;
  if (transfer?.target.channel === channel) return transferDone(call, transfer, at);
  if (callee?.channel !== channel || call.phase === 'talking') return same(call);
  const talking: Call = {
    ...call,
    phase: 'talking',
    caller: { ...caller, up: true },
    callee: { ...callee, up: true },
    answeredAt: at,
    parts: [part(caller, 'caller', at), part(callee, 'callee', at)],
  };
  return {
    call: talking,
    effects:
      call.phase === 'ringing'
        ? [{ kind: 'answer', channel: caller.channel }]
        : [
            { kind: 'offer_ended', outcome: 'answered' },
            { kind: 'connect', channels: [caller.channel, callee.channel] },
          ],
  };
}

function transferDone(call: Call, transfer: NonNullable<Call['transfer']>, at: number): Step {
  const from = legOn(call, transfer.by);
  const stays = legOn(call, other(transfer.by));
  const effects: CallEffect[] = [];
  if (!transfer.gone && from !== null) {
    effects.push(
      { kind: 'detach', channel: from.channel },
      { kind: 'transfer_result', channel: from.channel, state: 'channel_answered' },
    );
  }
  const target = { ...transfer.target, up: true };
  effects.push({
    kind: 'connect',
    channels: [...(stays === null ? [] : [stays.channel]), target.channel],
  });
  if (!transfer.gone && from !== null) effects.push({ kind: 'hang_up', channel: from.channel });
  const moved = onSide({ ...leave(call, from?.channel ?? '', at), transfer: null }, transfer.by, target);
  return { call: { ...moved, parts: [...moved.parts, part(target, transfer.by, at)] }, effects };
}

function left(call: Call, channel: string, failure: Failure, at: number): Step {
  const { transfer } = call;
  if (transfer?.target.channel === channel) return transferFailed(call, transfer, failure, at);
  const side = sideOf(call, channel);
  if (side === undefined) return same(call);
  if (call.phase === 'talking') {
    if (transfer !== null && transfer.by === side) {
      // Told again, or told late: the other one waits for the transfer's target, and goes on waiting.
      if (transfer.gone) return same(call);
      const stays = legOn(call, other(side));
      return {
        call: { ...leave(call, channel, at), transfer: { ...transfer, gone: true } },
        effects: stays === null ? [] : [{ kind: 'comfort', channel: stays.channel }],
      };
    }
    return ended(call, 'answered', at, [channel]);
  }
  if (side === 'caller') {
    const effects: readonly CallEffect[] =
      call.phase === 'offering' ? [{ kind: 'offer_ended', outcome: 'caller_gone' }] : [];
    const { call: done, effects: more } = ended(call, 'abandoned', at, [channel]);
    return { call: done, effects: [...effects, ...more] };
  }
  if (call.phase === 'offering') return offerEnded(call, failure, at);
  return {
    call: finished(call, failure, at),
    effects: [
      // Out of the bridge before it goes: what is played to a leg that is just leaving one may never begin.
      { kind: 'detach', channel: call.caller.channel },
      { kind: 'close', bridge: call.bridge },
      { kind: 'announce', channel: call.caller.channel, failure },
    ],
  };
}

function offerEnded(call: Call, outcome: Failure | 'cancelled', at: number): Step {
  const { callee } = call;
  const effects: CallEffect[] = [{ kind: 'offer_ended', outcome }];
  if (outcome === 'cancelled' && callee !== null) {
    effects.push({ kind: 'hang_up', channel: callee.channel });
  }
  return { call: { ...leave(call, callee?.channel ?? '', at), callee: null, phase: 'waiting' }, effects };
}

function transferFailed(
  call: Call,
  transfer: NonNullable<Call['transfer']>,
  failure: Failure,
  at: number,
): Step {
  const without: Call = { ...call, transfer: null };
  if (!transfer.gone) {
    const from = legOn(call, transfer.by);
    return {
      call: without,
      effects:
        from === null
          ? []
          : [{ kind: 'transfer_result', channel: from.channel, state: 'channel_unavailable' }],
    };
  }
  const stays = legOn(call, other(transfer.by));
  return {
    call: finished(without, 'answered', at),
    effects: [
      { kind: 'close', bridge: call.bridge },
      ...(stays === null ? [] : [{ kind: 'announce' as const, channel: stays.channel, failure }]),
    ],
  };
}

function held(call: Call, channel: string, on: boolean, at: number): Step {
  const side = sideOf(call, channel);
  const leg = side === undefined ? null : legOn(call, side);
  if (side === undefined || leg === null || leg.holding === on) return same(call);
  return { call: withHold(onSide(call, side, { ...leg, holding: on }), at), effects: [] };
}

function transferred(call: Call, by: string, target: Leg, at: number): Step {
  const side = sideOf(call, by);
  if (side === undefined || call.phase !== 'talking' || call.transfer !== null || has(call, target)) {
    return { call, effects: [{ kind: 'transfer_result', channel: by, state: 'channel_unavailable' }] };
  }
  const asked: Call = { ...call, transfer: { by: side, target, gone: false } };
  return target.up
    ? transferDone(asked, { by: side, target, gone: false }, at)
    : { call: asked, effects: [] };
}

function replaced(call: Call, event: Extract<CallEvent, { kind: 'replace' }>, at: number): Step {
  const side = sideOf(call, event.channel);
  const stays = side === undefined ? null : legOn(call, other(side));
  if (side === undefined || stays === null || call.phase !== 'talking' || has(call, event.leg)) {
    return same(call);
  }
  const gone = leave(call, event.channel, at);
  const result: CallEffect = {
    kind: 'transfer_result',
    channel: event.channel,
    state: 'channel_answered',
  };
  if (!event.leg.up) {
    // The consulted phone still rings: what is left is a transfer whose target rings.
    return {
      call: { ...gone, transfer: { by: side, target: event.leg, gone: true } },
      effects: [
        result,
        { kind: 'hang_up', channel: event.channel },
        { kind: 'comfort', channel: stays.channel },
      ],
    };
  }
  const moved = onSide({ ...gone, bridge: event.bridge, transfer: null }, side, event.leg);
  return {
    call: { ...moved, parts: [...moved.parts, part(event.leg, side, at)] },
    effects: [
      { kind: 'connect', channels: [stays.channel, event.leg.channel] },
      result,
      { kind: 'hang_up', channel: event.channel },
      ...(event.bridge === call.bridge ? [] : [{ kind: 'close' as const, bridge: call.bridge }]),
    ],
  };
}

/** The call is over: everybody who is still there is hung up. */
function ended(call: Call, result: CallResult, at: number, gone: readonly string[]): Step {
  const effects: CallEffect[] = legsOf(call)
    .filter(({ channel }) => !gone.includes(channel))
    .map(({ channel }) => ({ kind: 'hang_up', channel }));
  return { call: finished(call, result, at), effects: [...effects, { kind: 'close', bridge: call.bridge }] };
}

function finished(call: Call, result: CallResult, at: number): Call {
  const parts = call.parts.map((entry) => (entry.leftAt === null ? { ...entry, leftAt: at } : entry));
  const heldMs = call.heldMs + (call.heldSince === null ? 0 : at - call.heldSince);
  return { ...call, phase: 'ended', endedAt: at, result, parts, heldMs, heldSince: null, transfer: null };
}

function has(call: Call, leg: Leg): boolean {
  return legsOf(call).some(({ channel }) => channel === leg.channel);
}

export function legOn(call: Call, side: Side): Leg | null {
  return side === 'caller' ? call.caller : call.callee;
}

function onSide(call: Call, side: Side, leg: Leg): Call {
  return side === 'caller' ? { ...call, caller: leg } : { ...call, callee: leg };
}

function part(leg: Leg, side: Side, at: number): Part {
  return { channel: leg.channel, party: leg.party, side, joinedAt: at, leftAt: null };
}

/** Somebody leaves the talk; a hold that was theirs ends with them. */
function leave(call: Call, channel: string, at: number): Call {
  const parts = call.parts.map((entry) =>
    entry.channel === channel && entry.leftAt === null ? { ...entry, leftAt: at } : entry,
  );
  const side = sideOf(call, channel);
  const leg = side === undefined ? null : legOn(call, side);
  const released =
    side !== undefined && leg?.holding === true ? onSide(call, side, { ...leg, holding: false }) : call;
  return withHold({ ...released, parts }, at);
}

/** Counts the time in which somebody holds. */
function withHold(call: Call, at: number): Call {
  const holding = call.caller.holding || call.callee?.holding === true;
  if (holding === (call.heldSince !== null)) return call;
  if (holding) return { ...call, heldSince: at };
  return { ...call, heldSince: null, heldMs: call.heldMs + at - (call.heldSince ?? at) };
}

/** A call that is refused before anybody is called: it begins and ends at once. */
export function refusedCall(call: NewCall, result: CallResult): Call {
  return finished(newCall(call), result, call.at);
}
