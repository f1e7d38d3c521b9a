import { ifGone, newId, type AriClient } from '@sasayaki/ari';
import type { MonitorMode } from '../dialing/rules.ts';
import type { LegRegistry } from '../telephony/legs.ts';
import type { Voice } from '../telephony/voice.ts';

export interface LineOptions {
  readonly ari: AriClient;
  readonly legs: LegRegistry;
  readonly app: string;
  /** The bridge of the session; made by `open`. */
  readonly bridge: string;
  /** The supervisor's channel. */
  readonly supervisor: string;
  readonly voice: Voice;
  /** The media of the notice that the supervisor hears between calls. */
  readonly notice: () => readonly string[];
  readonly onFault: (error: unknown, what: string) => void;
}

/** The first argument of taps and tones in their StasisStart. */
export const TAP_ARGUMENT = 'tap';
/** Ids of the channels that tap a leg, and of those that play a tone to one party. */
export const TAP = 'tap-';

/**
 * What Asterisk does for one session: a tap on the target's leg, joined to the supervisor's leg in a bridge of their own. The watched call's
 * bridge is never touched. A tap is made for hearing only, or for hearing and speaking to the agent; a listener's has no way in.
 */
export class Line {
  readonly #options: LineOptions;
  /** The tap that is joined, and the one that is being made. */
  #joined: string | undefined;
  #making: string | undefined;
  #waiting = false;
  #mode: MonitorMode = 'listen';

  constructor(options: LineOptions, joined?: string) {
    this.#options = options;
    this.#joined = joined;
  }

  /** Taps this leg in place of what was tapped before, and plays the tone to the agent and the supervisor. */
  attach(target: string, mode: MonitorMode, tone: string | undefined): void {
    const { ari, app, supervisor } = this.#options;
    const tap = newId('tap');
    this.#making = tap;
    this.#mode = mode;
    // A listener is mute besides having no way in: from this moment, not from the moment that the new tap takes the place of the old.
    if (mode === 'listen') this.#do(ari.channels.mute({ channelId: supervisor, direction: 'in' }));
    this.#do(
      ari.channels.snoopChannelWithId({
        channelId: target,
        snoopId: tap,
        app,
        appArgs: TAP_ARGUMENT,
        // `both` is what the agent says and hears; `out` is towards the agent's phone alone.
        spy: 'both',
        whisper: mode === 'whisper' ? 'out' : 'none',
      }),
    );
    if (tone === undefined) return;
    this.#tone(target, tone);
    this.#tone(supervisor, tone);
  }

  /** A tap of ours is in the application: it takes the place of the one before. @returns false when nobody waits for it */
  entered(tap: string): boolean {
    if (tap !== this.#making) return false;
    const { ari, bridge, supervisor } = this.#options;
    const before = this.#joined;
    this.#joined = tap;
    this.#making = undefined;
    if (before !== undefined) {
      this.#do(ari.bridges.removeChannel({ bridgeId: bridge, channel: [before] }));
      this.#do(ari.bridges.addChannel({ bridgeId: bridge, channel: [tap] }));
      this.#do(ari.channels.hangup({ channelId: before }));
    } else {
      this.#hush();
      // Keys of the supervisor are for us, not for the agent's ear.
      this.#do(ari.bridges.addChannel({ bridgeId: bridge, channel: [supervisor], absorbDTMF: true }));
      this.#do(ari.bridges.addChannel({ bridgeId: bridge, channel: [tap] }));
    }
    if (this.#mode === 'whisper') this.#do(ari.channels.unmute({ channelId: supervisor, direction: 'in' }));
    return true;
  }

  /** Between calls: a notice, then quiet music. */
  wait(): void {
    const { ari, bridge, supervisor, voice, notice } = this.#options;
    const before = this.#joined;
    this.#joined = undefined;
    this.#making = undefined;
    this.#waiting = true;
    if (before !== undefined) this.#do(ari.channels.hangup({ channelId: before }));
    this.#do(ari.bridges.removeChannel({ bridgeId: bridge, channel: [supervisor] }));
    void voice.say(notice()).then(() => {
      if (this.#waiting) this.#do(ari.channels.startMoh({ channelId: supervisor }));
    });
  }

  /** Everything of the session goes. */
  close(): void {
    const { ari, bridge, supervisor, voice } = this.#options;
    this.#waiting = false;
    voice.close();
    for (const channelId of [this.#joined, this.#making, supervisor]) {
      if (channelId !== undefined) this.#do(ari.channels.hangup({ channelId }));
    }
    this.#joined = undefined;
    this.#making = undefined;
    this.#do(ari.bridges.destroy({ bridgeId: bridge }));
  }

  playbackFinished(playbackId: string): void {
    this.#options.voice.playbackFinished(playbackId);
  }

  #hush(): void {
    const { ari, supervisor, voice } = this.#options;
    const waited = this.#waiting;
    this.#waiting = false;
    voice.silence();
    if (waited) this.#do(ari.channels.stopMoh({ channelId: supervisor }));
  }

  /** A tone to one party alone: it goes towards that phone and nowhere else. */
  #tone(channelId: string, media: string): void {
    const { ari, app, legs } = this.#options;
    const snoopId = newId('tap');
    legs.own(snoopId, {
      playbackFinished: () => this.#do(ari.channels.hangup({ channelId: snoopId })),
      ended: () => undefined,
    });
    const tone = { channelId, snoopId, app, appArgs: TAP_ARGUMENT, spy: 'none', whisper: 'out' } as const;
    const made = ari.channels.snoopChannelWithId(tone);
    made.catch(() => legs.failed(snoopId, 0));
    this.#do(made.then(async () => ari.channels.play({ channelId: snoopId, media: [media] })));
  }

  #do(request: Promise<unknown>): void {
    ifGone(request).catch((error: unknown) =>
      this.#options.onFault(error, 'monitoring could not be carried on'),
    );
  }
}
