import { useTranslation } from 'react-i18next';
import type { AccountView } from '../../../server/src/http/contract.ts';
import { useChange } from '../parts/data.ts';
import { ConfirmDialog } from '../parts/dialogs.tsx';

interface SecondFactorDialogProps {
  readonly account: AccountView;
  readonly onClose: () => void;
  readonly onDone: (words: string) => void;
}

/** Takes away the second factor of somebody who has lost app and recovery codes. */
export function SecondFactorDialog({ account, onClose, onDone }: SecondFactorDialogProps) {
  const { t } = useTranslation();
  const { id, displayName: name } = account;
  const change = useChange(['/api/accounts']);
  return (
    <ConfirmDialog
      title={t('administration.accounts.secondTitle', { name })}
      words={t('administration.accounts.secondAsk')}
      confirm={t('administration.accounts.secondClear')}
      change={change}
      onClose={onClose}
      onConfirm={() =>
        change.mutate(
          { method: 'DELETE', path: `/api/accounts/${id}/second-factor` },
          { onSuccess: () => onDone(t('administration.accounts.secondCleared', { name })) },
        )
      }
    />
  );
}
