import { ifGone, type AriClient } from '@sasayaki/ari';
import type { SpokenOutcome } from '../dialing/dialogue.ts';
import type { DialOperation, FieldValues, GuidedCode } from '../dialing/rules.ts';
import type { DialService } from '../dialing/service.ts';
import { mediaOf, silenceOf, spokenLanguage, type PromptKey } from '../guidance/rules.ts';
import type { Phone } from '../phones/store.ts';
import type { Settings } from '../settings/service.ts';
import { DialogueLeg } from './dialogue-leg.ts';
import type { LegOwner, LegRegistry } from './legs.ts';
import { Voice } from './voice.ts';

export interface SpeakerOptions {
  readonly ari: AriClient;
  readonly legs: LegRegistry;
  readonly soundsDir: string;
  readonly settings: () => Settings;
  readonly dial: DialService;
  /** The leg belongs to monitoring now, and is quiet. */
  readonly handedOver: (channelId: string) => void;
  /** A phone that heard us does so no longer. */
  readonly onSilent: (phone: string) => void;
  readonly onFault: (error: unknown, what: string, about: { readonly call: string }) => void;
}

export type NetworkAnswer = 'busy' | 'congestion' | 'no_answer' | 'unallocated';

/** What legs hear of us: dialogues, results, announcements, and the network's refusals. */
export class Speaker {
  readonly #options: SpeakerOptions;
  /** The legs of each phone that hear us now. */
  readonly #hearing = new Map<string, Set<string>>();

  constructor(options: SpeakerOptions) {
    this.#options = options;
  }

  /** Whether this phone hears us: no call of its own, but who rings it now interrupts a dialogue or its result. */
  isHeardAt(phone: string): boolean {
    return this.#hearing.has(phone);
  }

  /** The answer of the network, which costs the caller nothing. */
  refuse(channelId: string, reason: NetworkAnswer): void {
    ifGone(this.#options.ari.channels.hangup({ channelId, reason })).catch((error: unknown) => {
      this.#options.onFault(error, 'a call could not be refused', { call: channelId });
    });
  }

  /** A guided dialogue. */
  guide(channelId: string, phone: Phone, code: GuidedCode, given: FieldValues): void {
    const voice = this.voice(channelId);
    const leg = new DialogueLeg(code, given, {
      voice,
      mediaOf: (prompts) => this.media(phone, prompts),
      perform: async (operation) =>
        this.#options.dial.perform(operation, { phone: phone.number, door: 'guided_dial', call: channelId }),
      hangUp: () => this.hangUp(channelId),
      handedOver: () => this.#handOver(channelId, phone),
    });
    this.#own(channelId, phone, leg);
    this.#answer(channelId);
    leg.begin();
  }

  /** A whole operation in one string. */
  oneShot(channelId: string, phone: Phone, operation: DialOperation): void {
    const voice = this.voice(channelId);
    this.#own(channelId, phone, voice);
    const caller = { phone: phone.number, door: 'one_shot_dial', call: channelId } as const;
    const performed = this.#options.dial.perform(operation, caller);
    // Side by side, and after the database was asked, which takes longer; what is spoken is committed.
    process.nextTick(() => this.#answer(channelId));
    void performed.then(async (outcome) => {
      if (outcome.kind === 'handed_over') {
        this.#handOver(channelId, phone);
        return;
      }
      await voice.say(this.media(phone, spoken(outcome)));
      this.hangUp(channelId);
    });
  }

  /** Says something and hangs up. */
  announce(channelId: string, phone: Phone | undefined, prompts: readonly PromptKey[]): void {
    const voice = this.voice(channelId);
    this.#own(channelId, phone, voice);
    this.#answer(channelId);
    void voice.say(this.media(phone, prompts)).then(() => this.hangUp(channelId));
  }

  /** What speaks on one leg. */
  voice(channelId: string): Voice {
    const { ari, soundsDir, onFault } = this.#options;
    return new Voice(ari, channelId, silenceOf(soundsDir), (error) =>
      onFault(error, 'a recording could not be played', { call: channelId }),
    );
  }

  /** The recordings of these prompts in the language of the phone. */
  media(phone: Phone | undefined, prompts: readonly PromptKey[]): readonly string[] {
    const language = spokenLanguage(phone?.language ?? null, this.#options.settings().guidanceLanguage);
    return mediaOf(this.#options.soundsDir, language, prompts);
  }

  /** The leg hears us until it ends or is handed over. */
  #own(
    channelId: string,
    phone: Phone | undefined,
    ears: Pick<LegOwner, 'digit'> & { playbackFinished(playbackId: string): void; close(): void },
  ): void {
    if (phone !== undefined) {
      const legs = this.#hearing.get(phone.number) ?? new Set();
      this.#hearing.set(phone.number, legs.add(channelId));
    }
    this.#options.legs.own(channelId, {
      digit: (key) => ears.digit?.(key),
      playbackFinished: (playbackId) => ears.playbackFinished(playbackId),
      ended: () => {
        ears.close();
        if (phone !== undefined) this.#silent(channelId, phone.number);
      },
    });
  }

  #handOver(channelId: string, phone: Phone): void {
    this.#options.handedOver(channelId);
    this.#silent(channelId, phone.number);
  }

  #silent(channelId: string, phone: string): void {
    const legs = this.#hearing.get(phone);
    if (legs?.delete(channelId) !== true || legs.size > 0) return;
    this.#hearing.delete(phone);
    this.#options.onSilent(phone);
  }

  #answer(channelId: string): void {
    ifGone(this.#options.ari.channels.answer({ channelId })).catch((error: unknown) => {
      this.#options.onFault(error, 'a call could not be answered', { call: channelId });
    });
  }

  hangUp(channelId: string): void {
    ifGone(this.#options.ari.channels.hangup({ channelId })).catch((error: unknown) => {
      this.#options.onFault(error, 'a leg could not be hung up', { call: channelId });
      // Nobody's from now on, so that who reads Asterisk anew finds it and ends it.
      this.#options.legs.failed(channelId, 0);
    });
  }
}

function spoken(outcome: Exclude<SpokenOutcome, { kind: 'handed_over' }>): readonly PromptKey[] {
  switch (outcome.kind) {
    case 'done':
      return outcome.prompts;
    case 'cannot_sign_in':
      return ['cannot-sign-in'];
    case 'error':
      return ['error-occurred'];
  }
}
