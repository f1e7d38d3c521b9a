import type { AgentCallView, AgentView, BaseStatus, Status } from '../../../server/src/http/contract.ts';

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

/** Which agents are to be seen: those with the text in a name or a number, of one of the statuses (or of any), of the call center (or of any). */
export interface Filter {
  readonly text: string;
  readonly statuses: ReadonlySet<Status>;
  readonly callCenter: string | null;
  /** A number as people read it, and look for it. */
  readonly wordsOf: (number: string) => string;
}

export function filterAgents(
  agents: Iterable<AgentView>,
  { text, statuses, callCenter, wordsOf }: Filter,
): AgentView[] {
  const wanted = text.normalize('NFKC').trim().toLowerCase();
  if (wanted === '' && statuses.size === 0 && callCenter === null) return [...agents];
  return [...agents].filter(
    ({ displayName, loginName, phone, seat, status, call, callCenters }) =>
      (statuses.size === 0 || statuses.has(status)) &&
      (callCenter === null || callCenters.includes(callCenter)) &&
      (wanted === '' ||
        [displayName, loginName, phone ?? '', seat ?? '', call === null ? '' : wordsOf(call.number)].some(
          (value) => value.normalize('NFKC').toLowerCase().includes(wanted),
        )),
  );
}

/** How many agents are in each status, in the order of interest; empty ones only when they are to be kept. */
export function countByStatus(
  agents: Iterable<AgentView>,
  kept: readonly Status[] = [],
): { readonly status: Status; readonly count: number }[] {
  const counts = new Map<Status, number>();
  for (const { status } of agents) counts.set(status, (counts.get(status) ?? 0) + 1);
  return STATUS_ORDER.flatMap((status) => {
    const count = counts.get(status) ?? 0;
    return count === 0 && !kept.includes(status) ? [] : [{ status, count }];
  });
}

/** Time in status: whole days, and the rest as `hh:mm:ss`. */
export interface Elapsed {
  readonly days: number;
  readonly clock: string;
}

/** `since` is ISO 8601, `now` the server's clock in ms. Never negative. */
export function elapsedSince(since: string, now: number): Elapsed {
  const ms = Math.max(0, now - Date.parse(since));
  return { days: Math.floor(ms / 86_400_000), clock: clockOf(ms % 86_400_000) };
}

/** How long a call was held in all, as `hh:mm:ss`; empty when it never was. `now` is the server's clock in ms. */
export function heldFor(call: Pick<AgentCallView, 'heldMs' | 'heldSince'>, now: number): string {
  const since = call.heldSince === null ? null : Math.max(0, now - Date.parse(call.heldSince));
  return since === null && call.heldMs < 1_000 ? '' : clockOf(call.heldMs + (since ?? 0));
}

function clockOf(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((n) => String(n).padStart(2, '0'))
    .join(':');
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
