import type { AgentView, BaseStatus, Status } from '../../../server/src/http/contract.ts';

/** Statuses in the order of a supervisor's interest: who is with a customer, who could be, who is not there. */
export const STATUS_ORDER = [
  'ringing',
  'call_center_call',
  'external_call',
  'outgoing_call',
  'internal_call',
  'on_hold',
  'ready',
  'after_call_work',
  'on_break',
  'away',
  'signed_off',
] as const satisfies readonly Status[];

/** What people choose, in the order of the dial operations' numbers. */
export const BASE_STATUSES = [
  'ready',
  'after_call_work',
  'on_break',
  'away',
  'signed_off',
] as const satisfies readonly BaseStatus[];

export function isBaseStatus(value: string): value is BaseStatus {
  return BASE_STATUSES.some((status) => status === value);
}

/** Which agents are to be seen: those with the text in a name, login name, phone or seat, and of one of the statuses, or of any. */
export interface Filter {
  readonly text: string;
  readonly statuses: ReadonlySet<Status>;
}

export function filterAgents(agents: Iterable<AgentView>, { text, statuses }: Filter): AgentView[] {
  const wanted = text.normalize('NFKC').trim().toLowerCase();
  return [...agents].filter(
    ({ displayName, loginName, phone, seat, status }) =>
      (statuses.size === 0 || statuses.has(status)) &&
      (wanted === '' ||
        [displayName, loginName, phone ?? '', seat ?? ''].some((value) =>
          value.normalize('NFKC').toLowerCase().includes(wanted),
        )),
  );
}

export const COLUMNS = ['agent', 'phone', 'status', 'elapsed'] as const;
export type Column = (typeof COLUMNS)[number];

export interface Sorting {
  readonly column: Column;
  readonly descending: boolean;
}

/** What a click on a column asks for: that column, and the other way round when it is already sorted by it. */
export function nextSorting(sorting: Sorting, column: Column): Sorting {
  return { column, descending: sorting.column === column && !sorting.descending };
}

/** Agents in the order asked for. Equal ones stand in the order of their login names, so rows keep their place while things change. */
export function sortAgents(agents: Iterable<AgentView>, sorting: Sorting, language: string): AgentView[] {
  const collator = new Intl.Collator(language, { numeric: true });
  const compare = comparisons(collator)[sorting.column];
  const sign = sorting.descending ? -1 : 1;
  return [...agents].sort(
    (one, other) => sign * compare(one, other) || collator.compare(one.loginName, other.loginName),
  );
}

function comparisons(collator: Intl.Collator): Record<Column, (one: AgentView, other: AgentView) => number> {
  return {
    // The login name, because Japanese names without their reading have no order that people know.
    agent: (one, other) => collator.compare(one.loginName, other.loginName),
    // Agents without a phone come after those who have one.
    phone: (one, other) =>
      Number(one.phone === null) - Number(other.phone === null) ||
      collator.compare(one.phone ?? '', other.phone ?? ''),
    status: (one, other) => STATUS_ORDER.indexOf(one.status) - STATUS_ORDER.indexOf(other.status),
    // Ascending time in status: the one who changed last comes first.
    elapsed: (one, other) => Date.parse(other.since) - Date.parse(one.since),
  };
}

/** How many agents are in each status, in the order of interest, without the empty ones. */
export function countByStatus(
  agents: Iterable<AgentView>,
): { readonly status: Status; readonly count: number }[] {
  const counts = new Map<Status, number>();
  for (const { status } of agents) counts.set(status, (counts.get(status) ?? 0) + 1);
  return STATUS_ORDER.flatMap((status) => {
    const count = counts.get(status);
    return count === undefined ? [] : [{ status, count }];
  });
}

/** Time in status: whole days, and the rest as `hh:mm:ss`. */
export interface Elapsed {
  readonly days: number;
  readonly clock: string;
}

/** `since` is ISO 8601, `now` the server's clock in ms. Never negative. */
export function elapsedSince(since: string, now: number): Elapsed {
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1_000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const clock = [Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
    .map(two)
    .join(':');
  return { days: Math.floor(seconds / 86_400), clock };
}

/** When a status began, for people: the time of day, with the date when it was another day. `now` is the server's clock in ms. */
export function formatSince(since: string, now: number, language: string, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = new Intl.DateTimeFormat('en', { dateStyle: 'short', ...zone });
  const began = new Date(since);
  // Day and month as numbers are read either way round in English.
  const month = language === 'ja' ? 'numeric' : 'short';
  const date = day.format(began) === day.format(now) ? {} : ({ month, day: 'numeric' } as const);
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    ...date,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...zone,
  }).format(began);
}
