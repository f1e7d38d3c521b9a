import type { Transaction } from 'kysely';
import { z } from 'zod';
import { notify } from '../database/notifications.ts';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';

/** A name of the IANA time zone database. */
export const timeZoneName = z.string().max(64).refine(isTimeZone, 'a time zone, as Asia/Tokyo');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** System settings with what holds when nobody has chosen. */
export const settingsSchema = z.strictObject({
  /** Language of the spoken guidance; a phone may have its own. */
  guidanceLanguage: z.enum(['ja', 'en']).default('ja'),
  /** Whether a whole operation may be dialled in one string, which then holds a password. */
  oneShotDialling: z.boolean().default(true),
  /** Of the site: its midnight begins the day that figures count. */
  timeZone: timeZoneName.default('Asia/Tokyo'),
  /** Plan and options: off means the pages, the API and 0016 answer "not enabled". */
  callCenterPlan: z.boolean().default(true),
  seatViewOption: z.boolean().default(true),
  outboundOption: z.boolean().default(true),
  /** モニタリング・ささやきを継続する. */
  monitoringContinuous: z.boolean().default(true),
  monitorTone: z.boolean().default(false),
  whisperTone: z.boolean().default(true),
  /** Outside channels at a time; null is no limit. */
  outsideCallLimit: z.int().min(0).nullable().default(null),
  /** Never limited, and tried over every trunk. */
  emergencyNumbers: z.array(z.string().regex(/^[0-9]{2,10}$/)).default(['110', '118', '119']),
});

export type Settings = z.infer<typeof settingsSchema>;

export async function readSettings(db: Db): Promise<Settings> {
  const rows = await db.selectFrom('settings').selectAll().execute();
  const known = rows.filter(({ key }) => key in settingsSchema.shape);
  return settingsSchema.parse(Object.fromEntries(known.map(({ key, value }) => [key, value])));
}

export async function writeSettings(trx: Transaction<Database>, changes: Partial<Settings>): Promise<void> {
  for (const [key, value] of Object.entries(changes)) {
    await trx
      .insertInto('settings')
      .values({ key, value: JSON.stringify(value) })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: JSON.stringify(value) }))
      .execute();
  }
  await notify(trx, { kind: 'settings' });
}

/** The settings as last read, for rules that cannot wait for the database. */
export class SettingsCache {
  readonly #db: Db;
  #current: Settings = settingsSchema.parse({});
  /** Of readings that overlap the one that began last is kept. */
  #begun = 0;
  #kept = 0;
  #readAt = 0;

  constructor(db: Db) {
    this.#db = db;
  }

  get current(): Settings {
    return this.#current;
  }

  /** When the reading began that is current, ms since 1970: what was committed before holds. */
  get readAt(): number {
    return this.#readAt;
  }

  async refresh(): Promise<void> {
    this.#begun += 1;
    const turn = this.#begun;
    const at = Date.now();
    const read = await readSettings(this.#db);
    if (turn < this.#kept) return;
    this.#kept = turn;
    this.#readAt = at;
    this.#current = read;
  }
}
