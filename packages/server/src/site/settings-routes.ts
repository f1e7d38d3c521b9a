import { z } from 'zod';
import { writeAudit } from '../access/audit.ts';
import type { Db } from '../database/pool.ts';
import type { Api } from '../http/forms.ts';
import type { Session } from '../http/server.ts';
import { readSettings, settingsSchema, writeSettings, type Settings } from '../settings/service.ts';

/** What is given is changed: no setting takes its default by not being there. */
const changeForm = z
  .record(z.string(), z.unknown())
  .refine((change) => settingsSchema.safeParse(change).success)
  .meta(z.toJSONSchema(settingsSchema, { io: 'input' }));

/**
 * `/api/settings`: system settings, read by everybody, changed by system administrators.
 * @param changed makes what was changed hold; waited for, so that what is answered counts
 */
export function registerSettingsRoutes(
  app: Api,
  session: Session,
  db: Db,
  changed: () => Promise<void>,
): void {
  app.get(
    '/api/settings',
    { config: { summary: 'The system settings.' }, schema: { response: { 200: settingsSchema } } },
    async () => readSettings(db),
  );

  app.patch(
    '/api/settings',
    {
      config: { area: 'administration', summary: 'Changes system settings; what is absent stays.' },
      schema: { body: changeForm, response: { 200: settingsSchema } },
    },
    async (request) => {
      const author = await session.requireAccount(request);
      const change = request.body as Partial<Settings>;
      await db.transaction().execute(async (trx) => {
        await writeSettings(trx, change);
        const detail = Object.entries(change)
          .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
          .join(' ');
        await writeAudit(trx, author, { action: 'settings.changed', subject: 'settings', detail });
      });
      await changed();
      return readSettings(db);
    },
  );
}
