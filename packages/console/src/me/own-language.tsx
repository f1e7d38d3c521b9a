import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { isLanguage } from '../i18n/rules.ts';
import { chooseLanguage, LANGUAGE_NAMES } from '../i18n/setup.ts';
import { useChange } from '../parts/data.ts';
import { Section } from '../parts/page.tsx';
import parts from '../parts/parts.module.css';
import { Failure, useErrorWords } from '../session/failure.tsx';
import { useSessionDoubt } from '../session/use-session.ts';
import type { PageProps } from '../shell/pages.ts';
import classes from './me.module.css';

/** The language of the account: every browser in which it signs in and that was told no other shows the console in it. */
export function OwnLanguage({ account }: PageProps) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const change = useChange(['/api/accounts']);
  const askAgain = useSessionDoubt();
  const [language, setLanguage] = useState(account.language);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    change.mutate(
      { method: 'PATCH', path: '/api/me', body: { language } },
      {
        onSuccess: () => {
          chooseLanguage(language);
          askAgain();
        },
      },
    );
  };
  return (
    <Section title={t('me.language.title')} lead={t('me.language.lead')}>
      {change.error !== null && <Failure id="language-failure" words={errorWords(change.error)} />}
      <form className={classes['line']} onSubmit={submit}>
        <NativeSelect
          label={t('me.language.field')}
          size="sm"
          value={language}
          data={[...LANGUAGE_NAMES]}
          onChange={({ currentTarget: { value } }) => {
            change.reset();
            if (isLanguage(value)) setLanguage(value);
          }}
        />
        <Button type="submit" size="sm" loading={change.isPending}>
          {t('me.language.change')}
        </Button>
      </form>
      <p role="status" className={parts['done']}>
        {change.isSuccess ? t('me.language.done') : ''}
      </p>
    </Section>
  );
}
