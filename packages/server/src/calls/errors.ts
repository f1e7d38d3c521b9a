/** Why no call was placed. Codes are part of the API: renaming one breaks it. */
export type CallRefusal =
  /** Nobody is signed in there, or the account has no phone. */
  | 'CALL_NO_PHONE'
  | 'CALL_PHONE_OFFLINE'
  | 'CALL_PHONE_BUSY'
  /** No phone, call center or outside number that may be called from there. */
  | 'CALL_NUMBER_WRONG';

/** A refused call: no phone rang. */
export class CallError extends Error {
  readonly code: CallRefusal;

  constructor(code: CallRefusal) {
    super(code);
    this.name = 'CallError';
    this.code = code;
  }
}
