import { TextInput } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Status } from '../../../server/src/http/contract.ts';
import { FeedAge, FeedNotices } from '../feed/feed-line.tsx';
import { useFeed } from '../feed/feed-provider.tsx';
import { isOld } from '../feed/rules.ts';
import { MonitoringDialog, RefusalDialog, ShortcutDialog } from '../monitoring/monitoring-dialog.tsx';
import { listenersByTarget } from '../monitoring/rules.ts';
import { StatusDialog } from '../monitoring/status-dialog.tsx';
import { useStartMonitoring } from '../monitoring/use-monitoring.ts';
import { useErrorWords } from '../session/failure.tsx';
import { useNow } from '../shell/clock.ts';
import { useTitle } from '../shell/use-title.ts';
import { AgentTable, type AgentWish } from './agent-table.tsx';
import classes from './agents.module.css';
import { countByStatus, filterAgents } from './rules.ts';
import { StatusMark } from './status-mark.tsx';

/** リアルタイムモニタ: who is there and what they do, as it happens, and the way to listen. */
export function AgentsPage() {
  const { t } = useTranslation();
  const feed = useFeed();
  const old = isOld(feed, useNow());
  useTitle(t('agents.title'));

  if (feed.phase === 'forbidden') {
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
        <h1 className={classes['title']}>
          {t('agents.title')}
          {feed.heardAt !== null && (
            <span className={classes['count']}>{t('agents.count', { count: feed.agents.size })}</span>
          )}
        </h1>
        <FeedAge />
      </div>
      <FeedNotices />
      {feed.heardAt !== null && (
        <div className={classes['board']} data-old={old || undefined}>
          {feed.agents.size === 0 ? (
            <Empty title={t('agents.empty')} detail={t('agents.emptyDetail')} />
          ) : (
            <Board />
          )}
        </div>
      )}
    </>
  );
}

function Board() {
  const { t } = useTranslation();
  const { agents, monitoring } = useFeed();
  const [text, setText] = useState('');
  const [statuses, setStatuses] = useState<ReadonlySet<Status>>(new Set());
  const [wish, setWish] = useState<{ readonly accountId: number; readonly what: AgentWish } | null>(null);
  const listeners = useMemo(() => listenersByTarget(monitoring), [monitoring]);
  const found = useMemo(() => filterAgents(agents.values(), { text, statuses }), [agents, text, statuses]);
  const wished = wish === null ? undefined : agents.get(wish.accountId);
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
  const toggle = (status: Status): void => {
    const next = new Set(statuses);
    if (!next.delete(status)) next.add(status);
    setStatuses(next);
  };
  return (
    <>
      <div className={classes['filters']}>
        <TextInput
          type="search"
          size="xs"
          aria-label={t('agents.search')}
          placeholder={t('agents.search')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Summary chosen={statuses} onToggle={toggle} />
      </div>
      {found.length === 0 ? (
        <Empty title={t('agents.none')} detail={t('agents.noneDetail')} />
      ) : (
        <AgentTable agents={found} listeners={listeners} onWish={onWish} />
      )}
      {wished !== undefined && wish?.what === 'monitor' && (
        <MonitoringDialog agent={wished} onClose={() => setWish(null)} />
      )}
      {wished !== undefined && wish?.what === 'shortcutWhisper' && (
        <ShortcutDialog agent={wished} mode="whisper" onClose={() => setWish(null)} />
      )}
      {wished !== undefined && wish?.what === 'changeStatus' && (
        <StatusDialog agent={wished} onClose={() => setWish(null)} />
      )}
      {start.error !== null && (
        <RefusalDialog words={errorWords(start.error)} onClose={() => start.reset()} />
      )}
    </>
  );
}

interface SummaryProps {
  readonly chosen: ReadonlySet<Status>;
  readonly onToggle: (status: Status) => void;
}

/** How many are in each status; a press shows only those. */
function Summary({ chosen, onToggle }: SummaryProps) {
  const { t } = useTranslation();
  const { agents } = useFeed();
  const counts = useMemo(() => countByStatus(agents.values()), [agents]);
  return (
    <ul className={classes['summary']} aria-label={t('agents.summary')}>
      {counts.map(({ status, count }) => (
        <li key={status}>
          <button type="button" aria-pressed={chosen.has(status)} onClick={() => onToggle(status)}>
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
