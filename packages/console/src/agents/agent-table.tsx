import { memo, useCallback, useMemo, useRef, useState } from 'react';
import type { CSSProperties, FocusEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentView, MonitoringView } from '../../../server/src/http/contract.ts';
import { useIsNarrow } from '../shell/use-is-narrow.ts';
import { useVisibleRows, WHOLE } from '../shell/use-visible-rows.ts';
import { AgentRow, type AgentWish } from './agent-row.tsx';
import classes from './agents.module.css';
import { NameOrder, nextSorting, type Column, type Sorting } from './order.ts';
import { RowPool } from './row-pool.ts';
import { useSettledOrder } from './use-settled-order.ts';

interface AgentTableProps {
  readonly agents: readonly AgentView[];
  readonly listeners: ReadonlyMap<number, readonly MonitoringView[]>;
  readonly columns: readonly Column[];
  readonly sorting: Sorting;
  readonly onSorting: (sorting: Sorting) => void;
  readonly onWish: (accountId: number, wish: AgentWish) => void;
}

/** How wide a column is beside the others. */
const SHARES: Readonly<Record<Column, number>> = {
  agent: 184,
  phone: 152,
  status: 144,
  elapsed: 92,
  since: 84,
  call: 144,
  talk: 92,
  hold: 92,
  listeners: 152,
  callCenters: 96,
  seat: 70,
};
const OTHERS_SHARE = 112;

/** How high a row of the table is, px. */
const ROW_PX = 38;

const OTHERS = ['shortcutListen', 'shortcutWhisper', 'changeStatus'] as const satisfies readonly AgentWish[];
const NOBODY: readonly MonitoringView[] = [];

/**
 * The list: a table on a wide screen, cards on a narrow one, from the same elements. The roles are written out because a browser forgets
 * that a table is one when its elements are laid out as something else. Of a long list only what is seen is drawn; in a table each of its
 * rows is put in its place by itself, so that no row that changes or comes moves another.
 */
export function AgentTable({ agents, listeners, columns, sorting, onSorting, onWish }: AgentTableProps) {
  const { t, i18n } = useTranslation();
  const body = useRef<HTMLTableSectionElement>(null);
  const names = useMemo(() => new NameOrder(i18n.language), [i18n.language]);
  const others = useMemo(() => OTHERS.map((wish) => ({ wish, words: t(`monitoring.${wish}`) })), [t]);
  const count = useCallback((accountId: number) => listeners.get(accountId)?.length ?? 0, [listeners]);
  const isPlaced = !useIsNarrow() && agents.length > WHOLE;
  const { first, end, above, below, moving } = useVisibleRows(body, agents.length, isPlaced ? ROW_PX : null);
  const rows = useSettledOrder(agents, sorting, names, count, moving);
  const [pool] = useState(() => new RowPool<AgentView>());
  // Not forgotten when the focus goes: a dialog that was opened from a row gives it back.
  const [held, setHeld] = useState<number | null>(null);
  const onFocus = ({ target }: FocusEvent): void => {
    const name = target.closest<HTMLElement>('[data-agent]')?.dataset['agent'];
    setHeld(rows.find(({ loginName }) => loginName === name)?.accountId ?? null);
  };
  const drawn = isPlaced
    ? pool.place(rows, { first, end, held, moving })
    : rows.slice(first, end).map((row, at) => ({ key: row.accountId, index: first + at, row }));
  const widths = useMemo(() => ({ '--columns': tracks(columns) }) as CSSProperties, [columns]);
  return (
    <table
      role="table"
      className={classes['table']}
      style={widths}
      aria-label={t('agents.title')}
      aria-rowcount={rows.length + 1}
    >
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={1}>
          {columns.map((column) => (
            <Head key={column} column={column} sorting={sorting} onSorting={onSorting} />
          ))}
          <th role="columnheader" scope="col" data-column="others">
            <span className={classes['unsorted']}>{t('monitoring.others')}</span>
          </th>
        </tr>
      </thead>
      <tbody
        role="rowgroup"
        ref={body}
        data-placed={isPlaced || undefined}
        data-moving={moving || undefined}
        style={isPlaced ? { height: rows.length * ROW_PX } : undefined}
        onFocus={onFocus}
      >
        {!isPlaced && <Gap height={above} />}
        {drawn.map(({ key, index, row }) => (
          <AgentRow
            key={key}
            index={index}
            isLast={index === rows.length - 1}
            top={isPlaced ? index * ROW_PX : null}
            agent={row}
            columns={columns}
            listeners={listeners.get(row.accountId) ?? NOBODY}
            others={others}
            onWish={onWish}
          />
        ))}
        {!isPlaced && <Gap height={below} />}
      </tbody>
    </table>
  );
}

/** The widths of the columns, which no text changes. */
function tracks(columns: readonly Column[]): string {
  const whole = columns.reduce((sum, column) => sum + SHARES[column], OTHERS_SHARE);
  const shares = [...columns.map((column) => SHARES[column]), OTHERS_SHARE];
  return shares.map((share) => `${((100 * share) / whole).toFixed(2)}%`).join(' ');
}

interface HeadProps {
  readonly column: Column;
  readonly sorting: Sorting;
  readonly onSorting: AgentTableProps['onSorting'];
}

const Head = memo(function Head({ column, sorting, onSorting }: HeadProps) {
  const { t } = useTranslation();
  const isSorted = sorting.column === column;
  const direction = sorting.descending ? 'descending' : 'ascending';
  return (
    <th role="columnheader" scope="col" data-column={column} aria-sort={isSorted ? direction : 'none'}>
      <button type="button" onClick={() => onSorting(nextSorting(sorting, column))}>
        {t(`agents.${column}`)}
        <span className={classes['arrow']} aria-hidden="true">
          {isSorted ? (sorting.descending ? '▼' : '▲') : ''}
        </span>
      </button>
    </th>
  );
});

/** In place of rows that are not drawn. */
function Gap({ height }: { readonly height: number }) {
  if (height === 0) return null;
  return (
    <tr aria-hidden="true" className={classes['gap']}>
      <td style={{ height }} />
    </tr>
  );
}
