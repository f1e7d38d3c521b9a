import { z } from 'zod';
import { extension, language } from '../http/forms.ts';

const kind = z.enum(['desk', 'browser', 'mobile']);
const name = z.string().trim().min(1).max(100);

export const phoneForm = z.strictObject({
  number: z.string(),
  name: z.string(),
  kind,
  /** Guidance language; null takes the system's. */
  language: language.nullable(),
  /** Null while Asterisk's answer is unknown. */
  registered: z.boolean().nullable(),
});
export type PhoneView = z.infer<typeof phoneForm>;

export const newPhoneForm = z.strictObject({
  number: extension,
  name,
  kind,
  language: language.nullable().default(null),
});
export type NewPhoneRequest = z.input<typeof newPhoneForm>;

/** What is absent stays. */
export const phoneChangeForm = z.strictObject({
  name: name.optional(),
  kind: kind.optional(),
  language: language.nullable().optional(),
});
export type PhoneChangeRequest = z.infer<typeof phoneChangeForm>;

export const phoneParams = z.strictObject({ number: extension });

/** With what a phone registers; the address is the one that this answer came from. */
export const sipCredentialsForm = z.strictObject({
  user: z.string(),
  password: z.string(),
  port: z.int(),
  transports: z.array(z.enum(['udp', 'tcp'])),
});
export type SipCredentialsAnswer = z.infer<typeof sipCredentialsForm>;

export const softphoneForm = z.strictObject({
  phone: z.strictObject({ number: z.string(), name: z.string(), sipPassword: z.string() }).nullable(),
});
