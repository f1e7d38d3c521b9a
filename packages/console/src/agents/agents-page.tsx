import { Button, NativeSelect, TextInput } from '@mantine/core';
import { memo, useCallback, useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentView, CallCenterLive, Status } from '../../../server/src/http/contract.ts';
import { CallCenterBoard } from '../callcenters/call-center-board.tsx';
import { FeedAge, FeedNotices } from '../feed/feed-line.tsx';
import { useFeed, useFeedAt } from '../feed/feed-provider.tsx';
import { isOld } from '../feed/rules.ts';
import { MonitoringDialog, RefusalDialog, ShortcutDialog } from '../monitoring/monitoring-dialog.tsx';
import { listenersByTarget } from '../monitoring/rules.ts';
import { StatusDialog } from '../monitoring/status-dialog.tsx';
import { useStartMonitoring } from '../monitoring/use-monitoring.ts';
import { numberWords } from '../parts/withheld.ts';
import { useErrorWords } from '../session/failure.tsx';
import { useTitle } from '../shell/use-title.ts';
import type { AgentWish } from './agent-row.tsx';
import { AgentTable } from './agent-table.tsx';
import classes from './agents.module.css';
import { ColumnsMenu } from './columns-menu.tsx';
import type { Column, Sorting } from './order.ts';
import { countByStatus, filterAgents } from './rules.ts';
import { StatusMark } from './status-mark.tsx';
import { useViewChoice } from './use-view-choice.ts';
import { toggled, withColumns } from './view-choice.ts';

/** リアルタイムモニタ: who is there and what they do, as it happens, and the way to listen. */
export function AgentsPage() {
  const { t } = useTranslation();
  const isForbidden = useFeed(({ phase }) => phase === 'forbidden');
  const isKnown = useFeed(({ heardAt }) => heardAt !== null);
  const old = useFeedAt(isOld);
  useTitle(t('agents.title'));

  if (isForbidden) {
    return (
      <>
        <div className={classes['top']}>
          <h1 className={classes['title']}>{t('agents.title')}</h1>
        </div>
        <Empty title={t('feed.forbidden')} detail={t('feed.forbiddenDetail')} />
      </>
    );
  }
  return (
    <>
      <div className={classes['top']}>
        <h1 className={classes['title']}>{t('agents.title')}</h1>
        <FeedAge />
      </div>
      <FeedNotices />
      {isKnown && (
        <div className={classes['board']} data-old={old || undefined}>
          <Board />
        </div>
      )}
    </>
  );
}

function Board() {
  const { t } = useTranslation();
  const agents = useFeed((feed) => feed.agents);
  const monitoring = useFeed((feed) => feed.monitoring);
  const callCenters = useFeed((feed) => feed.callCenters);
  const [choice, change] = useViewChoice();
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text);
  const { columns, sorting, statuses } = choice;
  // A call center that is gone, or was never this person's to see, filters nothing.
  const callCenter = callCenters.some(({ number }) => number === choice.callCenter)
    ? choice.callCenter
    : null;
  const [wish, setWish] = useState<{ readonly accountId: number; readonly what: AgentWish } | null>(null);
  const listeners = useMemo(() => listenersByTarget(monitoring), [monitoring]);
  const found = useMemo(
    () =>
      filterAgents(agents.values(), {
        text: wanted,
        statuses: new Set(),
        callCenter,
        wordsOf: (number) => numberWords(number, t),
      }),
    [agents, wanted, callCenter, t],
  );
  const shown = useMemo(
    () => (statuses.length === 0 ? found : found.filter(({ status }) => statuses.includes(status))),
    [found, statuses],
  );
  const choose = useCallback((number: string | null) => change({ callCenter: number }), [change]);
  const show = useCallback((next: readonly Column[]) => change({ columns: withColumns(next) }), [change]);
  const sort = useCallback((next: Sorting) => change({ sorting: next }), [change]);
  const errorWords = useErrorWords();
  const start = useStartMonitoring();
  const { mutate } = start;
  const onWish = useCallback(
    (accountId: number, what: AgentWish) => {
      // Only whispering has a caution before it.
      if (what === 'shortcutListen') mutate({ accountId, mode: 'listen', phone: null });
      else setWish({ accountId, what });
    },
    [mutate],
  );
  const wished = wish === null ? undefined : agents.get(wish.accountId);
  const close = (): void => setWish(null);
  const isFiltered = statuses.length > 0 || callCenter !== null || text !== '';
  return (
    <>
      <CallCenterBoard chosen={callCenter} onChosen={choose} />
      <div className={classes['filters']}>
        <Search text={text} onText={setText} />
        {callCenters.length > 1 && (
          <CallCenterChoice callCenters={callCenters} chosen={callCenter} onChosen={choose} />
        )}
        <Summary
          agents={found}
          chosen={statuses}
          onToggle={(status: Status) => change({ statuses: toggled(statuses, status) })}
        />
        <span className={classes['count']} role="status">
          {shown.length === agents.size
            ? t('agents.count', { count: agents.size })
            : t('agents.countOf', { shown: shown.length, count: agents.size })}
        </span>
        {isFiltered && (
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => {
              setText('');
              change({ statuses: [], callCenter: null });
            }}
          >
            {t('agents.clear')}
          </Button>
        )}
        <ColumnsMenu columns={columns} onChange={show} />
      </div>
      {shown.length > 0 && (
        <AgentTable
          agents={shown}
          listeners={listeners}
          columns={columns}
          sorting={sorting}
          onSorting={sort}
          onWish={onWish}
        />
      )}
      {shown.length === 0 &&
        (agents.size === 0 ? (
          <Empty title={t('agents.empty')} detail={t('agents.emptyDetail')} />
        ) : (
          <Empty title={t('agents.none')} detail={t('agents.noneDetail')} />
        ))}
      {wished !== undefined && wish?.what === 'monitor' && (
        <MonitoringDialog agent={wished} onClose={close} />
      )}
      {wished !== undefined && wish?.what === 'shortcutWhisper' && (
        <ShortcutDialog agent={wished} mode="whisper" onClose={close} />
      )}
      {wished !== undefined && wish?.what === 'changeStatus' && (
        <StatusDialog agent={wished} onClose={close} />
      )}
      {start.error !== null && (
        <RefusalDialog words={errorWords(start.error)} onClose={() => start.reset()} />
      )}
    </>
  );
}

interface SearchProps {
  readonly text: string;
  readonly onText: (text: string) => void;
}

const Search = memo(function Search({ text, onText }: SearchProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      type="search"
      size="xs"
      className={classes['search'] ?? ''}
      aria-label={t('agents.search')}
      placeholder={t('agents.search')}
      value={text}
      onChange={(event) => onText(event.currentTarget.value)}
    />
  );
});

interface CallCenterChoiceProps {
  readonly callCenters: readonly CallCenterLive[];
  readonly chosen: string | null;
  readonly onChosen: (number: string | null) => void;
}

const CallCenterChoice = memo(function CallCenterChoice(props: CallCenterChoiceProps) {
  const { t } = useTranslation();
  const { callCenters, chosen, onChosen } = props;
  return (
    <NativeSelect
      size="xs"
      aria-label={t('agents.callCenter')}
      value={chosen ?? ''}
      data={[
        { value: '', label: t('agents.anyCallCenter') },
        ...callCenters.map(({ number, name }) => ({ value: number, label: `${number} ${name}` })),
      ]}
      onChange={({ currentTarget: { value } }) => onChosen(value === '' ? null : value)}
    />
  );
});

interface SummaryProps {
  readonly agents: readonly AgentView[];
  readonly chosen: readonly Status[];
  readonly onToggle: (status: Status) => void;
}

/** How many are in each status; a press shows only those. A chosen status stays when nobody is in it any more. */
function Summary({ agents, chosen, onToggle }: SummaryProps) {
  const { t } = useTranslation();
  const counts = useMemo(() => countByStatus(agents, chosen), [agents, chosen]);
  return (
    <ul className={classes['summary']} aria-label={t('agents.summary')}>
      {counts.map(({ status, count }) => (
        <li key={status}>
          <button type="button" aria-pressed={chosen.includes(status)} onClick={() => onToggle(status)}>
            <StatusMark status={status} />
            <span className={classes['number']}>{count}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Empty({ title, detail }: { readonly title: string; readonly detail: string }) {
  return (
    <div className={classes['empty']}>
      <p>
        <strong>{title}</strong>
      </p>
      <p>{detail}</p>
    </div>
  );
}
