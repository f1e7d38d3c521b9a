/** Why an agent's state was not changed. Codes are part of the API: renaming one breaks it. */
export type AgentRefusal =
  | 'AGENT_SIGNED_OFF'
  | 'AGENT_IN_CALL'
  | 'PHONE_IN_CALL'
  | 'PHONE_UNKNOWN'
  | 'SEAT_UNKNOWN'
  | 'SEAT_TAKEN'
  | 'SEATING_NOT_ENABLED'
  | 'AGENT_UNKNOWN';

/** A refused operation: nothing was changed. */
export class AgentError extends Error {
  readonly code: AgentRefusal;

  constructor(code: AgentRefusal) {
    super(code);
    this.name = 'AgentError';
    this.code = code;
  }
}
