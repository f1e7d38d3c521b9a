import { ifGone, newId, type AriClient, type Bridge } from '@sasayaki/ari';
import type { MonitorMode } from '../dialing/rules.ts';
import type { LegRegistry } from '../telephony/legs.ts';
import type { Voice } from '../telephony/voice.ts';
import { TAP_ARGUMENT, type SharedTap, type Taps } from './taps.ts';

export interface LineOptions {
  readonly ari: AriClient;
  readonly legs: LegRegistry;
  readonly app: string;
  /** The bridge of the session; made by `open`. */
  readonly bridge: string;
  /** The supervisor's channel. */
  readonly supervisor: string;
  /** The taps that are only listened to. */
  readonly taps: Taps;
  readonly voice: Voice;
  /** The media of the notice that the supervisor hears between calls. */
  readonly notice: () => readonly string[];
  readonly onFault: (error: unknown, what: string) => void;
}

interface Shared {
  readonly kind: 'shared';
  readonly tap: SharedTap;
}

/** What a supervisor is joined to: a tap of many listeners, or a whisperer's own. */
export type Joint = Shared | { readonly kind: 'own'; readonly tap: string };

/** Where a new server found the supervisor. */
export interface Found {
  readonly joint: Joint | undefined;
  /** The bridge that the supervisor is in. */
  readonly seat: string | undefined;
}

/**
 * What Asterisk does for one session: a tap on the target's leg, and the supervisor's leg joined to it. The watched call's bridge is never
 * touched. Listeners share a tap that has no way in; a whisperer has one of its own that speaks to the agent, joined in the session's bridge.
 */
export class Line {
  readonly #options: LineOptions;
  /** What is joined, and what is being made. */
  #joined: Joint | undefined;
  #making: Joint | undefined;
  /** Media to play once their channels are in the application. */
  readonly #tones = new Map<string, string>();
  /** The bridge that the supervisor is in. */
  #seat: string | undefined;
  #waiting = false;

  constructor(options: LineOptions, found?: Found) {
    this.#options = options;
    this.#joined = found?.joint;
    this.#seat = found?.seat;
  }

  /** Taps this leg in place of what was tapped before, and plays the tone to the agent and the supervisor. */
  attach(target: string, mode: MonitorMode, tone: string | undefined): void {
    const { supervisor } = this.#options;
    const given = this.#making;
    if (mode === 'listen') this.#listen(target);
    else this.#whisper(target);
    if (given !== undefined) this.#release(given);
    if (tone === undefined) return;
    this.#tone(target, tone);
    this.#tone(supervisor, tone);
  }

  /**
   * After a connection: what is believed is corrected by what Asterisk has. A tap that was on its way is given up, for its arrival was perhaps told
   * to nobody.
   */
  compare(bridges: readonly Bridge[]): void {
    const { supervisor } = this.#options;
    const seat = bridges.find(({ channels }) => channels.includes(supervisor));
    this.#seat = seat?.id;
    const given = [this.#making];
    this.#making = undefined;
    const joined = this.#joined;
    const tap = joined?.kind === 'shared' ? joined.tap.id : joined?.tap;
    if (tap !== undefined && seat?.channels.includes(tap) !== true) {
      given.push(joined);
      this.#joined = undefined;
    }
    for (const joint of given) if (joint !== undefined) this.#release(joint);
    this.#dropTones();
  }

  /** Whether the supervisor is joined in this mode. Who whispers is heard from then on, whatever was begun and not ended. */
  isJoined(mode: MonitorMode): boolean {
    const { ari, supervisor } = this.#options;
    if (this.#joined === undefined || this.#making !== undefined) return false;
    if ((this.#joined.kind === 'own') !== (mode === 'whisper')) return false;
    if (mode === 'whisper') this.#do(ari.channels.unmute({ channelId: supervisor, direction: 'in' }));
    return true;
  }

  /** Whether the supervisor is in no bridge. */
  get isApart(): boolean {
    return this.#seat === undefined;
  }

  /** A tone or a tap of ours is in the application. @returns false when nobody waits for it */
  entered(channelId: string): boolean {
    const tone = this.#tones.get(channelId);
    if (tone === undefined) return this.#tapEntered(channelId);
    this.#tones.delete(channelId);
    this.#do(this.#options.ari.channels.play({ channelId, media: [tone] }));
    return true;
  }

  /** It takes the place of the one before. */
  #tapEntered(tap: string): boolean {
    const making = this.#making;
    if (making?.kind !== 'own' || making.tap !== tap) return false;
    const { ari, bridge, supervisor } = this.#options;
    const before = this.#takes(making);
    // Out of the way first: two taps in one bridge would hear each other.
    if (before?.kind === 'own') {
      this.#do(ari.bridges.removeChannel({ bridgeId: bridge, channel: [before.tap] }));
    }
    if (this.#seat !== bridge) {
      // Keys of the supervisor are for us, not for the agent's ear.
      this.#do(ari.bridges.addChannel({ bridgeId: bridge, channel: [supervisor], absorbDTMF: true }));
      this.#seat = bridge;
    }
    this.#do(ari.bridges.addChannel({ bridgeId: bridge, channel: [tap] }));
    if (before !== undefined) this.#release(before);
    this.#do(ari.channels.unmute({ channelId: supervisor, direction: 'in' }));
    return true;
  }

  /** Between calls: a notice, then quiet music. */
  wait(): void {
    const { ari, supervisor, voice, notice } = this.#options;
    this.#waiting = true;
    if (this.#seat !== undefined) {
      this.#do(ari.bridges.removeChannel({ bridgeId: this.#seat, channel: [supervisor] }));
      this.#seat = undefined;
    }
    this.#releaseAll();
    void voice.say(notice()).then(() => {
      if (this.#waiting) this.#do(ari.channels.startMoh({ channelId: supervisor }));
    });
  }

  /** A new server found the supervisor waiting: the music goes on, and nothing is said again. */
  goOnWaiting(): void {
    const { ari, supervisor } = this.#options;
    this.#waiting = true;
    this.#do(ari.channels.startMoh({ channelId: supervisor }));
  }

  /** Everything of the session goes. @throws AriError when Asterisk could not be told */
  async close(): Promise<void> {
    const { ari, bridge, supervisor, voice } = this.#options;
    this.#waiting = false;
    voice.close();
    this.#dropTones();
    this.#do(ari.channels.hangup({ channelId: supervisor }));
    this.#releaseAll();
    await ifGone(ari.bridges.destroy({ bridgeId: bridge }));
  }

  playbackFinished(playbackId: string): void {
    this.#options.voice.playbackFinished(playbackId);
  }

  #listen(target: string): void {
    const { ari, supervisor, taps } = this.#options;
    // From this moment, not from the moment that the new tap takes the place of the old.
    if (this.#joined?.kind === 'own') this.#do(ari.channels.mute({ channelId: supervisor, direction: 'in' }));
    const tap = taps.hold(target, supervisor, () => this.#hear(making));
    const making: Shared = { kind: 'shared', tap };
    this.#making = making;
    if (tap.isReady) this.#hear(making);
  }

  /** The shared tap is there. */
  #hear(joint: Shared): void {
    if (this.#making !== joint) return;
    const { ari, supervisor } = this.#options;
    const before = this.#takes(joint);
    const { bridge } = joint.tap;
    if (this.#seat !== bridge) this.#do(ari.bridges.addChannel({ bridgeId: bridge, channel: [supervisor] }));
    this.#seat = bridge;
    if (before !== undefined) this.#release(before);
  }

  #whisper(target: string): void {
    const { ari, app } = this.#options;
    const tap = newId('tap');
    this.#making = { kind: 'own', tap };
    this.#do(
      ari.channels.snoopChannelWithId({
        channelId: target,
        snoopId: tap,
        app,
        appArgs: TAP_ARGUMENT,
        // `both` is what the agent says and hears; `out` is towards the agent's phone alone.
        spy: 'both',
        whisper: 'out',
      }),
    );
  }

  /** What was being made takes the place of what was joined. @returns what was joined */
  #takes(joint: Joint): Joint | undefined {
    const before = this.#joined;
    this.#joined = joint;
    this.#making = undefined;
    if (this.#seat === undefined) this.#hush();
    return before;
  }

  #releaseAll(): void {
    const given = [this.#joined, this.#making];
    this.#joined = undefined;
    this.#making = undefined;
    for (const joint of given) if (joint !== undefined) this.#release(joint);
  }

  /** Lets go of a tap, unless it is in use. */
  #release(joint: Joint): void {
    const { ari, supervisor, taps } = this.#options;
    if (joint.kind === 'own') {
      this.#do(ari.channels.hangup({ channelId: joint.tap }));
      return;
    }
    const isUsed = [this.#joined, this.#making].some((used) => used?.tap === joint.tap);
    if (!isUsed) taps.release(joint.tap, supervisor);
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
    this.#tones.set(snoopId, media);
    legs.own(snoopId, {
      playbackFinished: () => this.#do(ari.channels.hangup({ channelId: snoopId })),
      ended: () => void this.#tones.delete(snoopId),
    });
    const tone = { channelId, snoopId, app, appArgs: TAP_ARGUMENT, spy: 'none', whisper: 'out' } as const;
    const made = ari.channels.snoopChannelWithId(tone);
    made.catch(() => legs.failed(snoopId, 0));
    this.#do(made);
  }

  /** Tones whose arrival nobody will tell, or nobody waits for. */
  #dropTones(): void {
    for (const channelId of this.#tones.keys()) this.#do(this.#options.ari.channels.hangup({ channelId }));
    this.#tones.clear();
  }

  #do(request: Promise<unknown>): void {
    ifGone(request).catch((error: unknown) =>
      this.#options.onFault(error, 'monitoring could not be carried on'),
    );
  }
}
