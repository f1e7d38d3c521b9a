import type { ErrorAnswer } from './contract.ts';

/** Every error of the API: its status and what it says. docs/engineer/errors.md is this table; a test compares them. */
export const API_ERRORS = {
  BAD_REQUEST: [400, 'The request is not of the form that the API describes.'],
  PASSWORD_TOO_WEAK: [
    400,
    'The new password needs 12 signs, five of them different, and not the login name.',
  ],
  SIGN_IN_FAILED: [401, 'The login name or the password is wrong.'],
  SECOND_FACTOR_NEEDED: [401, 'The password is right; a code of the second factor is needed as well.'],
  SECOND_FACTOR_WRONG: [401, 'The code is wrong, too old, or was used before.'],
  SESSION_NONE: [401, 'There is no session, or it has ended.'],
  TOKEN_INVALID: [401, 'The API token is not known, has expired or was revoked.'],
  SESSION_NEEDED: [403, 'This needs a sign-in to the console; an API token is not enough.'],
  TOKEN_READS_ONLY: [403, 'The API token is for reading only, and not for passwords.'],
  PASSWORD_MUST_CHANGE: [403, 'The one-time password must be changed first.'],
  NOT_ALLOWED: [403, 'The account may not do this.'],
  ORIGIN_REFUSED: [403, 'The request comes from another site.'],
  MONITORING_NOT_ALLOWED: [
    403,
    'The account may not listen to this agent: it needs edit on one of its call centers, from the job monitor on one of its campaigns.',
  ],
  MONITORING_NOT_ENABLED: [403, 'The plan or option for this is off.'],
  MONITORING_TARGET_UNKNOWN: [404, 'There is no such agent.'],
  MONITORING_UNKNOWN: [404, 'There is no such monitoring session of this account.'],
  MONITORING_TARGET_NOT_IN_CALL: [409, 'The agent is in no call that can be listened to.'],
  MONITORING_TARGET_ON_HOLD: [409, 'The agent holds the call; monitoring can start when it goes on.'],
  MONITORING_TARGET_REDIAL: [
    409,
    'The call was placed from the list of calls (再発信), which is never listened to.',
  ],
  MONITORING_SELF: [409, 'Nobody listens to their own phone.'],
  MONITORING_ALREADY: [409, 'The account or the phone is in a monitoring session already; end it first.'],
  MONITORING_NO_PHONE: [409, 'There is no such phone, or none is bound to the account.'],
  MONITORING_PHONE_OFFLINE: [409, 'The phone that was to be called is not connected.'],
  SECOND_FACTOR_ON: [409, 'The second factor is on already.'],
  SECOND_FACTOR_OFF: [409, 'There is no second factor to confirm or to remove.'],
  TOKEN_UNKNOWN: [404, 'There is no such API token of this account.'],
  AGENT_UNKNOWN: [404, 'There is no such agent, or エージェント利用 is off.'],
  PHONE_UNKNOWN: [404, 'There is no such phone, or none was named and the account has no sign-in phone.'],
  SEAT_UNKNOWN: [404, 'There is no such seat.'],
  AGENT_SIGNED_OFF: [409, 'The agent is signed off; sign in first.'],
  AGENT_IN_CALL: [409, 'The agent is in a call in which this cannot be changed.'],
  PHONE_IN_CALL: [409, 'The agent who is signed in at this phone is in a call.'],
  SEAT_TAKEN: [409, 'Somebody else has this seat.'],
  SEATING_NOT_ENABLED: [403, 'The seat view option is off.'],
  DIAL_PASSWORD_TRIVIAL: [400, 'This dial password is too easy to guess.'],
  DIAL_ID_TAKEN: [409, 'Another account has this dial ID.'],
  DIAL_LOCK_UNKNOWN: [404, 'There is no such lock.'],
  ACCOUNT_UNKNOWN: [404, 'There is no such account.'],
  ACCOUNT_BUILT_IN: [409, 'The top account can be neither demoted nor deleted.'],
  LOGIN_NAME_TAKEN: [409, 'Another account has this login name.'],
  RESOURCE_UNKNOWN: [404, 'There is no such phone, call center or campaign.'],
  PHONE_NUMBER_TAKEN: [409, 'There is a phone with this number already.'],
  PHONE_IN_USE: [409, 'An agent is signed in at this phone.'],
  CALL_CENTER_NOT_ENABLED: [403, 'The call center plan is off.'],
  CALL_CENTER_UNKNOWN: [404, 'There is no such call center.'],
  CALL_CENTER_NUMBER_TAKEN: [409, 'There is a call center with this number already.'],
  CALL_NO_PHONE: [409, 'You are signed in at no phone.'],
  CALL_PHONE_OFFLINE: [409, 'Your phone is not connected.'],
  CALL_PHONE_BUSY: [409, 'Your phone is in a call.'],
  CALL_NUMBER_WRONG: [400, 'This number cannot be called from your phone.'],
  CALL_CENTER_IN_USE: [409, 'Callers wait in this call center.'],
  CALL_CENTER_LEADS_HERE: [409, 'A call center sends callers on there; change that first.'],
  CALL_CENTER_OVERFLOW_WRONG: [
    400,
    'Callers cannot be sent on there: action and target do not fit, or there is no such target.',
  ],
  OUTBOUND_NOT_ENABLED: [403, 'The outbound option is off.'],
  CAMPAIGN_UNKNOWN: [404, 'There is no such campaign.'],
  CAMPAIGN_NAME_TAKEN: [409, 'There is a campaign with this name already.'],
  FLOOR_UNKNOWN: [404, 'There is no such floor.'],
  FLOOR_NAME_TAKEN: [409, 'There is a floor with this name already.'],
  SEAT_ID_TAKEN: [409, 'A seat with this ID is on another floor, or listed twice.'],
  SEAT_IN_USE: [409, 'An agent sits on a seat that would go.'],
  SITE_INVALID: [400, 'The site file cannot be applied; nothing was changed.'],
  TRUNK_NEEDS_ACCOUNT: [400, 'A trunk with registration needs a username and a password.'],
  TRUNK_UNKNOWN: [404, 'There is no such trunk.'],
  OUTSIDE_NUMBER_UNKNOWN: [404, 'There is no such outside number.'],
  OUTSIDE_TARGET_UNKNOWN: [400, 'There is no such phone or call center for the number to lead to.'],
  NOT_FOUND: [404, 'There is nothing at this address.'],
  PAYLOAD_TOO_LARGE: [413, 'The request is too long.'],
  SIGN_IN_THROTTLED: [429, 'Too many attempts; wait before the next.'],
  INTERNAL: [500, 'Something failed on our side; the log says what.'],
  DATABASE_UNAVAILABLE: [503, 'The database does not answer; nothing was changed.'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

export type ApiErrorCode = keyof typeof API_ERRORS;

/** A request that its form could not refuse. */
export class RequestError extends Error {
  readonly code: ApiErrorCode;

  constructor(code: ApiErrorCode) {
    super(code);
    this.name = 'RequestError';
    this.code = code;
  }
}

export function errorAnswer(code: ApiErrorCode): { readonly status: number; readonly body: ErrorAnswer } {
  const [status, message] = API_ERRORS[code];
  return { status, body: { error: { code, message } } };
}

/** The code for anything that was thrown; what is not known is INTERNAL, and its text stays in the log. */
export function codeOf(error: unknown): ApiErrorCode {
  if (!(error instanceof Error)) return 'INTERNAL';
  const { code, statusCode } = error as { readonly code?: unknown; readonly statusCode?: unknown };
  if (typeof code === 'string' && Object.hasOwn(API_ERRORS, code)) return code as ApiErrorCode;
  if (statusCode === 413) return 'PAYLOAD_TOO_LARGE';
  if (
    error.name === 'ZodError' ||
    (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
  ) {
    return 'BAD_REQUEST';
  }
  if (isDatabaseGone(error)) return 'DATABASE_UNAVAILABLE';
  return 'INTERNAL';
}

/** Connection errors of the driver: refused, reset, timed out, or a server that shuts down (class 57P, 08). */
function isDatabaseGone(error: Error): boolean {
  const { code } = error as { readonly code?: unknown };
  const gone = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE'];
  if (typeof code === 'string' && (gone.includes(code) || /^(57P|08)/.test(code))) return true;
  return /timeout exceeded when trying to connect|Connection terminated|Query read timeout/i.test(
    error.message,
  );
}
