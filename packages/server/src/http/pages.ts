/** A place in a list that is ordered by a time and an id, newest first. */
export interface Place {
  readonly at: Date;
  readonly id: string;
}

/** The place as a text that callers hand back; what is in it is nobody's business. */
export function cursorOf({ at, id }: Place): string {
  return Buffer.from(`${at.toISOString()} ${id}`).toString('base64url');
}

/** Undefined for a text that {@link cursorOf} did not make. */
export function placeOf(cursor: string): Place | undefined {
  const [time = '', id, ...more] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const at = new Date(time);
  return id === undefined || more.length > 0 || Number.isNaN(at.getTime()) ? undefined : { at, id };
}

/** Reads a whole list page by page, so that a long one never lies in memory. */
export async function* everyPage<Row>(
  read: (after: Row | undefined, limit: number) => Promise<readonly Row[]>,
): AsyncGenerator<Row> {
  const limit = 1_000;
  let last: Row | undefined;
  for (;;) {
    const rows = await read(last, limit);
    yield* rows;
    last = rows.at(-1);
    if (rows.length < limit) return;
  }
}
