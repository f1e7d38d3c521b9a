import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DialCredentialsAnswer, DialCredentialsChange } from '../../../server/src/http/contract.ts';
import { useAnswer, useChange } from '../parts/data.ts';
import { FieldRow } from '../parts/fields.tsx';
import { Loaded } from '../parts/page.tsx';
import classes from '../parts/parts.module.css';
import { useForm } from '../parts/use-form.ts';
import { Failure, useErrorWords } from '../session/failure.tsx';
import { Dialog, DialogActions } from '../shell/dialog.tsx';
import { FORMS, problemsOf } from './rules.ts';

interface DialDialogProps {
  readonly account: 'me' | number;
  readonly name: string;
  readonly onClose: () => void;
}

/** Looks up ダイヤル操作ID and パスワード of an account, which the server writes down, and changes them. */
export function DialDialog({ account, name, onClose }: DialDialogProps) {
  const { t } = useTranslation();
  const path = `/api/accounts/${account}/dial-credentials`;
  const query = useAnswer<DialCredentialsAnswer>(path, { secret: true });
  return (
    <Dialog title={t('administration.accounts.dialTitle', { name })} onClose={onClose}>
      <Loaded query={query}>{(answer) => <DialForm path={path} initial={answer} onClose={onClose} />}</Loaded>
    </Dialog>
  );
}

interface DialFormProps {
  readonly path: string;
  readonly initial: DialCredentialsAnswer;
  readonly onClose: () => void;
}

function DialForm({ path, initial, onClose }: DialFormProps) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const change = useChange<DialCredentialsAnswer>([]);
  const [now, setNow] = useState(initial);
  const [done, setDone] = useState('');
  const form = useForm({
    initial,
    check: ({ dialId, dialPassword }) =>
      problemsOf({
        dialId: FORMS.digits.test(dialId) ? null : t('parts.wrong.digits'),
        dialPassword: FORMS.digits.test(dialPassword) ? null : t('parts.wrong.digits'),
      }),
    submit: ({ dialId, dialPassword }) => {
      const body: DialCredentialsChange = {
        ...(dialId !== now.dialId && { dialId }),
        ...(dialPassword !== now.dialPassword && { dialPassword }),
      };
      setDone('');
      change.mutate(
        { method: 'PUT', path, body },
        { onSuccess: (answer) => take(answer, t('administration.accounts.dialChanged')) },
      );
    },
  });
  const take = (answer: DialCredentialsAnswer, words: string): void => {
    setNow(answer);
    form.setValues(answer);
    setDone(words);
  };
  const reissue = (): void => {
    setDone('');
    change.mutate(
      { method: 'POST', path: `${path}/reissue`, body: {} },
      { onSuccess: (answer) => take(answer, t('administration.accounts.reissued')) },
    );
  };
  return (
    <form noValidate onSubmit={form.onSubmit}>
      <div className={classes['fields']}>
        <p className={classes['lead']}>{t('administration.accounts.dialLead')}</p>
        <FieldRow>
          <TextInput
            label={t('administration.accounts.dialId')}
            inputMode="numeric"
            autoComplete="off"
            {...form.field('dialId')}
          />
          <TextInput
            label={t('administration.accounts.dialPassword')}
            inputMode="numeric"
            autoComplete="off"
            {...form.field('dialPassword')}
          />
        </FieldRow>
        {change.error !== null && <Failure id="dial-failure" words={errorWords(change.error)} />}
        <p role="status" className={classes['done']}>
          {done}
        </p>
      </div>
      <DialogActions>
        <Button variant="default" size="sm" onClick={onClose}>
          {t('parts.close')}
        </Button>
        <Button variant="default" size="sm" loading={change.isPending} onClick={reissue}>
          {t('administration.accounts.reissue')}
        </Button>
        <Button type="submit" size="sm" loading={change.isPending}>
          {t('parts.save')}
        </Button>
      </DialogActions>
    </form>
  );
}
