import { Alert, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '../api/client.ts';
import { ja } from '../i18n/ja.ts';
import { useNow } from '../shell/clock.ts';
import { splitSeconds } from './rules.ts';

/** A refused request in words. */
export function useErrorWords(): (error: ApiError) => string {
  const { t } = useTranslation();
  return (error) => {
    // A code without words of its own is shown itself: the operator's documentation explains it.
    return isKnown(error.code) ? t(`error.${error.code}`) : t('error.other', { code: error.code });
  };
}

function isKnown(code: string): code is Exclude<keyof typeof ja.error, 'other'> {
  return code !== 'other' && Object.hasOwn(ja.error, code);
}

const INK = 'var(--mantine-color-red-light-color)';

interface FailureProps {
  readonly id: string;
  readonly words: string;
  /** When another try makes sense, in ms of this machine's clock; null when at once. */
  readonly until?: number | null;
}

/** What went wrong, told at once to screen readers. The seconds that are left are not: they would be read out each second. */
export function Failure({ id, words, until = null }: FailureProps) {
  return (
    <Alert id={id} color="red" variant="light" role="none" p="sm">
      <Text role="alert" size="sm" fw={600} c={INK}>
        {words}
      </Text>
      {until !== null && <TimeLeft until={until} />}
    </Alert>
  );
}

function TimeLeft({ until }: { readonly until: number }) {
  const { t } = useTranslation();
  const { minutes, seconds } = splitSeconds((until - useNow()) / 1_000);
  const words =
    minutes > 0
      ? t('session.waitMinutes', { minutes, seconds })
      : seconds > 0
        ? t('session.waitSeconds', { seconds })
        : t('session.mayRetry');
  return (
    <Text size="sm" c={INK} className="tabular">
      {words}
    </Text>
  );
}
