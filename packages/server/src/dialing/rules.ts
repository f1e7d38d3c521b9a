import type { BaseStatus } from '../agents/rules.ts';
import { statusByNumber } from '../agents/rules.ts';

/** What kind of phone dials: only a mobile phone uses the prefix 8, and it must. */
export type PhoneKind = 'desk' | 'browser' | 'mobile';

/** ダイヤル操作ID and ダイヤル操作パスワード as keyed. Never logged, never put into an error. */
export interface Credentials {
  readonly dialId: string;
  readonly dialPassword: string;
}

export type SignInStatus = Exclude<BaseStatus, 'signed_off'>;

/** What a dial operation asks for, the same however it was keyed. */
export type DialOperation =
  | {
      readonly kind: 'sign_in';
      readonly credentials: Credentials;
      /** The extension to bind; null binds the account's own phone, or else the phone that dials. */
      readonly extension: string | null;
      readonly status: SignInStatus;
      readonly seat: string | null;
    }
  | { readonly kind: 'change_status'; readonly credentials: Credentials; readonly status: BaseStatus }
  | { readonly kind: 'check_status'; readonly credentials: Credentials }
  | { readonly kind: 'sign_out'; readonly credentials: Credentials }
  | {
      readonly kind: 'monitor';
      readonly credentials: Credentials;
      readonly mode: MonitorMode;
      readonly target: string;
    };

/** `listen`: the supervisor hears both parties. `whisper`: the agent, and only the agent, hears the supervisor too. */
export type MonitorMode = 'listen' | 'whisper';

/** What a guided dialogue asks for, in this order. */
export type Field = 'dial_id' | 'dial_password' | 'extension' | 'status' | 'target';

export type GuidedCode = '0010' | '0012' | '0013' | '0014' | '0015' | '0070' | '0071';

interface FeatureCode {
  /** Dialled bare: asked step by step. */
  readonly guided?: readonly Field[];
  /** Dialled with `*`. */
  readonly oneShot?: OneShotForm;
  /** The guided operation, once all fields are keyed. */
  readonly complete?: (values: FieldValues) => DialOperation | undefined;
}

interface OneShotForm {
  readonly fields: readonly OneShotField[];
  /** 3.9.0: what follows the password is left out, for status change and status check only. */
  readonly ignoreRest?: true;
  /** Without the last field the dialogue goes on by asking for it. */
  readonly lastIsAsked?: true;
  readonly build: (values: FieldValues) => DialOperation | undefined;
}

type OneShotField = Field | 'seat';
export type FieldValues = Readonly<Partial<Record<OneShotField, string>>>;

const EXTENSION = /^[1-3][0-9]{3}$/;
const SEAT = /^[0-9]{1,6}$/;
const DIGITS = /^[0-9]+$/;
/** Longer than the longest one-shot (4+20+20+4+1+6 digits and 5 stars), so anything beyond is no number of ours. */
const LONGEST = 64;

function credentials(values: FieldValues): Credentials | undefined {
  const { dial_id: dialId, dial_password: dialPassword } = values;
  if (dialId === undefined || dialPassword === undefined) return undefined;
  return DIGITS.test(dialId) && DIGITS.test(dialPassword) ? { dialId, dialPassword } : undefined;
}

/** Adds the credentials to what `rest` makes of the other fields; undefined when anything is malformed. */
function withCredentials(
  rest: (values: FieldValues, given: Credentials) => DialOperation | undefined,
): (values: FieldValues) => DialOperation | undefined {
  return (values) => {
    const given = credentials(values);
    return given === undefined ? undefined : rest(values, given);
  };
}

const signInAt = (status: SignInStatus) =>
  withCredentials((values, given) =>
    values.extension !== undefined && EXTENSION.test(values.extension)
      ? { kind: 'sign_in', credentials: given, extension: values.extension, status, seat: null }
      : undefined,
  );

const signInHere = withCredentials((_values, given) => ({
  kind: 'sign_in',
  credentials: given,
  extension: null,
  status: 'ready',
  seat: null,
}));

const signInAndSeat = withCredentials((values, given) => {
  const { extension, status: number = '', seat } = values;
  const status = statusByNumber(number);
  if (extension === undefined || !EXTENSION.test(extension)) return undefined;
  if (status === undefined || status === 'signed_off') return undefined;
  if (seat === undefined || !SEAT.test(seat)) return undefined;
  return { kind: 'sign_in', credentials: given, extension, status, seat };
});

const changeTo = (status: BaseStatus) =>
  withCredentials((_values, given) => ({ kind: 'change_status', credentials: given, status }));

const changeByNumber = withCredentials((values, given) => {
  const status = statusByNumber(values.status ?? '');
  return status === undefined ? undefined : { kind: 'change_status', credentials: given, status };
});

const check = withCredentials((_values, given) => ({ kind: 'check_status', credentials: given }));
const signOutNow = withCredentials((_values, given) => ({ kind: 'sign_out', credentials: given }));

const monitor = (mode: MonitorMode) =>
  withCredentials((values, given) =>
    values.target !== undefined && EXTENSION.test(values.target)
      ? { kind: 'monitor', credentials: given, mode, target: values.target }
      : undefined,
  );

const ID_PASSWORD = ['dial_id', 'dial_password'] as const;
const changeOneShot = (status: BaseStatus): OneShotForm => ({
  fields: ID_PASSWORD,
  ignoreRest: true,
  build: changeTo(status),
});
const monitorCode = (mode: MonitorMode): FeatureCode => ({
  guided: [...ID_PASSWORD, 'target'],
  complete: monitor(mode),
  oneShot: { fields: [...ID_PASSWORD, 'target'], lastIsAsked: true, build: monitor(mode) },
});

/** The one table of feature codes (seed 000, sections 2 to 9; seed 003, section 2.3). The same digits differ bare and with `*`. */
export const FEATURE_CODES: Readonly<Record<string, FeatureCode>> = {
  '0008': { oneShot: { fields: [...ID_PASSWORD, 'extension'], build: signInAt('after_call_work') } },
  '0009': { oneShot: { fields: [...ID_PASSWORD, 'extension'], build: signInAt('ready') } },
  '0010': { guided: ID_PASSWORD, complete: signInHere, oneShot: changeOneShot('ready') },
  '0011': { oneShot: changeOneShot('after_call_work') },
  '0012': {
    guided: [...ID_PASSWORD, 'extension'],
    complete: signInAt('ready'),
    oneShot: changeOneShot('on_break'),
  },
  '0013': { guided: [...ID_PASSWORD, 'status'], complete: changeByNumber, oneShot: changeOneShot('away') },
  '0014': { guided: ID_PASSWORD, complete: check },
  '0015': {
    guided: ID_PASSWORD,
    complete: signOutNow,
    oneShot: { fields: ID_PASSWORD, ignoreRest: true, build: check },
  },
  '0016': {
    oneShot: { fields: [...ID_PASSWORD, 'extension', 'status', 'seat'], build: signInAndSeat },
  },
  '0019': { oneShot: changeOneShot('signed_off') },
  '0070': monitorCode('listen'),
  '0071': monitorCode('whisper'),
};

export type Dialled =
  | {
      readonly kind: 'guided';
      readonly code: GuidedCode;
      /** Fields that a one-shot string already gave (0070 and 0071 without the extension). */
      readonly given: FieldValues;
    }
  | { readonly kind: 'one_shot'; readonly operation: DialOperation }
  | { readonly kind: 'phone'; readonly number: string }
  | { readonly kind: 'call_center'; readonly number: string }
  | { readonly kind: 'outside'; readonly number: string }
  | { readonly kind: 'refused'; readonly refusal: DialRefusal };

/**
 * `UNKNOWN_NUMBER`: nothing answers there. `MALFORMED`: a feature code with fields that are missing, too many or of the wrong form.
 * `ONE_SHOT_OFF`: a setting turns one-shot dialling off.
 */
export type DialRefusal = 'UNKNOWN_NUMBER' | 'MALFORMED' | 'ONE_SHOT_OFF';

export interface DialContext {
  readonly phoneKind: PhoneKind;
  readonly oneShotDialling: boolean;
}

const refused = (refusal: DialRefusal): Dialled => ({ kind: 'refused', refusal });

function isGuidedCode(code: string): code is GuidedCode {
  return Object.hasOwn(FEATURE_CODES, code) && FEATURE_CODES[code]?.guided !== undefined;
}

function parseOneShot(code: string, fields: readonly string[], context: DialContext): Dialled {
  const oneShot = FEATURE_CODES[code]?.oneShot;
  if (oneShot === undefined || context.phoneKind === 'mobile') return refused('UNKNOWN_NUMBER');
  if (!context.oneShotDialling) return refused('ONE_SHOT_OFF');
  const wanted = oneShot.fields.length;
  if (oneShot.ignoreRest !== true && fields.length > wanted) return refused('MALFORMED');
  const values: FieldValues = Object.fromEntries(
    oneShot.fields.map((field, index) => [field, fields[index]]),
  );
  if (oneShot.lastIsAsked === true && fields.length === wanted - 1 && isGuidedCode(code)) {
    return credentials(values) === undefined ? refused('MALFORMED') : { kind: 'guided', code, given: values };
  }
  const operation = fields.length < wanted ? undefined : oneShot.build(values);
  return operation === undefined ? refused('MALFORMED') : { kind: 'one_shot', operation };
}

/** Turns a dialled string into an operation or a refusal. Total: any string has an answer, none throws. */
export function parseDialled(dialled: string, context: DialContext): Dialled {
  const [code = '', ...fields] = dialled.split('*');
  const isCode = Object.hasOwn(FEATURE_CODES, code);
  if (fields.length > 0 && isCode) {
    // The rest that 3.9.0 leaves out may be anything, so it is not counted.
    const counts = FEATURE_CODES[code]?.oneShot?.ignoreRest === true ? fields.slice(0, 2).join('*') : dialled;
    return counts.length > LONGEST ? refused('MALFORMED') : parseOneShot(code, fields, context);
  }
  if (!DIGITS.test(dialled) || dialled.length > LONGEST) return refused('UNKNOWN_NUMBER');
  if (context.phoneKind === 'mobile') {
    const bare = dialled.slice(1);
    if (dialled.startsWith('8') && isGuidedCode(bare)) return { kind: 'guided', code: bare, given: {} };
  } else if (isGuidedCode(dialled)) {
    return { kind: 'guided', code: dialled, given: {} };
  }
  if (isCode) return refused(context.phoneKind === 'mobile' ? 'UNKNOWN_NUMBER' : 'MALFORMED');
  if (EXTENSION.test(dialled)) return { kind: 'phone', number: dialled };
  if (/^7[0-9]{3}$/.test(dialled)) return { kind: 'call_center', number: dialled };
  if (/^0[0-9]{4,}$/.test(dialled) || /^1[0-9]{2}$/.test(dialled))
    return { kind: 'outside', number: dialled };
  return refused('UNKNOWN_NUMBER');
}

/** The operation of a guided dialogue whose fields are all keyed; undefined when one of them is malformed. */
export function completeGuided(code: GuidedCode, values: FieldValues): DialOperation | undefined {
  return FEATURE_CODES[code]?.complete?.(values);
}

export function guidedFields(code: GuidedCode): readonly Field[] {
  return FEATURE_CODES[code]?.guided ?? [];
}
