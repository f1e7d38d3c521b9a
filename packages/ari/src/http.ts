import { Agent, request as httpRequest, type ClientRequest } from 'node:http';
import type { EncodedRequest } from './encoding.ts';
import { AriError } from './errors.ts';

export interface HttpOptions {
  readonly url: string;
  readonly authorization: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: Buffer;
}

export interface HttpRequest extends EncodedRequest {
  readonly operation: string;
  readonly method: string;
  readonly timeoutMs: number;
}

/** Requests that may be long or have long answers: a long answer over the WebSocket kills Asterisk (496 KiB thread stack). */
export class HttpTransport {
  readonly #options: HttpOptions;
  /** Asterisk closes a connection after 15 s without a request; ours are given up well before, so none is used while it closes. */
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8, timeout: 5_000 });
  readonly #pending = new Map<ClientRequest, (reason: string) => void>();

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  /** @throws AriError ARI_TIMEOUT, ARI_DISCONNECTED */
  async request({ operation, method, path, query, body, timeoutMs }: HttpRequest): Promise<HttpAnswer> {
    const url = new URL(`/ari${path}`, this.#options.url);
    for (const { name, value } of query) url.searchParams.append(name, value);
    const content =
      body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        url,
        { method, agent: this.#agent, headers: { authorization: this.#options.authorization, ...content } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            settled();
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) });
          });
          response.on('error', broken);
        },
      );
      const settled = (): void => {
        clearTimeout(timer);
        this.#pending.delete(outgoing);
      };
      const fail = (error: AriError): void => {
        settled();
        reject(error);
        outgoing.destroy();
      };
      const broken = (error: Error): void => fail(new AriError('ARI_DISCONNECTED', operation, error.message));
      const timer = setTimeout(
        () => fail(new AriError('ARI_TIMEOUT', operation, `no answer within ${timeoutMs} ms`)),
        timeoutMs,
      );
      this.#pending.set(outgoing, (reason) => broken(new Error(reason)));
      outgoing.on('error', broken);
      outgoing.end(body);
    });
  }

  /** Gives up what is pending, all together, and every connection. */
  reset(reason: string): void {
    for (const end of [...this.#pending.values()]) end(reason);
    this.#agent.destroy();
  }
}
