import { z } from 'zod';
import { callCenterNumber, time } from '../http/forms.ts';

const count = z.int().min(0);
const share = z.number().min(0).max(1).nullable();
const seconds = z.number().min(0).nullable();

export const figuresForm = z.strictObject({
  waiting: count,
  /** Since when the one waits who waits longest; null when nobody does. */
  waitingSince: time.nullable(),
  /** Of the calls that began today, in the site's time zone. */
  answered: count,
  abandoned: count,
  overflowed: count,
  /** Ended unanswered while nobody could see how. */
  lost: count,
  /** Shares of the calls whose wait is over, from 0 to 1; null when there are none. */
  answerRate: share,
  abandonRate: share,
  /** Answered within `serviceLevelSeconds`. */
  serviceLevel: share,
  serviceLevelSeconds: z.int(),
  averageAnswerSeconds: seconds,
  /** Of answered calls that are over, holds included. */
  averageTalkSeconds: seconds,
});

/** A caller who waits. */
export const waitingForm = z.strictObject({
  callId: z.string(),
  caller: z.string(),
  since: time,
  /** 1 waits longest. */
  position: z.int().min(1),
  /** `offering`: an agent's phone rings. */
  state: z.enum(['waiting', 'offering']),
  /** Whose phone rings; null when none does, or nobody knows whose it is. */
  agent: z.strictObject({ accountId: z.int(), displayName: z.string() }).nullable(),
});
export type WaitingView = z.infer<typeof waitingForm>;

/** What the live feed shows of a call center. */
export const liveForm = z.strictObject({
  number: z.string(),
  name: z.string(),
  figures: figuresForm,
  /** The longest first; at most 100, `figures.waiting` counts all. */
  waiting: z.array(waitingForm).readonly(),
});
export type CallCenterLive = z.infer<typeof liveForm>;
export type CallCenterFigures = z.infer<typeof figuresForm>;

export const figuresAnswer = z.strictObject({
  number: z.string(),
  name: z.string(),
  /** The day that is counted. */
  from: time,
  to: time,
  figures: figuresForm,
});
export type FiguresAnswer = z.infer<typeof figuresAnswer>;

export const waitingAnswer = z.strictObject({
  waiting: z.array(waitingForm.extend({ waitSeconds: z.int().min(0) })),
});
export type WaitingAnswer = z.infer<typeof waitingAnswer>;

export const figuresParams = z.strictObject({ number: callCenterNumber });
