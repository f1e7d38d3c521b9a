/** Why floors and seats were not changed. Codes are part of the API: renaming one breaks it. */
export type SeatingRefusal = 'FLOOR_UNKNOWN' | 'FLOOR_NAME_TAKEN' | 'SEAT_ID_TAKEN' | 'SEAT_IN_USE';

/** Refused: nothing was changed. */
export class SeatingError extends Error {
  readonly code: SeatingRefusal;

  constructor(code: SeatingRefusal) {
    super(code);
    this.name = 'SeatingError';
    this.code = code;
  }
}
