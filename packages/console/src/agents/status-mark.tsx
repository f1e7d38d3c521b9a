import type { Status } from '../../../server/src/http/contract.ts';
import { useWords } from '../i18n/words.tsx';
import classes from './agents.module.css';

/** A status as word and colour. */
export function StatusMark({ status }: { readonly status: Status }) {
  const { t } = useWords();
  return (
    <span className={classes['status']} data-status={status}>
      <span className={classes['dot']} data-status={status} aria-hidden="true" />
      {t(`status.${status}`)}
    </span>
  );
}
