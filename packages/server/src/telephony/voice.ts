import { ifGone, newId, type AriClient } from '@sasayaki/ari';

/** A recording that does not end within this is given up: a caller must never wait for ever. */
const LONGEST_SPEECH_MS = 60_000;

/**
 * What one leg hears from us. While keys are awaited something always plays, a prompt or silence: without it Asterisk reads keys that follow
 * each other within 45 ms twice. Requests go out in order on one socket, so nothing here waits for an answer before the next.
 */
export class Voice {
  readonly #ari: AriClient;
  readonly #channelId: string;
  readonly #silence: string;
  readonly #onFault: (error: unknown) => void;
  #prompt: string | undefined;
  #quiet: string | undefined;
  #promptEnded: (() => void) | undefined;
  /** An end that was lost with the connection must not keep a caller in silence. */
  #longest: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(ari: AriClient, channelId: string, silence: string, onFault: (error: unknown) => void) {
    this.#ari = ari;
    this.#channelId = channelId;
    this.#silence = silence;
    this.#onFault = onFault;
  }

  /** Plays the prompt, then silence. What played before is cut when the new is queued behind it, so that no gap is between. */
  ask(media: readonly string[], onEnded: () => void): void {
    if (this.#closed) return;
    const before = [this.#prompt, this.#quiet];
    const prompt = this.#play(media);
    this.#prompt = prompt;
    this.#quiet = this.#play([this.#silence]);
    this.#promptEnded = onEnded;
    clearTimeout(this.#longest);
    this.#longest = setTimeout(() => this.playbackFinished(prompt), LONGEST_SPEECH_MS);
    for (const playbackId of before) if (playbackId !== undefined) this.#stop(playbackId);
  }

  /** Cuts the prompt; silence goes on. */
  hush(): void {
    if (this.#prompt === undefined) return;
    this.#stop(this.#prompt);
    clearTimeout(this.#longest);
    this.#prompt = undefined;
    this.#promptEnded = undefined;
  }

  /** Plays to the end. @returns when it ended, or when it took too long; at once when the leg is gone */
  async say(media: readonly string[]): Promise<void> {
    if (this.#closed) return;
    const before = [this.#prompt, this.#quiet];
    this.#quiet = undefined;
    clearTimeout(this.#longest);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LONGEST_SPEECH_MS);
      this.#promptEnded = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#prompt = this.#play(media);
      for (const playbackId of before) if (playbackId !== undefined) this.#stop(playbackId);
    });
  }

  /** Stops everything that plays; the leg may be spoken to again. */
  silence(): void {
    for (const playbackId of [this.#prompt, this.#quiet])
      if (playbackId !== undefined) this.#stop(playbackId);
    this.#forget();
  }

  /** The leg is gone: nothing more is said, and who waits for a recording's end waits no longer. */
  close(): void {
    this.#closed = true;
    this.#forget();
  }

  #forget(): void {
    const ended = this.#promptEnded;
    clearTimeout(this.#longest);
    this.#promptEnded = undefined;
    this.#prompt = undefined;
    this.#quiet = undefined;
    ended?.();
  }

  playbackFinished(playbackId: string): void {
    if (playbackId === this.#prompt) {
      const ended = this.#promptEnded;
      clearTimeout(this.#longest);
      this.#prompt = undefined;
      this.#promptEnded = undefined;
      ended?.();
    } else if (playbackId === this.#quiet) {
      this.#quiet = this.#play([this.#silence]);
    }
  }

  #play(media: readonly string[]): string {
    const playbackId = newId('play');
    const failed = (error: unknown): void => {
      this.#onFault(error);
      this.playbackFinished(playbackId);
    };
    ifGone(this.#ari.channels.playWithId({ channelId: this.#channelId, playbackId, media })).catch(failed);
    return playbackId;
  }

  #stop(playbackId: string): void {
    ifGone(this.#ari.playbacks.stop({ playbackId })).catch(this.#onFault);
  }
}
