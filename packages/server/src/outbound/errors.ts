/** Why campaigns were not changed. Codes are part of the API: renaming one breaks it. */
export type OutboundRefusal = 'OUTBOUND_NOT_ENABLED' | 'CAMPAIGN_UNKNOWN' | 'CAMPAIGN_NAME_TAKEN';

/** Refused: nothing was changed. */
export class OutboundError extends Error {
  readonly code: OutboundRefusal;

  constructor(code: OutboundRefusal) {
    super(code);
    this.name = 'OutboundError';
    this.code = code;
  }
}
