import type { AriClient, ChannelTransfer } from '@sasayaki/ari';
import type { Destination } from './routing.ts';
import { other, sideOf, type Call, type Leg } from './rules.ts';
import type { CallService } from './service.ts';

/** Why a transfer came to nothing; where it was to lead is not told, because it may hold what was keyed. */
export type TransferRefusal =
  /** The phone is in no talk. */
  | 'not_talking'
  /** One of the calls is being transferred already, or nobody would be left to talk with. */
  | 'not_now'
  /** The number leads nowhere. */
  | 'nowhere';

export interface TransferOptions {
  readonly ari: AriClient;
  readonly calls: CallService;
  /** Where a phone's transfer leads. */
  readonly destination: (number: string, byPhone: string) => Destination;
  /** Sends who is left of a call into a call center. */
  readonly toCallCenter: (leg: Leg, callCenter: string) => void;
  /** @param channel of the phone that asked */
  readonly onRefused: (channel: string, why: TransferRefusal) => void;
}

/** The user part of `sip:1002@host;user=phone`, or the number as it is. */
export function transferTarget(destination: string): string {
  const user = /^(?:<?sips?:)?([^@;>]*)/.exec(destination.trim())?.[1] ?? '';
  return user.replaceAll(/%23/g, '#');
}

/**
 * Transfers that a phone asks for (REFER). Asterisk leaves them to us: it tells what is wanted, we tell the phone how far it got.
 */
export class Transfers {
  readonly #options: TransferOptions;

  constructor(options: TransferOptions) {
    this.#options = options;
    // Each of our progress reports comes back as an event with a state; only the request has none.
    options.ari.on('ChannelTransfer', (event) => {
      if (event.state === undefined) this.#asked(event);
    });
  }

  #asked({ referred_by: by, refer_to: to }: ChannelTransfer): void {
    const { calls } = this.#options;
    const from = by.source_channel.id;
    const call = calls.ofChannel(from);
    const side = call === undefined ? undefined : sideOf(call, from);
    const consulted =
      to.destination_channel === undefined ? undefined : calls.ofChannel(to.destination_channel.id);
    if (call === undefined || side === undefined || call.phase !== 'talking') {
      this.#refuse(from, 'not_talking');
    } else if (to.destination_channel === undefined) {
      this.#blind(call, from, to.requested_destination.destination ?? '');
    } else if (consulted === undefined || consulted.id === call.id) {
      this.#refuse(from, 'not_talking');
    } else this.#attended(call, from, consulted, to.destination_channel.id);
  }

  #blind(call: Call, from: string, to: string): void {
    const { calls, destination } = this.#options;
    const side = sideOf(call, from);
    const leg = side === 'caller' ? call.caller : call.callee;
    const stays = side === 'caller' ? call.callee : call.caller;
    if (leg?.party.kind !== 'phone' || stays === null || call.transfer !== null) {
      this.#refuse(from, 'not_now');
      return;
    }
    const target = destination(transferTarget(to), leg.party.number);
    if (target.kind === 'refused') {
      this.#refuse(from, 'nowhere');
    } else if (target.kind === 'call_center') {
      this.#intoCallCenter(call, from, target.number);
    } else {
      this.#report(from, 'channel_progress');
      calls.transfer(call, from, target.ways);
    }
  }

  /** The party that is left waits there from now on, in a call of its own. */
  #intoCallCenter(call: Call, from: string, callCenter: string): void {
    const { ari, calls, toCallCenter } = this.#options;
    const stays = sideOf(call, from) === 'caller' ? call.callee : call.caller;
    if (stays === null) {
      this.#refuse(from, 'not_now');
      return;
    }
    // Out of the bridge first: a hold that ends with the bridge would end the music of who waits from now on.
    const leaving = { bridgeId: call.bridge, channel: [stays.channel] };
    ari.bridges.removeChannel(leaving).catch(() => undefined);
    calls.apply(call.id, { kind: 'handed_over', result: 'transferred' });
    this.#report(from, 'channel_answered');
    ari.channels.hangup({ channelId: from }).catch(() => undefined);
    toCallCenter(stays, callCenter);
  }

  #attended(call: Call, from: string, consulted: Call, consulting: string): void {
    const { calls } = this.#options;
    const side = sideOf(consulted, consulting);
    const joins = side === undefined ? null : other(side) === 'caller' ? consulted.caller : consulted.callee;
    if (call.transfer !== null || consulted.transfer !== null) {
      this.#refuse(from, 'not_now');
      return;
    }
    if (consulted.phase === 'waiting' || consulted.phase === 'offering') {
      // No agent is there yet to take the place: the other party waits instead of the one who transfers.
      calls.release(consulted.id, 'transferred');
      this.#options.ari.channels.hangup({ channelId: consulting }).catch(() => undefined);
      this.#intoCallCenter(call, from, consulted.callCenter ?? consulted.dialled);
      return;
    }
    if (joins === null) {
      this.#refuse(from, 'not_now');
      return;
    }
    calls.join(call.id, from, consulted.id, joins, consulting);
  }

  #refuse(channel: string, why: TransferRefusal): void {
    this.#options.onRefused(channel, why);
    this.#report(channel, 'channel_unavailable');
  }

  #report(channelId: string, states: string): void {
    // The phone may be gone; then nobody waits for the report.
    this.#options.ari.channels.transfer_progress({ channelId, states }).catch(() => undefined);
  }
}
