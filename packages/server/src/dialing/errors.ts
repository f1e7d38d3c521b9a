/** Why dial credentials were not changed. Codes are part of the API: renaming one breaks it. */
export type DialRefusal = 'DIAL_ID_TAKEN' | 'DIAL_PASSWORD_TRIVIAL' | 'DIAL_LOCK_UNKNOWN';

/** Refused: nothing was changed. */
export class DialError extends Error {
  readonly code: DialRefusal;

  constructor(code: DialRefusal) {
    super(code);
    this.name = 'DialError';
    this.code = code;
  }
}
