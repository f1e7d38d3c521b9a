import { NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AccountView, IssuedTokenAnswer, NewTokenRequest } from '../../../server/src/http/contract.ts';
import { useChange } from '../parts/data.ts';
import { FormDialog, SecretsDialog } from '../parts/dialogs.tsx';
import { FieldRow } from '../parts/fields.tsx';
import { dayEnds } from '../parts/time-rules.ts';
import { useForm } from '../parts/use-form.ts';
import { FORMS, problemsOf } from './rules.ts';

interface TokenDialogProps {
  readonly self: number;
  readonly accounts: readonly Pick<AccountView, 'id' | 'displayName'>[];
  readonly onClose: () => void;
}

/** Issues an API token, and shows it this once. */
export function TokenDialog({ self, accounts, onClose }: TokenDialogProps) {
  const { t } = useTranslation();
  const change = useChange<IssuedTokenAnswer>(['/api/tokens']);
  const form = useForm({
    initial: { name: '', owner: String(self), scope: 'read', expires: '' },
    check: ({ name, expires }) =>
      problemsOf({
        name: FORMS.name.test(name) ? null : t('parts.wrong.name'),
        expires: expires === '' || Date.parse(dayEnds(expires)) > Date.now() ? null : t('parts.wrong.date'),
      }),
    submit: ({ name, owner, scope, expires }) => {
      const body: NewTokenRequest = {
        name,
        accountId: Number(owner),
        scope: scope === 'full' ? 'full' : 'read',
        expiresAt: expires === '' ? null : dayEnds(expires),
      };
      change.mutate({ method: 'POST', path: '/api/tokens', body });
    },
  });
  if (change.data !== undefined) {
    return (
      <SecretsDialog
        title={t('administration.tokens.issued', { name: change.data.name })}
        words={t('administration.tokens.issuedLead')}
        secrets={[[t('administration.tokens.token'), change.data.token]]}
        onClose={onClose}
      />
    );
  }
  return (
    <FormDialog
      title={t('administration.tokens.add')}
      submit={t('administration.tokens.add')}
      onClose={onClose}
      onSubmit={form.onSubmit}
      change={change}
    >
      <TextInput
        label={t('administration.tokens.name')}
        description={t('administration.tokens.nameHint')}
        required
        {...form.field('name')}
      />
      <FieldRow>
        {accounts.length > 0 && (
          <NativeSelect
            label={t('administration.tokens.owner')}
            data={accounts.map(({ id, displayName }) => ({ value: String(id), label: displayName }))}
            {...form.field('owner')}
          />
        )}
        <NativeSelect
          label={t('administration.tokens.scope')}
          data={(['read', 'full'] as const).map((value) => ({
            value,
            label: t(`administration.tokens.${value}`),
          }))}
          {...form.field('scope')}
        />
      </FieldRow>
      <TextInput
        type="date"
        label={t('administration.tokens.expires')}
        description={t('administration.tokens.expiresHint')}
        {...form.field('expires')}
      />
    </FormDialog>
  );
}
