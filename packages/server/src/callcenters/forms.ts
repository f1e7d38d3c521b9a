import { z } from 'zod';
import { callCenterNumber } from '../http/forms.ts';
import { rulesFields, rulesForm } from './form.ts';

const name = z.string().trim().min(1).max(100);
const memberForm = z.strictObject({
  accountId: z.int().positive(),
  /** 1 is served first. */
  priority: z.int().min(1).max(99),
});

export const callCenterForm = z.strictObject({
  number: z.string(),
  name: z.string(),
  members: z.array(memberForm),
  ...rulesForm.required().shape,
});
export type CallCenterView = z.infer<typeof callCenterForm>;

export const newCallCenterForm = z.strictObject({ number: callCenterNumber, name, ...rulesFields });
export type NewCallCenterRequest = z.infer<typeof newCallCenterForm>;

/** What is absent stays; the target of the overflow goes with its action. */
export const callCenterChangeForm = z.strictObject({ name: name.optional(), ...rulesFields });
export type CallCenterChangeRequest = z.infer<typeof callCenterChangeForm>;

export const membersForm = z.strictObject({ members: z.array(memberForm).max(5_000) });
export type MembersRequest = z.infer<typeof membersForm>;

export const callCenterParams = z.strictObject({ number: callCenterNumber });
