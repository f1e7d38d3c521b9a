import { useTranslation } from 'react-i18next';
import { useServerClock } from '../feed/feed-provider.tsx';
import classes from './agents.module.css';
import { elapsedSince, formatSince } from './rules.ts';

/** Time in status, one second at a time by the server's clock. It stands still while the data is old. */
export function Elapsed({ since }: { readonly since: string }) {
  const { t } = useTranslation();
  const { days, clock } = elapsedSince(since, useServerClock());
  return <span className={classes['elapsed']}>{days === 0 ? clock : t('agents.days', { days, clock })}</span>;
}

/** When the status began, in this machine's time zone. */
export function Since({ since }: { readonly since: string }) {
  const { t, i18n } = useTranslation();
  const time = formatSince(since, useServerClock(), i18n.language);
  return (
    <time className={classes['since']} dateTime={since}>
      {t('agents.since', { time })}
    </time>
  );
}
