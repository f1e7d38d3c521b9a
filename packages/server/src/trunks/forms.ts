import { z } from 'zod';
import {
  canonical,
  HOST,
  OUTSIDE_NUMBER,
  PASSWORD,
  PATTERN,
  PREPEND,
  SOURCE,
  TRUNK_ID,
  USERNAME,
} from './rules.ts';

/** The same forms check the site file and the API. */

export const trunkId = z.string().regex(TRUNK_ID, 'small letters, digits and -, 31 at the most');
export const outsideNumber = z
  .string()
  .regex(OUTSIDE_NUMBER, '3 to 20 digits, in quotes')
  .refine((number) => canonical(number) === number, 'as it is dialled in Japan: 0312345678, or +44…');
const extension = z
  .string()
  .regex(/^[1-3][0-9]{3}$/, 'an extension is a number from 1000 to 3999, in quotes');
const callCenter = z.string().regex(/^7[0-9]{3}$/, 'a call center is a number from 7000 to 7999, in quotes');

export const trunkFields = {
  name: z.string().trim().min(1).max(100),
  kind: z.enum(['registration', 'address']),
  host: z.string().max(253).regex(HOST, 'a host name or an address'),
  port: z.int().min(1).max(65_535).default(5060),
  transport: z.enum(['udp', 'tcp']).default('udp'),
  username: z.string().regex(USERNAME, 'letters, digits and . _ + -').nullable().default(null),
  /** Stays as it is when it is not given. */
  password: z.string().regex(PASSWORD, '1 to 128 signs of ASCII, no blank at the ends').optional(),
  sources: z.array(z.string().regex(SOURCE, 'an address, or a network as 192.0.2.0/24')).max(64).default([]),
  maxChannels: z.int().min(1).max(10_000).nullable().default(null),
  enabled: z.boolean().default(true),
  callerId: z.enum(['from', 'asserted', 'account']).default('from'),
};
export const trunkForm = z.strictObject(trunkFields);
export type TrunkInput = z.output<typeof trunkForm>;

const targets = {
  phone: extension.optional(),
  callCenter: callCenter.optional(),
  presented: outsideNumber.nullable().default(null),
};
const ONE_TARGET = 'a number leads to a phone or to a callCenter';
const oneTarget = (value: { readonly phone?: unknown; readonly callCenter?: unknown }): boolean =>
  (value.phone === undefined) !== (value.callCenter === undefined);
export const numberForm = z.strictObject(targets).refine(oneTarget, ONE_TARGET);
export type NumberInput = z.output<typeof numberForm>;
export const siteNumberForm = z
  .strictObject({ number: outsideNumber, ...targets })
  .refine(oneTarget, ONE_TARGET);

export const routeForm = z.strictObject({
  pattern: z.string().regex(PATTERN, 'digits, X for any digit, and . at the end for more'),
  trunk: trunkId,
  strip: z.int().min(0).max(16).default(0),
  prepend: z.string().regex(PREPEND, 'digits, with + or without').default(''),
  callerNumber: outsideNumber.nullable().default(null),
});

/** The parts of a site file about outside lines. */
export const siteSections = {
  trunks: z.array(z.strictObject({ id: trunkId, ...trunkFields })).optional(),
  numbers: z.array(siteNumberForm).optional(),
  outgoingRoutes: z.array(routeForm).max(1_000).optional(),
};
export type SiteLines = z.output<z.ZodObject<typeof siteSections>>;

/** What is known of a trunk now. */
export const trunkView = z.strictObject({
  id: trunkId,
  ...z.strictObject(trunkFields).omit({ password: true }).shape,
  /** Whether a password is kept. */
  hasPassword: z.boolean(),
  /** `unknown` until Asterisk has asked the provider for the first time, or while Asterisk cannot be heard. */
  reach: z.enum(['up', 'down', 'unknown']),
  /** Null for address trunks, for those that are off, and while it is not known. */
  registered: z.boolean().nullable(),
  /** Calls on it now. */
  channels: z.int(),
});
export type TrunkView = z.output<typeof trunkView>;
