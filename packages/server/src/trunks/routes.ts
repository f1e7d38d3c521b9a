import type { Transaction } from 'kysely';
import { z } from 'zod';
import { writeAudit } from '../access/audit.ts';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import type { Vault } from '../database/vault.ts';
import { nothing, type Api } from '../http/forms.ts';
import type { Session } from '../http/server.ts';
import {
  numberForm,
  outsideNumber,
  routeForm,
  siteNumberForm,
  trunkForm,
  trunkId,
  trunkView,
} from './forms.ts';
import type { TrunkService } from './service.ts';
import { exportLines } from './site.ts';
import { deleteNumber, deleteTrunk, replaceRoutes, saveNumber, saveTrunk } from './store.ts';

const idParams = z.strictObject({ id: trunkId });
const numberParams = z.strictObject({ number: outsideNumber });

/** `/api/trunks`, `/api/outside-numbers`, `/api/outgoing-routes`: outside lines, for system administrators. */
export function registerTrunkRoutes(
  app: Api,
  session: Session,
  { db, vault, trunks }: { readonly db: Db; readonly vault: Vault; readonly trunks: TrunkService },
): void {
  const area = 'administration';

  /** A change and its entry in the audit log: both or neither. */
  async function change(
    request: Parameters<Session['requireAccount']>[0],
    action: string,
    subject: string,
    perform: (trx: Transaction<Database>) => Promise<void>,
  ): Promise<void> {
    const account = await session.requireAccount(request);
    await db.transaction().execute(async (trx) => {
      await perform(trx);
      await writeAudit(trx, account, { action, subject });
    });
  }

  app.get(
    '/api/trunks',
    {
      config: { area, summary: 'Trunks, and which are well now.' },
      schema: { response: { 200: z.strictObject({ trunks: z.array(trunkView) }) } },
    },
    async () => ({ trunks: [...trunks.views()] }),
  );

  app.put(
    '/api/trunks/:id',
    {
      config: {
        area,
        summary: 'Makes a trunk or changes it as a whole; a password that is not given stays.',
      },
      schema: { params: idParams, body: trunkForm, response: { 204: nothing } },
    },
    async (request, reply) => {
      const { id } = request.params;
      await change(request, 'trunk.saved', `trunk:${id}`, async (trx) =>
        saveTrunk(trx, vault, id, request.body),
      );
      return reply.status(204).send();
    },
  );

  app.delete(
    '/api/trunks/:id',
    {
      config: { area, summary: 'Removes a trunk and the outgoing routes over it.' },
      schema: { params: idParams, response: { 204: nothing } },
    },
    async (request, reply) => {
      const { id } = request.params;
      await change(request, 'trunk.deleted', `trunk:${id}`, async (trx) => deleteTrunk(trx, id));
      return reply.status(204).send();
    },
  );

  app.get(
    '/api/outside-numbers',
    {
      config: { area, summary: 'Numbers that are called from outside, and where they lead.' },
      schema: { response: { 200: z.strictObject({ numbers: z.array(siteNumberForm) }) } },
    },
    async () => ({ numbers: (await exportLines(db)).numbers }),
  );

  app.put(
    '/api/outside-numbers/:number',
    {
      config: { area, summary: 'Makes an outside number or leads it elsewhere.' },
      schema: { params: numberParams, body: numberForm, response: { 204: nothing } },
    },
    async (request, reply) => {
      const { number } = request.params;
      await change(request, 'outside_number.saved', `outside_number:${number}`, async (trx) =>
        saveNumber(trx, number, request.body),
      );
      return reply.status(204).send();
    },
  );

  app.delete(
    '/api/outside-numbers/:number',
    {
      config: { area, summary: 'Removes an outside number.' },
      schema: { params: numberParams, response: { 204: nothing } },
    },
    async (request, reply) => {
      const { number } = request.params;
      await change(request, 'outside_number.deleted', `outside_number:${number}`, async (trx) =>
        deleteNumber(trx, number),
      );
      return reply.status(204).send();
    },
  );

  app.get(
    '/api/outgoing-routes',
    {
      config: { area, summary: 'Ways out, in the order in which they are tried.' },
      schema: { response: { 200: z.strictObject({ routes: z.array(routeForm) }) } },
    },
    async () => ({ routes: (await exportLines(db)).outgoingRoutes }),
  );

  app.put(
    '/api/outgoing-routes',
    {
      config: { area, summary: 'Replaces the ways out.' },
      schema: {
        body: z.strictObject({ routes: z.array(routeForm).max(1_000) }),
        response: { 204: nothing },
      },
    },
    async (request, reply) => {
      await change(request, 'outgoing_routes.saved', 'outgoing_routes', async (trx) =>
        replaceRoutes(trx, request.body.routes),
      );
      return reply.status(204).send();
    },
  );
}
