export {
  ASTERISK_MEMORY,
  findAsterisk,
  writeAsteriskConfig,
  waitForAsterisk,
  type AsteriskProgram,
} from './asterisk.ts';
export { asteriskConfig, STASIS_APP, type AsteriskConfigOptions } from './asterisk-config.ts';
export { provideDebianPackages, rootedCommand, type DebianPackages, type DebianRequest } from './debian.ts';
export { EngineError, ENGINE_ERRORS, type EngineErrorCode } from './errors.ts';
export { prepareCluster, providePostgres, waitForPostgres, type Cluster } from './postgres.ts';
export { findRunUser, type RunUser } from './run-user.ts';
export { endProcess, isAlive, recordOf, type ProcessRecord } from './processes.ts';
export { readSettings, type EngineSettings } from './settings.ts';
