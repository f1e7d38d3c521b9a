import type { ErrorAnswer } from '../../../server/src/http/contract.ts';

/** How long one request may take before the page says that the server does not answer, in ms. */
const DEADLINE = 10_000;

/**
 * A request that failed. `code` is the server's stable code, or one of ours: `NETWORK` (no answer came), `ANSWER_UNREADABLE` (an answer
 * that is not the server's, as from a proxy).
 */
export class ApiError extends Error {
  readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** From `Retry-After`, in seconds; null when the server did not say. */
  readonly retryAfter: number | null;
  /** Where a file that was sent is wrong. */
  readonly problems: Problems;

  constructor(code: string, status: number, retryAfter: number | null = null, problems: Problems = []) {
    super(code);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
    this.problems = problems;
  }
}

type Problems = NonNullable<ErrorAnswer['error']['problems']>;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Sends one request to the server that this page came from. Rejects with {@link ApiError}. */
export async function send<Answer>(method: Method, path: string, body?: object): Promise<Answer> {
  const { text, status } = await exchange(method, path, body);
  // The server of this origin is built with this page and keeps the contract.
  return (text === '' ? undefined : readJson(text, status)) as Answer;
}

/** What is at a path that does not answer with JSON. Rejects with {@link ApiError}. */
export async function readText(path: string): Promise<string> {
  return (await exchange('GET', path)).text;
}

async function exchange(
  method: Method,
  path: string,
  body?: object,
): Promise<{ readonly text: string; readonly status: number }> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(DEADLINE),
    });
    text = await response.text();
  } catch {
    throw new ApiError('NETWORK', 0);
  }
  if (response.ok) return { text, status: response.status };
  const answer = text === '' ? undefined : readJson(text, response.status);
  throw new ApiError(codeOf(answer), response.status, retryAfterOf(response), problemsOf(answer));
}

function readJson(text: string, status: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ApiError('ANSWER_UNREADABLE', status);
  }
}

function codeOf(answer: unknown): string {
  const code = (answer as Partial<ErrorAnswer> | undefined)?.error?.code;
  return typeof code === 'string' ? code : 'ANSWER_UNREADABLE';
}

function problemsOf(answer: unknown): Problems {
  return (answer as Partial<ErrorAnswer> | undefined)?.error?.problems ?? [];
}

function retryAfterOf(response: Response): number | null {
  const seconds = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
