import { z } from 'zod';
import type { CallCenterRules } from './rules.ts';

/** The rules of a call center as people write them, in the site file and in the API. What is not given stays. */
export const rulesFields = {
  priority: z.int().min(1).max(99).optional(),
  ringSeconds: z.int().min(5).max(120).optional(),
  wrapUpSeconds: z.int().min(0).max(3_600).optional(),
  maxMisses: z.int().min(0).max(99).optional(),
  noticeSeconds: z.union([z.literal(0), z.int().min(10).max(600)], '0, or 10 to 600').optional(),
  overflowSeconds: z.int().min(5).max(3_600).optional(),
  overflowAction: z.enum(['busy', 'notice', 'call_center', 'extension']).optional(),
  overflowTarget: z
    .string()
    .regex(/^[1-37][0-9]{3}$/, 'an extension or a call center, in quotes')
    .nullable()
    .optional(),
  serviceLevelSeconds: z.int().min(1).max(3_600).optional(),
};

export const rulesForm = z.strictObject(rulesFields);
export type RulesForm = z.infer<typeof rulesForm>;

/** What is wrong with where callers are sent on to, by its code in a site file. */
export interface OverflowProblem {
  readonly code:
    | 'OVERFLOW_ACTION_MISSING'
    | 'OVERFLOW_TARGET_UNWANTED'
    | 'OVERFLOW_NEEDS_EXTENSION'
    | 'OVERFLOW_NEEDS_CALL_CENTER'
    | 'OVERFLOW_TO_ITSELF';
  readonly params?: { readonly action: string };
}

/** Undefined when nothing is wrong. */
export function overflowProblem({
  number,
  overflowAction: action,
  overflowTarget: target = null,
}: RulesForm & { readonly number: string }): OverflowProblem | undefined {
  if (action === undefined) return target === null ? undefined : { code: 'OVERFLOW_ACTION_MISSING' };
  const wanted = { busy: '', notice: '', call_center: '7', extension: '123' }[action];
  if (wanted === '')
    return target === null ? undefined : { code: 'OVERFLOW_TARGET_UNWANTED', params: { action } };
  if (target === null || !wanted.includes(target.charAt(0))) {
    return { code: action === 'extension' ? 'OVERFLOW_NEEDS_EXTENSION' : 'OVERFLOW_NEEDS_CALL_CENTER' };
  }
  return target === number ? { code: 'OVERFLOW_TO_ITSELF' } : undefined;
}

/** The columns that a form changes. */
export function columnsOf(form: RulesForm) {
  const columns = {
    priority: form.priority,
    ring_seconds: form.ringSeconds,
    wrap_up_seconds: form.wrapUpSeconds,
    max_misses: form.maxMisses,
    notice_seconds: form.noticeSeconds,
    overflow_seconds: form.overflowSeconds,
    overflow_action: form.overflowAction,
    // The target belongs to the action: a new action without one has none.
    overflow_target: form.overflowAction === undefined ? undefined : (form.overflowTarget ?? null),
    service_level_seconds: form.serviceLevelSeconds,
  };
  type Columns = { [Column in keyof typeof columns]?: Exclude<(typeof columns)[Column], undefined> };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as Columns;
}

/** The rules as a form that says all of them. */
export function formOf({ number: _number, name: _name, ...rules }: CallCenterRules): RulesForm {
  return rules;
}
