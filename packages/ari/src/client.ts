import { randomUUID } from 'node:crypto';
import { backoffMs } from './backoff.ts';
import { AriError } from './errors.ts';
import type { AriEvents } from './generated/models.ts';
import { OPERATIONS, type AriApi, type Operation } from './generated/operations.ts';
import { HttpTransport } from './http.ts';
import { AriSocket } from './socket.ts';

export interface AriLogger {
  debug(about: object, message: string): void;
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
}

export interface AriClientOptions {
  /** As `http://127.0.0.1:8088`. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** The Stasis application. */
  readonly app: string;
  /** Deadline of a request, ms (5,000). Requests by plain HTTP get six times as long. */
  readonly requestTimeoutMs?: number;
  /** How often Asterisk is asked whether it still answers, ms (2,000). A missed answer ends the connection. */
  readonly heartbeatMs?: number;
  readonly logger?: AriLogger;
}

export type AriEvent = AriEvents[keyof AriEvents];
export type AriState = 'idle' | 'connecting' | 'connected' | 'closed';
type Handler = (event: never) => unknown;

const BACKOFF = { firstMs: 100, longestMs: 5_000 };
/** A reading of the world that takes longer than this is given up: the connection is made anew. */
const RESYNC_MS = 30_000;

/** A new id, to be chosen before the request that uses it so that no event about it is missed. */
export function newId(prefix = 'id'): string {
  return `${prefix}-${randomUUID()}`;
}

/**
 * A client of Asterisk's REST interface: requests and events over one WebSocket, lists and reloads by plain HTTP. It reconnects for ever.
 *
 * After each connection the {@link AriClient.onConnected} handlers run first, and only when they have settled are the events that came
 * meanwhile delivered, in order: who reads the world there and then applies events misses nothing. An event may tell what was read
 * already, so handlers are to be idempotent.
 */
export class AriClient {
  readonly #options: Required<Omit<AriClientOptions, 'logger'>> & { readonly logger: AriLogger | undefined };
  readonly #authorization: string;
  readonly #http: HttpTransport;
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #anyHandlers = new Set<(event: AriEvent) => unknown>();
  readonly #connectedHandlers = new Set<() => Promise<void> | void>();
  readonly #disconnectedHandlers = new Set<(reason: string) => void>();
  #socket: AriSocket | undefined;
  #state: AriState = 'idle';
  #attempt = 0;
  #retry: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  /** Events of a connection whose world is still being read. */
  #held: AriEvent[] | undefined;

  readonly applications: AriApi['applications'];
  readonly asterisk: AriApi['asterisk'];
  readonly bridges: AriApi['bridges'];
  readonly channels: AriApi['channels'];
  readonly deviceStates: AriApi['deviceStates'];
  readonly endpoints: AriApi['endpoints'];
  readonly playbacks: AriApi['playbacks'];
  readonly recordings: AriApi['recordings'];
  readonly sounds: AriApi['sounds'];

  constructor(options: AriClientOptions) {
    this.#options = { requestTimeoutMs: 5_000, heartbeatMs: 2_000, ...options, logger: options.logger };
    this.#authorization = `Basic ${Buffer.from(`${options.username}:${options.password}`).toString('base64')}`;
    this.#http = new HttpTransport({ url: options.url, authorization: this.#authorization });
    this.applications = this.#resource('applications');
    this.asterisk = this.#resource('asterisk');
    this.bridges = this.#resource('bridges');
    this.channels = this.#resource('channels');
    this.deviceStates = this.#resource('deviceStates');
    this.endpoints = this.#resource('endpoints');
    this.playbacks = this.#resource('playbacks');
    this.recordings = this.#resource('recordings');
    this.sounds = this.#resource('sounds');
  }

  get state(): AriState {
    return this.#state;
  }

  /** Connects, and reconnects until {@link stop}. */
  start(): void {
    if (this.#state === 'idle') this.#connect();
  }

  /** Ends the connection and all that waits on it. The client cannot be started again. */
  async stop(): Promise<void> {
    this.#state = 'closed';
    clearTimeout(this.#retry);
    clearInterval(this.#heartbeat);
    this.#socket?.terminate('the client was stopped');
    this.#http.close();
  }

  /** Handlers are called in the order of events; one that fails is logged and stops nothing. @returns how to unsubscribe */
  on<Type extends keyof AriEvents>(type: Type, handler: (event: AriEvents[Type]) => unknown): () => void {
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers);
    handlers.add(handler);
    return () => void handlers.delete(handler);
  }

  onAny(handler: (event: AriEvent) => unknown): () => void {
    this.#anyHandlers.add(handler);
    return () => void this.#anyHandlers.delete(handler);
  }

  /** Called after each connection, before its events. When it fails or takes over 30 s the connection is made anew. */
  onConnected(handler: () => Promise<void> | void): () => void {
    this.#connectedHandlers.add(handler);
    return () => void this.#connectedHandlers.delete(handler);
  }

  onDisconnected(handler: (reason: string) => void): () => void {
    this.#disconnectedHandlers.add(handler);
    return () => void this.#disconnectedHandlers.delete(handler);
  }

  #connect(): void {
    this.#state = 'connecting';
    const socket: AriSocket = new AriSocket({
      url: this.#options.url,
      authorization: this.#authorization,
      app: this.#options.app,
      connectTimeoutMs: this.#options.requestTimeoutMs,
      onEvent: (event) => this.#received(event as AriEvent),
      onClosed: (reason) => this.#lost(socket, reason),
    });
    this.#socket = socket;
    this.#held = [];
    socket.opened().then(
      () => this.#opened(socket),
      // `onClosed` says why.
      () => undefined,
    );
  }

  async #opened(socket: AriSocket): Promise<void> {
    this.#beat(socket);
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`not done within ${RESYNC_MS} ms`)), RESYNC_MS);
    });
    try {
      const handlers = Promise.all([...this.#connectedHandlers].map(async (handler) => handler()));
      await Promise.race([handlers, deadline]);
    } catch (error) {
      this.#options.logger?.error({ err: error }, 'reading Asterisk after connecting failed');
      socket.terminate('reading Asterisk after connecting failed');
      return;
    } finally {
      clearTimeout(timer);
    }
    if (this.#socket !== socket) return;
    this.#state = 'connected';
    this.#attempt = 0;
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) this.#deliver(event);
    this.#options.logger?.info({}, 'connected to Asterisk');
  }

  /** A hung Asterisk keeps its sockets open, so only an answer proves that it lives. */
  #beat(socket: AriSocket): void {
    const every = this.#options.heartbeatMs;
    let waiting = false;
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => {
      if (waiting) return;
      waiting = true;
      const ask = {
        operation: 'asterisk.ping',
        method: 'GET',
        uri: 'asterisk/ping',
        query: [],
        body: undefined,
      };
      socket.request({ ...ask, timeoutMs: every * 2 }).then(
        () => (waiting = false),
        () => socket.terminate('Asterisk does not answer'),
      );
    }, every);
  }

  #lost(socket: AriSocket, reason: string): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#held = undefined;
    clearInterval(this.#heartbeat);
    if (this.#attempt === 0) this.#options.logger?.warn({ reason }, 'the connection to Asterisk is lost');
    for (const handler of this.#disconnectedHandlers) handler(reason);
    if (this.#state === 'closed') return;
    this.#state = 'connecting';
    const wait = backoffMs(BACKOFF, this.#attempt++, Math.random());
    this.#retry = setTimeout(() => this.#connect(), wait);
  }

  #received(event: AriEvent): void {
    if (this.#held === undefined) this.#deliver(event);
    else this.#held.push(event);
  }

  #deliver(event: AriEvent): void {
    for (const handler of this.#handlers.get(event.type) ?? [])
      this.#call(handler as (event: AriEvent) => unknown, event);
    for (const handler of this.#anyHandlers) this.#call(handler, event);
  }

  #call(handler: (event: AriEvent) => unknown, event: AriEvent): void {
    const failed = (error: unknown): void => {
      this.#options.logger?.error({ err: error, event: event.type }, 'an event handler failed');
    };
    try {
      const result = handler(event);
      if (result instanceof Promise) result.catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  #resource<Name extends keyof AriApi>(name: Name): AriApi[Name] {
    const operations: Readonly<Record<string, Operation>> = OPERATIONS[name];
    return Object.fromEntries(
      Object.entries(operations).map(([nickname, operation]) => [
        nickname,
        async (params: Readonly<Record<string, unknown>> = {}) =>
          this.#perform(`${name}.${nickname}`, operation, params),
      ]),
    ) as unknown as AriApi[Name];
  }

  async #perform(
    name: string,
    operation: Operation,
    params: Readonly<Record<string, unknown>>,
  ): Promise<unknown> {
    const path = operation.path.replace(/\{(\w+)\}/g, (_whole, key: string) =>
      encodeURIComponent(text(params[key])),
    );
    const query = operation.query
      .filter((key) => params[key] !== undefined)
      .map((key) => ({ name: key, value: text(params[key]) }));
    const given = operation.body.filter((key) => params[key] !== undefined);
    const body =
      given.length === 0
        ? undefined
        : JSON.stringify(Object.fromEntries(given.map((key) => [key, params[key]])));
    const { method, plain } = operation;
    const timeoutMs = this.#options.requestTimeoutMs * (plain ? 6 : 1);
    if (plain) {
      const search = new URLSearchParams(query.map((pair): [string, string] => [pair.name, pair.value]));
      const answer = await this.#http.request(name, method, path, search, body, timeoutMs);
      return parse(name, answer.status, answer.body.toString('utf8'));
    }
    const socket = this.#socket;
    if (socket === undefined)
      throw new AriError('ARI_DISCONNECTED', name, 'there is no connection to Asterisk');
    const answer = await socket.request({
      operation: name,
      method,
      uri: path.slice(1),
      query,
      body,
      timeoutMs,
    });
    return parse(name, answer.status_code, answer.message_body ?? '');
  }
}

function text(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}

function parse(operation: string, status: number, body: string): unknown {
  if (status >= 200 && status < 300) return body === '' ? undefined : parseJson(operation, body);
  const parsed = body === '' ? undefined : parseJson(operation, body);
  const message = (parsed as { readonly message?: string } | undefined)?.message ?? 'refused';
  throw new AriError('ARI_HTTP', operation, `${status} ${message}`, status);
}

function parseJson(operation: string, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new AriError('ARI_PROTOCOL', operation, 'the answer is not JSON');
  }
}
