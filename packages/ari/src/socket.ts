import WebSocket from 'ws';
import { AriError } from './errors.ts';
import type { RESTResponse } from './generated/models.ts';

interface Pending {
  readonly operation: string;
  readonly resolve: (response: RESTResponse) => void;
  readonly reject: (error: AriError) => void;
  readonly timer: NodeJS.Timeout;
}

export interface SocketOptions {
  readonly url: string;
  readonly authorization: string;
  readonly app: string;
  readonly connectTimeoutMs: number;
  readonly onEvent: (event: { readonly type: string }) => void;
  /** Called once, also when the connection never opened. */
  readonly onClosed: (reason: string) => void;
}

export interface RestRequest {
  readonly operation: string;
  readonly method: string;
  /** Without a leading slash. */
  readonly uri: string;
  readonly query: readonly { readonly name: string; readonly value: string }[];
  readonly body: string | undefined;
  readonly timeoutMs: number;
}

/** One connection: requests and events, in the order in which Asterisk sent them. It does not reconnect; its owner makes another. */
export class AriSocket {
  readonly #ws: WebSocket;
  readonly #options: SocketOptions;
  readonly #pending = new Map<string, Pending>();
  #next = 1;
  #closed = false;

  constructor(options: SocketOptions) {
    this.#options = options;
    const url = new URL('/ari/events', options.url);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    url.searchParams.set('app', options.app);
    this.#ws = new WebSocket(url, {
      headers: { authorization: options.authorization },
      handshakeTimeout: options.connectTimeoutMs,
      perMessageDeflate: false,
      maxPayload: 64 * 1024 * 1024,
    });
    this.#ws.on('message', (data: Buffer) => this.#message(data));
    this.#ws.on('error', (error) => this.#end(error.message));
    this.#ws.on('close', (code) => this.#end(`closed with ${code}`));
  }

  /** Settles when the connection is open; rejects when it ends before. */
  async opened(): Promise<void> {
    if (this.#ws.readyState === WebSocket.OPEN) return;
    await new Promise<void>((resolve, reject) => {
      this.#ws.once('open', resolve);
      this.#ws.once('error', reject);
      this.#ws.once('close', () => reject(new Error('closed before it opened')));
    });
  }

  async request(request: RestRequest): Promise<RESTResponse> {
    if (this.#closed || this.#ws.readyState !== WebSocket.OPEN) {
      throw new AriError('ARI_DISCONNECTED', request.operation, 'there is no connection to Asterisk');
    }
    const id = String(this.#next++);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new AriError('ARI_TIMEOUT', request.operation, `no answer within ${request.timeoutMs} ms`));
      }, request.timeoutMs);
      this.#pending.set(id, { operation: request.operation, resolve, reject, timer });
      this.#ws.send(
        JSON.stringify({
          type: 'RESTRequest',
          request_id: id,
          method: request.method,
          uri: request.uri,
          ...(request.query.length === 0 ? {} : { query_strings: request.query }),
          ...(request.body === undefined
            ? {}
            : { content_type: 'application/json', message_body: request.body }),
        }),
      );
    });
  }

  #message(data: Buffer): void {
    if (this.#closed) return;
    const message = JSON.parse(data.toString('utf8')) as { readonly type: string };
    if (message.type !== 'RESTResponse') {
      this.#options.onEvent(message);
      return;
    }
    const response = message as RESTResponse;
    const pending = this.#pending.get(response.request_id);
    // An answer after its deadline has nobody waiting for it.
    if (pending === undefined) return;
    this.#pending.delete(response.request_id);
    clearTimeout(pending.timer);
    pending.resolve(response);
  }

  /** Ends at once; the peer may be hung, so nobody waits for its goodbye. */
  terminate(reason: string): void {
    this.#end(reason);
  }

  #end(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ws.terminate();
    for (const { operation, reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new AriError('ARI_DISCONNECTED', operation, reason));
    }
    this.#pending.clear();
    this.#options.onClosed(reason);
  }
}
