import { sql, type Migration } from 'kysely';

/** A migration that runs these statements in order. */
export function statements(list: readonly string[]): Migration {
  return {
    async up(db): Promise<void> {
      for (const statement of list) await sql.raw(statement).execute(db);
    },
  };
}
