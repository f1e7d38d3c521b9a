import { z } from 'zod';
import { writeAudit } from '../access/audit.ts';
import type { Db } from '../database/pool.ts';
import type { Vault } from '../database/vault.ts';
import type { Api } from '../http/forms.ts';
import type { Session } from '../http/server.ts';
import { parseSite } from './parse.ts';
import { applyParsed, exportSite } from './service.ts';

const siteForm = z.strictObject({
  yaml: z.string().max(240_000),
  /** False only says what would be wrong. */
  apply: z.boolean(),
});
export type SiteRequest = z.infer<typeof siteForm>;

/** Undoes what was only tried. */
class Tried extends Error {}

/** `/api/site`: the site file over HTTP, for system administrators. */
export function registerSiteRoutes(app: Api, session: Session, db: Db, vault: Vault): void {
  app.get(
    '/api/site',
    {
      config: {
        area: 'administration',
        summary: 'The site as a file that can be applied again; without passwords.',
        produces: 'application/yaml',
      },
      schema: { response: { 200: z.string() } },
    },
    async (_request, reply) =>
      reply
        .type('application/yaml; charset=utf-8')
        .header('content-disposition', 'attachment; filename="site.yaml"')
        .header('cache-control', 'no-store')
        .send(await exportSite(db)),
  );

  app.post(
    '/api/site',
    {
      config: {
        area: 'administration',
        summary: 'Applies a site file, all of it or nothing; or only says what would be wrong, and where.',
      },
      schema: { body: siteForm, response: { 200: z.strictObject({ applied: z.boolean() }) } },
    },
    async (request) => {
      const author = await session.requireAccount(request);
      const { yaml, apply } = request.body;
      const parsed = parseSite(yaml);
      try {
        await db.transaction().execute(async (trx) => {
          await applyParsed(trx, vault, parsed);
          await writeAudit(trx, author, { action: 'site.applied', subject: 'site' });
          if (!apply) throw new Tried();
        });
      } catch (error) {
        if (!(error instanceof Tried)) throw error;
      }
      return { applied: apply };
    },
  );
}
