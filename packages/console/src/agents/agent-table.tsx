import { memo, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentView, MonitoringView } from '../../../server/src/http/contract.ts';
import { CheckIcon, CrossIcon, QuestionIcon } from '../shell/icons.tsx';
import { Menu } from '../shell/menu.tsx';
import { useVisibleRows } from '../shell/use-visible-rows.ts';
import classes from './agents.module.css';
import { Elapsed, Since } from './elapsed.tsx';
import { COLUMNS, nextSorting, sortAgents } from './rules.ts';
import type { Sorting } from './rules.ts';
import { StatusMark } from './status-mark.tsx';

/** What a person asks for about an agent. */
export type AgentWish = 'monitor' | 'shortcutListen' | 'shortcutWhisper' | 'changeStatus';

interface AgentTableProps {
  readonly agents: readonly AgentView[];
  readonly listeners: ReadonlyMap<number, readonly MonitoringView[]>;
  readonly onWish: (accountId: number, wish: AgentWish) => void;
}

/**
 * The list: a table on a wide screen, cards on a narrow one, from the same elements. The roles are written out because a browser forgets
 * that a table is one when its elements are laid out as something else. Of a long list only what is seen is drawn.
 */
export function AgentTable({ agents, listeners, onWish }: AgentTableProps) {
  const { t, i18n } = useTranslation();
  const [sorting, setSorting] = useState<Sorting>({ column: 'agent', descending: false });
  const body = useRef<HTMLTableSectionElement>(null);
  const rows = useMemo(() => sortAgents(agents, sorting, i18n.language), [agents, sorting, i18n.language]);
  const { first, end, above, below } = useVisibleRows(body, rows.length);
  const direction = sorting.descending ? 'descending' : 'ascending';
  return (
    <table
      role="table"
      className={classes['table']}
      aria-label={t('agents.title')}
      aria-rowcount={rows.length + 1}
    >
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={1}>
          {COLUMNS.map((column) => (
            <th
              key={column}
              role="columnheader"
              scope="col"
              data-column={column}
              aria-sort={sorting.column === column ? direction : 'none'}
            >
              <button type="button" onClick={() => setSorting(nextSorting(sorting, column))}>
                {t(`agents.${column}`)}
                <span className={classes['arrow']} aria-hidden="true">
                  {sorting.column === column ? (sorting.descending ? '▼' : '▲') : ''}
                </span>
              </button>
            </th>
          ))}
          <th role="columnheader" scope="col" data-column="others">
            <span className={classes['unsorted']}>{t('monitoring.others')}</span>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup" ref={body}>
        <Gap height={above} />
        {rows.slice(first, end).map((agent, index) => (
          <AgentRow
            key={agent.accountId}
            agent={agent}
            index={first + index + 2}
            listeners={listeners.get(agent.accountId) ?? NOBODY}
            onWish={onWish}
          />
        ))}
        <Gap height={below} />
      </tbody>
    </table>
  );
}

const NOBODY: readonly MonitoringView[] = [];

/** In place of rows that are not drawn. */
function Gap({ height }: { readonly height: number }) {
  if (height === 0) return null;
  return (
    <tr aria-hidden="true" className={classes['gap']}>
      <td colSpan={COLUMNS.length + 1} style={{ height }} />
    </tr>
  );
}

interface AgentRowProps {
  readonly agent: AgentView;
  readonly index: number;
  readonly listeners: readonly MonitoringView[];
  readonly onWish: AgentTableProps['onWish'];
}

/** Drawn again only when the agent's row changed: the feed keeps the others as they are. */
const AgentRow = memo(function AgentRow({ agent, index, listeners, onWish }: AgentRowProps) {
  const { t } = useTranslation();
  const { accountId, displayName: name } = agent;
  const items = (['shortcutListen', 'shortcutWhisper', 'changeStatus'] as const).map((wish) => ({
    words: t(`monitoring.${wish}`),
    act: () => onWish(accountId, wish),
  }));
  return (
    <tr role="row" data-row aria-rowindex={index} data-status={agent.status} data-agent={agent.loginName}>
      <th role="rowheader" scope="row" data-column="agent">
        <span className={classes['name']}>{name}</span>
        <span className={classes['login']}>{agent.loginName}</span>
      </th>
      <td role="cell" data-column="phone">
        <Phone number={agent.phone} registered={agent.phoneRegistered} />
      </td>
      <td role="cell" data-column="status">
        <button
          type="button"
          className={classes['statusButton']}
          aria-label={t('monitoring.statusOf', { name, status: t(`status.${agent.status}`) })}
          onClick={() => onWish(accountId, 'monitor')}
        >
          <StatusMark status={agent.status} />
        </button>
        <Since since={agent.since} />
        {listeners.map(({ id, mode, supervisor }) => (
          <span key={id} className={classes['listener']}>
            {mode === 'listen'
              ? t('monitoring.listening', { name: supervisor.name })
              : t('monitoring.whispering', { name: supervisor.name })}
          </span>
        ))}
      </td>
      <td role="cell" data-column="elapsed">
        <Elapsed since={agent.since} />
      </td>
      <td role="cell" data-column="others">
        <Menu label={t('monitoring.othersOf', { name })} items={items}>
          {t('monitoring.others')}
        </Menu>
      </td>
    </tr>
  );
});

interface PhoneProps {
  readonly number: string | null;
  readonly registered: boolean | null;
}

function Phone({ number, registered }: PhoneProps) {
  const { t } = useTranslation();
  if (number === null) return <span className={classes['quiet']}>{t('agents.noPhone')}</span>;
  const state = registered === null ? 'unknown' : registered ? 'registered' : 'unregistered';
  const Icon = { unknown: QuestionIcon, registered: CheckIcon, unregistered: CrossIcon }[state];
  return (
    <span className={classes['phone']}>
      <span className={classes['extension']}>{number}</span>
      <span className={classes['registration']} data-registration={state}>
        <Icon />
        {t(`agents.${state}`)}
      </span>
    </span>
  );
}
