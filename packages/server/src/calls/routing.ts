import type { Dialled } from '../dialing/rules.ts';
import type { PromptKey } from '../guidance/rules.ts';
import type { PhoneService } from '../phones/service.ts';
import type { Phone } from '../phones/store.ts';
import type { CallKind } from './rules.ts';
import type { CallerId, Way } from './ringing.ts';

/** Outside lines, as calls need them. */
export interface OutsideLines {
  trunkOfChannel(channelName: string): { readonly id: string; readonly name: string } | undefined;
  /**
   * A caller in the form in which people here know it.
   * @param withheld the caller asked the network to keep number and name back
   */
  shownCaller(caller: CallerId, withheld: boolean): CallerId;
  routeIncoming(
    number: string,
  ): { readonly kind: 'phone' | 'call_center'; readonly number: string } | undefined;
  /** Best first; empty when no route leads there or no trunk is well. */
  routeOutgoing(
    number: string,
    fromPhone: string,
  ): readonly { readonly endpoint: string; readonly callerId: string; readonly trunk: string }[];
  isEmergency(number: string): boolean;
  /** Whether one more outside channel is allowed now. */
  withinLimit(outsideChannels: number, emergency: boolean): boolean;
}

/** Where a dialled number leads. */
export type Destination =
  | {
      readonly kind: 'ways';
      readonly callKind: Exclude<CallKind, 'call_center' | 'incoming'>;
      readonly dialled: string;
      readonly ways: readonly [Way, ...Way[]];
    }
  | { readonly kind: 'call_center'; readonly number: string }
  | {
      readonly kind: 'refused';
      readonly prompt: PromptKey;
      /** A call to this outside number that the limit forbids. */
      readonly overLimit?: string;
    };

export interface RoutingOptions {
  readonly phones: PhoneService;
  readonly lines: OutsideLines;
  readonly outsideChannels: () => number;
  readonly isCallCenter: (number: string) => boolean;
}

const refused = (prompt: PromptKey): Destination => ({ kind: 'refused', prompt });

/** Finds the ways to what a phone dialled, or the reason why there is none. */
export class Routing {
  readonly #options: RoutingOptions;

  constructor(options: RoutingOptions) {
    this.#options = options;
  }

  /** @param to what was dialled, without feature codes: they are no destinations */
  destination(to: Dialled, from: Phone): Destination {
    switch (to.kind) {
      case 'phone':
        return to.number === from.number
          ? refused('phone-busy')
          : this.phone(to.number, { name: from.name, number: from.number });
      case 'call_center':
        return this.#options.isCallCenter(to.number) ? to : refused('unknown-number');
      case 'outside':
        return this.#outside(to.number, from);
      case 'guided':
      case 'one_shot':
        return refused('error-occurred');
      case 'refused':
        return refused(to.refusal === 'UNKNOWN_NUMBER' ? 'unknown-number' : 'error-occurred');
    }
  }

  phone(number: string, callerId: CallerId): Destination {
    const { phones } = this.#options;
    if (phones.phone(number) === undefined) return refused('unknown-number');
    const way: Way = { endpoint: `PJSIP/${number}`, party: { kind: 'phone', number }, callerId };
    return { kind: 'ways', callKind: 'internal', dialled: number, ways: [way] };
  }

  #outside(number: string, from: Phone): Destination {
    const { lines, outsideChannels } = this.#options;
    const [first, ...rest] = lines
      .routeOutgoing(number, from.number)
      .map(({ endpoint, callerId, trunk }): Way => {
        return {
          endpoint,
          party: { kind: 'outside', number, trunk },
          callerId: { name: '', number: callerId },
        };
      });
    if (first === undefined) return refused('unknown-number');
    if (!lines.withinLimit(outsideChannels(), lines.isEmergency(number))) {
      return { kind: 'refused', prompt: 'lines-full', overLimit: number };
    }
    return { kind: 'ways', callKind: 'outgoing', dialled: number, ways: [first, ...rest] };
  }
}
