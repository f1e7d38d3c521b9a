import { memo } from 'react';
import type { AgentView, MonitoringView } from '../../../server/src/http/contract.ts';
import { useWords } from '../i18n/words.tsx';
import { Menu } from '../shell/menu.tsx';
import { AgentCell } from './agent-cell.tsx';
import classes from './agents.module.css';
import type { Column } from './order.ts';
import { StatusMark } from './status-mark.tsx';

/** What a person asks for about an agent. */
export type AgentWish = 'monitor' | 'shortcutListen' | 'shortcutWhisper' | 'changeStatus';

interface AgentCellsProps {
  readonly agent: AgentView;
  readonly columns: readonly Column[];
  readonly listeners: readonly MonitoringView[];
  /** What その他操作 offers, in words. */
  readonly others: readonly { readonly wish: AgentWish; readonly words: string }[];
  readonly onWish: (accountId: number, wish: AgentWish) => void;
}

interface AgentRowProps extends AgentCellsProps {
  /** The place in the whole list, from 0. */
  readonly index: number;
  readonly isLast: boolean;
  /** From the top of the list, px; null where rows follow each other. */
  readonly top: number | null;
}

/** A row and its place, which is all that is drawn again when it only moves. */
export const AgentRow = memo(function AgentRow({ index, isLast, top, ...cells }: AgentRowProps) {
  const { loginName, status } = cells.agent;
  return (
    <tr
      role="row"
      aria-rowindex={index + 2}
      data-row
      data-status={status}
      data-off={status === 'signed_off' || undefined}
      data-agent={loginName}
      data-last={isLast || undefined}
      style={top === null ? undefined : { transform: `translateY(${top}px)` }}
    >
      <AgentCells {...cells} />
    </tr>
  );
});

/** Drawn again only when the agent's row changed: the feed keeps the others as they are. */
const AgentCells = memo(function AgentCells({ agent, columns, listeners, others, onWish }: AgentCellsProps) {
  const { t } = useWords();
  const { accountId, displayName: name, status } = agent;
  const items = others.map(({ wish, words }) => ({ words, act: () => onWish(accountId, wish) }));
  return (
    <>
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
    </>
  );
});
