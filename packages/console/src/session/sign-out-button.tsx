import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useErrorWords } from './failure.tsx';
import { useSignOut } from './use-session.ts';

/** Signs out; a failure is told, because a person who leaves believes to be signed out. */
export function SignOutButton({ fullWidth = false }: { readonly fullWidth?: boolean }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const signOut = useSignOut();
  return (
    <>
      {signOut.error !== null && (
        <Text role="alert" size="xs" fw={600} c="var(--mantine-color-error)">
          {words(signOut.error)}
        </Text>
      )}
      <Button
        variant={fullWidth ? 'subtle' : 'default'}
        size="compact-sm"
        fullWidth={fullWidth}
        loading={signOut.isPending}
        onClick={() => signOut.mutate()}
      >
        {t('session.signOut')}
      </Button>
    </>
  );
}
