import { Migrator, type Kysely, type Migration } from 'kysely';
import type { Database } from './schema.ts';
import { DatabaseError } from './errors.ts';
import { first } from './migrations/0001-first.ts';
import { api } from './migrations/0002-api.ts';
import { calls } from './migrations/0003-calls.ts';
import { callCenters } from './migrations/0004-call-centers.ts';
import { trunks } from './migrations/0005-trunks.ts';
import { monitoring } from './migrations/0006-monitoring.ts';
import { secondFactor } from './migrations/0007-second-factor.ts';
import { callHistory } from './migrations/0008-call-history.ts';
import { campaigns } from './migrations/0009-campaigns.ts';

/**
 * Migrations, oldest first. One that has been released is never changed; a new one is added. They only go forward: a restore from a
 * backup is the way back, because a `down` that nobody runs is a promise that nobody keeps.
 */
const migrations: Readonly<Record<string, Migration>> = {
  '0001-first': first,
  '0002-api': api,
  '0003-calls': calls,
  '0004-call-centers': callCenters,
  '0005-trunks': trunks,
  '0006-monitoring': monitoring,
  '0007-second-factor': secondFactor,
  '0008-call-history': callHistory,
  '0009-campaigns': campaigns,
};

/**
 * Brings the database to this release. Kysely's migrator takes an advisory lock, so that two servers starting together do it once.
 * @throws DatabaseError DATABASE_NEWER when the database was made by a newer release, DATABASE_MIGRATION when a step fails.
 */
export async function migrate(db: Kysely<Database>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    // Features are made side by side: a lower number may arrive later.
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const message = error instanceof Error ? error.message : 'unknown error';
  if (message.includes('previously executed migration')) {
    throw new DatabaseError('DATABASE_NEWER', 'The database was made by a newer release of Sasayaki.');
  }
  throw new DatabaseError(
    'DATABASE_MIGRATION',
    `The database could not be brought to this release: ${message}`,
  );
}
