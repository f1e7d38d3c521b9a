import { useTranslation } from 'react-i18next';
import { useChange } from '../parts/data.ts';
import { ConfirmDialog } from '../parts/dialogs.tsx';

interface DeleteDialogProps {
  readonly name: string;
  /** Of the API. */
  readonly path: string;
  /** What is to be asked anew, by the beginnings of their paths. */
  readonly touched: readonly string[];
  readonly onClose: () => void;
  readonly onDone: (words: string) => void;
}

/** Deletes one thing, after asking. */
export function DeleteDialog({ name, path, touched, onClose, onDone }: DeleteDialogProps) {
  const { t } = useTranslation();
  const change = useChange(touched);
  return (
    <ConfirmDialog
      title={t('parts.deleteTitle', { name })}
      words={t('parts.deleteWords', { name })}
      confirm={t('parts.delete')}
      change={change}
      onClose={onClose}
      onConfirm={() =>
        change.mutate({ method: 'DELETE', path }, { onSuccess: () => onDone(t('parts.deleted', { name })) })
      }
    />
  );
}
