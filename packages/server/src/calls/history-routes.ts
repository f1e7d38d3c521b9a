import { z } from 'zod';
import { allowedResources, reachableAgents, requireReach } from '../access/rights.ts';
import type { Db } from '../database/pool.ts';
import { sendCsv } from '../http/csv.ts';
import { RequestError } from '../http/errors.ts';
import type { Api } from '../http/forms.ts';
import { cursorOf, everyPage, placeOf } from '../http/pages.ts';
import type { Session } from '../http/server.ts';
import { callCsvQuery, callQuery, callsAnswer, type CallFilters, type CallView } from './history-forms.ts';
import { listCalls, type CallSelection, type RecordedCall, type Sight } from './history-store.ts';

const HEAD = [
  'started_at',
  'answered_at',
  'ended_at',
  'direction',
  'kind',
  'caller',
  'dialled',
  'call_center',
  'trunk',
  'result',
  'wait_ms',
  'talk_ms',
  'held_ms',
  'agents',
];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function view(call: RecordedCall): CallView {
  const { callerAccountId, callerName, startedAt, answeredAt, endedAt, parts, ...rest } = call;
  return {
    ...rest,
    callerAgent: agentOf(callerAccountId, callerName),
    startedAt: startedAt.toISOString(),
    answeredAt: answeredAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
    parts: parts.map(({ accountId, agentName, joinedAt, leftAt, ...part }) => ({
      ...part,
      agent: agentOf(accountId, agentName),
      joinedAt: joinedAt.toISOString(),
      leftAt: leftAt?.toISOString() ?? null,
    })),
  };
}

function agentOf(accountId: number | null, displayName: string | null): CallView['callerAgent'] {
  return accountId === null ? null : { accountId, displayName: displayName ?? '' };
}

function line(call: RecordedCall): readonly (string | number | null)[] {
  const { startedAt, answeredAt, endedAt, parts } = call;
  const waited = answeredAt ?? endedAt;
  const names = new Set(parts.flatMap(({ agentName }) => (agentName === null ? [] : [agentName])));
  return [
    startedAt.toISOString(),
    answeredAt?.toISOString() ?? null,
    endedAt?.toISOString() ?? null,
    call.direction,
    call.kind,
    call.caller,
    call.dialled,
    call.callCenter,
    call.trunk,
    call.result,
    waited === null ? null : waited.getTime() - startedAt.getTime(),
    answeredAt === null || endedAt === null ? null : endedAt.getTime() - answeredAt.getTime(),
    call.heldMs,
    [...names].join(' / '),
  ];
}

/**
 * `/api/history/calls`: who called whom and how it ended. One's own calls always; those of call centers, agents and extensions as far as one
 * may see them.
 */
export function registerCallHistoryRoutes(app: Api, session: Session, db: Db): void {
  async function sightOf(accountId: number): Promise<Sight> {
    const [centers, phones] = await Promise.all([
      db.selectFrom('call_centers').select('number').execute(),
      db.selectFrom('phones').select('number').execute(),
    ]);
    const numbers = (rows: readonly { readonly number: string }[]): readonly string[] =>
      rows.map(({ number }) => number);
    const [agents, callCenters, extensions] = await Promise.all([
      reachableAgents(db, accountId, 'see_agent'),
      allowedResources(db, accountId, 'see_call_center', numbers(centers)),
      allowedResources(db, accountId, 'see_phone', numbers(phones)),
    ]);
    return { accounts: [accountId, ...agents], callCenters: [...callCenters], phones: [...extensions] };
  }

  async function selection(accountId: number, filters: CallFilters): Promise<CallSelection> {
    const { from, to, account: wanted, direction, number, callCenter, result } = filters;
    const account = wanted === 'me' ? accountId : wanted;
    if (account !== undefined) await requireReach(db, accountId, 'see_agent', account);
    return {
      sight: await sightOf(accountId),
      from: from === undefined ? undefined : new Date(from),
      to: to === undefined ? undefined : new Date(to),
      direction,
      number,
      account,
      callCenter,
      result,
    };
  }

  app.get(
    '/api/history/calls',
    {
      config: { summary: 'The calls, newest first.' },
      schema: { querystring: callQuery, response: { 200: callsAnswer } },
    },
    async (request) => {
      const { id } = await session.requireAccount(request);
      const { limit, cursor, ...filters } = request.query;
      const place = cursor === undefined ? undefined : placeOf(cursor);
      if (cursor !== undefined && (place === undefined || !UUID.test(place.id))) {
        throw new RequestError('BAD_REQUEST');
      }
      const after = place === undefined ? undefined : { startedAt: place.at, id: place.id };
      const rows = await listCalls(db, await selection(id, filters), after, limit + 1);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const more = rows.length > limit && last !== undefined;
      return { calls: page.map(view), next: more ? cursorOf({ at: last.startedAt, id: last.id }) : null };
    },
  );

  app.get(
    '/api/history/calls.csv',
    {
      config: { summary: 'The same as a file for spreadsheets.', produces: 'text/csv' },
      schema: { querystring: callCsvQuery, response: { 200: z.string() } },
    },
    async (request, reply) => {
      const { id } = await session.requireAccount(request);
      const selected = await selection(id, request.query);
      async function* rows(): AsyncGenerator<readonly (string | number | null)[]> {
        const pages = everyPage<RecordedCall>((after, limit) => listCalls(db, selected, after, limit));
        for await (const call of pages) yield line(call);
      }
      return sendCsv(reply, 'calls.csv', HEAD, rows());
    },
  );
}
