import { ifGone, newId, type AriClient, type Bridge } from '@sasayaki/ari';

/** The first argument of taps and tones in their StasisStart. */
export const TAP_ARGUMENT = 'tap';
/** Ids of the channels that tap a leg, and of those that play a tone to one party. */
export const TAP = 'tap-';
/** Ids of the bridges in which listeners share a tap. */
const LISTEN = 'listen-';

/** A tap on one leg that any number of supervisors listen to. */
export interface SharedTap {
  readonly id: string;
  readonly bridge: string;
  /** The leg. */
  readonly target: string;
  /** Whether the tap is in its bridge. */
  isReady: boolean;
  /** The listeners' channels, each with what to do when the tap is ready. */
  readonly listeners: Map<string, () => void>;
}

export interface TapsOptions {
  readonly ari: AriClient;
  readonly app: string;
  readonly onFault: (error: unknown, what: string) => void;
}

/**
 * The taps that are only listened to: one for each leg, however many listen. The tap announces into a holding bridge, which gives what it says to
 * everybody in it and nothing of what they say to anybody; and the tap itself has no way in.
 */
export class Taps {
  readonly #options: TapsOptions;
  readonly #taps = new Map<string, SharedTap>();

  constructor(options: TapsOptions) {
    this.#options = options;
  }

  /** The tap on this leg, made if there is none; kept until it is released. @param ready called later, unless it is ready now */
  hold(target: string, listener: string, ready: () => void): SharedTap {
    const tap = [...this.#taps.values()].find((each) => each.target === target) ?? this.#make(target);
    tap.listeners.set(listener, ready);
    return tap;
  }

  /** This supervisor listens no longer; the last one takes the tap along. */
  release(tap: SharedTap, listener: string): void {
    tap.listeners.delete(listener);
    if (tap.listeners.size > 0 || !this.#taps.delete(tap.id)) return;
    const { ari } = this.#options;
    this.#do(ari.channels.hangup({ channelId: tap.id }));
    this.#do(ari.bridges.destroy({ bridgeId: tap.bridge }));
  }

  /** A tap of ours is in the application. @returns false when nobody waits for it */
  entered(id: string): boolean {
    const tap = this.#taps.get(id);
    if (tap === undefined || tap.isReady) return false;
    const { ari } = this.#options;
    this.#do(ari.bridges.addChannel({ bridgeId: tap.bridge, channel: [id], role: 'announcer' }));
    tap.isReady = true;
    for (const ready of [...tap.listeners.values()]) ready();
    return true;
  }

  /** The tap that this channel listens to, found in Asterisk by a new server. */
  adopt(target: string, listener: string, bridges: readonly Bridge[]): SharedTap | undefined {
    const bridge = bridges.find(({ id, channels }) => id.startsWith(LISTEN) && channels.includes(listener));
    const id = bridge?.channels.find((channel) => channel.startsWith(TAP));
    if (bridge === undefined || id === undefined) return undefined;
    const tap = this.#taps.get(id) ?? {
      id,
      bridge: bridge.id,
      target,
      isReady: true,
      listeners: new Map<string, () => void>(),
    };
    this.#taps.set(id, tap);
    tap.listeners.set(listener, () => undefined);
    return tap;
  }

  /**
   * After a connection: the arrival of a tap, or the request that brought it to its bridge, may be lost. One that is not there is not used again,
   * and who listens to it holds another.
   */
  forgetLost(bridges: readonly Bridge[]): void {
    const { ari } = this.#options;
    const joined = new Set(
      bridges.flatMap(({ id, channels }) => channels.map((channel) => `${id} ${channel}`)),
    );
    for (const { id, bridge } of [...this.#taps.values()]) {
      if (joined.has(`${bridge} ${id}`)) continue;
      this.#taps.delete(id);
      this.#do(ari.channels.hangup({ channelId: id }));
      this.#do(ari.bridges.destroy({ bridgeId: bridge }));
    }
  }

  /** Taps that nobody listens to any longer go. */
  endOthers(bridges: readonly Bridge[]): void {
    const { ari } = this.#options;
    const kept = new Set(Array.from(this.#taps.values(), ({ bridge }) => bridge));
    for (const { id, channels } of bridges) {
      if (!id.startsWith(LISTEN) || kept.has(id)) continue;
      for (const channelId of channels.filter((channel) => channel.startsWith(TAP))) {
        this.#do(ari.channels.hangup({ channelId }));
      }
      this.#do(ari.bridges.destroy({ bridgeId: id }));
    }
  }

  #make(target: string): SharedTap {
    const { ari, app } = this.#options;
    const id = newId('tap');
    const tap: SharedTap = {
      id,
      bridge: LISTEN + id.slice(TAP.length),
      target,
      isReady: false,
      listeners: new Map(),
    };
    this.#taps.set(id, tap);
    this.#do(ari.bridges.createWithId({ bridgeId: tap.bridge, type: 'holding', name: 'listening' }));
    const made = ari.channels.snoopChannelWithId({
      channelId: target,
      snoopId: id,
      app,
      appArgs: TAP_ARGUMENT,
      // What the agent says and hears.
      spy: 'both',
      whisper: 'none',
    });
    made.catch(() => {
      // Who listens next is not to wait for one that never comes.
      if (this.#taps.delete(id)) this.#do(ari.bridges.destroy({ bridgeId: tap.bridge }));
    });
    this.#do(made);
    return tap;
  }

  #do(request: Promise<unknown>): void {
    ifGone(request).catch((error: unknown) =>
      this.#options.onFault(error, 'a call could not be listened to'),
    );
  }
}
