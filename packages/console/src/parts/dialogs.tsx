import { Button } from '@mantine/core';
import type { ReactNode, SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '../api/client.ts';
import { Failure, useErrorWords } from '../session/failure.tsx';
import { Dialog, DialogActions } from '../shell/dialog.tsx';
import classes from './parts.module.css';

/** A change that was asked of the server. */
interface Asked {
  readonly isPending: boolean;
  readonly error: ApiError | null;
}

const NOT_ASKED: Asked = { isPending: false, error: null };

interface FormDialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly onSubmit: (event: SubmitEvent) => void;
  /** What the button says; 保存 when nothing is given. */
  readonly submit?: string;
  /** What the form asks the server for. */
  readonly change: Asked;
  /** What the refusal means here, when that is not what it means elsewhere. */
  readonly words?: string | undefined;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A dialog with fields. What the server refuses is said above its buttons, and what was typed stays. */
export function FormDialog(props: FormDialogProps) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const { title, onClose, onSubmit, submit, change, words, wide = false, children } = props;
  const { isPending: pending, error } = change;
  return (
    <Dialog title={title} onClose={onClose} wide={wide}>
      <form
        noValidate
        onSubmit={(event) => {
          if (pending) event.preventDefault();
          else onSubmit(event);
        }}
      >
        <div className={classes['fields']}>
          {children}
          {error !== null && <Failure id="form-failure" words={words ?? errorWords(error)} />}
        </div>
        <DialogActions>
          <Button variant="default" size="sm" onClick={onClose}>
            {t('parts.cancel')}
          </Button>
          <Button type="submit" size="sm" loading={pending}>
            {submit ?? t('parts.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface ConfirmDialogProps {
  readonly title: string;
  readonly words: ReactNode;
  readonly confirm: string;
  /** What is asked of the server while the dialog waits for the answer; absent when it closes at once. */
  readonly change?: Asked;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before what cannot be taken back. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const { title, words, confirm, change = NOT_ASKED, onConfirm, onClose } = props;
  const { isPending: pending, error } = change;
  return (
    <Dialog title={title} onClose={onClose}>
      <div className={classes['fields']}>
        <div>{words}</div>
        {error !== null && <Failure id="confirm-failure" words={errorWords(error)} />}
      </div>
      <DialogActions>
        <Button variant="default" size="sm" onClick={onClose}>
          {t('parts.cancel')}
        </Button>
        <Button color="red" size="sm" loading={pending} onClick={onConfirm}>
          {confirm}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface SecretsDialogProps {
  readonly title: string;
  readonly words: string;
  readonly secrets: readonly (readonly [label: string, value: string])[];
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** Shows what is to be handed on; it is gone when the dialog closes. */
export function SecretsDialog({ title, words, secrets, onClose, children }: SecretsDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={title} onClose={onClose}>
      <p className={classes['lead']}>{words}</p>
      <Secrets secrets={secrets} />
      {children}
      <DialogActions>
        <Button size="sm" onClick={onClose}>
          {t('parts.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

export function Secrets({ secrets }: Pick<SecretsDialogProps, 'secrets'>) {
  return (
    <dl className={classes['secrets']}>
      {secrets.map(([label, value]) => (
        <div key={label} className={classes['secret']}>
          <dt>{label}</dt>
          <dd className="tabular">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
