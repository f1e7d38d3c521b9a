import { Button, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '../api/client.ts';
import { Failure, useErrorWords } from '../session/failure.tsx';
import { useTitle } from '../shell/use-title.ts';
import classes from './parts.module.css';

interface PageProps {
  readonly title: string;
  readonly lead?: string;
  /** What can be done with the page as a whole. */
  readonly actions?: ReactNode;
  /** What has just been done, told to screen readers too; empty when nothing. */
  readonly done?: string;
  readonly children: ReactNode;
}

/** A page under its title. */
export function Page({ title, lead, actions, done = '', children }: PageProps) {
  useTitle(title);
  return (
    <>
      <div className={classes['top']}>
        <div>
          <h1 className={classes['title']}>{title}</h1>
          {lead !== undefined && <p className={classes['lead']}>{lead}</p>}
        </div>
        {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
      </div>
      <p role="status" className={classes['done']}>
        {done}
      </p>
      {children}
    </>
  );
}

/** A part of a page, with a heading of its own. */
export function Section(props: {
  readonly title: string;
  readonly lead?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className={classes['section']} aria-label={props.title}>
      <div className={classes['sectionTop']}>
        <h2 className={classes['sectionTitle']}>{props.title}</h2>
        {props.actions}
      </div>
      {props.lead !== undefined && <p className={classes['lead']}>{props.lead}</p>}
      {props.children}
    </section>
  );
}

interface LoadedProps<Answer> {
  readonly query: {
    readonly data: Answer | undefined;
    readonly error: ApiError | null;
    readonly refetch: () => unknown;
  };
  readonly children: (answer: Answer) => ReactNode;
}

/** What was asked for, once it is there; until then that it is awaited, or why it does not come. */
export function Loaded<Answer>({ query, children }: LoadedProps<Answer>) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const { data, error, refetch } = query;
  return (
    <>
      {error !== null && (
        <div className={classes['failure']}>
          <Failure id="loading-failure" words={errorWords(error)} />
          <Button variant="default" size="xs" onClick={() => refetch()}>
            {t('page.retry')}
          </Button>
        </div>
      )}
      {data === undefined ? error === null && <Text role="status">{t('page.loading')}</Text> : children(data)}
    </>
  );
}

/** In place of a list with nothing in it. */
export function Nothing({ words }: { readonly words: string }) {
  return <p className={classes['nothing']}>{words}</p>;
}
