import { Button, CloseButton } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MonitoringEnd, MonitoringView } from '../../../server/src/http/contract.ts';
import { Elapsed } from '../agents/elapsed.tsx';
import { useFeed } from '../feed/feed-provider.tsx';
import { useErrorWords } from '../session/failure.tsx';
import classes from './monitoring.module.css';
import { endOfGone, isExpected, otherMode, sessionsOf } from './rules.ts';
import { useChangeMonitoring, useEndMonitoring } from './use-monitoring.ts';

/** How long the notice of an end stays that the supervisor knows of, ms. */
const ENDED_SHOWN_MS = 6_000;

/** The account's own sessions, on every page: how they stand, who hears whom, what can be done, and why the last one ended. */
export function MonitoringBar({ accountId }: { readonly accountId: number }) {
  const { t } = useTranslation();
  const monitoring = useFeed((feed) => feed.monitoring);
  const ended = useFeed((feed) => feed.ended);
  const sessions = useMemo(() => sessionsOf(monitoring, accountId), [monitoring, accountId]);
  return (
    <div role="region" aria-label={t('monitoring.bar')} className={classes['bars']}>
      {sessions.map((session) => (
        <SessionBar key={session.id} session={session} />
      ))}
      <Ended sessions={sessions} told={ended} />
    </div>
  );
}

interface EndedProps {
  readonly sessions: readonly MonitoringView[];
  /** The end that the server told last. */
  readonly told: MonitoringEnd | null;
}

/** Why the last session ended, until it was read, or the next one begins. */
function Ended({ sessions, told }: EndedProps) {
  const { t } = useTranslation();
  const [end, close] = useEnd(sessions, told);
  const shown = sessions.length === 0 ? end : null;
  return (
    <div
      role="status"
      className={classes['ended']}
      data-unexpected={(shown !== null && !isExpected(shown)) || undefined}
    >
      {shown !== null && (
        <>
          <p>
            <strong>{t('monitoring.ended')}</strong>{' '}
            {t('monitoring.endedOf', { name: shown.target, reason: t(`monitoring.reason.${shown.reason}`) })}
          </p>
          <CloseButton size="sm" aria-label={t('monitoring.closeEnded')} onClick={close} />
        </>
      )}
    </div>
  );
}

function useEnd(
  sessions: readonly MonitoringView[],
  told: MonitoringEnd | null,
): readonly [MonitoringEnd | null, () => void] {
  const before = useRef(sessions);
  const [end, setEnd] = useState<MonitoringEnd | null>(null);
  useEffect(() => setEnd(told), [told]);
  useEffect(() => {
    const gone = endOfGone(before.current, sessions);
    before.current = sessions;
    if (gone !== null && gone.id !== told?.id) setEnd(gone);
  }, [sessions, told]);
  useEffect(() => {
    if (end === null || !isExpected(end)) return undefined;
    const timer = window.setTimeout(() => setEnd(null), ENDED_SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [end]);
  return [end, () => setEnd(null)];
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
        {state === 'calling' || state === 'ringing' ? (
          t(state === 'calling' ? 'monitoring.calls' : 'monitoring.answerIt', { phone: supervisor.phone })
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
