import { randomUUID } from 'node:crypto';
import { backoffMs } from './backoff.ts';
import { decode, encode, type Params } from './encoding.ts';
import { AriError } from './errors.ts';
import type { AriEvents } from './generated/models.ts';
import { OPERATIONS, type AriApi, type Operation } from './generated/operations.ts';
import { Heartbeat } from './heartbeat.ts';
import { HttpTransport } from './http.ts';
import { AriSocket } from './socket.ts';

export interface AriLogger {
  debug(about: object, message: string): void;
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
}

export interface AriClientOptions {
  /** As `http://127.0.0.1:8088`; what follows the port is not used. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** The Stasis application, or several with commas between. */
  readonly app: string;
  /** Deadline of a request, ms (5,000). Requests by plain HTTP get six times as long. */
  readonly requestTimeoutMs?: number;
  /**
   * How often Asterisk has to prove that it answers and that events come, ms (2,000); twice as long without proof ends the connection. The
   * proof is an event of our own, so a filter of the application has to let `ChannelUserevent` through.
   */
  readonly heartbeatMs?: number;
  /** Told of connections, of handlers that fail, and (debug) of each request: operation, path template, status and duration, no values. */
  readonly logger?: AriLogger;
}

export type AriEvent = AriEvents[keyof AriEvents];
export type AriState = 'idle' | 'connecting' | 'connected' | 'closed';
type Handler = (event: never) => unknown;

type AnyHandler = (event: AriEvent) => unknown;
type ConnectedHandler = (signal: AbortSignal) => Promise<void> | void;

const BACKOFF = { firstMs: 100, longestMs: 5_000 };
/** A connection that held this long was a good one: the next loss is answered quickly again. */
const STEADY_MS = 5_000;
/** A reading of the world that takes longer than this is given up: the connection is made anew. */
const RESYNC_MS = 30_000;

/** A new id, to be chosen before the request that uses it so that no event about it is missed. */
export function newId(prefix = 'id'): string {
  return `${prefix}-${randomUUID()}`;
}

/**
 * A client of Asterisk's REST interface: requests and events over one WebSocket, lists and reloads by plain HTTP. It reconnects for ever.
 * An answer over the WebSocket settles before later events are delivered; an answer by plain HTTP keeps no order with events.
 *
 * After each connection the {@link AriClient.onConnected} handlers run first, and only when they have settled are the events that came
 * meanwhile delivered, in order: who reads the world there and then applies events misses nothing. An event may tell what was read
 * already, so handlers are to be idempotent.
 */
export class AriClient implements AriApi {
  readonly #options: Required<Omit<AriClientOptions, 'logger'>> & { readonly logger: AriLogger | undefined };
  readonly #authorization: string;
  readonly #http: HttpTransport;
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #anyHandlers = new Set<AnyHandler>();
  readonly #connectedHandlers = new Set<ConnectedHandler>();
  readonly #disconnectedHandlers = new Set<(reason: string) => void>();
  #socket: AriSocket | undefined;
  #state: AriState = 'idle';
  #attempt = 0;
  #retry: NodeJS.Timeout | undefined;
  #heartbeat: Heartbeat | undefined;
  /** Of the open connection; aborted when it ends. */
  #connection: AbortController | undefined;
  #openedAt = 0;
  /** Events of a connection whose world is still being read. */
  #held: AriEvent[] | undefined;

  readonly applications: AriApi['applications'];
  readonly asterisk: AriApi['asterisk'];
  readonly bridges: AriApi['bridges'];
  readonly channels: AriApi['channels'];
  readonly deviceStates: AriApi['deviceStates'];
  readonly endpoints: AriApi['endpoints'];
  readonly mailboxes: AriApi['mailboxes'];
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
    this.mailboxes = this.#resource('mailboxes');
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
    this.#socket?.terminate('the client was stopped');
    this.#http.reset('the client was stopped');
  }

  /** Handlers are called in the order of events; one that fails is logged and stops nothing. @returns how to unsubscribe */
  on<Type extends keyof AriEvents>(type: Type, handler: (event: AriEvents[Type]) => unknown): () => void {
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers);
    handlers.add(handler);
    return () => void handlers.delete(handler);
  }

  onAny(handler: AnyHandler): () => void {
    this.#anyHandlers.add(handler);
    return () => void this.#anyHandlers.delete(handler);
  }

  /**
   * Called after each connection, before its events. When it fails or takes over 30 s the connection is made anew.
   * @param handler gets a signal that aborts when the connection ends, so that it does not go on reading a world that is gone
   */
  onConnected(handler: ConnectedHandler): () => void {
    this.#connectedHandlers.add(handler);
    return () => void this.#connectedHandlers.delete(handler);
  }

  /** Called once for each connection that opened; attempts that fail are not told. */
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
      onEvent: (event) => this.#received(socket, event as AriEvent),
      onClosed: (reason) => this.#lost(socket, reason),
    });
    this.#socket = socket;
    this.#held = [];
    socket.opened().then(
      async () => this.#opened(socket),
      // `onClosed` says why.
      () => undefined,
    );
  }

  async #opened(socket: AriSocket): Promise<void> {
    if (this.#socket !== socket) return;
    const connection = new AbortController();
    this.#connection = connection;
    this.#openedAt = performance.now();
    this.#heartbeat = new Heartbeat({
      socket,
      // Of several applications the first stands for all: they share the connection.
      app: this.#options.app.split(',')[0] ?? '',
      everyMs: this.#options.heartbeatMs,
      onDead: (reason) => socket.terminate(reason),
    });
    try {
      const handlers = [...this.#connectedHandlers].map(async (handler) => handler(connection.signal));
      await settledWithin(RESYNC_MS, Promise.all(handlers), connection.signal);
    } catch (error) {
      if (this.#socket !== socket) return;
      this.#options.logger?.error({ err: error }, 'reading Asterisk after connecting failed');
      socket.terminate('reading Asterisk after connecting failed');
      return;
    }
    if (this.#socket !== socket) return;
    this.#state = 'connected';
    this.#options.logger?.info({}, 'connected to Asterisk');
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) if (this.#socket === socket) this.#deliver(event);
  }

  #lost(socket: AriSocket, reason: string): void {
    if (this.#socket !== socket) return;
    const connection = this.#connection;
    this.#socket = undefined;
    this.#connection = undefined;
    this.#held = undefined;
    this.#heartbeat?.stop();
    this.#heartbeat = undefined;
    const stopped = this.#state === 'closed';
    if (!stopped) this.#retryLater(connection !== undefined, reason);
    if (connection === undefined) return;
    this.#http.reset(reason);
    connection.abort(new AriError('ARI_DISCONNECTED', 'connection', reason));
    for (const handler of this.#disconnectedHandlers) {
      this.#guard('a handler of the lost connection failed', {}, () => handler(reason));
    }
  }

  #retryLater(wasOpen: boolean, reason: string): void {
    if (wasOpen && performance.now() - this.#openedAt >= STEADY_MS) this.#attempt = 0;
    const level = wasOpen || this.#attempt === 0 ? 'warn' : 'debug';
    const said = wasOpen ? 'the connection to Asterisk is lost' : 'Asterisk cannot be reached';
    this.#options.logger?.[level]({ reason }, said);
    this.#state = 'connecting';
    const waitMs = backoffMs(BACKOFF, this.#attempt++, Math.random());
    this.#retry = setTimeout(() => this.#connect(), waitMs);
  }

  #received(socket: AriSocket, event: AriEvent): void {
    if (this.#socket !== socket || this.#heartbeat?.hears(event) === true) return;
    if (this.#held === undefined) this.#deliver(event);
    else this.#held.push(event);
    // The application's events go elsewhere from now on: to another client, or to a dead connection of ours that a hung Asterisk took
    // late. The socket stays open and deaf, so only connecting again helps.
    if (event.type === 'ApplicationReplaced') socket.terminate('another connection took the application');
  }

  #deliver(event: AriEvent): void {
    // Copies, so that who subscribes while an event is delivered gets the next one first.
    const typed = [...(this.#handlers.get(event.type) ?? [])] as unknown as readonly AnyHandler[];
    const handlers = [...typed, ...this.#anyHandlers];
    for (const handler of handlers) {
      this.#guard('an event handler failed', { event: event.type }, () => handler(event));
    }
  }

  /** Runs what is not ours: whatever it does, we go on. */
  #guard(message: string, about: object, run: () => unknown): void {
    const failed = (error: unknown): void => this.#options.logger?.error({ err: error, ...about }, message);
    try {
      const result = run();
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
        async (params: Params = {}) => this.#perform(`${name}.${nickname}`, operation, params),
      ]),
    ) as unknown as AriApi[Name];
  }

  async #perform(name: string, operation: Operation, params: Params): Promise<unknown> {
    const startedAt = performance.now();
    let status: number | string | undefined;
    try {
      const answer = await (operation.plain
        ? this.#askByHttp(name, operation, params)
        : this.#askBySocket(name, operation, params));
      status = answer.status;
      // Who hangs up wants the channel gone, and it is.
      if (status === 404 && name === 'channels.hangup') return undefined;
      if (operation.binary && status === 200) return Uint8Array.from(answer.body as Buffer).buffer;
      return decode(name, status, answer.body.toString());
    } catch (error) {
      if (error instanceof AriError) status ??= error.code;
      throw error;
    } finally {
      const ms = Math.round(performance.now() - startedAt);
      const { method, path } = operation;
      this.#options.logger?.debug({ operation: name, method, path, status, ms }, 'request to Asterisk');
    }
  }

  async #askByHttp(name: string, operation: Operation, params: Params): Promise<Answer> {
    if (this.#state === 'closed') throw new AriError('ARI_DISCONNECTED', name, 'the client was stopped');
    const timeoutMs = this.#options.requestTimeoutMs * 6;
    const { method } = operation;
    return this.#http.request({ operation: name, method, ...encode(operation, params), timeoutMs });
  }

  async #askBySocket(name: string, operation: Operation, params: Params): Promise<Answer> {
    const socket = this.#socket;
    if (socket === undefined) {
      throw new AriError('ARI_DISCONNECTED', name, 'there is no connection to Asterisk');
    }
    const { path, query, body } = encode(operation, params);
    const timeoutMs = this.#options.requestTimeoutMs;
    const { method } = operation;
    const request = { operation: name, method, uri: path.slice(1), query, body, timeoutMs };
    const answer = await socket.request(request);
    return { status: answer.status_code, body: answer.message_body ?? '' };
  }
}

interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
}

async function settledWithin(ms: number, work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const given = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${ms} ms`)), ms);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    await Promise.race([work, given]);
  } finally {
    clearTimeout(timer);
  }
}
