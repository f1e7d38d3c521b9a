import { memo, useCallback, useLayoutEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentView, MonitoringView } from '../../../server/src/http/contract.ts';
import { useWords } from '../i18n/words.tsx';
import { Menu } from '../shell/menu.tsx';
import { useVisibleRows } from '../shell/use-visible-rows.ts';
import { AgentCell } from './agent-cell.tsx';
import classes from './agents.module.css';
import { NameOrder, nextSorting, type Column, type Sorting } from './order.ts';
import { StatusMark } from './status-mark.tsx';
import { useSettledOrder } from './use-settled-order.ts';

/** What a person asks for about an agent. */
export type AgentWish = 'monitor' | 'shortcutListen' | 'shortcutWhisper' | 'changeStatus';

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

/**
 * The list: a table on a wide screen, cards on a narrow one, from the same elements. The roles are written out because a browser forgets
 * that a table is one when its elements are laid out as something else. Of a long list only what is seen is drawn.
 */
export function AgentTable({ agents, listeners, columns, sorting, onSorting, onWish }: AgentTableProps) {
  const { t, i18n } = useTranslation();
  const body = useRef<HTMLTableSectionElement>(null);
  const names = useMemo(() => new NameOrder(i18n.language), [i18n.language]);
  const others = useMemo(() => OTHERS.map((wish) => ({ wish, words: t(`monitoring.${wish}`) })), [t]);
  const count = useCallback((accountId: number) => listeners.get(accountId)?.length ?? 0, [listeners]);
  const rows = useSettledOrder(agents, sorting, names, count);
  const { first, end, above, below } = useVisibleRows(body, rows.length);
  useLayoutEffect(() => {
    // Not by the rows themselves, which would all be made anew when one of them goes to another place.
    for (const [index, row] of Array.from(body.current?.querySelectorAll('[data-row]') ?? []).entries()) {
      const place = String(first + index + 2);
      if (row.ariaRowIndex !== place) row.ariaRowIndex = place;
    }
  }, [rows, first, end]);
  return (
    <table
      role="table"
      className={classes['table']}
      aria-label={t('agents.title')}
      aria-rowcount={rows.length + 1}
    >
      <Widths columns={columns} />
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
      <tbody role="rowgroup" ref={body}>
        <Gap height={above} />
        {rows.slice(first, end).map((agent) => (
          <AgentRow
            key={agent.accountId}
            agent={agent}
            columns={columns}
            listeners={listeners.get(agent.accountId) ?? NOBODY}
            others={others}
            onWish={onWish}
          />
        ))}
        <Gap height={below} />
      </tbody>
    </table>
  );
}

const NOBODY: readonly MonitoringView[] = [];

const Widths = memo(function Widths({ columns }: { readonly columns: readonly Column[] }) {
  const whole = columns.reduce((sum, column) => sum + SHARES[column], OTHERS_SHARE);
  const width = (share: number): string => `${((100 * share) / whole).toFixed(2)}%`;
  return (
    <colgroup>
      {columns.map((column) => (
        <col key={column} style={{ width: width(SHARES[column]) }} />
      ))}
      <col style={{ width: width(OTHERS_SHARE) }} />
    </colgroup>
  );
});

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

interface AgentRowProps {
  readonly agent: AgentView;
  readonly columns: readonly Column[];
  readonly listeners: readonly MonitoringView[];
  /** What その他操作 offers, in words. */
  readonly others: readonly { readonly wish: AgentWish; readonly words: string }[];
  readonly onWish: AgentTableProps['onWish'];
}

const OTHERS = ['shortcutListen', 'shortcutWhisper', 'changeStatus'] as const satisfies readonly AgentWish[];

/** Drawn again only when the agent's row changed: the feed keeps the others as they are. */
const AgentRow = memo(function AgentRow({ agent, columns, listeners, others, onWish }: AgentRowProps) {
  const { t } = useWords();
  const { accountId, displayName: name, status } = agent;
  const items = others.map(({ wish, words }) => ({ words, act: () => onWish(accountId, wish) }));
  return (
    <tr role="row" data-row data-status={status} data-agent={agent.loginName}>
      {columns.map((column) =>
        column === 'agent' ? (
          <th key={column} role="rowheader" scope="row" data-column={column}>
            <span className={classes['name']}>{name}</span>
            <span className={classes['login']}>{agent.loginName}</span>
          </th>
        ) : (
          <td key={column} role="cell" data-column={column}>
            {column === 'status' ? (
              <button
                type="button"
                className={classes['statusButton']}
                aria-label={t('monitoring.statusOf', { name, status: t(`status.${status}`) })}
                onClick={() => onWish(accountId, 'monitor')}
              >
                <StatusMark status={status} />
              </button>
            ) : (
              <AgentCell column={column} agent={agent} listeners={listeners} />
            )}
          </td>
        ),
      )}
      <td role="cell" data-column="others">
        <Menu label={t('monitoring.othersOf', { name })} items={items}>
          {t('monitoring.others')}
        </Menu>
      </td>
    </tr>
  );
});
