import { useTranslation } from 'react-i18next';
import type { AccountView, OneTimePasswordAnswer } from '../../../server/src/http/contract.ts';
import { useChange } from '../parts/data.ts';
import { ConfirmDialog, SecretsDialog } from '../parts/dialogs.tsx';

interface OneTimePasswordDialogProps {
  readonly account: AccountView;
  readonly onClose: () => void;
}

/** Issues a console password for one sign-in; asks first, because it ends the present one. */
export function OneTimePasswordDialog({ account, onClose }: OneTimePasswordDialogProps) {
  const { t } = useTranslation();
  const change = useChange<OneTimePasswordAnswer>(['/api/accounts']);
  const title = t('administration.accounts.oneTimeTitle', { name: account.displayName });
  if (change.data !== undefined) {
    return (
      <SecretsDialog
        title={title}
        words={t('administration.accounts.oneTimeLead')}
        secrets={[
          [t('administration.accounts.loginName'), account.loginName],
          [t('administration.accounts.oneTimeValue'), change.data.oneTimePassword],
        ]}
        onClose={onClose}
      />
    );
  }
  return (
    <ConfirmDialog
      title={title}
      words={t('administration.accounts.oneTimeAsk')}
      confirm={t('administration.accounts.oneTimeIssue')}
      change={change}
      onClose={onClose}
      onConfirm={() =>
        change.mutate({ method: 'POST', path: `/api/accounts/${account.id}/one-time-password`, body: {} })
      }
    />
  );
}
