import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database } from './schema.ts';

/** Ids are bigint identities that never reach 2^53, so they travel as numbers. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export type Db = Kysely<Database>;

export interface PoolOptions {
  readonly url: string;
  /** Connections at the most. */
  readonly max?: number;
  /** Called when an idle connection breaks; the pool makes a new one by itself. */
  readonly onIdleError: (error: Error) => void;
}

/**
 * A pool on which every wait has a deadline: 2 s for a connection, 5 s for a statement, so that a database that is gone or hung becomes
 * an error that a caller hears, not a silence.
 */
export function openDatabase(options: PoolOptions): Db {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max ?? 10,
    connectionTimeoutMillis: 2_000,
    statement_timeout: 4_500,
    query_timeout: 5_000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    application_name: 'sasayaki',
  });
  pool.on('error', options.onIdleError);
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}
