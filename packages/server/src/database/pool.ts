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
  /** Without it as a caller may be kept waiting. */
  readonly patience?: Patience;
  /** Called when an idle connection breaks; the pool makes a new one by itself. */
  readonly onIdleError: (error: Error) => void;
}

/** How long a wait may take, ms. */
export interface Patience {
  readonly connection: number;
  readonly statement: number;
}

const OF_A_CALLER: Patience = { connection: 2_000, statement: 5_000 };

/** On the command line nobody listens to silence: a slow machine may be slow, and a migration may go through a large table. */
export const OF_A_COMMAND: Patience = { connection: 20_000, statement: 90_000 };

/**
 * A pool on which every wait has a deadline, for callers 2 s for a connection and 5 s for a statement, so that a database that is gone or hung
 * becomes an error that a caller hears, not a silence.
 */
export function openDatabase(options: PoolOptions): Db {
  const patience = options.patience ?? OF_A_CALLER;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max ?? 10,
    connectionTimeoutMillis: patience.connection,
    // PostgreSQL gives up first, so that nothing goes on there after we have.
    statement_timeout: patience.statement - 500,
    query_timeout: patience.statement,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    application_name: 'sasayaki',
  });
  pool.on('error', options.onIdleError);
  // The pool listens only to idle connections, and an error that nobody hears ends the process. Whoever uses the connection has it with its next query.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  pools.set(db, pool);
  return db;
}

const pools = new WeakMap<Db, pg.Pool>();

/**
 * Runs a statement that PostgreSQL parses and plans once for each connection: for what a caller waits for. Its text must always be the same, and
 * name its columns, because a plan outlives a migration.
 */
export async function prepared<Row extends object>(
  db: Db,
  name: string,
  text: string,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  const { rows } = await poolOf(db).query<Row>({ name, text, values: [...values] });
  return rows;
}

function poolOf(db: Db): pg.Pool {
  const pool = pools.get(db);
  if (pool === undefined) throw new Error('This database was not opened here.');
  return pool;
}
