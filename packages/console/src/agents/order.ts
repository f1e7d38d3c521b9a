import type { AgentView } from '../../../server/src/http/contract.ts';
import { STATUS_ORDER } from './rules.ts';

/** The columns of the list, from the left; the first and the status are always there. */
export const COLUMNS = [
  'agent',
  'phone',
  'status',
  'elapsed',
  'since',
  'call',
  'talk',
  'hold',
  'listeners',
  'callCenters',
  'seat',
] as const;
export type Column = (typeof COLUMNS)[number];

export interface Sorting {
  readonly column: Column;
  readonly descending: boolean;
}

/** What a click on a column asks for: that column, and the other way round when it is already sorted by it. */
export function nextSorting(sorting: Sorting, column: Column): Sorting {
  return { column, descending: sorting.column === column && !sorting.descending };
}

/** The place of each login name in the order of a language. Comparing texts is slow and names stay, so they are compared once. */
export class NameOrder {
  readonly #collator: Intl.Collator;
  #places: ReadonlyMap<string, number> = new Map();

  constructor(language: string) {
    this.#collator = new Intl.Collator(language, { numeric: true });
  }

  /** Makes sure that these names have places. */
  learn(agents: Iterable<AgentView>): void {
    const names = new Set(Array.from(agents, ({ loginName }) => loginName));
    if ([...names].every((name) => this.#places.has(name))) return;
    const sorted = [...names].sort((one, other) => this.compare(one, other));
    this.#places = new Map(sorted.map((name, place) => [name, place]));
  }

  /** The place of a name that was learnt. */
  placeOf(loginName: string): number {
    return this.#places.get(loginName) ?? 0;
  }

  compare(one: string, other: string): number {
    return this.#collator.compare(one, other);
  }
}

/** How many listen to an agent. */
export type CountListeners = (accountId: number) => number;

/** Agents in the order asked for. Equal ones stand in the order of their login names, so rows keep their place while things change. */
export function sortAgents(
  agents: readonly AgentView[],
  { column, descending }: Sorting,
  names: NameOrder,
  listeners: CountListeners = () => 0,
): AgentView[] {
  names.learn(agents);
  const sign = descending ? -1 : 1;
  // What decides is made once for each agent, and not again for each comparison.
  return agents
    .map((agent) => ({
      agent,
      key: keyOf(agent, column, names, listeners),
      place: names.placeOf(agent.loginName),
    }))
    .sort((one, other) => compareKeys(one.key, other.key, sign, names) || one.place - other.place)
    .map(({ agent }) => agent);
}

/** The same agents in the order of these accounts; null when they are not the same ones. */
export function inOrder(agents: readonly AgentView[], accounts: readonly number[]): AgentView[] | null {
  if (agents.length !== accounts.length) return null;
  const known = new Map(agents.map((agent) => [agent.accountId, agent]));
  const rows = accounts.map((account) => known.get(account)).filter((agent) => agent !== undefined);
  return rows.length === agents.length ? rows : null;
}

/** What an agent is sorted by, small ones first; null where there is nothing. */
type Key = number | string | null;

function keyOf(agent: AgentView, column: Column, names: NameOrder, listeners: CountListeners): Key {
  const { call } = agent;
  switch (column) {
    case 'agent':
      // The login name, because Japanese names without their reading have no order that people know.
      return names.placeOf(agent.loginName);
    case 'phone':
      return agent.phone;
    case 'status':
      return STATUS_ORDER.indexOf(agent.status);
    case 'elapsed':
    case 'since':
      // Ascending time in status: the one who changed last comes first.
      return -Date.parse(agent.since);
    case 'call':
      return call?.number ?? null;
    case 'talk':
      return call?.answeredAt == null ? null : -Date.parse(call.answeredAt);
    case 'hold':
      // Who holds now comes after those who held before, the one who began first at the end.
      if (call === null) return null;
      return call.heldSince === null ? call.heldMs : Number.MAX_SAFE_INTEGER - Date.parse(call.heldSince);
    case 'listeners':
      return -listeners(agent.accountId);
    case 'callCenters':
      return agent.callCenters[0] ?? null;
    case 'seat':
      return agent.seat;
  }
}

/** What is not there comes last, whichever way the rest is turned. */
function compareKeys(one: Key, other: Key, sign: number, names: NameOrder): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  if (typeof one === 'number' && typeof other === 'number') return sign * (one - other);
  return sign * names.compare(`${one}`, `${other}`);
}
