export {
  AriClient,
  newId,
  type AriClientOptions,
  type AriEvent,
  type AriLogger,
  type AriState,
} from './client.ts';
export { AriError, ifGone, type AriErrorCode } from './errors.ts';
export type * from './generated/models.ts';
export type { AriApi } from './generated/operations.ts';
