import { AriError } from './errors.ts';
import type { Operation } from './generated/operations.ts';

export type Params = Readonly<Record<string, unknown>>;

/** An operation with its parameters, as it travels by either way. */
export interface EncodedRequest {
  /** Begins with a slash; parameters in it are escaped. */
  readonly path: string;
  readonly query: readonly { readonly name: string; readonly value: string }[];
  /** JSON. */
  readonly body: string | undefined;
}

/** Puts parameters where the API description says that they go (pure). What is undefined is left out. */
export function encode(operation: Operation, params: Params): EncodedRequest {
  const path = operation.path.replace(/\{(\w+)\}/g, (_whole, key: string) =>
    encodeURIComponent(text(params[key])),
  );
  const query = operation.query
    .filter((key) => params[key] !== undefined)
    .map((name) => ({ name, value: text(params[name]) }));
  return { path, query, body: bodyOf(operation, params) };
}

function bodyOf({ body, wholeBody }: Operation, params: Params): string | undefined {
  const given = body.filter((key) => params[key] !== undefined);
  const [first] = given;
  if (first === undefined) return undefined;
  return JSON.stringify(
    wholeBody ? params[first] : Object.fromEntries(given.map((key) => [key, params[key]])),
  );
}

function text(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}

/**
 * What an answer says (pure).
 * @throws AriError ARI_HTTP for a refusal, ARI_PROTOCOL when it is not JSON
 */
export function decode(operation: string, status: number, body: string): unknown {
  if (status >= 200 && status < 300) return body === '' ? undefined : parseJson(operation, body);
  let message: string | undefined;
  try {
    message = (JSON.parse(body) as { readonly message?: string } | null)?.message;
  } catch {
    // A refusal without a readable reason, as a 401 in HTML, is still a refusal.
  }
  throw new AriError('ARI_HTTP', operation, `${status} ${message ?? 'refused'}`, status);
}

function parseJson(operation: string, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new AriError('ARI_PROTOCOL', operation, 'the answer is not JSON');
  }
}
