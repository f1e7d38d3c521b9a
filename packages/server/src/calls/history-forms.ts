import { z } from 'zod';
import { callCenterNumber, time, whose } from '../http/forms.ts';
import type { CallResult } from './rules.ts';

/** `incoming` and `outgoing` are seen from the site; a call between extensions, or of one to a call center, is `internal`. */
const direction = z.enum(['incoming', 'outgoing', 'internal']);
export type Direction = z.infer<typeof direction>;

const RESULTS: Readonly<Record<CallResult, string>> = {
  answered: 'Answered.',
  no_answer: 'It rang in vain.',
  busy: 'The called party was busy, or refused.',
  offline: 'The called phone was not connected.',
  failed: 'It could not be made.',
  unknown_number: 'The number is not known.',
  congestion: 'No line was free outside.',
  limit_reached: 'As many outside calls were up as are allowed.',
  abandoned: 'The caller gave up before an answer.',
  overflowed: 'A call center sent the caller elsewhere or away.',
  transferred: 'The caller went over to another call, which has its own record.',
  lost: 'It ended while nobody could see how.',
};
const result = z.enum(Object.keys(RESULTS) as [CallResult, ...CallResult[]]);

const callFilters = z.strictObject({
  /** Calls that began from this moment on, up to before that one. */
  from: time.optional(),
  to: time.optional(),
  direction: direction.optional(),
  /** Who called, was called, or talked: an extension, a call center or an outside number, whole; `anonymous` for those who kept theirs back. */
  number: z
    .string()
    .regex(/^(?:anonymous|\+?[0-9*#]{1,32})$/)
    .optional(),
  /** The agent who called or talked. */
  account: whose.optional(),
  callCenter: callCenterNumber.optional(),
  result: result.optional(),
});
export type CallFilters = z.output<typeof callFilters>;
export const callCsvQuery = callFilters;
export const callQuery = callFilters.extend({
  limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(100),
  /** `next` of the page before. */
  cursor: z.string().max(100).optional(),
});
export type CallQuery = z.input<typeof callQuery>;

const agent = z.strictObject({ accountId: z.int(), displayName: z.string() }).nullable();

export const callForm = z.strictObject({
  id: z.string(),
  direction,
  kind: z.enum(['internal', 'incoming', 'outgoing', 'call_center']),
  /** The number that called; `anonymous` when it was kept back. */
  caller: z.string(),
  /** The agent who called; null when none was signed in there. */
  callerAgent: agent,
  dialled: z.string(),
  callCenter: z.string().nullable(),
  trunk: z.string().nullable(),
  startedAt: time,
  answeredAt: time.nullable(),
  /** Null while the call goes on, as the result. */
  endedAt: time.nullable(),
  result: result.nullable(),
  /** How long somebody held, ms. */
  heldMs: z.int(),
  /** Who talked, from when to when. */
  parts: z.array(
    z.strictObject({
      side: z.enum(['caller', 'callee']),
      number: z.string(),
      outside: z.boolean(),
      agent,
      joinedAt: time,
      leftAt: time.nullable(),
    }),
  ),
});
export type CallView = z.infer<typeof callForm>;

export const callsAnswer = z.strictObject({
  calls: z.array(callForm),
  /** Names the next, older page; null at the end. */
  next: z.string().nullable(),
});
export type CallsAnswer = z.infer<typeof callsAnswer>;
