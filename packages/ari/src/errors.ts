/**
 * `ARI_TIMEOUT`: no answer before the deadline; whether the request was carried out is unknown. `ARI_DISCONNECTED`: there is no connection,
 * or it closed while the request was under way. `ARI_HTTP`: Asterisk refused; `status` says how. `ARI_PROTOCOL`: an answer that is none.
 * `ARI_TOO_LONG`: the request was not sent, because Asterisk would end the connection.
 */
export type AriErrorCode = 'ARI_TIMEOUT' | 'ARI_DISCONNECTED' | 'ARI_HTTP' | 'ARI_PROTOCOL' | 'ARI_TOO_LONG';

export class AriError extends Error {
  readonly code: AriErrorCode;
  /** The operation, as `channels.answer`; never its parameters. */
  readonly operation: string;
  /** The HTTP status of a refusal. */
  readonly status: number | undefined;

  constructor(code: AriErrorCode, operation: string, detail: string, status?: number) {
    super(`${operation}: ${detail}`);
    this.name = 'AriError';
    this.code = code;
    this.operation = operation;
    this.status = status;
  }
}

/** Settles with undefined when what the request is about is gone already: hanging up a channel that hung up is success. */
export async function ifGone<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof AriError && error.status === 404) return undefined;
    throw error;
  }
}
