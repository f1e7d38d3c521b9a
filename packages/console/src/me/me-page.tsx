import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialDialog } from '../administration/dial-credentials.tsx';
import { TokenList } from '../administration/tokens.tsx';
import { ActivityList } from '../history/activity-page.tsx';
import { Page, Section } from '../parts/page.tsx';
import type { PageProps } from '../shell/pages.ts';
import { OwnCalls } from './own-calls.tsx';
import { OwnLanguage } from './own-language.tsx';
import { OwnPassword } from './own-password.tsx';
import { OwnStatus } from './own-status.tsx';
import { SecondFactor } from './second-factor.tsx';
import { Sessions } from './sessions.tsx';

/** マイアカウント: everything of one's own. */
export default function MePage({ account }: PageProps) {
  const { t } = useTranslation();
  const [dial, setDial] = useState(false);
  return (
    <Page title={t('pages.me')} lead={t('me.lead')}>
      <OwnStatus />
      <Section title={t('me.dial.title')} lead={t('me.dial.lead')}>
        <Button variant="default" size="sm" onClick={() => setDial(true)}>
          {t('me.dial.show')}
        </Button>
        {dial && <DialDialog account="me" name={account.displayName} onClose={() => setDial(false)} />}
      </Section>
      <OwnLanguage account={account} />
      <OwnPassword loginName={account.loginName} />
      <SecondFactor />
      <Sessions />
      <Section title={t('me.tokens.title')} lead={t('me.tokens.lead')}>
        <TokenList whose="me" self={account.id} />
      </Section>
      <OwnCalls accountId={account.id} />
      <Section title={t('me.history.title')}>
        <ActivityList query={{ account: 'me' }} />
      </Section>
    </Page>
  );
}
