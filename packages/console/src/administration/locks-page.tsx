import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DialLockView } from '../../../server/src/http/contract.ts';
import { useAnswer, useChange } from '../parts/data.ts';
import { Loaded, Page } from '../parts/page.tsx';
import { Named, Table } from '../parts/table.tsx';
import { Moment } from '../parts/time.tsx';
import { Failure, useErrorWords } from '../session/failure.tsx';

const PATH = '/api/dial-locks';
/** Locks come and go by themselves. */
const EVERY_MS = 10_000;

/** ダイヤル操作のロック: what guessing has locked, and the way to unlock it. */
export default function LocksPage() {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const query = useAnswer<{ readonly locks: readonly DialLockView[] }>(PATH, { everyMs: EVERY_MS });
  const change = useChange([PATH]);
  const [done, setDone] = useState('');
  const clear = (id: string): void => {
    setDone('');
    change.mutate(
      { method: 'DELETE', path: `${PATH}/${encodeURIComponent(id)}` },
      { onSuccess: () => setDone(t('administration.locks.cleared')) },
    );
  };
  const nameOf = ({ account, phone }: DialLockView): string =>
    [account?.displayName, phone].filter(Boolean).join(' / ');
  return (
    <Page title={t('pages.locks')} lead={t('administration.locks.lead')} done={done}>
      {change.error !== null && <Failure id="lock-failure" words={errorWords(change.error)} />}
      <Loaded query={query}>
        {({ locks }) => (
          <Table
            empty={t('administration.locks.empty')}
            label={t('pages.locks')}
            rows={locks}
            keyOf={({ id }) => id}
            columns={[
              {
                key: 'what',
                head: t('administration.locks.what'),
                cell: ({ kind }) => t(`administration.locks.${kind}`),
              },
              {
                key: 'account',
                head: t('administration.locks.account'),
                cell: ({ account, kind }) =>
                  account === null ? (
                    kind === 'phone' ? (
                      ''
                    ) : (
                      t('administration.locks.nobody')
                    )
                  ) : (
                    <Named name={account.displayName} detail={account.loginName} />
                  ),
              },
              { key: 'phone', head: t('administration.locks.phone'), cell: ({ phone }) => phone ?? '' },
              {
                key: 'until',
                head: t('administration.locks.until'),
                cell: ({ lockedUntil }) => <Moment at={lockedUntil} />,
              },
              {
                key: 'actions',
                head: t('parts.actions'),
                cell: (lock) => (
                  <Button
                    variant="default"
                    size="compact-sm"
                    aria-label={t('administration.locks.clearOf', { name: nameOf(lock) })}
                    onClick={() => clear(lock.id)}
                  >
                    {t('administration.locks.clear')}
                  </Button>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}
