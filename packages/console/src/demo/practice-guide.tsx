import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFeed } from '../feed/feed-provider.tsx';
import { CheckIcon } from '../shell/icons.tsx';
import { recall, remember } from '../shell/memory.ts';
import classes from './demo.module.css';
import { nextStep, STEPS, stepsNow, withSteps, type Practice, type Step } from './rules.ts';

interface PracticeGuideProps {
  readonly practice: Practice;
  readonly accountId: number;
}

/** The four steps of the first five minutes. Each ticks itself by what really happened. */
export default function PracticeGuide({ practice, accountId }: PracticeGuideProps) {
  const { t } = useTranslation();
  const done = useDone(practice, accountId);
  const [open, setOpen] = useState(recall('practiceGuide') !== 'closed');
  const show = (shown: boolean): void => {
    remember('practiceGuide', shown ? 'open' : 'closed');
    setOpen(shown);
  };
  if (!open) {
    return (
      <aside className={classes['closed']} aria-label={t('practice.title')}>
        <Button size="compact-xs" variant="subtle" onClick={() => show(true)}>
          {t('practice.open')}
        </Button>
      </aside>
    );
  }
  const next = nextStep(done);
  const phone = practice.phone?.number ?? null;
  return (
    <aside className={classes['guide']} aria-label={t('practice.title')}>
      <div className={classes['head']}>
        <p>
          <strong>{t('practice.title')}</strong> {t('practice.lead')}
        </p>
        <Button size="compact-xs" variant="default" onClick={() => show(false)}>
          {t('practice.close')}
        </Button>
      </div>
      <ol className={classes['steps']}>
        {STEPS.map((step, index) => (
          <li
            key={step}
            data-step={step}
            data-done={done.has(step)}
            aria-current={step === next ? 'step' : undefined}
          >
            <span
              className={classes['mark']}
              role="img"
              aria-label={t(done.has(step) ? 'practice.done' : 'practice.toDo')}
            >
              {done.has(step) ? <CheckIcon /> : index + 1}
            </span>
            <div>
              <p className={classes['name']}>{t(`practice.step.${step}`)}</p>
              <p className={classes['how']}>
                {phone === null && step === 'phone'
                  ? t('practice.how.noPhone')
                  : t(`practice.how.${step}`, { number: phone ?? '' })}
              </p>
            </div>
          </li>
        ))}
      </ol>
      <p role="status" className={classes['all']}>
        {next === null ? t('practice.all') : ''}
      </p>
    </aside>
  );
}

/** What was done since the page was opened. */
function useDone(practice: Practice, accountId: number): ReadonlySet<Step> {
  const monitoring = useFeed((feed) => feed.monitoring);
  const [done, setDone] = useState<ReadonlySet<Step>>(new Set());
  useEffect(() => {
    setDone((before) => withSteps(before, stepsNow(practice, monitoring, accountId)));
  }, [practice, monitoring, accountId]);
  return done;
}
