import type { FeedMessage } from '../../../server/src/http/contract.ts';
import { EMPTY_FEED, SILENCE_LIMIT, apply, lose, retryDelay } from './rules.ts';
import type { FeedState } from './rules.ts';

/** Close codes of the server (see its contract). */
const SESSION_ENDED = 4401;
const FORBIDDEN = 4403;

export interface FeedConnectionOptions {
  readonly url: string;
  /**
   * Called when the session may be over: the server said so, or refused the connection without saying why. A browser does not tell a
   * page why a WebSocket was refused, so the page asks for its session again.
   */
  readonly onSessionDoubt: () => void;
}

/**
 * The live feed over one WebSocket. It connects again by itself for ever: after a close, after a gap in the numbers, after silence, and
 * at once when the machine is online again or the page is looked at again. Shaped for React's `useSyncExternalStore`.
 */
export class FeedConnection {
  readonly #options: FeedConnectionOptions;
  readonly #listeners = new Set<() => void>();
  #state: FeedState = EMPTY_FEED;
  #socket: WebSocket | null = null;
  #failures = 0;
  #retry: number | undefined;
  #silence: number | undefined;
  #running = false;
  #telling = false;

  constructor(options: FeedConnectionOptions) {
    this.#options = options;
  }

  readonly getState = (): FeedState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    if (this.#running) return;
    this.#running = true;
    window.addEventListener('online', this.#hurry);
    document.addEventListener('visibilitychange', this.#hurry);
    this.#connect();
  }

  stop(): void {
    this.#running = false;
    window.removeEventListener('online', this.#hurry);
    document.removeEventListener('visibilitychange', this.#hurry);
    window.clearTimeout(this.#retry);
    this.#drop();
  }

  /** Does not wait for the next try when there is reason to hope. */
  readonly #hurry = (): void => {
    if (this.#socket === null && document.visibilityState === 'visible') this.#connect();
  };

  #connect(): void {
    if (!this.#running) return;
    window.clearTimeout(this.#retry);
    const socket = new WebSocket(this.#options.url);
    this.#socket = socket;
    let opened = false;
    socket.onopen = () => {
      opened = true;
    };
    socket.onmessage = (event) => this.#take(event.data);
    socket.onclose = (event) => {
      // A socket that was dropped on purpose has no handlers any more, so this is news.
      this.#socket = null;
      window.clearTimeout(this.#silence);
      if (event.code === FORBIDDEN) {
        // Asked again only when the page is looked at again: rights change seldom.
        this.#set({ ...EMPTY_FEED, phase: 'forbidden' });
        return;
      }
      // The end of another session of the same account closes this feed too, so this page goes on trying while its own session lives.
      if (event.code === SESSION_ENDED || !opened) this.#options.onSessionDoubt();
      this.#again();
    };
    // A connection that is never answered must not wait for the operating system's own, much longer, limit.
    this.#listenForSilence();
  }

  #take(data: unknown): void {
    const message = readMessage(data);
    const applied = message === null ? ({ gap: true } as const) : apply(this.#state, message, Date.now());
    if (applied.gap) {
      this.#drop();
      this.#again();
      return;
    }
    if (message?.type === 'snapshot') this.#failures = 0;
    this.#listenForSilence();
    this.#set(applied.state);
  }

  #listenForSilence(): void {
    window.clearTimeout(this.#silence);
    this.#silence = window.setTimeout(() => {
      this.#drop();
      this.#again();
    }, SILENCE_LIMIT);
  }

  /** Lets go of the socket without waiting for its closing handshake, which a dead peer never answers. */
  #drop(): void {
    window.clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #again(): void {
    this.#set(lose(this.#state));
    if (!this.#running) return;
    const delay = retryDelay(this.#failures, Math.random());
    this.#failures += 1;
    window.clearTimeout(this.#retry);
    this.#retry = window.setTimeout(() => this.#connect(), delay);
  }

  #set(state: FeedState): void {
    if (state === this.#state) return;
    const isNews = state.phase !== this.#state.phase;
    this.#state = state;
    // Many changes of one moment are drawn once. Nothing is drawn for a page that nobody sees, so it has no frames.
    if (isNews || document.hidden) this.#tell();
    else if (!this.#telling) {
      this.#telling = true;
      window.requestAnimationFrame(this.#tell);
    }
  }

  readonly #tell = (): void => {
    this.#telling = false;
    for (const listener of this.#listeners) listener();
  };
}

/** The feed's address on the origin that this page came from. */
export function feedUrl(location: Location): string {
  const url = new URL('/api/feed', location.href);
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

function readMessage(data: unknown): FeedMessage | null {
  if (typeof data !== 'string') return null;
  try {
    const message = JSON.parse(data) as FeedMessage | null;
    return typeof message?.type === 'string' ? message : null;
  } catch {
    return null;
  }
}
