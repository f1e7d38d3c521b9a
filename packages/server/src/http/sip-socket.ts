import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface SipSocketOptions {
  /** Asterisk's HTTP server on this machine, as `http://127.0.0.1:18088`. */
  readonly asterisk: string;
  /** Whether the session that opened a connection still is one. */
  readonly isSession: (token: string) => Promise<boolean>;
  readonly onFault: (error: unknown) => void;
}

interface Line {
  readonly token: string;
  readonly browser: Duplex;
  readonly asterisk: Socket;
}

/** How often the sessions of open connections are looked at again: they may end at another browser, or by their age. */
const LOOK_MS = 30_000;
const CONNECT_MS = 5_000;
/** Headers of the handshake that Asterisk needs. No other is passed on, least of all the cookie. */
const HANDSHAKE = ['sec-websocket-key', 'sec-websocket-version'] as const;

/**
 * SIP over WebSocket for the softphone in the page, on the page's own origin: after the handshake bytes go through as they are. Asterisk has
 * its REST interface on the same port, so the path is ours and never the browser's. Who speaks is proved by SIP's digest, to Asterisk.
 */
export class SipSockets {
  readonly #options: SipSocketOptions;
  readonly #host: string;
  readonly #port: number;
  readonly #lines = new Set<Line>();
  readonly #looking: NodeJS.Timeout;

  constructor(options: SipSocketOptions) {
    this.#options = options;
    const { hostname, port } = new URL(options.asterisk);
    this.#host = hostname;
    this.#port = Number(port);
    this.#looking = setInterval(() => this.sessionsChanged(), LOOK_MS);
  }

  /** Connections that are open. */
  get size(): number {
    return this.#lines.size;
  }

  /**
   * Joins a browser's connection with one to Asterisk.
   * @param token of the session that asks
   * @param refuse answers the browser with a status line while nothing else was answered
   */
  open(
    request: IncomingMessage,
    browser: Duplex,
    head: Buffer,
    token: string,
    refuse: (line: string) => void,
  ): void {
    const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    const headers = HANDSHAKE.map((name) => [name, request.headers[name]] as const);
    if (!protocols.includes('sip') || headers.some(([, value]) => typeof value !== 'string')) {
      refuse('400 Bad Request');
      return;
    }
    const asterisk = connect(this.#port, this.#host);
    const line: Line = { token, browser, asterisk };
    let joined = false;
    asterisk.setTimeout(CONNECT_MS, () => asterisk.destroy());
    asterisk.once('connect', () => {
      joined = true;
      asterisk.setTimeout(0);
      asterisk.setNoDelay(true);
      this.#lines.add(line);
      asterisk.write(
        [
          'GET /ws HTTP/1.1',
          `Host: ${this.#host}:${this.#port}`,
          'Upgrade: websocket',
          'Connection: Upgrade',
          'Sec-WebSocket-Protocol: sip',
          ...headers.map(([name, value]) => `${name}: ${String(value)}`),
          '\r\n',
        ].join('\r\n'),
      );
      asterisk.write(head);
      asterisk.pipe(browser).pipe(asterisk);
    });
    asterisk.on('error', () => asterisk.destroy());
    asterisk.once('close', () => {
      this.#lines.delete(line);
      if (joined) browser.destroy();
      else refuse('503 Service Unavailable');
    });
    browser.once('close', () => asterisk.destroy());
  }

  /** Sessions may have ended: looks at once. The phone of one that did is unregistered. */
  sessionsChanged(): void {
    void this.#look();
  }

  stop(): void {
    clearInterval(this.#looking);
    for (const { browser } of this.#lines) browser.destroy();
  }

  async #look(): Promise<void> {
    try {
      for (const { token, browser } of this.#lines) {
        if (!(await this.#options.isSession(token))) browser.destroy();
      }
    } catch (error) {
      // Without the database nothing is known of sessions: calls go on.
      this.#options.onFault(error);
    }
  }
}
