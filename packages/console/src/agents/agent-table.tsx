import { memo, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentView } from '../../../server/src/http/contract.ts';
import { CheckIcon, CrossIcon, QuestionIcon } from '../shell/icons.tsx';
import classes from './agents.module.css';
import { Elapsed, Since } from './elapsed.tsx';
import { COLUMNS, nextSorting, sortAgents } from './rules.ts';
import type { Sorting } from './rules.ts';
import { StatusMark } from './status-mark.tsx';

/**
 * The list: a table on a wide screen, cards on a narrow one, from the same elements. The roles are written out because a browser forgets
 * that a table is one when its elements are laid out as something else.
 */
export function AgentTable({ agents }: { readonly agents: ReadonlyMap<number, AgentView> }) {
  const { t, i18n } = useTranslation();
  const [sorting, setSorting] = useState<Sorting>({ column: 'agent', descending: false });
  const rows = useMemo(
    () => sortAgents(agents.values(), sorting, i18n.language),
    [agents, sorting, i18n.language],
  );
  const direction = sorting.descending ? 'descending' : 'ascending';
  return (
    <table role="table" className={classes['table']} aria-label={t('agents.title')}>
      <thead role="rowgroup">
        <tr role="row">
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
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((agent) => (
          <AgentRow key={agent.accountId} agent={agent} />
        ))}
      </tbody>
    </table>
  );
}

/** Drawn again only when the agent's row changed: the feed keeps the others as they are. */
const AgentRow = memo(function AgentRow({ agent }: { readonly agent: AgentView }) {
  return (
    <tr role="row" data-status={agent.status} data-agent={agent.loginName}>
      <th role="rowheader" scope="row" data-column="agent">
        <span className={classes['name']}>{agent.displayName}</span>
        <span className={classes['login']}>{agent.loginName}</span>
      </th>
      <td role="cell" data-column="phone">
        <Phone number={agent.phone} registered={agent.phoneRegistered} />
      </td>
      <td role="cell" data-column="status">
        <StatusMark status={agent.status} />
        <Since since={agent.since} />
      </td>
      <td role="cell" data-column="elapsed">
        <Elapsed since={agent.since} />
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
