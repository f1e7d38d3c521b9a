import { Kysely, PostgresDialect, type RawBuilder } from 'kysely';
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
  statement: RawBuilder<Row>,
): Promise<readonly Row[]> {
  const { sql, parameters } = statement.compile(db);
  const { rows } = await poolOf(db).query<Row>({ name, text: sql, values: [...parameters] });
  return rows;
}

function poolOf(db: Db): pg.Pool {
  const pool = pools.get(db);
  if (pool === undefined) throw new Error('This database was not opened here.');
  return pool;
}
