import { z } from 'zod';
import { extension, id, time, whose } from '../http/forms.ts';
import { BASE_STATUSES, CALL_STATUSES } from './rules.ts';
import { ACTIVITY_CAUSES, DOORS } from './store.ts';

export const baseStatus = z.enum(BASE_STATUSES);
export const status = z.enum([...BASE_STATUSES, ...CALL_STATUSES]);
const seat = z.string().regex(/^[0-9]{1,6}$/);

export const agentForm = z.strictObject({
  accountId: z.int(),
  loginName: z.string(),
  displayName: z.string(),
  status,
  since: time,
  baseStatus,
  phone: z.string().nullable(),
  phoneRegistered: z.boolean().nullable(),
  seat: z.string().nullable(),
  callCenters: z.array(z.string()).readonly(),
  call: z
    .strictObject({
      direction: z.enum(['in', 'out']),
      number: z.string(),
      callCenter: z.string().nullable(),
      /** Null while it rings. */
      answeredAt: time.nullable(),
      /** How long it was held before the hold that lasts, ms. */
      heldMs: z.int(),
      heldSince: time.nullable(),
    })
    .nullable(),
});

export const agentParams = z.strictObject({ account: whose });

export const agentStatusForm = z.strictObject({ status: baseStatus });
export type AgentStatusRequest = z.infer<typeof agentStatusForm>;

export const agentSignInForm = z.strictObject({
  /** The extension to bind; the account's サインイン端末 when absent. */
  phone: extension.optional(),
  status: baseStatus.exclude(['signed_off']).default('ready'),
  /** A seat to take; what was taken stays when absent. */
  seat: seat.optional(),
});
export type AgentSignInRequest = z.input<typeof agentSignInForm>;

const activityFilters = z.strictObject({
  account: whose.optional(),
  /** From this moment on, up to before that one. */
  from: time.optional(),
  to: time.optional(),
  cause: z.enum(ACTIVITY_CAUSES).optional(),
  door: z.enum(DOORS).optional(),
  /** The status that was entered. */
  status: status.optional(),
});
export type ActivityFilters = z.output<typeof activityFilters>;
export const activityCsvQuery = activityFilters;
export const activityQuery = activityFilters.extend({
  limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(100),
  /** `next` of the page before. */
  cursor: z.string().max(100).optional(),
});
export type ActivityQuery = z.input<typeof activityQuery>;

export const activityForm = z.strictObject({
  id: z.int(),
  accountId: z.int(),
  loginName: z.string(),
  displayName: z.string(),
  at: time,
  from: status,
  to: status,
  /** How long the status that was left had lasted, ms. */
  lastedMs: z.int(),
  cause: z.enum(ACTIVITY_CAUSES),
  door: z.enum(DOORS),
  phone: z.string().nullable(),
  seat: z.string().nullable(),
  /** Who did it, when not the agent. */
  by: z.strictObject({ accountId: id, displayName: z.string() }).nullable(),
});
export type ActivityView = z.infer<typeof activityForm>;

export const activityAnswer = z.strictObject({
  activity: z.array(activityForm),
  /** Names the next, older page; null at the end. */
  next: z.string().nullable(),
});
export type ActivityAnswer = z.infer<typeof activityAnswer>;
