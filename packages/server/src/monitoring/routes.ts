import type { Db } from '../database/pool.ts';
import type { MonitoringView } from '../http/contract.ts';
import { nothing, type Api } from '../http/forms.ts';
import type { Session } from '../http/server.ts';
import { MonitoringError } from './errors.ts';
import {
  monitoringAnswer,
  monitoringChangeForm,
  monitoringForm,
  monitoringParams,
  monitoringStartForm,
} from './forms.ts';
import { listMonitorable } from './permission.ts';
import type { MonitoringService } from './service.ts';
import { monitoringViews } from './views.ts';

/** `/api/monitoring`: the doors of pages and of other software to {@link MonitoringService}. */
export function registerMonitoringRoutes(
  app: Api,
  session: Session,
  db: Db,
  monitoring: MonitoringService,
): void {
  async function view(id: string): Promise<MonitoringView> {
    const found = (await monitoringViews(db, monitoring)).find((entry) => entry.id === id);
    if (found === undefined) throw new MonitoringError('MONITORING_UNKNOWN');
    return found;
  }

  app.get(
    '/api/monitoring',
    {
      config: { summary: 'The sessions that run: one’s own, and those on agents whom one may listen to.' },
      schema: { response: { 200: monitoringAnswer } },
    },
    async (request) => {
      const account = await session.requireAccount(request);
      const monitorable = await listMonitorable(db, account.id);
      const all = await monitoringViews(db, monitoring);
      return {
        sessions: all.filter(
          ({ supervisor, target }) =>
            supervisor.accountId === account.id ||
            (target.accountId !== null && monitorable.has(target.accountId)),
        ),
      };
    },
  );

  app.post(
    '/api/monitoring',
    {
      config: { summary: 'Listens to an agent, or whispers: the phone is called back from 9999.' },
      schema: { body: monitoringStartForm, response: { 201: monitoringForm } },
    },
    async (request, reply) => {
      const account = await session.requireAccount(request);
      const { accountId: target, ...how } = request.body;
      const started = await monitoring.startFromPage({ supervisor: account.id, target, ...how });
      return reply.status(201).send(await view(started.id));
    },
  );

  app.patch(
    '/api/monitoring/:id',
    {
      config: { summary: 'Listening becomes whispering, or the other way; the permission is asked again.' },
      schema: { params: monitoringParams, body: monitoringChangeForm, response: { 200: monitoringForm } },
    },
    async (request) => {
      const account = await session.requireAccount(request);
      await monitoring.changeMode(request.params.id, account.id, request.body.mode);
      return view(request.params.id);
    },
  );

  app.delete(
    '/api/monitoring/:id',
    {
      config: { summary: 'Ends one’s own session.' },
      schema: { params: monitoringParams, response: { 204: nothing } },
    },
    async (request, reply) => {
      const account = await session.requireAccount(request);
      monitoring.stop(request.params.id, account.id);
      return reply.status(204).send();
    },
  );
}
