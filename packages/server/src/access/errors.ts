export type AccessErrorCode =
  | 'SIGN_IN_FAILED'
  | 'SIGN_IN_THROTTLED'
  | 'SECOND_FACTOR_NEEDED'
  | 'SECOND_FACTOR_WRONG'
  | 'SECOND_FACTOR_ON'
  | 'SECOND_FACTOR_OFF'
  | 'SESSION_NONE'
  | 'SESSION_NEEDED'
  | 'TOKEN_INVALID'
  | 'TOKEN_UNKNOWN'
  | 'TOKEN_READS_ONLY'
  | 'ACCOUNT_UNKNOWN'
  | 'ACCOUNT_BUILT_IN'
  | 'LOGIN_NAME_TAKEN'
  | 'RESOURCE_UNKNOWN'
  | 'PASSWORD_TOO_WEAK'
  | 'PASSWORD_MUST_CHANGE'
  | 'NOT_ALLOWED'
  | 'ORIGIN_REFUSED';

export class AccessError extends Error {
  readonly code: AccessErrorCode;
  /** With SIGN_IN_THROTTLED: how long to wait, ms. */
  readonly waitMs: number | undefined;

  constructor(code: AccessErrorCode, waitMs?: number) {
    super(code);
    this.name = 'AccessError';
    this.code = code;
    this.waitMs = waitMs;
  }
}
