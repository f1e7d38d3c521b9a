import { describe, expect, it } from 'vitest';
import {
  IDLE_MS,
  newDialogue,
  step,
  type DialogueEffect,
  type DialogueEvent,
  type DialogueState,
} from './dialogue.ts';

/** Runs events and gives the last state and the effects of the last event. */
function run(
  state: DialogueState,
  ...events: readonly DialogueEvent[]
): { state: DialogueState; effects: readonly DialogueEffect[] } {
  let effects: readonly DialogueEffect[] = [];
  for (const event of events) ({ state, effects } = step(state, event));
  return { state, effects };
}

const begin: DialogueEvent = { kind: 'begin' };
const keys = (text: string): DialogueEvent[] => Array.from(text, (key) => ({ kind: 'key', key }));
const asks = (effects: readonly DialogueEffect[]) => effects.find((effect) => effect.kind === 'ask')?.prompts;
const says = (effects: readonly DialogueEffect[]) =>
  effects.find((effect) => effect.kind === 'say_and_end')?.prompts;
const performs = (effects: readonly DialogueEffect[]) =>
  effects.find((effect) => effect.kind === 'perform')?.operation;
const credentials = { dialId: '123456', dialPassword: '73920418' };

describe('a guided dialogue', () => {
  it('asks for ID, then password, then signs in [A06] [A07]', () => {
    const first = run(newDialogue('0010'), begin);
    expect(asks(first.effects)).toEqual(['intro-sign-in', 'enter-agent-id']);
    const second = run(first.state, ...keys('123456#'));
    expect(asks(second.effects)).toEqual(['enter-password']);
    const third = run(second.state, ...keys('73920418#'));
    expect(performs(third.effects)).toEqual({
      kind: 'sign_in',
      credentials,
      extension: null,
      status: 'ready',
      seat: null,
    });
  });

  it.each([
    ['0012', '1001#', { kind: 'sign_in', credentials, extension: '1001', status: 'ready', seat: null }],
    ['0013', '2#', { kind: 'change_status', credentials, status: 'on_break' }],
    ['0013', '9#', { kind: 'change_status', credentials, status: 'signed_off' }],
    ['0014', '', { kind: 'check_status', credentials }],
    ['0015', '', { kind: 'sign_out', credentials }],
    ['0070', '1002#', { kind: 'monitor', credentials, mode: 'listen', target: '1002' }],
    ['0071', '1002#', { kind: 'monitor', credentials, mode: 'whisper', target: '1002' }],
  ] as const)('%s asks in the order of the one-shot form', (code, rest, operation) => {
    const { effects } = run(newDialogue(code), begin, ...keys(`123456#73920418#${rest}`));
    expect(performs(effects)).toEqual(operation);
  });

  it('lets a key interrupt the prompt and waits 10 s for the next', () => {
    const { effects } = run(newDialogue('0010'), begin, ...keys('1'));
    expect(effects).toEqual([{ kind: 'hush' }, { kind: 'wait_for_key', ms: IDLE_MS }]);
  });

  it('clears the entry with a star', () => {
    const { effects } = run(newDialogue('0014'), begin, ...keys('999*123456#7*73920418#'));
    expect(performs(effects)).toEqual({ kind: 'check_status', credentials });
  });

  it('waits 10 s after the prompt, repeats it once, then ends', () => {
    const first = run(newDialogue('0010'), begin, { kind: 'prompt_ended' });
    expect(first.effects).toEqual([{ kind: 'wait_for_key', ms: 10_000 }]);
    const second = run(first.state, { kind: 'idle' });
    expect(asks(second.effects)).toEqual(['enter-agent-id']);
    const third = run(second.state, { kind: 'prompt_ended' }, { kind: 'idle' });
    expect(says(third.effects)).toEqual(['error-occurred']);
  });

  it('treats an empty entry like silence', () => {
    const first = run(newDialogue('0010'), begin, ...keys('#'));
    expect(asks(first.effects)).toEqual(['enter-agent-id']);
    expect(says(run(first.state, ...keys('#')).effects)).toEqual(['error-occurred']);
  });

  it('counts the repetition anew for each field', () => {
    const first = run(newDialogue('0010'), begin, { kind: 'idle' }, ...keys('123456#'), { kind: 'idle' });
    expect(asks(first.effects)).toEqual(['enter-password']);
  });

  it.each([
    ['cannot_sign_in', 'cannot-sign-in'],
    ['error', 'error-occurred'],
  ] as const)('may be tried three times in all after %s', (kind, prompt) => {
    const outcome: DialogueEvent = { kind: 'outcome', outcome: { kind } };
    const attempt = [...keys('123456#73920418#'), outcome];
    const first = run(newDialogue('0010'), begin, ...attempt);
    expect(asks(first.effects)).toEqual([prompt, 'try-again', 'enter-agent-id']);
    const second = run(first.state, ...attempt);
    expect(asks(second.effects)).toEqual([prompt, 'try-again', 'enter-agent-id']);
    expect(says(run(second.state, ...attempt).effects)).toEqual([prompt]);
  });

  it('refuses a status number that means nothing without asking anybody [A23]', () => {
    const { effects } = run(newDialogue('0013'), begin, ...keys('123456#73920418#5#'));
    expect(asks(effects)).toEqual(['error-occurred', 'try-again', 'enter-agent-id']);
  });

  it('speaks the result and ends', () => {
    const done: DialogueEvent = {
      kind: 'outcome',
      outcome: { kind: 'done', prompts: ['signed-in', 'status-ready'] },
    };
    const { state, effects } = run(newDialogue('0010'), begin, ...keys('123456#73920418#'), done);
    expect(says(effects)).toEqual(['signed-in', 'status-ready']);
    expect(state.phase).toBe('speaking');
  });

  it('goes on from what a one-shot string gave, and asks all anew when that was refused [B72]', () => {
    const given = { dial_id: '123456', dial_password: '73920418' };
    const first = run(newDialogue('0070', given), begin);
    expect(asks(first.effects)).toEqual(['intro-monitor', 'enter-extension']);
    const second = run(first.state, ...keys('1002#'));
    expect(performs(second.effects)).toMatchObject({ target: '1002', credentials });
    const refused = run(second.state, { kind: 'outcome', outcome: { kind: 'cannot_sign_in' } });
    expect(asks(refused.effects)).toEqual(['cannot-sign-in', 'try-again', 'enter-dial-id']);
  });

  it('ignores keys and silence while the operation is under way or the result is spoken', () => {
    const working = run(newDialogue('0010'), begin, ...keys('123456#73920418#'));
    expect(run(working.state, ...keys('1#')).effects).toEqual([]);
    expect(run(working.state, { kind: 'idle' }).effects).toEqual([]);
    expect(run(working.state, { kind: 'prompt_ended' }).effects).toEqual([]);
  });

  it('keeps no key once the operation is under way', () => {
    const working = run(newDialogue('0012'), begin, ...keys('123456#73920418#1001#'));
    expect(JSON.stringify(working.state)).not.toMatch(/123456|73920418|1001/);
  });
});
