import { z } from 'zod';
import { time, whose } from '../http/forms.ts';

const digits = z.string().regex(/^[0-9]{4,20}$/);

export const credentialsParams = z.strictObject({ account: whose });

export const dialCredentialsForm = z.strictObject({
  dialId: z.string().describe('ダイヤル操作ID'),
  dialPassword: z.string().describe('ダイヤル操作パスワード'),
});
export type DialCredentialsAnswer = z.infer<typeof dialCredentialsForm>;

/** What is absent stays. */
export const dialCredentialsChange = z.strictObject({
  dialId: digits.optional(),
  dialPassword: digits.optional(),
});
export type DialCredentialsChange = z.infer<typeof dialCredentialsChange>;

export const dialLockForm = z.strictObject({
  id: z.string(),
  /** One ID from one phone, one ID from anywhere, or one phone with any ID. */
  kind: z.enum(['pair', 'id', 'phone']),
  /** Whose the ID is; null when it is nobody's, and for a phone. */
  account: z.strictObject({ id: z.int(), loginName: z.string(), displayName: z.string() }).nullable(),
  phone: z.string().nullable(),
  lockedUntil: time,
});
export type DialLockView = z.infer<typeof dialLockForm>;

export const dialLockParams = z.strictObject({ id: z.string().max(100) });
