import { z } from 'zod';
import { siteSections } from '../trunks/forms.ts';
import { rulesFields } from '../callcenters/form.ts';
import { timeZoneName } from '../settings/service.ts';

const extension = z
  .string()
  .regex(/^[1-3][0-9]{3}$/, 'an extension is a number from 1000 to 3999, in quotes');
const callCenter = z.string().regex(/^7[0-9]{3}$/, 'a call center is a number from 7000 to 7999, in quotes');
const dialDigits = z.string().regex(/^[0-9]{4,20}$/, '4 to 20 digits, in quotes');
const level = z.enum(['view', 'edit', 'manage']);
const language = z.enum(['ja', 'en']);
const name = z.string().trim().min(1).max(100);

const grant = z
  .strictObject({
    callCenter: callCenter.optional(),
    phone: extension.optional(),
    campaign: name.optional(),
    level,
  })
  .refine(
    ({ callCenter: center, phone, campaign }) =>
      [center, phone, campaign].filter((resource) => resource !== undefined).length === 1,
    'a grant is on a callCenter, on a phone or on a campaign',
  );

const settings = z.strictObject({
  guidanceLanguage: language.optional(),
  oneShotDialling: z.boolean().optional(),
  timeZone: timeZoneName.optional(),
  callCenterPlan: z.boolean().optional(),
  seatViewOption: z.boolean().optional(),
  outboundOption: z.boolean().optional(),
  monitoringContinuous: z.boolean().optional(),
  monitorTone: z.boolean().optional(),
  whisperTone: z.boolean().optional(),
  outsideCallLimit: z.int().min(0).nullable().optional(),
  emergencyNumbers: z.array(z.string().regex(/^[0-9]{2,10}$/, '2 to 10 digits, in quotes')).optional(),
});

/**
 * The site file (docs/operator/site-file.md). What it lists is made or brought to what it says; what it does not list stays. Lists inside an
 * account (grants, callCenters, campaigns) replace what was there when they are given.
 */
export const siteSchema = z.strictObject({
  site: z.literal(1),
  settings: settings.optional(),
  phones: z
    .array(
      z.strictObject({
        number: extension,
        name,
        kind: z.enum(['desk', 'browser', 'mobile']),
        language: language.nullable().optional(),
        sipPassword: z
          .string()
          .regex(/^[A-Za-z0-9_-]{20,100}$/, '20 to 100 letters, digits, - and _')
          .optional(),
      }),
    )
    .optional(),
  callCenters: z.array(z.strictObject({ number: callCenter, name, ...rulesFields })).optional(),
  ...siteSections,
  campaigns: z.array(z.strictObject({ name })).optional(),
  floors: z
    .array(
      z.strictObject({
        name,
        seats: z.array(
          z.strictObject({ id: z.string().regex(/^[0-9]{1,6}$/, '1 to 6 digits, in quotes'), name }),
        ),
      }),
    )
    .optional(),
  accounts: z
    .array(
      z.strictObject({
        loginName: z
          .string()
          .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'small letters, digits, dot, dash, underscore'),
        displayName: name,
        role: z.enum(['system_administrator', 'supervisor', 'user']),
        builtIn: z.boolean().optional(),
        agent: z.boolean().optional(),
        language: language.optional(),
        signInPhone: extension.nullable().optional(),
        dialId: dialDigits.optional(),
        dialPassword: dialDigits.optional(),
        callCenters: z
          .array(z.strictObject({ number: callCenter, priority: z.int().min(1).max(99).optional() }))
          .optional(),
        /** Names of the campaigns to which the agent belongs. */
        campaigns: z.array(name).optional(),
        grants: z.array(grant).optional(),
      }),
    )
    .optional(),
});

export type Site = z.infer<typeof siteSchema>;
export type SiteAccount = NonNullable<Site['accounts']>[number];
