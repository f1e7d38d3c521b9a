import type { AriClient } from '@sasayaki/ari';

/** Who owns a leg (a channel) hears what happens on it. */
export interface LegOwner {
  digit?(key: string): void;
  playbackFinished?(playbackId: string): void;
  /** The leg is gone. Called once. */
  ended(cause: number | undefined): void;
}

/** Which owner each channel has. Events about channels without one are nobody's business. */
export class LegRegistry {
  readonly #owners = new Map<string, LegOwner>();

  constructor(ari: AriClient) {
    ari.on('ChannelDtmfReceived', (event) => this.#owners.get(event.channel.id)?.digit?.(event.digit));
    ari.on('PlaybackFinished', ({ playback }) => {
      const channelId = playback.target_uri.replace(/^channel:/, '');
      this.#owners.get(channelId)?.playbackFinished?.(playback.id);
    });
    // A leg's last event is one or the other, or both: the first ends it.
    ari.on('StasisEnd', (event) => this.#ended(event.channel.id, undefined));
    ari.on('ChannelDestroyed', (event) => this.#ended(event.channel.id, event.cause));
  }

  get size(): number {
    return this.#owners.size;
  }

  has(channelId: string): boolean {
    return this.#owners.has(channelId);
  }

  own(channelId: string, owner: LegOwner): void {
    this.#owners.set(channelId, owner);
  }

  /** After a reconnection: legs that Asterisk no longer has have ended meanwhile. */
  keepOnly(channelIds: ReadonlySet<string>): void {
    for (const id of [...this.#owners.keys()]) if (!channelIds.has(id)) this.#ended(id, undefined);
  }

  #ended(channelId: string, cause: number | undefined): void {
    const owner = this.#owners.get(channelId);
    if (owner === undefined) return;
    this.#owners.delete(channelId);
    owner.ended(cause);
  }
}
