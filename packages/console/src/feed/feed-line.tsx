import { useTranslation } from 'react-i18next';
import { WarningIcon } from '../shell/icons.tsx';
import { useFeed, useFeedAt } from './feed-provider.tsx';
import classes from './feed.module.css';
import { ageOf, isOld, type FeedState } from './rules.ts';

/** In whole seconds, so that it changes no more often than it is shown. */
function ageInSeconds(feed: FeedState, now: number): number | null {
  const age = ageOf(feed, now);
  return age === null ? null : Math.floor(age / 1_000);
}

/** An age in s in the largest unit that it fills. */
function useAgeWords(): (seconds: number) => string {
  const { t } = useTranslation();
  return (seconds) => {
    if (seconds < 60) return t('feed.seconds', { n: seconds });
    if (seconds < 3_600) return t('feed.minutes', { n: Math.floor(seconds / 60) });
    return t('feed.hours', { n: Math.floor(seconds / 3_600) });
  };
}

/** How old the data is, always there. */
export function FeedAge() {
  const { t } = useTranslation();
  const ageWords = useAgeWords();
  const age = useFeedAt(ageInSeconds);
  const old = useFeedAt(isOld);
  return (
    <p className={classes['age']} data-old={old || undefined}>
      <span className={classes['pulse']} aria-hidden="true" />
      {age === null ? t('feed.connecting') : t('feed.age', { age: ageWords(age) })}
    </p>
  );
}

/**
 * What is wrong with the data, if anything. The region that screen readers hear says only what changes seldom; the age beside it counts in
 * silence.
 */
export function FeedNotices() {
  const { t } = useTranslation();
  const ageWords = useAgeWords();
  const age = useFeedAt(ageInSeconds);
  const old = useFeedAt(isOld);
  const engineDown = useFeed(({ engine }) => engine === 'down');
  const spoken = old
    ? t('feed.lost')
    : engineDown
      ? t('feed.engineDown')
      : age === null
        ? ''
        : t('feed.live');
  return (
    <>
      <p role="status" className={classes['spoken']}>
        {spoken}
      </p>
      {old && age !== null && (
        <Notice title={t('feed.lost')} detail={t('feed.lostDetail', { age: ageWords(age) })} />
      )}
      {!old && engineDown && <Notice title={t('feed.engineDown')} detail={t('feed.engineDownDetail')} />}
    </>
  );
}

function Notice({ title, detail }: { readonly title: string; readonly detail: string }) {
  return (
    <div className={classes['notice']}>
      <WarningIcon />
      <p>
        <strong>{title}</strong> {detail}
      </p>
    </div>
  );
}
