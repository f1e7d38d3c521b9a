import { z } from 'zod';

/**
 * What can be wrong in a site file, in the words of the command line; `{name}` stands for a parameter. Codes are part of the API: renaming one
 * breaks it. The console has words of its own for each.
 */
export const SITE_PROBLEMS = {
  YAML_INVALID: '{detail}',
  YAML_INDENT: '{detail}',
  YAML_KEY_TWICE: '{detail}',
  MISSING: 'this is needed',
  KEY_UNKNOWN: 'there is nothing called {names} here',
  TYPE_STRING: 'a text is needed; numbers as texts stand in quotes',
  TYPE_NUMBER: 'a whole number is needed',
  TYPE_BOOLEAN: 'true or false is needed',
  TYPE_LIST: 'a list is needed',
  TYPE_MAP: 'names with values are needed',
  CHOICE_UNKNOWN: 'one of these is needed: {values}',
  TOO_SMALL: 'at least {least}',
  TOO_BIG: 'at most {most}',
  TOO_SHORT: 'too short or empty: at least {least}',
  TOO_LONG: 'too long: at most {most}',
  VALUE_INVALID: '{detail}',

  EXTENSION: 'an extension is a number from 1000 to 3999, in quotes',
  CALL_CENTER: 'a call center is a number from 7000 to 7999, in quotes',
  DIAL_DIGITS: '4 to 20 digits, in quotes',
  EMERGENCY_NUMBER: '2 to 10 digits, in quotes',
  SIP_PASSWORD: '20 to 100 letters, digits, - and _',
  SEAT_ID: '1 to 6 digits, in quotes',
  LOGIN_NAME: 'small letters, digits, dot, dash, underscore',
  TIME_ZONE: 'a time zone, as Asia/Tokyo',
  GRANT_RESOURCE: 'a grant is on a callCenter, on a phone or on a campaign',
  NOTICE_SECONDS: '0, or 10 to 600',
  OVERFLOW_TARGET: 'an extension or a call center, in quotes',
  TRUNK_ID: 'small letters, digits and -, 31 at the most',
  OUTSIDE_NUMBER: '3 to 20 digits, in quotes',
  OUTSIDE_NUMBER_FORM: 'as it is dialled in Japan: 0312345678, or +44…',
  TRUNK_HOST: 'a host name or an address',
  TRUNK_USERNAME: 'letters, digits and . _ + -',
  TRUNK_PASSWORD: '1 to 128 signs of ASCII, no blank at the ends',
  TRUNK_SOURCE: 'an address, or a network as 192.0.2.0/24',
  NUMBER_TARGET: 'a number leads to a phone or to a callCenter',
  ROUTE_PATTERN: 'digits, X for any digit, and . at the end for more',
  ROUTE_PREPEND: 'digits, with + or without',

  OVERFLOW_ACTION_MISSING: 'overflowTarget needs an overflowAction',
  OVERFLOW_TARGET_UNWANTED: 'overflowAction {action} has no overflowTarget',
  OVERFLOW_NEEDS_EXTENSION: 'overflowAction extension needs an overflowTarget that is an extension',
  OVERFLOW_NEEDS_CALL_CENTER: 'overflowAction call_center needs an overflowTarget that is a call center',
  OVERFLOW_TO_ITSELF: 'a call center does not send callers on to itself',
  TARGET_UNKNOWN: 'there is no {number}',
  PHONE_UNKNOWN: 'there is no phone {number}',
  CALL_CENTER_UNKNOWN: 'there is no call center {number}',
  CAMPAIGN_UNKNOWN: 'there is no campaign {name}',
  TRUNK_UNKNOWN: 'there is no trunk {id}',
  TRUNK_CREDENTIALS: 'a registration needs a username and a password',
  LISTED_TWICE: '{name} is listed twice',
  DIAL_ID_TAKEN: 'another account has this dial ID',
  DIAL_PASSWORD_TRIVIAL: 'this dial password is too easy to guess',
  SIGNED_IN: '{name} is signed in; sign out first',
  TOP_ACCOUNT_ROLE: 'the top account cannot be demoted',
  TOP_ACCOUNT_TWICE: 'there is a top account already',
} as const;

export type SiteProblemCode = keyof typeof SITE_PROBLEMS;
export const SITE_PROBLEM_CODES = Object.keys(SITE_PROBLEMS) as readonly SiteProblemCode[];
export type SiteProblemParams = Readonly<Record<string, string | number>>;

/** The English words of a problem. */
export function problemWords(code: SiteProblemCode, params: SiteProblemParams): string {
  return SITE_PROBLEMS[code].replaceAll(/\{(\w+)\}/g, (_whole, name: string) => String(params[name] ?? ''));
}

/** Forms that the API shares say what is wrong in words; here each has its code. */
const CODES = new Map<string, SiteProblemCode>(SITE_PROBLEM_CODES.map((code) => [SITE_PROBLEMS[code], code]));

interface Found {
  readonly code: SiteProblemCode;
  readonly params: SiteProblemParams;
}

const TYPES: Readonly<Record<string, SiteProblemCode>> = {
  string: 'TYPE_STRING',
  number: 'TYPE_NUMBER',
  int: 'TYPE_NUMBER',
  boolean: 'TYPE_BOOLEAN',
  array: 'TYPE_LIST',
  object: 'TYPE_MAP',
};

/** What a complaint of the form means. @param isMissing whether there is nothing at that place */
export function problemOf(issue: z.core.$ZodIssue, isMissing: boolean): Found {
  const known = CODES.get(issue.message);
  if (known !== undefined) return { code: known, params: {} };
  switch (issue.code) {
    case 'invalid_type':
      if (isMissing) return { code: 'MISSING', params: {} };
      return { code: TYPES[issue.expected] ?? 'VALUE_INVALID', params: { detail: issue.message } };
    case 'invalid_value':
      if (isMissing) return { code: 'MISSING', params: {} };
      return { code: 'CHOICE_UNKNOWN', params: { values: issue.values.map(String).join(', ') } };
    case 'unrecognized_keys':
      return { code: 'KEY_UNKNOWN', params: { names: issue.keys.join(', ') } };
    case 'too_small':
      return {
        code: issue.origin === 'number' ? 'TOO_SMALL' : 'TOO_SHORT',
        params: { least: Number(issue.minimum) },
      };
    case 'too_big':
      return {
        code: issue.origin === 'number' ? 'TOO_BIG' : 'TOO_LONG',
        params: { most: Number(issue.maximum) },
      };
    default:
      return { code: 'VALUE_INVALID', params: { detail: issue.message } };
  }
}
