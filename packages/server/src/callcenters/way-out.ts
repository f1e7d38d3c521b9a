import type { Leg } from '../calls/rules.ts';
import type { CallService } from '../calls/service.ts';
import type { PromptKey } from '../guidance/rules.ts';
import type { CallCenterRules, OverflowAction } from './rules.ts';
import type { WaitingSound } from './sound.ts';
import type { Waiting } from './waiting.ts';

export interface WayOutOptions {
  readonly calls: CallService;
  /** Whether a phone is registered; null while Asterisk's answer is unknown. */
  readonly isRegistered: (phone: string) => boolean | null;
  readonly isCallCenter: (number: string) => boolean;
  /** Lets a caller wait in another call center. */
  readonly enter: (callId: string, visited: readonly string[]) => void;
  readonly media: (caller: Leg, prompts: readonly PromptKey[]) => readonly string[];
}

/** Who leaves, with what is known of it. */
export interface Leaver {
  readonly waiting: Waiting;
  readonly rules: CallCenterRules;
  readonly sound: WaitingSound;
}

/** How long a busy tone is heard, ms. */
const BUSY_MS = 5_000;

/** Where callers go when their wait is over; who cannot go there hears the notice instead. */
export class WayOut {
  readonly #options: WayOutOptions;

  constructor(options: WayOutOptions) {
    this.#options = options;
  }

  leave(leaver: Leaver, action: OverflowAction, target: string | null): void {
    const { isRegistered, isCallCenter } = this.#options;
    if (action === 'extension' && target !== null && isRegistered(target) === true) {
      this.#toExtension(leaver, target);
    } else if (action === 'call_center' && target !== null && isCallCenter(target)) {
      this.#toCallCenter(leaver, target);
    } else if (action === 'busy') {
      this.#sayAndEnd(leaver, ['tone:busy'], BUSY_MS);
    } else {
      const caller = this.#options.calls.call(leaver.waiting.callId)?.caller;
      this.#sayAndEnd(leaver, caller === undefined ? [] : this.#options.media(caller, ['waiting-sorry']));
    }
  }

  #sayAndEnd({ waiting, sound }: Leaver, media: readonly string[], longestMs?: number): void {
    void sound.say(media, longestMs).then(() => this.#options.calls.end(waiting.callId, 'overflowed'));
  }

  #toExtension({ waiting, rules, sound }: Leaver, number: string): void {
    const { calls } = this.#options;
    sound.quiet();
    const caller = calls.release(waiting.callId, 'overflowed');
    if (caller === undefined) return;
    const callerId = { name: rules.name, number: waiting.caller };
    const way = { endpoint: `PJSIP/${number}`, party: { kind: 'phone', number }, callerId } as const;
    const kind = caller.party.kind === 'outside' ? 'incoming' : 'internal';
    calls.start({ kind, caller, dialled: number, ways: [way] });
  }

  #toCallCenter({ waiting }: Leaver, number: string): void {
    const { calls, enter } = this.#options;
    const caller = calls.release(waiting.callId, 'overflowed');
    if (caller !== undefined) enter(calls.wait({ caller, callCenter: number }).id, waiting.visited);
  }
}
