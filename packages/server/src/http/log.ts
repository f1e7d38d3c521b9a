import { pino, type Logger } from 'pino';

/**
 * JSON lines on standard output; each names the part. Nobody hands it a request, an event or an operation: those may hold what was keyed.
 */
export function createLog(level: string): Logger {
  return pino({ level, base: { part: 'server' }, timestamp: pino.stdTimeFunctions.isoTime });
}
