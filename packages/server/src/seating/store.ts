import { sql, type Transaction } from 'kysely';
import { writeAudit, type Author } from '../access/audit.ts';
import { notify } from '../database/notifications.ts';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import { SeatingError } from './errors.ts';

type Trx = Transaction<Database>;

const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';

export interface Seat {
  /** 1 to 6 digits, unique over all floors. */
  readonly id: string;
  readonly name: string;
}

export interface Floor {
  readonly id: number;
  readonly name: string;
  readonly seats: readonly Seat[];
}

export async function listFloors(db: Db): Promise<readonly Floor[]> {
  const [floors, seats] = await Promise.all([
    db.selectFrom('floors').selectAll().orderBy('id').execute(),
    db.selectFrom('seats').selectAll().orderBy('id').execute(),
  ]);
  return floors.map(({ id, name }) => ({
    id,
    name,
    seats: seats.filter((seat) => seat.floor_id === id).map((seat) => ({ id: seat.id, name: seat.name })),
  }));
}

/** The seats on which somebody sits. */
export async function listTaken(db: Db): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('agent_states')
    .select('seat')
    .where('seat', 'is not', null)
    .$narrowType<{ seat: string }>()
    .execute();
  return new Set(rows.map(({ seat }) => seat));
}

/** @returns the floor's id @throws SeatingError FLOOR_NAME_TAKEN, SEAT_ID_TAKEN */
export async function createFloor(db: Db, floor: Omit<Floor, 'id'>, author: Author): Promise<number> {
  return inTransaction(db, async (trx) => {
    const { id } = await trx
      .insertInto('floors')
      .values({ name: floor.name })
      .returning('id')
      .executeTakeFirstOrThrow();
    await saveSeats(trx, id, floor.seats);
    await written(trx, author, 'floor.created', id, floor.name);
    return id;
  });
}

/** @throws SeatingError FLOOR_UNKNOWN, FLOOR_NAME_TAKEN, SEAT_ID_TAKEN, SEAT_IN_USE */
export async function changeFloor(db: Db, { id, name, seats }: Floor, author: Author): Promise<void> {
  await inTransaction(db, async (trx) => {
    const row = await trx
      .updateTable('floors')
      .set({ name })
      .where('id', '=', id)
      .returning('id')
      .executeTakeFirst();
    if (row === undefined) throw new SeatingError('FLOOR_UNKNOWN');
    await trx
      .deleteFrom('seats')
      .where('floor_id', '=', id)
      .where('id', '!=', sql<string>`all(${seats.map((seat) => seat.id)}::text[])`)
      .execute();
    await saveSeats(trx, id, seats);
    await written(trx, author, 'floor.changed', id, name);
  });
}

/** Also its seats. @throws SeatingError FLOOR_UNKNOWN, SEAT_IN_USE */
export async function deleteFloor(db: Db, id: number, author: Author): Promise<void> {
  await inTransaction(db, async (trx) => {
    const row = await trx.deleteFrom('floors').where('id', '=', id).returning('name').executeTakeFirst();
    if (row === undefined) throw new SeatingError('FLOOR_UNKNOWN');
    await written(trx, author, 'floor.deleted', id, row.name);
  });
}

async function saveSeats(trx: Trx, floor: number, seats: readonly Seat[]): Promise<void> {
  if (new Set(seats.map(({ id }) => id)).size < seats.length) throw new SeatingError('SEAT_ID_TAKEN');
  for (const { id, name } of seats) {
    const row = await trx
      .insertInto('seats')
      .values({ id, floor_id: floor, name })
      // A seat of another floor stays there.
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet({ name }).where('seats.floor_id', '=', floor),
      )
      .returning('id')
      .executeTakeFirst();
    if (row === undefined) throw new SeatingError('SEAT_ID_TAKEN');
  }
}

async function written(trx: Trx, author: Author, action: string, floor: number, name: string): Promise<void> {
  await writeAudit(trx, author, { action, subject: `floor:${floor}`, detail: name });
  await notify(trx, { kind: 'agents_all' });
}

async function inTransaction<Result>(db: Db, work: (trx: Trx) => Promise<Result>): Promise<Result> {
  try {
    return await db.transaction().execute(work);
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code === UNIQUE_VIOLATION) throw new SeatingError('FLOOR_NAME_TAKEN');
    if (code === FOREIGN_KEY_VIOLATION) throw new SeatingError('SEAT_IN_USE');
    throw error;
  }
}
