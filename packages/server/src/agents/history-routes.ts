import { z } from 'zod';
import { reachableAgents, requireReach } from '../access/rights.ts';
import type { Db } from '../database/pool.ts';
import { sendCsv } from '../http/csv.ts';
import { RequestError } from '../http/errors.ts';
import type { Api } from '../http/forms.ts';
import { cursorOf, everyPage, placeOf } from '../http/pages.ts';
import type { Session } from '../http/server.ts';
import {
  activityAnswer,
  activityCsvQuery,
  activityQuery,
  type ActivityFilters,
  type ActivityView,
} from './forms.ts';
import { listActivity, type Activity, type ActivitySelection } from './history-store.ts';

const HEAD = [
  'at',
  'account_id',
  'login_name',
  'display_name',
  'from',
  'to',
  'lasted_ms',
  'cause',
  'door',
  'phone',
  'seat',
  'by',
];

function view({ at, byAccountId, byName, ...row }: Activity): ActivityView {
  const by = byAccountId === null ? null : { accountId: byAccountId, displayName: byName ?? '' };
  return { ...row, at: at.toISOString(), by };
}

/** `/api/history/activity`: who did what, from where; one's own always, others' as far as one may see them. */
export function registerHistoryRoutes(app: Api, session: Session, db: Db): void {
  async function selection(accountId: number, filters: ActivityFilters): Promise<ActivitySelection> {
    const { account, from, to, cause, door, status } = filters;
    return {
      accounts: await visible(accountId, account),
      from: from === undefined ? undefined : new Date(from),
      to: to === undefined ? undefined : new Date(to),
      cause,
      door,
      status,
    };
  }

  async function visible(accountId: number, wanted: 'me' | number | undefined): Promise<readonly number[]> {
    if (wanted === undefined) return [accountId, ...(await reachableAgents(db, accountId, 'see_agent'))];
    const target = wanted === 'me' ? accountId : wanted;
    await requireReach(db, accountId, 'see_agent', target);
    return [target];
  }

  app.get(
    '/api/history/activity',
    {
      config: { summary: 'The activity history, newest first.' },
      schema: { querystring: activityQuery, response: { 200: activityAnswer } },
    },
    async (request) => {
      const { id } = await session.requireAccount(request);
      const { limit, cursor, ...filters } = request.query;
      const place = cursor === undefined ? undefined : placeOf(cursor);
      if (cursor !== undefined && (place === undefined || !/^[0-9]{1,15}$/.test(place.id))) {
        throw new RequestError('BAD_REQUEST');
      }
      const after = place === undefined ? undefined : { at: place.at, id: Number(place.id) };
      const rows = await listActivity(db, await selection(id, filters), after, limit + 1);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const more = rows.length > limit && last !== undefined;
      return {
        activity: page.map(view),
        next: more ? cursorOf({ at: last.at, id: String(last.id) }) : null,
      };
    },
  );

  app.get(
    '/api/history/activity.csv',
    {
      config: { summary: 'The same as a file for spreadsheets.', produces: 'text/csv' },
      schema: { querystring: activityCsvQuery, response: { 200: z.string() } },
    },
    async (request, reply) => {
      const { id } = await session.requireAccount(request);
      const selected = await selection(id, request.query);
      async function* rows(): AsyncGenerator<readonly (string | number | null)[]> {
        for await (const row of everyPage<Activity>((after, limit) =>
          listActivity(db, selected, after, limit),
        )) {
          yield [
            row.at.toISOString(),
            row.accountId,
            row.loginName,
            row.displayName,
            row.from,
            row.to,
            row.lastedMs,
            row.cause,
            row.door,
            row.phone,
            row.seat,
            row.byName,
          ];
        }
      }
      return sendCsv(reply, 'activity.csv', HEAD, rows());
    },
  );
}
