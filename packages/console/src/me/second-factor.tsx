import { Button, TextInput } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type {
  EnrolmentAnswer,
  RecoveryCodesAnswer,
  SecondFactorView,
} from '../../../server/src/http/contract.ts';
import { useAnswer, useChange } from '../parts/data.ts';
import { FormDialog, Secrets } from '../parts/dialogs.tsx';
import { Loaded, Section } from '../parts/page.tsx';
import parts from '../parts/parts.module.css';
import { Moment } from '../parts/time.tsx';
import { useForm } from '../parts/use-form.ts';
import { PasswordField } from '../session/password-field.tsx';
import { Dialog, DialogActions } from '../shell/dialog.tsx';
import classes from './me.module.css';

const QrCode = lazy(() => import('../parts/qr-code.tsx'));
const PATH = '/api/second-factor';

/** 2 段階認証: switched on with an authenticator app, and off. */
export function SecondFactor() {
  const { t } = useTranslation();
  const query = useAnswer<SecondFactorView>(PATH);
  const [open, setOpen] = useState<'enrol' | 'remove' | null>(null);
  const [done, setDone] = useState('');
  const finish = (words: string): void => {
    setOpen(null);
    setDone(words);
  };
  return (
    <Section title={t('me.second.title')} lead={t('me.second.lead')}>
      <Loaded query={query}>
        {({ since, recoveryCodesLeft }) =>
          since === null ? (
            <Button variant="default" size="sm" onClick={() => setOpen('enrol')}>
              {t('me.second.enrol')}
            </Button>
          ) : (
            <>
              <p className={parts['lead']}>
                {t('me.second.on')} <Moment at={since} />{' '}
                {t('me.second.codesLeft', { count: recoveryCodesLeft })}
              </p>
              <Button variant="default" size="sm" onClick={() => setOpen('remove')}>
                {t('me.second.remove')}
              </Button>
            </>
          )
        }
      </Loaded>
      <p role="status" className={parts['done']}>
        {done}
      </p>
      {open === 'enrol' && (
        <EnrolDialog onClose={() => setOpen(null)} onDone={() => finish(t('me.second.enrolled'))} />
      )}
      {open === 'remove' && (
        <RemoveDialog onClose={() => setOpen(null)} onDone={() => finish(t('me.second.removed'))} />
      )}
    </Section>
  );
}

interface DialogProps {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** The password first, then the secret for the app and a code of it, then the recovery codes. */
function EnrolDialog({ onClose, onDone }: DialogProps) {
  const { t } = useTranslation();
  const enrol = useChange<EnrolmentAnswer>([]);
  const form = useForm({
    initial: { password: '' },
    check: ({ password }) => (password === '' ? { password: t('session.required') } : {}),
    submit: ({ password }) =>
      enrol.mutate({ method: 'POST', path: PATH, body: { currentPassword: password } }),
  });
  if (enrol.data !== undefined)
    return <ConfirmDialog answer={enrol.data} onClose={onClose} onDone={onDone} />;
  return (
    <FormDialog
      title={t('me.second.enrol')}
      submit={t('me.second.next')}
      onClose={onClose}
      onSubmit={form.onSubmit}
      change={enrol}
      words={enrol.error?.code === 'SIGN_IN_FAILED' ? t('password.currentWrong') : undefined}
    >
      <PasswordField
        label={t('me.password.current')}
        autoComplete="current-password"
        {...form.field('password')}
      />
    </FormDialog>
  );
}

function ConfirmDialog({ answer, onClose, onDone }: DialogProps & { readonly answer: EnrolmentAnswer }) {
  const { t } = useTranslation();
  const confirm = useChange<RecoveryCodesAnswer>([PATH, '/api/sessions']);
  const form = useCodeForm((code) =>
    confirm.mutate({ method: 'POST', path: `${PATH}/confirm`, body: { code } }),
  );
  if (confirm.data !== undefined)
    return <RecoveryDialog codes={confirm.data.recoveryCodes} onDone={onDone} />;
  return (
    <FormDialog
      title={t('me.second.enrol')}
      submit={t('me.second.switchOn')}
      onClose={onClose}
      onSubmit={form.onSubmit}
      change={confirm}
    >
      <p className={parts['lead']}>{t('me.second.scan')}</p>
      <Suspense fallback={null}>
        <QrCode text={answer.uri} label={t('me.second.qr')} />
      </Suspense>
      <Secrets secrets={[[t('me.second.secret'), answer.secret]]} />
      <TextInput
        label={t('me.second.code')}
        description={t('me.second.codeHint')}
        inputMode="numeric"
        autoComplete="one-time-code"
        {...form.field('code')}
      />
    </FormDialog>
  );
}

function RecoveryDialog({
  codes,
  onDone,
}: {
  readonly codes: readonly string[];
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('me.second.recovery')} onClose={onDone}>
      <p className={parts['lead']}>{t('me.second.recoveryLead')}</p>
      <ul className={classes['codes']}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <DialogActions>
        <Button size="sm" onClick={onDone}>
          {t('me.second.kept')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function RemoveDialog({ onClose, onDone }: DialogProps) {
  const { t } = useTranslation();
  const remove = useChange([PATH]);
  const form = useCodeForm((code) =>
    remove.mutate({ method: 'POST', path: `${PATH}/remove`, body: { code } }, { onSuccess: onDone }),
  );
  return (
    <FormDialog
      title={t('me.second.remove')}
      submit={t('me.second.remove')}
      onClose={onClose}
      onSubmit={form.onSubmit}
      change={remove}
    >
      <TextInput
        label={t('me.second.code')}
        description={t('me.second.codeOrRecovery')}
        autoComplete="one-time-code"
        {...form.field('code')}
      />
    </FormDialog>
  );
}

function useCodeForm(submit: (code: string) => void) {
  const { t } = useTranslation();
  return useForm({
    initial: { code: '' },
    check: ({ code }) => (code.trim().length < 6 ? { code: t('session.required') } : {}),
    submit: ({ code }) => submit(code.trim()),
  });
}
