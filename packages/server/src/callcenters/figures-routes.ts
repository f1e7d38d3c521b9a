import { requireResource } from '../access/rights.ts';
import type { Db } from '../database/pool.ts';
import { RequestError } from '../http/errors.ts';
import type { Api } from '../http/forms.ts';
import type { Session } from '../http/server.ts';
import { figuresAnswer, figuresParams, waitingAnswer } from './figures-forms.ts';
import { countCalls, listWaitingCallers } from './figures-store.ts';
import { figuresView, waitingView, type LiveCallCenters } from './live.ts';

export interface FiguresRouteOptions {
  readonly db: Db;
  readonly live: LiveCallCenters;
  readonly enabled: () => boolean;
}

const MOST_LISTED = 1_000;

/** `/api/call-centers/:number/figures` and `/waiting`: what the live feed shows, for who asks now and then. */
export function registerFiguresRoutes(
  app: Api,
  session: Session,
  { db, live, enabled }: FiguresRouteOptions,
): void {
  async function requireSight(accountId: number, number: string): Promise<void> {
    if (!enabled()) throw new RequestError('CALL_CENTER_NOT_ENABLED');
    await requireResource(db, accountId, 'see_call_center', number);
  }

  app.get(
    '/api/call-centers/:number/figures',
    {
      config: { area: 'floor', summary: "A call center's figures of today, and how many wait now." },
      schema: { params: figuresParams, response: { 200: figuresAnswer } },
    },
    async (request) => {
      const { number } = request.params;
      await requireSight((await session.requireAccount(request)).id, number);
      const { day } = live;
      const [center] = await countCalls(db, day, [number]);
      if (center === undefined) throw new RequestError('CALL_CENTER_UNKNOWN');
      return {
        number,
        name: center.name,
        from: day.from.toISOString(),
        to: day.to.toISOString(),
        figures: figuresView(center),
      };
    },
  );

  app.get(
    '/api/call-centers/:number/waiting',
    {
      config: { area: 'floor', summary: 'Who waits in a call center, the longest first.' },
      schema: { params: figuresParams, response: { 200: waitingAnswer } },
    },
    async (request) => {
      const { number } = request.params;
      await requireSight((await session.requireAccount(request)).id, number);
      const now = Date.now();
      const rows = await listWaitingCallers(db, MOST_LISTED, [number]);
      return {
        waiting: rows.map((row) => ({
          ...waitingView(row),
          waitSeconds: Math.max(0, Math.floor((now - row.since.getTime()) / 1_000)),
        })),
      };
    },
  );
}
