import { Button, Loader, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useEffect } from 'react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { AgentsPage } from './agents/agents-page.tsx';
import { FeedProvider } from './feed/feed-provider.tsx';
import { followAccount } from './i18n/setup.ts';
import { ChangePasswordPage } from './session/change-password-page.tsx';
import { DoorLayout } from './session/door-layout.tsx';
import { SignInPage } from './session/sign-in-page.tsx';
import { useSession } from './session/use-session.ts';
import { PAGES, pageAt, type PageKey, type PageProps } from './shell/pages.ts';
import { usePath } from './shell/route.ts';
import { Shell } from './shell/shell.tsx';
import { useTitle } from './shell/use-title.ts';

/** Decides by the session what there is to see. */
export function App() {
  const { data: state, failureCount, refetch } = useSession();
  const language = state?.kind === 'in' ? state.session.account.language : null;
  useEffect(() => {
    if (language !== null) followAccount(language);
  }, [language]);
  if (state === undefined) return <Waiting failed={failureCount > 0} onRetry={() => void refetch()} />;
  if (state.kind === 'out') return <SignInPage ended={state.ended} />;
  const { account, mustChangePassword } = state.session;
  if (mustChangePassword) return <ChangePasswordPage loginName={account.loginName} />;
  return (
    <FeedProvider key={account.id}>
      <Shell account={account}>
        <CurrentPage account={account} />
      </Shell>
    </FeedProvider>
  );
}

/** Pages that are not the daily one are loaded when they are wanted. */
const LAZY: Readonly<Record<Exclude<PageKey, 'monitor'>, ComponentType<PageProps>>> = {
  me: lazy(() => import('./me/me-page.tsx')),
  activity: lazy(() => import('./history/activity-page.tsx')),
  calls: lazy(() => import('./history/calls-page.tsx')),
  monitoringHistory: lazy(() => import('./history/monitoring-page.tsx')),
  accounts: lazy(() => import('./administration/accounts-page.tsx')),
  grants: lazy(() => import('./administration/grants-page.tsx')),
  locks: lazy(() => import('./administration/locks-page.tsx')),
  tokens: lazy(() => import('./administration/tokens-page.tsx')),
  phones: lazy(() => import('./administration/phones-page.tsx')),
  callCenters: lazy(() => import('./administration/call-centers-page.tsx')),
  trunks: lazy(() => import('./administration/trunks-page.tsx')),
  seats: lazy(() => import('./administration/seats-page.tsx')),
  settings: lazy(() => import('./administration/settings-page.tsx')),
  site: lazy(() => import('./administration/site-page.tsx')),
  audit: lazy(() => import('./administration/audit-page.tsx')),
};

function CurrentPage({ account }: PageProps) {
  const { t } = useTranslation();
  const path = usePath();
  const page = pageAt(path, account.role);
  if (page?.key === 'monitor') return <AgentsPage />;
  if (page === null) return <NoPage isKnown={PAGES.some((entry) => entry.path === path)} />;
  const Page = LAZY[page.key];
  return (
    <Suspense fallback={<Text role="status">{t('page.loading')}</Text>}>
      <Page key={page.key} account={account} />
    </Suspense>
  );
}

/** A page that there is, but not for this person, says so; so does a path that leads nowhere. */
function NoPage({ isKnown }: { readonly isKnown: boolean }) {
  const { t } = useTranslation();
  const words = isKnown ? t('page.forbidden') : t('page.notFound');
  useTitle(words);
  return (
    <Stack gap="xs">
      <h1>{words}</h1>
      <Text>{isKnown ? t('page.forbiddenDetail') : t('page.notFoundDetail')}</Text>
    </Stack>
  );
}

function Waiting({ failed, onRetry }: { readonly failed: boolean; readonly onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <DoorLayout>
      <Stack align="center" gap="md">
        <Loader size="sm" aria-hidden="true" />
        <Text size="sm" role="status">
          {failed ? t('page.unreachable') : t('page.loading')}
        </Text>
        {failed && (
          <Button variant="default" size="sm" onClick={onRetry}>
            {t('page.retry')}
          </Button>
        )}
      </Stack>
    </DoorLayout>
  );
}
