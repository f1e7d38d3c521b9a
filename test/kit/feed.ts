import { WebSocket } from 'ws';
import type { CallCenterLive, FeedMessage } from '../../packages/server/src/http/contract.ts';
import type { Api } from './api.ts';
import type { System } from './system.ts';
import { until } from './wait.ts';

/** A live feed of the board, followed as the page does: what it shows of call centers now, and what came. */
export class LiveFeed {
  readonly messages: FeedMessage[] = [];
  readonly #socket: WebSocket;
  #callCenters = new Map<string, CallCenterLive>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#received(JSON.parse(data.toString('utf8')) as FeedMessage));
    socket.on('error', () => undefined);
  }

  /** Opens a feed and waits for its snapshot. */
  static async open(system: System, api: Api): Promise<LiveFeed> {
    const url = `${system.baseUrl.replace('http', 'ws')}/api/feed`;
    const feed = new LiveFeed(new WebSocket(url, { headers: api.headers }));
    await until('the snapshot of the feed', 30_000, () => feed.messages.length > 0);
    return feed;
  }

  get callCenters(): readonly string[] {
    return [...this.#callCenters.keys()];
  }

  callCenter(number: string): CallCenterLive | undefined {
    return this.#callCenters.get(number);
  }

  /** Waits until a call center is shown as wanted. */
  async shows(
    what: string,
    number: string,
    wanted: (live: CallCenterLive) => boolean,
  ): Promise<CallCenterLive> {
    return until(`the feed to show ${what}`, 20_000, () => {
      const live = this.callCenter(number);
      return live !== undefined && wanted(live) ? live : undefined;
    });
  }

  close(): void {
    this.#socket.terminate();
  }

  #received(message: FeedMessage): void {
    this.messages.push(message);
    if (message.type === 'snapshot') this.#callCenters = new Map();
    if (message.type === 'heartbeat') return;
    for (const live of message.callCenters ?? []) this.#callCenters.set(live.number, live);
  }
}
