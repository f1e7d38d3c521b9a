import type { AgentCallView } from '../../../server/src/http/contract.ts';
import { useServerClock } from '../feed/feed-provider.tsx';
import { useWords } from '../i18n/words.tsx';
import classes from './agents.module.css';
import { elapsedSince, formatSince, heldFor } from './rules.ts';

/** Time since a moment, one second at a time by the server's clock. It stands still while the data is old. */
export function Elapsed({ since }: { readonly since: string }) {
  const { t } = useWords();
  const { days, clock } = elapsedSince(since, useServerClock());
  return <span className={classes['elapsed']}>{days === 0 ? clock : t('agents.days', { days, clock })}</span>;
}

/** How long a call was held in all, counting while it is. */
export function Held({ call }: { readonly call: AgentCallView }) {
  const clock = heldFor(call, useServerClock());
  return (
    <span className={classes['elapsed']} data-running={call.heldSince !== null || undefined}>
      {clock}
    </span>
  );
}

/** When the status began, in this machine's time zone. */
export function Since({ since }: { readonly since: string }) {
  const { language } = useWords();
  const time = formatSince(since, useServerClock(), language);
  return (
    <time className={classes['since']} dateTime={since}>
      {time}
    </time>
  );
}
