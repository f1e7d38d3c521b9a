import { z } from 'zod';
import type { Db } from '../database/pool.ts';
import { sendCsv } from '../http/csv.ts';
import { RequestError } from '../http/errors.ts';
import type { Api } from '../http/forms.ts';
import { cursorOf, everyPage, placeOf } from '../http/pages.ts';
import {
  monitoringHistoryAnswer,
  monitoringHistoryCsvQuery,
  monitoringHistoryQuery,
  type MonitoringRecord,
} from './forms.ts';
import { listRecords } from './history-store.ts';

const HEAD = [
  'id',
  'started_at',
  'answered_at',
  'ended_at',
  'reason',
  'supervisor_account',
  'supervisor_name',
  'supervisor_phone',
  'target_account',
  'target_name',
  'target_phone',
  'mode',
  'door',
  'shortcut',
  'continuous',
  'calls',
];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `/api/history/monitoring`: who listened to whom, from where, how long, and why it ended; for system administrators. */
export function registerMonitoringHistoryRoutes(app: Api, db: Db): void {
  app.get(
    '/api/history/monitoring',
    {
      config: { area: 'administration', summary: 'The audit of monitoring, newest first.' },
      schema: { querystring: monitoringHistoryQuery, response: { 200: monitoringHistoryAnswer } },
    },
    async (request) => {
      const { limit, cursor, ...filters } = request.query;
      const place = cursor === undefined ? undefined : placeOf(cursor);
      if (cursor !== undefined && (place === undefined || !UUID.test(place.id))) {
        throw new RequestError('BAD_REQUEST');
      }
      const after = place === undefined ? undefined : { startedAt: place.at.toISOString(), id: place.id };
      const rows = await listRecords(db, filters, after, limit + 1);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const more = rows.length > limit && last !== undefined;
      return {
        sessions: [...page],
        next: more ? cursorOf({ at: new Date(last.startedAt), id: last.id }) : null,
      };
    },
  );

  app.get(
    '/api/history/monitoring.csv',
    {
      config: {
        area: 'administration',
        summary: 'The same as a file for spreadsheets.',
        produces: 'text/csv',
      },
      schema: { querystring: monitoringHistoryCsvQuery, response: { 200: z.string() } },
    },
    async (request, reply) => {
      const filters = request.query;
      async function* rows(): AsyncGenerator<readonly (string | number | boolean | null)[]> {
        const pages = everyPage<MonitoringRecord>(async (after, limit) =>
          listRecords(db, filters, after, limit),
        );
        for await (const row of pages) {
          yield [
            row.id,
            row.startedAt,
            row.answeredAt,
            row.endedAt,
            row.reason,
            row.supervisorAccount,
            row.supervisorName,
            row.supervisorPhone,
            row.targetAccount,
            row.targetName,
            row.targetPhone,
            row.mode,
            row.door,
            row.shortcut,
            row.continuous,
            row.calls,
          ];
        }
      }
      return sendCsv(reply, 'monitoring.csv', HEAD, rows());
    },
  );
}
