import { Button, Loader, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { AgentsPage } from './agents/agents-page.tsx';
import { FeedProvider } from './feed/feed-provider.tsx';
import { ChangePasswordPage } from './session/change-password-page.tsx';
import { DoorLayout } from './session/door-layout.tsx';
import { SignInPage } from './session/sign-in-page.tsx';
import { useSession } from './session/use-session.ts';
import { Shell } from './shell/shell.tsx';

/** Decides by the session what there is to see. */
export function App() {
  const { data: state, failureCount, refetch } = useSession();
  if (state === undefined) return <Waiting failed={failureCount > 0} onRetry={() => void refetch()} />;
  if (state.kind === 'out') return <SignInPage ended={state.ended} />;
  const { account, mustChangePassword } = state.session;
  if (mustChangePassword) return <ChangePasswordPage loginName={account.loginName} />;
  return (
    <FeedProvider key={account.id}>
      <Shell account={account}>
        <AgentsPage />
      </Shell>
    </FeedProvider>
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
