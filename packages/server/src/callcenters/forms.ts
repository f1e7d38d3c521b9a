import { z } from 'zod';
import { callCenterNumber } from '../http/forms.ts';

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
});
export type CallCenterView = z.infer<typeof callCenterForm>;

export const newCallCenterForm = z.strictObject({ number: callCenterNumber, name });
export type NewCallCenterRequest = z.infer<typeof newCallCenterForm>;

export const renameForm = z.strictObject({ name });
export const membersForm = z.strictObject({ members: z.array(memberForm).max(5_000) });
export type MembersRequest = z.infer<typeof membersForm>;

export const callCenterParams = z.strictObject({ number: callCenterNumber });
