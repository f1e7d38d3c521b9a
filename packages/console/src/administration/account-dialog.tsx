import { NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type {
  AccountView,
  CreatedAccountAnswer,
  Language,
  NewAccountRequest,
  PhoneView,
  Role,
} from '../../../server/src/http/contract.ts';
import { LANGUAGE_NAMES } from '../i18n/setup.ts';
import { useAnswer, useChange } from '../parts/data.ts';
import { FormDialog, SecretsDialog } from '../parts/dialogs.tsx';
import { Check, FieldRow } from '../parts/fields.tsx';
import { useForm } from '../parts/use-form.ts';
import { FORMS, problemsOf, ROLES } from './rules.ts';

interface AccountDialogProps {
  /** Absent for a new one. */
  readonly account?: AccountView;
  readonly onClose: () => void;
  readonly onDone: (words: string) => void;
}

interface Values {
  readonly displayName: string;
  readonly loginName: string;
  readonly role: Role;
  readonly language: Language;
  readonly signInPhone: string;
  readonly agent: boolean;
  readonly dialId: string;
  readonly dialPassword: string;
}

const NEW: Values = {
  displayName: '',
  loginName: '',
  role: 'user',
  language: 'ja',
  signInPhone: '',
  agent: true,
  dialId: '',
  dialPassword: '',
};

/** Makes an account or changes it. What was issued with a new one is shown in place of the form. */
export function AccountDialog({ account, onClose, onDone }: AccountDialogProps) {
  const { t } = useTranslation();
  const { data: phones } = useAnswer<{ readonly phones: readonly PhoneView[] }>('/api/phones');
  const change = useChange<CreatedAccountAnswer | AccountView>([
    '/api/accounts',
    '/api/grants',
    '/api/agents',
  ]);
  const form = useForm<Values>({
    initial:
      account === undefined
        ? NEW
        : { ...account, signInPhone: account.signInPhone ?? '', dialId: '', dialPassword: '' },
    check: ({ displayName, loginName, dialId, dialPassword }) => {
      const digits = (text: string): string | null =>
        text === '' || FORMS.digits.test(text) ? null : t('parts.wrong.digits');
      return problemsOf({
        displayName: FORMS.name.test(displayName) ? null : t('parts.wrong.name'),
        loginName: FORMS.loginName.test(loginName) ? null : t('parts.wrong.loginName'),
        dialId: digits(dialId),
        dialPassword: digits(dialPassword),
      });
    },
    submit: (values) => {
      const { dialId, dialPassword, displayName, loginName, role, language, agent } = values;
      const signInPhone = values.signInPhone === '' ? null : values.signInPhone;
      const body: NewAccountRequest = { displayName, loginName, role, language, agent, signInPhone };
      if (account !== undefined) {
        change.mutate(
          { method: 'PATCH', path: `/api/accounts/${account.id}`, body },
          { onSuccess: () => onDone(t('parts.saved', { name: displayName })) },
        );
        return;
      }
      const own = { ...(dialId !== '' && { dialId }), ...(dialPassword !== '' && { dialPassword }) };
      change.mutate({ method: 'POST', path: '/api/accounts', body: { ...body, ...own } });
    },
  });
  const { field, values, set } = form;

  if (change.data !== undefined && 'dialCredentials' in change.data) {
    const { dialId, dialPassword } = change.data.dialCredentials;
    const name = change.data.account.displayName;
    return (
      <SecretsDialog
        title={t('administration.accounts.created', { name })}
        words={t('administration.accounts.createdLead')}
        secrets={[
          [t('administration.accounts.dialId'), dialId],
          [t('administration.accounts.dialPassword'), dialPassword],
        ]}
        onClose={() => onDone(t('parts.saved', { name }))}
      />
    );
  }
  const known = (phones?.phones ?? []).map(({ number, name }) => ({
    value: number,
    label: `${number} ${name}`,
  }));
  const own = values.signInPhone;
  return (
    <FormDialog
      title={
        account === undefined
          ? t('administration.accounts.new')
          : t('administration.accounts.changeTitle', { name: account.displayName })
      }
      onClose={onClose}
      onSubmit={form.onSubmit}
      change={change}
      wide
    >
      <FieldRow>
        <TextInput label={t('administration.accounts.displayName')} required {...field('displayName')} />
        <TextInput
          label={t('administration.accounts.loginName')}
          required
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          {...field('loginName')}
        />
      </FieldRow>
      <FieldRow>
        <NativeSelect
          label={t('administration.accounts.role')}
          data={ROLES.map((value) => ({ value, label: t(`session.role.${value}`) }))}
          disabled={account?.builtIn === true}
          {...field('role')}
        />
        <NativeSelect
          label={t('administration.accounts.language')}
          data={[...LANGUAGE_NAMES]}
          {...field('language')}
        />
        <NativeSelect
          label={t('administration.accounts.signInPhone')}
          data={[
            { value: '', label: t('parts.none') },
            ...known,
            ...(own === '' || known.some(({ value }) => value === own) ? [] : [{ value: own, label: own }]),
          ]}
          {...field('signInPhone')}
        />
      </FieldRow>
      <Check
        label={t('administration.accounts.agent')}
        hint={t('administration.accounts.agentHint')}
        checked={values.agent}
        onChange={(checked) => set('agent', checked)}
      />
      {account === undefined && (
        <FieldRow>
          <TextInput
            label={t('administration.accounts.dialId')}
            description={t('administration.accounts.dialHint')}
            inputMode="numeric"
            autoComplete="off"
            {...field('dialId')}
          />
          <TextInput
            label={t('administration.accounts.dialPassword')}
            description={t('administration.accounts.dialHint')}
            inputMode="numeric"
            autoComplete="off"
            {...field('dialPassword')}
          />
        </FieldRow>
      )}
    </FormDialog>
  );
}
