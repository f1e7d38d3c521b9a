import { AriError, newId, type AriClient } from '@sasayaki/ari';
import type { LegRegistry } from '../telephony/legs.ts';
import { NOT_MADE } from './legs.ts';
import type { Call, Leg, Party } from './rules.ts';

/** What a called phone shows of who calls. */
export interface CallerId {
  readonly name: string;
  readonly number: string;
}

/** One way to a called party: an extension's phone, or an outside number through one trunk. */
export interface Way {
  /** As `PJSIP/1001`. */
  readonly endpoint: string;
  readonly party: Party;
  readonly callerId: CallerId;
}

export interface Ringing {
  readonly seconds: number;
  /** Whether the leg shares the call's bridge while it rings. */
  readonly early: boolean;
  /** Whether there is another way to the called party: then this one is given up when it shows nothing for a while. */
  readonly replaceable: boolean;
}

export interface RingerOptions {
  readonly ari: AriClient;
  readonly app: string;
  readonly legs: LegRegistry;
  readonly onFault: (error: unknown, what: string, call: string) => void;
}

/** A trunk that shows nothing for this long, ms, is given up when there is another: SIP itself would wait for 32 s. */
const SILENT_MS = 6_000;

/** The first argument of the legs that we ring, in their StasisStart. */
export const RUNG_ARGUMENT = 'rung';

/** Makes legs and rings them. They are in our application from the start, so an answer while we are away is not lost. */
export class Ringer {
  readonly #options: RingerOptions;
  /** Legs that were made and are not in the application yet: only there can they be rung. */
  readonly #made = new Map<string, Ringing & { readonly call: string; readonly bridge: string }>();

  constructor(options: RingerOptions) {
    this.#options = options;
  }

  /** A leg that is not made yet, so that its owner is known before its first event. */
  leg(way: Way): Leg {
    return { channel: newId('leg'), party: way.party, up: false, holding: false };
  }

  /** The leg has ended: should it come into the application all the same, nobody rings it. */
  forget(channel: string): void {
    this.#made.delete(channel);
  }

  /** @param call for which the leg is made; null when there is none until it answers */
  make(call: Call | null, { channel }: Leg, way: Way, how: Ringing): void {
    const { ari, app, legs, onFault } = this.#options;
    const { name, number } = way.callerId;
    const id = call?.id ?? channel;
    this.#made.set(channel, { ...how, call: id, bridge: call?.bridge ?? '' });
    const making = ari.channels.create({
      channelId: channel,
      endpoint: way.endpoint,
      app,
      appArgs: RUNG_ARGUMENT,
      ...(call === null ? {} : { originator: call.caller.channel }),
      variables: {
        'CONNECTEDLINE(name,i)': name,
        'CONNECTEDLINE(num,i)': number,
        'CONNECTEDLINE(pres,i)': 'allowed',
      },
    });
    making.catch((error: unknown) => {
      // 500 is how Asterisk says that there is no contact.
      if (!(error instanceof AriError) || error.status !== 500) {
        onFault(error, 'a leg could not be made', id);
      }
      this.#made.delete(channel);
      legs.failed(channel, NOT_MADE);
    });
  }

  /** A leg is in the application: if it was made here, it is rung. */
  entered(channelId: string): void {
    const made = this.#made.get(channelId);
    this.#made.delete(channelId);
    if (made === undefined) return;
    const { ari, legs, onFault } = this.#options;
    const { bridge: bridgeId, early, seconds: timeout } = made;
    if (early) {
      // Neither the bridge nor a caller's channel may put its number in place of the one that the called party is to be shown.
      const joining = { bridgeId, channel: [channelId], inhibitConnectedLineUpdates: true };
      ari.bridges.addChannel(joining).catch(() => undefined);
    }
    const giveUp = (): void => {
      legs.failed(channelId, NOT_MADE);
      ari.channels.hangup({ channelId }).catch(() => undefined);
    };
    ari.channels.dial({ channelId, timeout }).catch((error: unknown) => {
      onFault(error, 'a leg could not be rung', made.call);
      giveUp();
    });
    if (made.replaceable) {
      setTimeout(() => {
        if (legs.isSilent(channelId)) giveUp();
      }, SILENT_MS).unref();
    }
  }
}
