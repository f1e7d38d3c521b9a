import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { allowed } from '../access/rules.ts';
import { listAgentTargets, readActor } from '../access/store.ts';
import type { Db } from '../database/pool.ts';
import type { MonitoringView } from '../http/contract.ts';
import type { Session } from '../http/server.ts';
import { MonitoringError } from './errors.ts';
import type { MonitoringService } from './service.ts';
import { monitoringViews } from './views.ts';

const mode = z.enum(['listen', 'whisper']);
const extension = z.string().regex(/^[1-3][0-9]{3}$/);
const startBody = z
  .strictObject({
    accountId: z.int().positive(),
    mode,
    door: z.enum(['realtime_monitor', 'seat_view', 'job_monitor']),
    phone: extension.nullable(),
  })
  .refine(({ door, phone }) => door !== 'seat_view' || phone !== null, 'the seat view has no shortcut');
const changeBody = z.strictObject({ mode });
const params = z.strictObject({ id: z.uuid() });

/** `/api/monitoring`: the doors of pages and of other software to {@link MonitoringService}. */
export function registerMonitoringRoutes(
  app: FastifyInstance,
  session: Session,
  db: Db,
  monitoring: MonitoringService,
): void {
  async function view(id: string): Promise<MonitoringView> {
    const found = (await monitoringViews(db, monitoring)).find((entry) => entry.id === id);
    if (found === undefined) throw new MonitoringError('MONITORING_UNKNOWN');
    return found;
  }

  app.get('/api/monitoring', async (request): Promise<{ readonly sessions: readonly MonitoringView[] }> => {
    const account = await session.requireAccount(request);
    const actor = await readActor(db, account.id);
    const monitorable =
      actor === undefined
        ? new Set<number>()
        : allowed(actor, 'monitor_from_page', await listAgentTargets(db));
    const all = await monitoringViews(db, monitoring);
    return {
      sessions: all.filter(
        ({ supervisor, target }) =>
          supervisor.accountId === account.id ||
          (target.accountId !== null && monitorable.has(target.accountId)),
      ),
    };
  });

  app.post('/api/monitoring', async (request, reply): Promise<MonitoringView> => {
    const account = await session.requireAccount(request);
    const { accountId: target, ...how } = startBody.parse(request.body);
    const started = await monitoring.startFromPage({ supervisor: account.id, target, ...how });
    void reply.status(201);
    return view(started.id);
  });

  app.patch('/api/monitoring/:id', async (request): Promise<MonitoringView> => {
    const account = await session.requireAccount(request);
    const { id } = params.parse(request.params);
    await monitoring.changeMode(id, account.id, changeBody.parse(request.body).mode);
    return view(id);
  });

  app.delete('/api/monitoring/:id', async (request, reply) => {
    const account = await session.requireAccount(request);
    monitoring.stop(params.parse(request.params).id, account.id);
    return reply.status(204).send();
  });
}
