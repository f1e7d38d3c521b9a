import WebSocket from 'ws';
import { AriError } from './errors.ts';
import type { RESTResponse } from './generated/models.ts';

interface Message {
  readonly type: string;
}

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
  readonly onEvent: (event: Message) => void;
  /** Called once, also when the connection never opened; every pending request is rejected by then. */
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

/** Asterisk ends the connection, with all that is pending on it, when a longer message comes. */
const LONGEST_MESSAGE_BYTES = 65_535;

/** One connection: requests and events, in the order in which Asterisk sent them. It does not reconnect; its owner makes another. */
export class AriSocket {
  readonly #ws: WebSocket;
  readonly #options: SocketOptions;
  readonly #pending = new Map<string, Pending>();
  /** Messages that came after an answer whose requester has not run yet. */
  readonly #waiting: Message[] = [];
  #answered = false;
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
    const message = JSON.stringify({
      type: 'RESTRequest',
      request_id: id,
      method: request.method,
      uri: request.uri,
      ...(request.query.length === 0 ? {} : { query_strings: request.query }),
      ...(request.body === undefined ? {} : { content_type: 'application/json', message_body: request.body }),
    });
    if (Buffer.byteLength(message) > LONGEST_MESSAGE_BYTES) {
      throw new AriError('ARI_TOO_LONG', request.operation, 'longer than Asterisk takes over a WebSocket');
    }
    return new Promise((resolve, reject) => {
      // When our own loop was held up the answer may lie in the socket unread, so the socket is read once more before giving up.
      const timer = setTimeout(() => setImmediate(() => this.#expire(id, request)), request.timeoutMs);
      this.#pending.set(id, { operation: request.operation, resolve, reject, timer });
      this.#ws.send(message);
    });
  }

  #expire(id: string, { operation, timeoutMs }: RestRequest): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.reject(new AriError('ARI_TIMEOUT', operation, `no answer within ${timeoutMs} ms`));
  }

  #message(data: Buffer): void {
    if (this.#closed) return;
    let message: Message;
    try {
      message = JSON.parse(data.toString('utf8')) as Message;
    } catch {
      // Going on would lose an event without anybody knowing; a new connection reads the world again.
      this.#end('a message was not JSON');
      return;
    }
    if (this.#waiting.length > 0) this.#waiting.push(message);
    else this.#take(message);
  }

  /**
   * Several messages may come in one turn of the loop, but who awaits an answer runs only when the turn ends. Events that follow the
   * answer wait for that, so that nobody hears of what a request caused before the request has its result.
   */
  #take(message: Message): void {
    if (message.type === 'RESTResponse') {
      this.#settle(message as RESTResponse);
    } else if (this.#answered) {
      this.#waiting.push(message);
    } else {
      this.#options.onEvent(message);
    }
  }

  #settle(response: RESTResponse): void {
    const pending = this.#pending.get(response.request_id);
    // An answer after its deadline has nobody waiting for it.
    if (pending === undefined) return;
    this.#pending.delete(response.request_id);
    clearTimeout(pending.timer);
    pending.resolve(response);
    if (this.#answered) return;
    this.#answered = true;
    setImmediate(() => {
      this.#answered = false;
      this.#drain();
    });
  }

  #drain(): void {
    for (const message of this.#waiting.splice(0)) {
      if (this.#waiting.length > 0) this.#waiting.push(message);
      else this.#take(message);
    }
  }

  /** Ends at once; the peer may be hung, so nobody waits for its goodbye. */
  terminate(reason: string): void {
    this.#end(reason);
  }

  #end(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ws.terminate();
    for (const message of this.#waiting.splice(0)) {
      if (message.type === 'RESTResponse') this.#settle(message as RESTResponse);
      else this.#options.onEvent(message);
    }
    for (const { operation, reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new AriError('ARI_DISCONNECTED', operation, reason));
    }
    this.#pending.clear();
    this.#options.onClosed(reason);
  }
}
