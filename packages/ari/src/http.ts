import { Agent, request as httpRequest } from 'node:http';
import { AriError } from './errors.ts';

export interface HttpOptions {
  readonly url: string;
  readonly authorization: string;
}

/** Requests that may be long or have long answers: a long answer over the WebSocket kills Asterisk (496 KiB thread stack). */
export class HttpTransport {
  readonly #options: HttpOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  async request(
    operation: string,
    method: string,
    path: string,
    query: URLSearchParams,
    body: string | undefined,
    timeoutMs: number,
  ): Promise<{ readonly status: number; readonly body: Buffer }> {
    const url = new URL(`/ari${path}`, this.#options.url);
    url.search = query.toString();
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        url,
        {
          method,
          agent: this.#agent,
          headers: {
            authorization: this.#options.authorization,
            ...(body === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            clearTimeout(timer);
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) });
          });
          response.on('error', fail);
        },
      );
      const fail = (error: Error): void => {
        clearTimeout(timer);
        reject(
          error instanceof AriError ? error : new AriError('ARI_DISCONNECTED', operation, error.message),
        );
      };
      const timer = setTimeout(() => {
        outgoing.destroy(new AriError('ARI_TIMEOUT', operation, `no answer within ${timeoutMs} ms`));
      }, timeoutMs);
      outgoing.on('error', fail);
      outgoing.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
