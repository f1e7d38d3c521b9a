import { z } from 'zod';
import type { Db } from '../database/pool.ts';
import { sendCsv } from '../http/csv.ts';
import type { Api } from '../http/forms.ts';
import { everyPage } from '../http/pages.ts';
import { listAudit, type AuditRow, type AuditSelection } from './audit.ts';
import { auditAnswer, auditCsvQuery, auditQuery, type AuditFilters } from './forms.ts';

const HEAD = ['at', 'by_account_id', 'by_name', 'action', 'subject', 'detail'];

function selectionOf({ from, to, ...others }: AuditFilters): AuditSelection {
  const moment = (text: string | undefined): Date | undefined =>
    text === undefined ? undefined : new Date(text);
  return { ...others, from: moment(from), to: moment(to) };
}

/** `/api/audit`: who looked up or changed what, for system administrators. */
export function registerAuditRoutes(app: Api, db: Db): void {
  app.get(
    '/api/audit',
    {
      config: { area: 'administration', summary: 'The audit log, newest first.' },
      schema: { querystring: auditQuery, response: { 200: auditAnswer } },
    },
    async (request) => {
      const { limit, cursor, ...filters } = request.query;
      const rows = await listAudit(db, selectionOf(filters), cursor, limit + 1);
      const page = rows.slice(0, limit);
      return {
        entries: page.map((row) => ({ ...row, at: row.at.toISOString() })),
        next: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
      };
    },
  );

  app.get(
    '/api/audit.csv',
    {
      config: {
        area: 'administration',
        summary: 'The same as a file for spreadsheets.',
        produces: 'text/csv',
      },
      schema: { querystring: auditCsvQuery, response: { 200: z.string() } },
    },
    async (request, reply) => {
      const selection = selectionOf(request.query);
      async function* rows(): AsyncGenerator<readonly (string | number | null)[]> {
        const pages = everyPage<AuditRow>((after, limit) => listAudit(db, selection, after?.id, limit));
        for await (const row of pages) {
          yield [row.at.toISOString(), row.byAccountId, row.byName, row.action, row.subject, row.detail];
        }
      }
      return sendCsv(reply, 'audit.csv', HEAD, rows());
    },
  );
}
