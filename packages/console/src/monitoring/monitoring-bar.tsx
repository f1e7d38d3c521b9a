import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MonitoringView } from '../../../server/src/http/contract.ts';
import { Elapsed } from '../agents/elapsed.tsx';
import { useFeed } from '../feed/feed-provider.tsx';
import { useErrorWords } from '../session/failure.tsx';
import classes from './monitoring.module.css';
import { otherMode, sessionsOf } from './rules.ts';
import { useChangeMonitoring, useEndMonitoring } from './use-monitoring.ts';

const ENDED_SHOWN_MS = 6_000;

/** The account's own sessions, on every page: how they stand, who hears whom, and what can be done. */
export function MonitoringBar({ accountId }: { readonly accountId: number }) {
  const { t } = useTranslation();
  const { monitoring, phase } = useFeed();
  const sessions = sessionsOf(monitoring, accountId);
  const ended = useEnded(sessions.length, phase === 'live');
  return (
    <div role="region" aria-label={t('monitoring.bar')} className={classes['bars']}>
      {sessions.map((session) => (
        <SessionBar key={session.id} session={session} />
      ))}
      <p role="status" className={classes['ended']}>
        {ended ? t('monitoring.ended') : ''}
      </p>
    </div>
  );
}

/** True for a moment after a session went away while the feed was there to say so. */
function useEnded(count: number, live: boolean): boolean {
  const before = useRef(count);
  const [ended, setEnded] = useState(false);
  useEffect(() => {
    const fewer = count < before.current;
    before.current = count;
    setEnded(fewer && live);
    if (!fewer) return undefined;
    const timer = window.setTimeout(() => setEnded(false), ENDED_SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [count, live]);
  return ended;
}

function SessionBar({ session }: { readonly session: MonitoringView }) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const change = useChangeMonitoring(session.id);
  const end = useEndMonitoring(session.id);
  const { state, target, mode, supervisor } = session;
  const names = (who: readonly ('agent' | 'customer')[]): string =>
    who.length === 0
      ? t('monitoring.nobody')
      : who
          .map((one) =>
            one === 'agent' ? t('monitoring.agent', { name: target.name }) : t('monitoring.customer'),
          )
          .join(t('monitoring.and'));
  const error = change.error ?? end.error;
  return (
    <section className={classes['bar']} data-state={state} aria-label={target.name}>
      <p className={classes['state']} role="status">
        {t(`monitoring.state.${state}`)}
      </p>
      <p className={classes['target']}>
        <strong>{target.name}</strong> <span className="tabular">{target.phone}</span>
      </p>
      <Elapsed since={session.startedAt} />
      <p className={classes['who']}>
        {state === 'calling' ? (
          t('monitoring.answerIt', { phone: supervisor.phone })
        ) : (
          <>
            <span>{t('monitoring.hears', { who: names(session.heardBySupervisor) })}</span>
            <span data-heard={session.hearsSupervisor.length > 0 || undefined}>
              {t('monitoring.heard', { who: names(session.hearsSupervisor) })}
            </span>
          </>
        )}
      </p>
      {error !== null && (
        <p role="alert" className={classes['error']}>
          {errorWords(error)}
        </p>
      )}
      <div className={classes['actions']}>
        <Button
          size="compact-sm"
          variant="default"
          loading={change.isPending}
          onClick={() => change.mutate(otherMode(mode))}
        >
          {mode === 'listen' ? t('monitoring.toWhisper') : t('monitoring.toListen')}
        </Button>
        <Button size="compact-sm" color="red" loading={end.isPending} onClick={() => end.mutate()}>
          {t('monitoring.end')}
        </Button>
      </div>
    </section>
  );
}
