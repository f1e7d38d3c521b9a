import { Button, Stack, Text, Title } from '@mantine/core';
import { useRef, useState } from 'react';
import type { SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../shell/use-title.ts';
import { DoorLayout } from './door-layout.tsx';
import { Failure, useErrorWords } from './failure.tsx';
import { PasswordField } from './password-field.tsx';
import { PASSWORD_LENGTH, checkNewPassword } from './rules.ts';
import type { FieldProblem, FormProblems, NewPasswordForm } from './rules.ts';
import { SignOutButton } from './sign-out-button.tsx';
import { useChangePassword } from './use-session.ts';

const FIELDS = ['current', 'next', 'again'] as const satisfies readonly (keyof NewPasswordForm)[];

/** Shown after a one-time password until it is changed; nothing else is reachable, here or at the server. */
export function ChangePasswordPage({ loginName }: { readonly loginName: string }) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const change = useChangePassword();
  const [form, setForm] = useState<NewPasswordForm>({ current: '', next: '', again: '' });
  const [problems, setProblems] = useState<FormProblems>({});
  const fields = useRef<Partial<Record<keyof NewPasswordForm, HTMLInputElement | null>>>({});
  useTitle(t('password.title'));

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (change.isPending) return;
    const found = checkNewPassword(form);
    setProblems(found);
    const first = FIELDS.find((name) => found[name] !== undefined);
    if (first !== undefined) {
      fields.current[first]?.focus();
      return;
    }
    change.mutate({ currentPassword: form.current, newPassword: form.next });
  };

  const problemWords = (problem: FieldProblem): string =>
    problem === 'required' ? t('session.required') : t(`password.${problem}`, { length: PASSWORD_LENGTH });
  const field = (name: keyof NewPasswordForm) => ({
    ref: (element: HTMLInputElement | null) => {
      fields.current[name] = element;
    },
    label: t(`password.${name}`),
    name,
    autoComplete: name === 'current' ? 'current-password' : 'new-password',
    value: form[name],
    onChange: (event: { currentTarget: HTMLInputElement }) =>
      setForm({ ...form, [name]: event.currentTarget.value }),
    error: problems[name] === undefined ? null : problemWords(problems[name]),
  });
  // The same code as at sign-in, but here it can only be the password.
  const failure =
    change.error === null
      ? null
      : change.error.code === 'SIGN_IN_FAILED'
        ? t('password.currentWrong')
        : errorWords(change.error);

  return (
    <DoorLayout>
      <form onSubmit={submit} noValidate aria-labelledby="door-title">
        <Stack gap="md">
          <div>
            <Title order={1} size="h3" id="door-title">
              {t('password.title')}
            </Title>
            <Text size="sm" c="dimmed" mt={4}>
              {t('password.lead')}
            </Text>
          </div>
          {failure !== null && <Failure id="password-failure" words={failure} />}
          {/* Password managers look for the name that the new password belongs to. */}
          <input type="text" name="username" autoComplete="username" value={loginName} readOnly hidden />
          <PasswordField {...field('current')} autoFocus />
          <PasswordField {...field('next')} description={t('password.hint', { length: PASSWORD_LENGTH })} />
          <PasswordField {...field('again')} />
          <Button type="submit" fullWidth loading={change.isPending}>
            {t('password.submit')}
          </Button>
          <SignOutButton fullWidth />
        </Stack>
      </form>
    </DoorLayout>
  );
}
