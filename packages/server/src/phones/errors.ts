/** Why phones were not changed. Codes are part of the API: renaming one breaks it. */
export type PhoneRefusal = 'PHONE_NUMBER_TAKEN' | 'PHONE_IN_USE';

/** Refused: nothing was changed. */
export class PhoneError extends Error {
  readonly code: PhoneRefusal;

  constructor(code: PhoneRefusal) {
    super(code);
    this.name = 'PhoneError';
    this.code = code;
  }
}
