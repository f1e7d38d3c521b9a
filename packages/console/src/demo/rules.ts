import type { MonitoringView } from '../../../server/src/http/contract.ts';
import type { PracticeAnswer } from '../../../server/src/practice/forms.ts';

export type Practice = NonNullable<PracticeAnswer['practice']>;

/** The first five minutes, in their order. */
export const STEPS = ['phone', 'start', 'answer', 'whisper'] as const;
export type Step = (typeof STEPS)[number];

const ANSWERED: ReadonlySet<MonitoringView['state']> = new Set([
  'waiting',
  'listening',
  'whispering',
  'target_on_hold',
]);

/** Which steps are true now: the phone is registered, and how the account's own session on a practice agent stands. */
export function stepsNow(
  { agents, phone }: Practice,
  monitoring: readonly MonitoringView[],
  accountId: number,
): ReadonlySet<Step> {
  const own = monitoring.filter(
    ({ supervisor, target }) =>
      supervisor.accountId === accountId && target.accountId !== null && agents.includes(target.accountId),
  );
  const holds: Record<Step, boolean> = {
    phone: phone?.registered === true,
    start: own.length > 0,
    answer: own.some(({ state }) => ANSWERED.has(state)),
    whisper: own.some(({ state }) => state === 'whispering'),
  };
  return new Set(STEPS.filter((step) => holds[step]));
}

/** The step to do next; null when all are done. */
export function nextStep(done: ReadonlySet<Step>): Step | null {
  return STEPS.find((step) => !done.has(step)) ?? null;
}

/** What was done once stays done. The same set when nothing is new. */
export function withSteps(done: ReadonlySet<Step>, now: ReadonlySet<Step>): ReadonlySet<Step> {
  const all = new Set([...done, ...now]);
  return all.size === done.size ? done : all;
}
