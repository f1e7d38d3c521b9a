import { describe, expect, test } from 'vitest';
import type { MonitoringView } from '../../../server/src/http/contract.ts';
import { nextStep, stepsNow, withSteps, type Practice } from './rules.ts';

const practice: Practice = { agents: [7, 8], phone: { number: '3900', registered: true } };

const session = (state: MonitoringView['state'], supervisor = 1, target: number | null = 7) =>
  ({
    supervisor: { accountId: supervisor, name: 's', phone: '3900' },
    target: { accountId: target, name: 't', phone: '3901' },
    state,
  }) as MonitoringView;

describe('which steps are true now', () => {
  test.each([
    ['no session', [], ['phone']],
    ['it rings', [session('calling')], ['phone', 'start']],
    ['answered', [session('listening')], ['phone', 'start', 'answer']],
    ['answered between two calls', [session('waiting')], ['phone', 'start', 'answer']],
    ['whispering', [session('whispering')], ['phone', 'start', 'answer', 'whisper']],
    ['somebody else whispers', [session('whispering', 2)], ['phone']],
    ['one whispers to a real agent', [session('whispering', 1, 5)], ['phone']],
    ['a phone where nobody is signed in', [session('whispering', 1, null)], ['phone']],
  ] as const)('%s', (_name, sessions, steps) => {
    expect([...stepsNow(practice, sessions, 1)]).toEqual(steps);
  });

  test('a phone that is away, unknown or not there is no phone', () => {
    for (const phone of [{ number: '3900', registered: false }, { number: '3900', registered: null }, null]) {
      expect(stepsNow({ ...practice, phone }, [], 1).size).toBe(0);
    }
  });
});

test('what was done stays done, and the next is the first that was not', () => {
  const done = withSteps(new Set(['phone', 'start', 'answer']), new Set());
  expect([...done]).toEqual(['phone', 'start', 'answer']);
  expect(withSteps(done, new Set(['start']))).toBe(done);
  expect(nextStep(done)).toBe('whisper');
  expect(nextStep(withSteps(done, new Set(['whisper'])))).toBeNull();
  expect(nextStep(new Set(['whisper']))).toBe('phone');
});
