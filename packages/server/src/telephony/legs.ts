import type { AriClient } from '@sasayaki/ari';

/** Who owns a leg (a channel) hears what happens on it. */
export interface LegOwner {
  digit?(key: string): void;
  playbackFinished?(playbackId: string): void;
  /** A leg that we ring rings. */
  ringing?(): void;
  /** A leg that we rang has been answered. */
  answered?(): void;
  /** The phone holds the other party, or no longer does. */
  held?(on: boolean): void;
  /**
   * The leg is gone. Called once. `cause` is of Q.850, `sip` the refusal of the other side, where Asterisk told them; `sign` what there was of a leg
   * that we rang.
   */
  ended(cause: number | undefined, sip?: number, sign?: Sign): void;
}

/** What a leg that we ring has shown before an answer: that it rings, or only that it is on its way (perhaps with sound). */
export type Sign = 'ringing' | 'progress';

/** Asterisk tells the cause right after the end; without it the end is told after this, ms. */
const CAUSE_WAIT_MS = 250;

interface Entry {
  owner: LegOwner;
  /** A leg that we rang: why it ended matters until it is up. */
  readonly rung: boolean;
  up: boolean;
  sign: Sign | undefined;
  ending: NodeJS.Timeout | undefined;
}

/** Which owner each channel has. Events about channels without one are nobody's business. */
export class LegRegistry {
  readonly #entries = new Map<string, Entry>();

  constructor(ari: AriClient) {
    const owner = (id: string): LegOwner | undefined => this.#entries.get(id)?.owner;
    ari.on('ChannelDtmfReceived', (event) => owner(event.channel.id)?.digit?.(event.digit));
    ari.on('PlaybackFinished', ({ playback }) => {
      owner(playback.target_uri.replace(/^channel:/, ''))?.playbackFinished?.(playback.id);
    });
    ari.on('ChannelStateChange', ({ channel }) => {
      const entry = this.#entries.get(channel.id);
      if (entry === undefined || entry.up || channel.state !== 'Up') return;
      entry.up = true;
      entry.owner.answered?.();
    });
    ari.on('Dial', ({ peer, dialstatus }) => {
      const entry = this.#entries.get(peer.id);
      if (entry === undefined || dialstatus === '') return;
      const rang = entry.sign === 'ringing';
      if (dialstatus === 'RINGING') entry.sign = 'ringing';
      else entry.sign ??= 'progress';
      if (!rang && entry.sign === 'ringing') entry.owner.ringing?.();
    });
    ari.on('ChannelHold', (event) => owner(event.channel.id)?.held?.(true));
    ari.on('ChannelUnhold', (event) => owner(event.channel.id)?.held?.(false));
    // A leg's last event is one or the other, or both: the first ends it, unless the cause in the second is wanted.
    ari.on('StasisEnd', (event) => this.#left(event.channel.id));
    ari.on('ChannelDestroyed', (event) => this.#ended(event.channel.id, event.cause, event.tech_cause));
  }

  get size(): number {
    return this.#entries.size;
  }

  has(channelId: string): boolean {
    return this.#entries.has(channelId);
  }

  /** Whether a leg that we ring has shown nothing at all yet. */
  isSilent(channelId: string): boolean {
    const entry = this.#entries.get(channelId);
    return entry !== undefined && entry.rung && !entry.up && entry.sign === undefined;
  }

  /** Gives a leg to an owner, a new one if it had one. */
  own(
    channelId: string,
    owner: LegOwner,
    leg: { readonly rung?: boolean; readonly up?: boolean } = {},
  ): void {
    const entry = this.#entries.get(channelId);
    if (entry !== undefined) entry.owner = owner;
    else {
      const { rung = false, up = false } = leg;
      this.#entries.set(channelId, { owner, rung, up, sign: undefined, ending: undefined });
    }
  }

  /** The legs that are owned now. */
  get ids(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /**
   * After a reconnection: legs that Asterisk no longer has have ended meanwhile.
   * @param known those that were owned before Asterisk was asked: one that came since is in no list
   */
  keepOnly(channelIds: ReadonlySet<string>, known: readonly string[]): void {
    for (const id of known) if (!channelIds.has(id)) this.#ended(id, undefined);
  }

  /** A leg that could not be made: nobody will tell of its end. */
  failed(channelId: string, cause: number): void {
    this.#ended(channelId, cause);
  }

  #left(channelId: string): void {
    const entry = this.#entries.get(channelId);
    if (entry === undefined || entry.ending !== undefined) return;
    if (!entry.rung || entry.up) this.#ended(channelId, undefined);
    else entry.ending = setTimeout(() => this.#ended(channelId, undefined), CAUSE_WAIT_MS);
  }

  #ended(channelId: string, cause: number | undefined, sip?: number): void {
    const entry = this.#entries.get(channelId);
    if (entry === undefined) return;
    clearTimeout(entry.ending);
    this.#entries.delete(channelId);
    entry.owner.ended(cause, sip, entry.sign);
  }
}
