/** Why call centers were not changed. Codes are part of the API: renaming one breaks it. */
export type CallCenterRefusal =
  | 'CALL_CENTER_UNKNOWN'
  | 'CALL_CENTER_NUMBER_TAKEN'
  | 'CALL_CENTER_IN_USE'
  | 'CALL_CENTER_OVERFLOW_WRONG'
  | 'CALL_CENTER_LEADS_HERE';

/** Refused: nothing was changed. */
export class CallCenterError extends Error {
  readonly code: CallCenterRefusal;

  constructor(code: CallCenterRefusal) {
    super(code);
    this.name = 'CallCenterError';
    this.code = code;
  }
}
