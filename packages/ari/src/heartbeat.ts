import { randomUUID } from 'node:crypto';
import type { AriSocket } from './socket.ts';

export interface HeartbeatOptions {
  readonly socket: AriSocket;
  readonly app: string;
  /** Between two beats, ms; a beat fails when its answer or its event takes more than twice as long. */
  readonly everyMs: number;
  readonly onDead: (reason: string) => void;
}

/**
 * Sends the application an event through Asterisk and waits for its answer and for the event. A hung Asterisk keeps its sockets open, so
 * only an answer proves that it lives. And an answer proves nothing of events: when a hung Asterisk goes on it also takes the connections
 * that were given up meanwhile, and as those end they can take the application's events with them while ours stays open and answers.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #name = `heartbeat-${randomUUID()}`;
  readonly #timer: NodeJS.Timeout;
  #echo: (() => void) | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #beating = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      if (!this.#beating) void this.#beat();
    }, options.everyMs);
  }

  /** @returns whether the event was a beat, which is nobody else's business */
  hears(event: { readonly type: string; readonly eventname?: string }): boolean {
    if (event.type !== 'ChannelUserevent' || event.eventname !== this.#name) return false;
    this.#echo?.();
    return true;
  }

  stop(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#deadline);
  }

  async #beat(): Promise<void> {
    const { socket, app, everyMs, onDead } = this.#options;
    this.#beating = true;
    const echo = new Promise<void>((resolve) => (this.#echo = resolve));
    const timeoutMs = everyMs * 2;
    const uri = `events/user/${this.#name}`;
    const query = [{ name: 'application', value: app }];
    const asked = { operation: 'events.userEvent', method: 'POST', uri, query, body: undefined, timeoutMs };
    try {
      const { status_code: status } = await socket.request(asked);
      if (status >= 300) {
        onDead('Asterisk does not know the application');
        return;
      }
    } catch {
      onDead('Asterisk does not answer');
      return;
    }
    // Our own loop may have been held up, so the socket is read once more before giving up.
    this.#deadline = setTimeout(
      () => setImmediate(() => this.#beating && onDead('Asterisk sends no events')),
      timeoutMs,
    );
    await echo;
    clearTimeout(this.#deadline);
    this.#beating = false;
  }
}
