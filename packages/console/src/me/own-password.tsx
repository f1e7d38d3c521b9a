import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChange } from '../parts/data.ts';
import { Section } from '../parts/page.tsx';
import parts from '../parts/parts.module.css';
import { useForm } from '../parts/use-form.ts';
import { Failure, useErrorWords } from '../session/failure.tsx';
import { PasswordField } from '../session/password-field.tsx';
import { checkNewPassword, PASSWORD_LENGTH, type NewPasswordForm } from '../session/rules.ts';
import classes from './me.module.css';

const EMPTY: NewPasswordForm = { current: '', next: '', again: '' };

/** Changes one's own console password. */
export function OwnPassword({ loginName }: { readonly loginName: string }) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const change = useChange(['/api/sessions']);
  const [done, setDone] = useState('');
  const form = useForm<NewPasswordForm>({
    initial: EMPTY,
    check: (values) =>
      Object.fromEntries(
        Object.entries(checkNewPassword(values)).map(([name, problem]) => [
          name,
          problem === 'required'
            ? t('session.required')
            : t(`password.${problem}`, { length: PASSWORD_LENGTH }),
        ]),
      ),
    submit: ({ current, next }) => {
      setDone('');
      change.mutate(
        {
          method: 'POST',
          path: '/api/session/password',
          body: { currentPassword: current, newPassword: next },
        },
        {
          onSuccess: () => {
            form.setValues(EMPTY);
            setDone(t('me.password.done'));
          },
        },
      );
    },
  });
  return (
    <Section title={t('me.password.title')} lead={t('me.password.lead')}>
      <form noValidate onSubmit={form.onSubmit} className={classes['form']}>
        <div className={parts['fields']}>
          {change.error !== null && (
            <Failure
              id="password-failure"
              // The same code as at sign-in, but here it can only be the password.
              words={
                change.error.code === 'SIGN_IN_FAILED' ? t('password.currentWrong') : errorWords(change.error)
              }
            />
          )}
          {/* Password managers look for the name that the new password belongs to. */}
          <input type="text" name="username" autoComplete="username" value={loginName} readOnly hidden />
          <PasswordField
            label={t('me.password.current')}
            autoComplete="current-password"
            {...form.field('current')}
          />
          <PasswordField
            label={t('password.next')}
            description={t('password.hint', { length: PASSWORD_LENGTH })}
            autoComplete="new-password"
            {...form.field('next')}
          />
          <PasswordField label={t('password.again')} autoComplete="new-password" {...form.field('again')} />
          <div>
            <Button type="submit" loading={change.isPending}>
              {t('me.password.submit')}
            </Button>
          </div>
        </div>
      </form>
      <p role="status" className={parts['done']}>
        {done}
      </p>
    </Section>
  );
}
