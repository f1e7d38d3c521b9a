import { z } from 'zod';
import { id, language, time } from '../http/forms.ts';

export const role = z.enum(['system_administrator', 'supervisor', 'user']);

export const signInForm = z.strictObject({
  loginName: z.string().min(1).max(64),
  password: z.string().min(1).max(200),
  /** Of the second factor, or a recovery code; only when the answer without one was SECOND_FACTOR_NEEDED. */
  code: z.string().min(6).max(20).optional(),
});
export const changePasswordForm = z.strictObject({
  currentPassword: z.string().min(1).max(200),
  newPassword: z.string().min(1).max(200),
});
export const sessionForm = z.strictObject({
  account: z.strictObject({
    id: z.int(),
    loginName: z.string(),
    displayName: z.string(),
    role,
    language,
    /** The account's own extension (サインイン端末). */
    signInPhone: z.string().nullable(),
  }),
  mustChangePassword: z.boolean(),
});

export const consoleSessionForm = z.strictObject({
  id: z.uuid(),
  createdAt: time,
  lastSeenAt: time,
  /** The browser's own words. */
  userAgent: z.string(),
  /** Whether it is the one that asks. */
  current: z.boolean(),
});
export type ConsoleSessionView = z.infer<typeof consoleSessionForm>;

export const startEnrolmentForm = z.strictObject({ currentPassword: z.string().min(1).max(200) });
/** A code of the app, or a recovery code. */
export const secondFactorCodeForm = z.strictObject({ code: z.string().min(6).max(20) });
export const secondFactorForm = z.strictObject({
  /** Null is off. */
  since: time.nullable(),
  recoveryCodesLeft: z.int(),
});
export type SecondFactorView = z.infer<typeof secondFactorForm>;
/** In this answer and never again. */
export const enrolmentForm = z.strictObject({
  secret: z.string().describe('Base32, for typing in.'),
  uri: z.string().describe('otpauth://, for a QR code.'),
});
export type EnrolmentAnswer = z.infer<typeof enrolmentForm>;
export const recoveryCodesForm = z.strictObject({ recoveryCodes: z.array(z.string()) });
export type RecoveryCodesAnswer = z.infer<typeof recoveryCodesForm>;

/** `read` changes nothing and sees no passwords. */
const tokenScope = z.enum(['full', 'read']);

export const apiTokenForm = z.strictObject({
  id: z.uuid(),
  accountId: z.int(),
  name: z.string(),
  scope: tokenScope,
  createdAt: time,
  lastUsedAt: time.nullable(),
  /** Null does not expire. */
  expiresAt: time.nullable(),
  revokedAt: time.nullable(),
});
export type ApiTokenView = z.infer<typeof apiTokenForm>;

export const newTokenForm = z.strictObject({
  name: z.string().trim().min(1).max(100),
  /** Whose; oneself when absent. Others' only by system administrators. */
  accountId: id.optional(),
  expiresAt: time.nullable().default(null),
  scope: tokenScope.default('full'),
});
export type NewTokenRequest = z.input<typeof newTokenForm>;

/** The token itself is in this answer and never again. */
export const issuedTokenForm = apiTokenForm.extend({ token: z.string() });
export type IssuedTokenAnswer = z.infer<typeof issuedTokenForm>;

export const uuidParams = z.strictObject({ id: z.uuid() });

const auditFilters = z.strictObject({
  /** From this moment on, up to before that one. */
  from: time.optional(),
  to: time.optional(),
  /** What the action begins with. */
  action: z.string().max(60).optional(),
  /** Who did it. */
  by: id.optional(),
  subject: z.string().max(100).optional(),
});
export type AuditFilters = z.output<typeof auditFilters>;
export const auditCsvQuery = auditFilters;
export const auditQuery = auditFilters.extend({
  limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(100),
  /** `next` of the page before. */
  cursor: id.optional(),
});
export type AuditQuery = z.input<typeof auditQuery>;

export const auditForm = z.strictObject({
  id: z.int(),
  at: time,
  /** Null for the command line, and when the account is gone. */
  byAccountId: z.int().nullable(),
  /** As the name was then. */
  byName: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.string(),
});
export const auditAnswer = z.strictObject({
  entries: z.array(auditForm),
  /** Names the next, older page; null at the end. */
  next: z.int().nullable(),
});
export type AuditAnswer = z.infer<typeof auditAnswer>;
