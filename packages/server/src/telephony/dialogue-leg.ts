import {
  newDialogue,
  step,
  type DialogueEffect,
  type DialogueEvent,
  type DialogueState,
  type SpokenOutcome,
} from '../dialing/dialogue.ts';
import type { DialOperation, FieldValues, GuidedCode } from '../dialing/rules.ts';
import type { PromptKey } from '../guidance/rules.ts';
import type { Voice } from './voice.ts';

export interface DialogueLegOptions {
  readonly voice: Voice;
  readonly mediaOf: (prompts: readonly PromptKey[]) => readonly string[];
  readonly perform: (operation: DialOperation) => Promise<SpokenOutcome>;
  readonly hangUp: () => void;
  /** The leg is quiet and somebody else's now. */
  readonly handedOver: () => void;
}

/** Runs a guided dialogue on a leg: the machine decides, this one does. Ends with the leg. */
export class DialogueLeg {
  readonly #options: DialogueLegOptions;
  #state: DialogueState;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(code: GuidedCode, given: FieldValues, options: DialogueLegOptions) {
    this.#options = options;
    this.#state = newDialogue(code, given);
  }

  begin(): void {
    this.#handle({ kind: 'begin' });
  }

  digit(key: string): void {
    this.#handle({ kind: 'key', key });
  }

  playbackFinished(playbackId: string): void {
    this.#options.voice.playbackFinished(playbackId);
  }

  /** The leg is gone. */
  close(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#options.voice.close();
  }

  #handle(event: DialogueEvent): void {
    if (this.#over) return;
    const { state, effects } = step(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#do(effect);
  }

  #do(effect: DialogueEffect): void {
    const { voice, mediaOf, perform, hangUp, handedOver } = this.#options;
    switch (effect.kind) {
      case 'ask':
        voice.ask(mediaOf(effect.prompts), () => this.#handle({ kind: 'prompt_ended' }));
        break;
      case 'hush':
        voice.hush();
        break;
      case 'wait_for_key':
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#handle({ kind: 'idle' }), effect.ms);
        break;
      case 'stop_waiting':
        clearTimeout(this.#timer);
        break;
      case 'perform':
        void perform(effect.operation).then((outcome) => this.#handle({ kind: 'outcome', outcome }));
        break;
      case 'hand_over':
        voice.silence();
        handedOver();
        break;
      case 'say_and_end':
        void voice.say(mediaOf(effect.prompts)).then(hangUp);
        break;
    }
  }
}
