/** Codes are part of the API: renaming one breaks it. */
export type TrunkRefusal =
  'TRUNK_UNKNOWN' | 'TRUNK_NEEDS_ACCOUNT' | 'OUTSIDE_NUMBER_UNKNOWN' | 'OUTSIDE_TARGET_UNKNOWN';

/** A refused change of outside lines; nothing was changed. */
export class TrunkError extends Error {
  readonly code: TrunkRefusal;

  constructor(code: TrunkRefusal) {
    super(code);
    this.name = 'TrunkError';
    this.code = code;
  }
}
