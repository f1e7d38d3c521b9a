import { ifGone, newId, type AriClient } from '@sasayaki/ari';

/** A recording whose end is not told within this is taken for ended: a caller must never wait for ever, ms. */
const LONGEST_SPEECH_MS = 30_000;

/**
 * What a caller hears who waits alone. Asterisk does what it is told for one leg in the order in which it was told, so that music goes on
 * after a notice by itself, also when nobody is there any more to hear that the notice ended.
 */
export class WaitingSound {
  readonly #ari: AriClient;
  readonly #channelId: string;
  readonly #onFault: (error: unknown) => void;
  #playing: string | undefined;
  #ended: (() => void) | undefined;

  constructor(ari: AriClient, channelId: string, onFault: (error: unknown) => void) {
    this.#ari = ari;
    this.#channelId = channelId;
    this.#onFault = onFault;
  }

  music(): void {
    this.#do(this.#ari.channels.startMoh({ channelId: this.#channelId }));
  }

  /** Says something, then goes on with the music. */
  notice(media: readonly string[]): void {
    this.#play(media);
    this.music();
  }

  /** Says something in place of the music. @returns when it was said, or took too long, or was cut */
  async say(media: readonly string[], longestMs = LONGEST_SPEECH_MS): Promise<void> {
    this.quiet();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.#cut(), longestMs);
      this.#play(media);
      this.#ended = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends all sound, for the talk that begins. What is asked of Asterisk after this finds the leg quiet. */
  quiet(): void {
    this.#cut();
    this.#do(this.#ari.channels.stopMoh({ channelId: this.#channelId }));
  }

  /** A recording ended; others than ours are nobody's business. */
  playbackFinished(playbackId: string): void {
    if (playbackId === this.#playing) this.#over();
  }

  /** The leg is gone, or somebody else's: who waits for a recording's end waits no longer. */
  close(): void {
    this.#over();
  }

  #play(media: readonly string[]): void {
    this.#cut();
    const playbackId = newId('play');
    this.#playing = playbackId;
    const started = this.#ari.channels.playWithId({ channelId: this.#channelId, playbackId, media });
    ifGone(started).catch((error: unknown) => {
      this.#onFault(error);
      this.playbackFinished(playbackId);
    });
  }

  #cut(): void {
    const playbackId = this.#playing;
    if (playbackId === undefined) return;
    this.#over();
    this.#do(this.#ari.playbacks.stop({ playbackId }));
  }

  #over(): void {
    const ended = this.#ended;
    this.#playing = undefined;
    this.#ended = undefined;
    ended?.();
  }

  #do(request: Promise<unknown>): void {
    ifGone(request).catch(this.#onFault);
  }
}
