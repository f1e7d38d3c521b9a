import type { PromptKey } from '../guidance/rules.ts';
import {
  completeGuided,
  guidedFields,
  type DialOperation,
  type Field,
  type FieldValues,
  type GuidedCode,
} from './rules.ts';

/**
 * A guided dialogue as a pure machine: `step(state, event)` gives the next state and what is to be done. Keys are held in the state and
 * nowhere else.
 */

/** What became of an operation, as far as the caller is told. */
export type SpokenOutcome =
  | { readonly kind: 'done'; readonly prompts: readonly PromptKey[] }
  /** The leg goes on as something else: the dialogue is over without a word. */
  | { readonly kind: 'handed_over' }
  | { readonly kind: 'cannot_sign_in' }
  | { readonly kind: 'error' };

export interface DialogueState {
  readonly code: GuidedCode;
  readonly phase: 'new' | 'asking' | 'working' | 'speaking' | 'ended';
  readonly given: FieldValues;
  readonly values: FieldValues;
  /** The keys of the field that is being asked for. */
  readonly entry: string;
  /** The prompt was repeated once already. */
  readonly repeated: boolean;
  readonly failures: number;
}

export type DialogueEvent =
  | { readonly kind: 'begin' }
  | { readonly kind: 'key'; readonly key: string }
  /** The prompt was played to its end. */
  | { readonly kind: 'prompt_ended' }
  /** No key for {@link IDLE_MS} since the prompt's end or the last key. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'outcome'; readonly outcome: SpokenOutcome };

export type DialogueEffect =
  /** Play these, then listen in silence. */
  | { readonly kind: 'ask'; readonly prompts: readonly PromptKey[] }
  /** A key interrupts the prompt. */
  | { readonly kind: 'hush' }
  | { readonly kind: 'wait_for_key'; readonly ms: number }
  | { readonly kind: 'stop_waiting' }
  | { readonly kind: 'perform'; readonly operation: DialOperation }
  | { readonly kind: 'hand_over' }
  /** Play these to the end, then hang up. */
  | { readonly kind: 'say_and_end'; readonly prompts: readonly PromptKey[] };

export const IDLE_MS = 10_000;
export const MAX_ATTEMPTS = 3;
/** More keys than any field has are not kept: the entry is wrong already. */
const MAX_ENTRY = 32;

const INTRO: Readonly<Record<GuidedCode, PromptKey>> = {
  '0010': 'intro-sign-in',
  '0012': 'intro-sign-in-extension',
  '0013': 'intro-status-change',
  '0014': 'intro-status-check',
  '0015': 'intro-sign-out',
  '0070': 'intro-monitor',
  '0071': 'intro-whisper',
};

/** Monitoring says ダイヤル操作ID as its seed quotes; the other dialogues say エージェントID and パスワード (seed 000, section 2). */
function promptOf(code: GuidedCode, field: Field): PromptKey {
  const monitoring = code === '0070' || code === '0071';
  switch (field) {
    case 'dial_id':
      return monitoring ? 'enter-dial-id' : 'enter-agent-id';
    case 'dial_password':
      return monitoring ? 'enter-dial-password' : 'enter-password';
    case 'status':
      return 'enter-status';
    case 'extension':
    case 'target':
      return 'enter-extension';
  }
}

export function newDialogue(code: GuidedCode, given: FieldValues = {}): DialogueState {
  return { code, phase: 'new', given, values: given, entry: '', repeated: false, failures: 0 };
}

export interface Step {
  readonly state: DialogueState;
  readonly effects: readonly DialogueEffect[];
}

function asked(state: DialogueState): Field | undefined {
  return guidedFields(state.code).find((field) => state.values[field] === undefined);
}

function ask(state: DialogueState, before: readonly PromptKey[]): Step {
  const field = asked(state);
  if (field === undefined) return perform(state);
  return {
    state: { ...state, phase: 'asking', entry: '' },
    effects: [{ kind: 'stop_waiting' }, { kind: 'ask', prompts: [...before, promptOf(state.code, field)] }],
  };
}

function perform(state: DialogueState): Step {
  const operation = completeGuided(state.code, state.values);
  // The values are no longer needed; what is not kept cannot leak.
  const working: DialogueState = { ...state, phase: 'working', values: state.given, entry: '' };
  if (operation === undefined) return failed(working, 'error-occurred');
  return {
    state: working,
    effects: [{ kind: 'stop_waiting' }, { kind: 'hush' }, { kind: 'perform', operation }],
  };
}

function end(state: DialogueState, prompts: readonly PromptKey[]): Step {
  const effects: readonly DialogueEffect[] = [{ kind: 'stop_waiting' }, { kind: 'say_and_end', prompts }];
  return { state: { ...state, phase: 'speaking', values: {}, given: {}, entry: '' }, effects };
}

function failed(state: DialogueState, prompt: 'cannot-sign-in' | 'error-occurred'): Step {
  const failures = state.failures + 1;
  if (failures >= MAX_ATTEMPTS) return end({ ...state, failures }, [prompt]);
  // What a one-shot string gave and was refused is asked for anew.
  const given = prompt === 'cannot-sign-in' ? {} : state.given;
  return ask({ ...state, failures, given, values: given, repeated: false }, [prompt, 'try-again']);
}

function again(state: DialogueState): Step {
  if (state.repeated) return end(state, ['error-occurred']);
  return ask({ ...state, repeated: true }, []);
}

function onKey(state: DialogueState, key: string): Step {
  if (state.phase !== 'asking') return { state, effects: [] };
  const waiting: DialogueEffect = { kind: 'wait_for_key', ms: IDLE_MS };
  if (key === '#') {
    const field = asked(state);
    if (state.entry === '' || field === undefined) return again(state);
    return ask({ ...state, values: { ...state.values, [field]: state.entry }, repeated: false }, []);
  }
  const entry = key === '*' ? '' : (state.entry + key).slice(0, MAX_ENTRY);
  return { state: { ...state, entry }, effects: [{ kind: 'hush' }, waiting] };
}

export function step(state: DialogueState, event: DialogueEvent): Step {
  switch (event.kind) {
    case 'begin':
      return state.phase === 'new' ? ask(state, [INTRO[state.code]]) : { state, effects: [] };
    case 'key':
      return onKey(state, event.key);
    case 'prompt_ended':
      return {
        state,
        effects: state.phase === 'asking' ? [{ kind: 'wait_for_key', ms: IDLE_MS }] : [],
      };
    case 'idle':
      return state.phase === 'asking' ? again(state) : { state, effects: [] };
    case 'outcome': {
      if (state.phase !== 'working') return { state, effects: [] };
      if (event.outcome.kind === 'handed_over') {
        return {
          state: { ...state, phase: 'ended', values: {}, given: {} },
          effects: [{ kind: 'stop_waiting' }, { kind: 'hand_over' }],
        };
      }
      if (event.outcome.kind === 'done') return end(state, event.outcome.prompts);
      return failed(state, event.outcome.kind === 'cannot_sign_in' ? 'cannot-sign-in' : 'error-occurred');
    }
  }
}
