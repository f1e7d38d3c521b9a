/** Why monitoring did not start or change. Codes are part of the API: renaming one breaks it. */
export type MonitoringRefusal =
  | 'MONITORING_NOT_ALLOWED'
  | 'MONITORING_NOT_ENABLED'
  | 'MONITORING_TARGET_UNKNOWN'
  | 'MONITORING_TARGET_NOT_IN_CALL'
  | 'MONITORING_TARGET_ON_HOLD'
  | 'MONITORING_TARGET_REDIAL'
  | 'MONITORING_SELF'
  | 'MONITORING_ALREADY'
  | 'MONITORING_NO_PHONE'
  | 'MONITORING_PHONE_OFFLINE'
  | 'MONITORING_UNKNOWN';

/** A refused monitoring: nothing was changed, nobody was called. */
export class MonitoringError extends Error {
  readonly code: MonitoringRefusal;

  constructor(code: MonitoringRefusal) {
    super(code);
    this.name = 'MonitoringError';
    this.code = code;
  }
}
