import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentView, Settings } from '../../../server/src/http/contract.ts';
import { FORMS, problemsOf } from '../administration/rules.ts';
import { BASE_STATUSES } from '../agents/rules.ts';
import { StatusMark } from '../agents/status-mark.tsx';
import { useAnswer, useChange } from '../parts/data.ts';
import { FieldRow } from '../parts/fields.tsx';
import { Loaded, Section } from '../parts/page.tsx';
import parts from '../parts/parts.module.css';
import { useForm } from '../parts/use-form.ts';
import { Failure, useErrorWords } from '../session/failure.tsx';
import classes from './me.module.css';

const PATH = '/api/agents/me';
const TOUCHED = ['/api/agents', '/api/history/activity'];
/** The status follows the phone's calls, and who may not see the board has no live feed. */
const EVERY_MS = 3_000;

/** One's own status and phone: seen, changed, signed in and out. */
export function OwnStatus() {
  const { t } = useTranslation();
  const query = useAnswer<AgentView>(PATH, { everyMs: EVERY_MS });
  // Here, not in the forms: the form that asked may be gone before the answer comes.
  const change = useChange<AgentView>(TOUCHED);
  const [done, setDone] = useState('');
  if (query.error?.code === 'AGENT_UNKNOWN') {
    return (
      <Section title={t('me.status.title')}>
        <p className={parts['lead']}>{t('me.status.notAgent')}</p>
      </Section>
    );
  }
  return (
    <Section title={t('me.status.title')}>
      <Loaded query={query}>
        {(agent) => (
          <>
            <dl className={classes['facts']}>
              <div>
                <dt>{t('me.status.now')}</dt>
                <dd>
                  <StatusMark status={agent.status} />
                </dd>
              </div>
              <div>
                <dt>{t('me.status.phone')}</dt>
                <dd>{agent.phone ?? t('parts.none')}</dd>
              </div>
              <div>
                <dt>{t('me.status.seat')}</dt>
                <dd>{agent.seat ?? t('parts.none')}</dd>
              </div>
            </dl>
            {agent.baseStatus === 'signed_off' ? (
              <SignInForm change={change} onDone={setDone} />
            ) : (
              <ChangeForm agent={agent} change={change} onDone={setDone} />
            )}
            <p role="status" className={parts['done']}>
              {done}
            </p>
          </>
        )}
      </Loaded>
    </Section>
  );
}

interface PartProps {
  readonly change: ReturnType<typeof useChange<AgentView>>;
  readonly onDone: (words: string) => void;
}

function ChangeForm({ agent, change, onDone }: PartProps & { readonly agent: AgentView }) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const choices = BASE_STATUSES.filter((status) => status !== 'signed_off');
  const form = useForm<{ readonly status: string }>({
    initial: { status: agent.baseStatus },
    check: () => ({}),
    submit: (values) => {
      const status = choices.find((entry) => entry === values.status);
      if (status === undefined) return;
      onDone('');
      change.mutate(
        { method: 'PUT', path: `${PATH}/status`, body: { status } },
        { onSuccess: () => onDone(t('me.status.changed', { status: t(`status.${status}`) })) },
      );
    },
  });
  const signOut = (): void => {
    onDone('');
    change.mutate(
      { method: 'POST', path: `${PATH}/sign-out`, body: {} },
      { onSuccess: () => onDone(t('me.status.signedOut')) },
    );
  };
  return (
    <form noValidate onSubmit={form.onSubmit}>
      {change.error !== null && <Failure id="status-failure" words={errorWords(change.error)} />}
      <div className={classes['line']}>
        <NativeSelect
          label={t('me.status.change')}
          data={choices.map((value) => ({ value, label: t(`status.${value}`) }))}
          {...form.field('status')}
        />
        <Button type="submit" loading={change.isPending}>
          {t('parts.change')}
        </Button>
        <Button variant="default" loading={change.isPending} onClick={signOut}>
          {t('me.status.signOut')}
        </Button>
      </div>
    </form>
  );
}

function SignInForm({ change, onDone }: PartProps) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const { data: settings } = useAnswer<Settings>('/api/settings');
  const form = useForm({
    initial: { phone: '', seat: '' },
    check: ({ phone, seat }) =>
      problemsOf({
        phone: phone === '' || FORMS.extension.test(phone) ? null : t('parts.wrong.extension'),
        seat: seat === '' || FORMS.seat.test(seat) ? null : t('parts.wrong.seat'),
      }),
    submit: ({ phone, seat }) => {
      onDone('');
      change.mutate(
        {
          method: 'POST',
          path: `${PATH}/sign-in`,
          body: { ...(phone !== '' && { phone }), ...(seat !== '' && { seat }) },
        },
        { onSuccess: (agent) => onDone(t('me.status.signedIn', { phone: agent.phone ?? '' })) },
      );
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit} className={parts['fields']}>
      <p className={parts['lead']}>{t('me.status.signInLead')}</p>
      {change.error !== null && <Failure id="sign-in-failure" words={errorWords(change.error)} />}
      <FieldRow>
        <TextInput
          label={t('me.status.phoneField')}
          description={t('me.status.phoneHint')}
          inputMode="numeric"
          {...form.field('phone')}
        />
        {settings?.seatViewOption === true && (
          <TextInput
            label={t('me.status.seatField')}
            description={t('me.status.seatHint')}
            inputMode="numeric"
            {...form.field('seat')}
          />
        )}
      </FieldRow>
      <div>
        <Button type="submit" loading={change.isPending}>
          {t('me.status.signIn')}
        </Button>
      </div>
    </form>
  );
}
