import { sql, type Kysely, type Transaction } from 'kysely';
import pg from 'pg';
import type { Database } from './schema.ts';

/** What servers tell each other after a commit. Never a secret: any database user may listen. */
export type Notice =
  | { readonly kind: 'agents'; readonly ids: readonly number[] }
  | { readonly kind: 'agents_all' }
  | { readonly kind: 'phones' }
  /** Trunks, outside numbers or outgoing routes. */
  | { readonly kind: 'trunks' }
  | { readonly kind: 'settings' }
  /** Sessions or tokens ended: whoever holds a connection open for one looks again. */
  | { readonly kind: 'sessions' }
  | { readonly kind: 'call_centers' }
  /** Who waits in these call centers, or what is counted of their calls. */
  | { readonly kind: 'call_center_figures'; readonly callCenters: readonly string[] }
  | { readonly kind: 'access'; readonly accountIds: readonly number[] };

const CHANNEL = 'sasayaki';
/** PostgreSQL refuses payloads of 8,000 bytes; past this many ids "all" is said instead. */
const MAX_IDS = 500;

/** Inside a transaction: delivered when it commits, never when it does not. */
export async function notify(trx: Transaction<Database> | Kysely<Database>, notice: Notice): Promise<void> {
  const [channel, payload] = noticeOf(notice);
  await sql`select pg_notify(${channel}, ${payload})`.execute(trx);
}

/** What `pg_notify` takes, for a statement that does more than that. */
export function noticeOf(notice: Notice): readonly [channel: string, payload: string] {
  const bounded: Notice =
    notice.kind === 'agents' && notice.ids.length > MAX_IDS ? { kind: 'agents_all' } : notice;
  return [CHANNEL, JSON.stringify(bounded)];
}

export interface ListenerOptions {
  readonly url: string;
  readonly onNotice: (notice: Notice) => void;
  /** After each (re)connection: what was said meanwhile is lost, so readers read everything again. */
  readonly onConnected: () => void;
  readonly onError: (error: Error) => void;
}

/** Listens on a connection of its own; reconnects for ever, 0.1 to 2 s apart. */
export class NotificationListener {
  readonly #options: ListenerOptions;
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #delayMs = 100;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#options.url,
      keepAlive: true,
      connectionTimeoutMillis: 2_000,
      application_name: 'sasayaki-listener',
    });
    this.#client = client;
    client.on('notification', (message) => {
      if (message.payload !== undefined) this.#options.onNotice(JSON.parse(message.payload) as Notice);
    });
    client.on('error', (error) => this.#lost(client, error));
    client.on('end', () => this.#lost(client, new Error('The listening connection ended.')));
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      this.#lost(client, error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#delayMs = 100;
    this.#options.onConnected();
  }

  #lost(client: pg.Client, error: Error): void {
    if (this.#closed || this.#client !== client) return;
    this.#client = undefined;
    this.#options.onError(error);
    client.end().catch(() => undefined);
    this.#timer = setTimeout(() => void this.start(), this.#delayMs);
    this.#delayMs = Math.min(this.#delayMs * 2, 2_000);
  }

  async stop(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#client?.end().catch(() => undefined);
  }
}
