import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallView } from '../../../server/src/http/contract.ts';
import { CallList } from '../history/call-list.tsx';
import { useChange } from '../parts/data.ts';
import { Section } from '../parts/page.tsx';
import parts from '../parts/parts.module.css';
import { Failure, useErrorWords } from '../session/failure.tsx';

/** One's own calls. A number that one called can be called again (再発信): one's own phone rings first. */
export function OwnCalls({ accountId }: { readonly accountId: number }) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const redial = useChange(['/api/agents', '/api/history/calls']);
  const [ringing, setRinging] = useState('');
  const call = (number: string): void => {
    setRinging('');
    redial.mutate(
      { method: 'POST', path: '/api/calls/redial', body: { number } },
      { onSuccess: () => setRinging(number) },
    );
  };
  return (
    <Section title={t('me.calls.title')} lead={t('me.calls.lead')}>
      {redial.error !== null && <Failure id="redial-failure" words={errorWords(redial.error)} />}
      <p role="status" className={parts['done']}>
        {ringing !== '' && t('me.calls.ringing', { number: ringing })}
      </p>
      <CallList
        query={{ account: 'me' }}
        action={{
          key: 'redial',
          head: t('me.calls.redial'),
          cell: ({ callerAgent, dialled }: CallView) =>
            callerAgent?.accountId === accountId && (
              <Button
                variant="default"
                size="xs"
                loading={redial.isPending}
                aria-label={t('me.calls.redialNumber', { number: dialled })}
                onClick={() => call(dialled)}
              >
                {t('me.calls.redial')}
              </Button>
            ),
        }}
      />
    </Section>
  );
}
