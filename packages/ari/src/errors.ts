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

/** What the API description gives for a channel that is there but has left the application, as while it hangs up. */
const LEFT = /Channel not in (a )?Stasis application$/;
/** What the requests of a bridge's members say of a channel that is not there at all. */
const ABSENT = /Channel not found$/;

/**
 * Settles with undefined when what the request is about is gone already: a 404, a channel that a bridge is asked about and that is no more, or one that has left Stasis (which it does a moment
 * before it is gone). A channel that was just made and has not had its `StasisStart` yet is answered alike, so wait for that first.
 */
export async function ifGone<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof AriError)) throw error;
    const left = (error.status === 409 || error.status === 422) && LEFT.test(error.message);
    const absent = error.status === 400 && ABSENT.test(error.message);
    if (error.status === 404 || left || absent) return undefined;
    throw error;
  }
}
