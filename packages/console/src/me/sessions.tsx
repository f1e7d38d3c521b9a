import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsoleSessionView } from '../../../server/src/http/contract.ts';
import { useAnswer, useChange } from '../parts/data.ts';
import { ConfirmDialog } from '../parts/dialogs.tsx';
import { Badge } from '../parts/fields.tsx';
import { Loaded, Section } from '../parts/page.tsx';
import parts from '../parts/parts.module.css';
import { Table } from '../parts/table.tsx';
import { Moment } from '../parts/time.tsx';
import { Failure, useErrorWords } from '../session/failure.tsx';
import { useSessionDoubt } from '../session/use-session.ts';
import { browserName } from './rules.ts';

const PATH = '/api/sessions';

/** Where the account is signed in; one place or all of them can be signed out. */
export function Sessions() {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const query = useAnswer<{ readonly sessions: readonly ConsoleSessionView[] }>(PATH);
  const change = useChange([PATH]);
  const everywhere = useChange([]);
  const doubt = useSessionDoubt();
  const [done, setDone] = useState('');
  const [asking, setAsking] = useState(false);
  const nameOf = ({ userAgent }: ConsoleSessionView): string => {
    const name = browserName(userAgent);
    return name === '' ? t('me.sessions.unknown') : name;
  };
  const end = (id: string): void => {
    setDone('');
    change.mutate(
      { method: 'DELETE', path: `${PATH}/${id}` },
      { onSuccess: () => setDone(t('me.sessions.ended')) },
    );
  };
  return (
    <Section
      title={t('me.sessions.title')}
      lead={t('me.sessions.lead')}
      actions={
        <Button variant="default" size="xs" onClick={() => setAsking(true)}>
          {t('me.sessions.everywhere')}
        </Button>
      }
    >
      {change.error !== null && <Failure id="session-failure" words={errorWords(change.error)} />}
      <Loaded query={query}>
        {({ sessions }) => (
          <Table
            label={t('me.sessions.title')}
            rows={sessions}
            keyOf={({ id }) => id}
            columns={[
              {
                key: 'device',
                head: t('me.sessions.device'),
                cell: (session) => (
                  <>
                    {nameOf(session)} {session.current && <Badge>{t('me.sessions.current')}</Badge>}
                  </>
                ),
              },
              {
                key: 'began',
                head: t('me.sessions.began'),
                cell: ({ createdAt }) => <Moment at={createdAt} />,
              },
              {
                key: 'seen',
                head: t('me.sessions.seen'),
                cell: ({ lastSeenAt }) => <Moment at={lastSeenAt} />,
              },
              {
                key: 'actions',
                head: t('parts.actions'),
                cell: (session) =>
                  !session.current && (
                    <Button
                      variant="default"
                      size="compact-sm"
                      aria-label={t('me.sessions.endOf', { name: nameOf(session) })}
                      onClick={() => end(session.id)}
                    >
                      {t('me.sessions.end')}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      <p role="status" className={parts['done']}>
        {done}
      </p>
      {asking && (
        <ConfirmDialog
          title={t('me.sessions.everywhere')}
          words={t('me.sessions.everywhereAsk')}
          confirm={t('me.sessions.everywhere')}
          change={everywhere}
          onClose={() => setAsking(false)}
          onConfirm={() => everywhere.mutate({ method: 'DELETE', path: PATH }, { onSuccess: doubt })}
        />
      )}
    </Section>
  );
}
