import { Button, Stack, Text, TextInput, Title } from '@mantine/core';
import { useRef, useState } from 'react';
import type { SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '../api/client.ts';
import { useNow } from '../shell/clock.ts';
import { useTitle } from '../shell/use-title.ts';
import { DoorLayout } from './door-layout.tsx';
import { Failure, useErrorWords } from './failure.tsx';
import { PasswordField } from './password-field.tsx';
import { useSignIn } from './use-session.ts';

/** Sign-in with login name and password. `ended` says that a session was there and is over. */
export function SignInPage({ ended }: { readonly ended: boolean }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const signIn = useSignIn();
  const [loginName, setLoginName] = useState('');
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState(false);
  const nameField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  useTitle(t('session.signIn'));

  const { error } = signIn;
  const [until, setUntil] = useState<number | null>(null);
  const waiting = useNow() < (until ?? 0);

  const onError = ({ retryAfter }: ApiError): void => {
    setUntil(retryAfter === null ? null : Date.now() + retryAfter * 1_000);
    // The password is what people most likely type again.
    passwordField.current?.select();
  };

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (signIn.isPending || waiting) return;
    const name = loginName.trim();
    setMissing(name === '' || password === '');
    if (name === '') nameField.current?.focus();
    else if (password === '') passwordField.current?.focus();
    else signIn.mutate({ loginName: name, password }, { onError });
  };

  const required = (value: string): string | null =>
    missing && value.trim() === '' ? t('session.required') : null;
  return (
    <DoorLayout>
      <form onSubmit={submit} noValidate aria-labelledby="door-title">
        <Stack gap="md">
          <div>
            <Title order={1} size="h3" id="door-title">
              {t('session.signIn')}
            </Title>
            <Text size="sm" c="dimmed">
              {t('session.lead')}
            </Text>
          </div>
          {error === null && ended && <Failure id="sign-in-ended" words={t('session.ended')} />}
          {error !== null && <Failure id="sign-in-failure" words={words(error)} until={until} />}
          <TextInput
            ref={nameField}
            label={t('session.loginName')}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            value={loginName}
            onChange={(event) => setLoginName(event.currentTarget.value)}
            error={required(loginName)}
          />
          <PasswordField
            ref={passwordField}
            label={t('session.password')}
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={required(password)}
          />
          {/* Not `disabled`: the button would lose the focus of a person who works by keyboard. */}
          <Button
            type="submit"
            fullWidth
            loading={signIn.isPending}
            aria-disabled={waiting}
            {...(waiting && { 'data-disabled': true })}
          >
            {t('session.signIn')}
          </Button>
        </Stack>
      </form>
    </DoorLayout>
  );
}
