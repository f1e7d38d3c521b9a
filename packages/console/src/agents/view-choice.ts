import type { Status } from '../../../server/src/http/contract.ts';
import { COLUMNS, type Column, type Sorting } from './order.ts';
import { STATUS_ORDER } from './rules.ts';

/** How a person wants to see the list. It is kept in the browser, except the words of a search, which are for one look. */
export interface ViewChoice {
  readonly columns: readonly Column[];
  readonly sorting: Sorting;
  readonly statuses: readonly Status[];
  /** Number of the call center whose agents are shown; null shows all. */
  readonly callCenter: string | null;
}

/** Who it is and what they do: without these the list says nothing. */
export const ALWAYS: readonly Column[] = ['agent', 'status'];

export const FIRST_CHOICE: ViewChoice = {
  columns: ['agent', 'phone', 'status', 'elapsed', 'call', 'talk', 'hold', 'listeners'],
  sorting: { column: 'agent', descending: false },
  statuses: [],
  callCenter: null,
};

/** What was kept, as far as it can be understood: an older or newer console may have written it. */
export function readChoice(kept: string | null): ViewChoice {
  const found = fieldsOf(kept);
  const columns = listOf(found['columns'], COLUMNS);
  const sorting = fieldsOf(found['sorting']);
  const [column] = listOf([sorting['column']], COLUMNS) ?? [];
  return {
    columns: columns === null ? FIRST_CHOICE.columns : withColumns(columns),
    sorting:
      column === undefined ? FIRST_CHOICE.sorting : { column, descending: sorting['descending'] === true },
    statuses: listOf(found['statuses'], STATUS_ORDER) ?? [],
    callCenter: typeof found['callCenter'] === 'string' ? found['callCenter'] : null,
  };
}

/** The columns in their order, those that are always there among them. */
export function withColumns(wanted: readonly Column[]): readonly Column[] {
  return COLUMNS.filter((column) => ALWAYS.includes(column) || wanted.includes(column));
}

/** With the entry when it was not there, else without it. */
export function toggled<Entry>(list: readonly Entry[], entry: Entry): readonly Entry[] {
  return list.includes(entry) ? list.filter((each) => each !== entry) : [...list, entry];
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  const read = typeof value === 'string' ? parsed(value) : value;
  return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function listOf<Entry>(value: unknown, known: readonly Entry[]): Entry[] | null {
  return Array.isArray(value) ? known.filter((entry) => value.includes(entry)) : null;
}
