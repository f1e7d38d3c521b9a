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
  const [code, setCode] = useState('');
  /** Name and password are right, and the account has a second factor. */
  const [codeNeeded, setCodeNeeded] = useState(false);
  const [missing, setMissing] = useState(false);
  const codeField = useRef<HTMLInputElement>(null);
  const nameField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  useTitle(t('session.signIn'));

  const { error } = signIn;
  const [until, setUntil] = useState<number | null>(null);
  const waiting = useNow() < (until ?? 0);

  const onError = ({ code: reason, retryAfter }: ApiError): void => {
    setUntil(retryAfter === null ? null : Date.now() + retryAfter * 1_000);
    if (reason === 'SECOND_FACTOR_NEEDED') {
      setMissing(false);
      setCodeNeeded(true);
      signIn.reset();
      return;
    }
    // What people most likely type again.
    (codeNeeded ? codeField : passwordField).current?.select();
  };

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (signIn.isPending || waiting) return;
    const name = loginName.trim();
    const text = code.trim();
    setMissing(name === '' || password === '' || (codeNeeded && text === ''));
    if (name === '') nameField.current?.focus();
    else if (password === '') passwordField.current?.focus();
    else if (codeNeeded && text === '') codeField.current?.focus();
    else signIn.mutate({ loginName: name, password, ...(codeNeeded && { code: text }) }, { onError });
  };

  const startAgain = (): void => {
    setCodeNeeded(false);
    setCode('');
    setPassword('');
    signIn.reset();
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
          {codeNeeded ? (
            <TextInput
              ref={codeField}
              label={t('session.code')}
              description={t('session.codeHint')}
              name="code"
              autoComplete="one-time-code"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              error={required(code)}
            />
          ) : (
            <>
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
            </>
          )}
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
          {codeNeeded && (
            <Button variant="subtle" fullWidth onClick={startAgain}>
              {t('session.startAgain')}
            </Button>
          )}
        </Stack>
      </form>
    </DoorLayout>
  );
}
