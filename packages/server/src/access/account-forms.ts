import { z } from 'zod';
import { dialCredentialsForm } from '../dialing/forms.ts';
import { callCenterNumber, extension, id, language, time } from '../http/forms.ts';
import { role } from './forms.ts';

const loginName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/);
const displayName = z.string().trim().min(1).max(100);
const digits = z.string().regex(/^[0-9]{4,20}$/);

export const accountForm = z.strictObject({
  id: z.int(),
  loginName: z.string(),
  displayName: z.string(),
  role,
  /** 最上位アカウント. */
  builtIn: z.boolean(),
  /** エージェント利用. */
  agent: z.boolean(),
  language,
  /** サインイン端末. */
  signInPhone: z.string().nullable(),
  /** Whether somebody can sign in to the console with it. */
  hasPassword: z.boolean(),
  mustChangePassword: z.boolean(),
  /** Whether the second factor is on. */
  secondFactor: z.boolean(),
  callCenters: z.array(z.strictObject({ number: z.string(), priority: z.int() })),
  createdAt: time,
});
export type AccountView = z.infer<typeof accountForm>;

export const newAccountForm = z.strictObject({
  loginName,
  displayName,
  role,
  agent: z.boolean().default(false),
  language: language.default('ja'),
  signInPhone: extension.nullable().default(null),
  /** Issued when absent. */
  dialId: digits.optional(),
  dialPassword: digits.optional(),
});
export type NewAccountRequest = z.input<typeof newAccountForm>;

export const createdAccountForm = z.strictObject({
  account: accountForm,
  dialCredentials: dialCredentialsForm,
});
export type CreatedAccountAnswer = z.infer<typeof createdAccountForm>;

/** What is absent stays. */
export const accountChangeForm = z.strictObject({
  loginName: loginName.optional(),
  displayName: displayName.optional(),
  role: role.optional(),
  agent: z.boolean().optional(),
  language: language.optional(),
  signInPhone: extension.nullable().optional(),
});
export type AccountChangeRequest = z.infer<typeof accountChangeForm>;

/** What an account's owner chooses of it. */
export const ownChangeForm = z.strictObject({ language });
export type OwnChangeRequest = z.infer<typeof ownChangeForm>;

export const accountParams = z.strictObject({ id });

export const oneTimePasswordForm = z.strictObject({ oneTimePassword: z.string() });
export type OneTimePasswordAnswer = z.infer<typeof oneTimePasswordForm>;

export const importForm = z.strictObject({
  /** With a line of column names: login_name, display_name, role, and optionally agent, language, sign_in_phone, call_centers, dial_id, dial_password. */
  csv: z.string().max(240_000),
  /** False only says what would be wrong. */
  apply: z.boolean(),
});
export type ImportRequest = z.infer<typeof importForm>;

/** What is wrong with a cell; codes are part of the API. */
export const IMPORT_PROBLEMS = [
  'COLUMN_UNKNOWN',
  'COLUMN_MISSING',
  'CELLS_WRONG',
  'VALUE_INVALID',
  'LISTED_TWICE',
  'LOGIN_NAME_TAKEN',
  'DIAL_ID_TAKEN',
  'DIAL_PASSWORD_TRIVIAL',
  'PHONE_UNKNOWN',
  'CALL_CENTER_UNKNOWN',
] as const;

export const importAnswer = z.strictObject({
  /** Lines with an account. */
  accounts: z.int(),
  /** Where something is wrong: then nothing was made. Lines are counted from 1, the column names being line 1. */
  problems: z.array(
    z.strictObject({ line: z.int(), column: z.string().nullable(), code: z.enum(IMPORT_PROBLEMS) }),
  ),
  /** What was issued, in this answer only; empty unless applied. */
  created: z.array(dialCredentialsForm.extend({ accountId: z.int(), loginName: z.string() })),
});
export type ImportAnswer = z.infer<typeof importAnswer>;

const resourceKind = z.enum(['phone', 'call_center', 'campaign']);
const level = z.enum(['view', 'edit', 'manage']);

export const grantsForm = z.strictObject({
  /** What there is to have rights on. */
  resources: z.array(z.strictObject({ kind: resourceKind, resource: z.string(), name: z.string() })),
  /** Absent is none. */
  grants: z.array(z.strictObject({ accountId: z.int(), kind: resourceKind, resource: z.string(), level })),
});
export type GrantsAnswer = z.infer<typeof grantsForm>;

const grantChange = {
  accountId: z.int().positive(),
  /** Null takes the right away. */
  level: level.nullable(),
};

export const grantChangesForm = z.strictObject({
  changes: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ ...grantChange, kind: z.literal('phone'), resource: extension }),
        z.strictObject({ ...grantChange, kind: z.literal('call_center'), resource: callCenterNumber }),
        /** Named by its id. */
        z.strictObject({
          ...grantChange,
          kind: z.literal('campaign'),
          resource: z.string().regex(/^[1-9][0-9]{0,14}$/),
        }),
      ]),
    )
    .min(1)
    .max(5_000),
});
export type GrantChangesRequest = z.infer<typeof grantChangesForm>;
