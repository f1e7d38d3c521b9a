import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { FeedAge, FeedNotices } from '../feed/feed-line.tsx';
import { useFeed } from '../feed/feed-provider.tsx';
import { isOld } from '../feed/rules.ts';
import { useNow } from '../shell/clock.ts';
import { useTitle } from '../shell/use-title.ts';
import { AgentTable } from './agent-table.tsx';
import classes from './agents.module.css';
import { countByStatus } from './rules.ts';
import { StatusMark } from './status-mark.tsx';

/** Who is there and what they do, as it happens. */
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
            <>
              <Summary />
              <AgentTable agents={feed.agents} />
            </>
          )}
        </div>
      )}
    </>
  );
}

function Summary() {
  const { t } = useTranslation();
  const { agents } = useFeed();
  const counts = useMemo(() => countByStatus(agents.values()), [agents]);
  return (
    <ul className={classes['summary']} aria-label={t('agents.summary')}>
      {counts.map(({ status, count }) => (
        <li key={status}>
          <StatusMark status={status} />
          <span className={classes['number']}>{count}</span>
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
