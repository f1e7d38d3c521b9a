import { NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { NewPhoneRequest, PhoneChangeRequest, PhoneView } from '../../../server/src/http/contract.ts';
import { useChange } from '../parts/data.ts';
import { FormDialog } from '../parts/dialogs.tsx';
import { FieldRow } from '../parts/fields.tsx';
import { useForm } from '../parts/use-form.ts';
import { FORMS, problemsOf } from './rules.ts';

export const KINDS = ['desk', 'browser', 'mobile'] as const satisfies readonly PhoneView['kind'][];

interface PhoneDialogProps {
  /** Absent for a new one. */
  readonly phone?: PhoneView;
  readonly onClose: () => void;
  readonly onDone: (words: string) => void;
}

interface Values {
  readonly number: string;
  readonly name: string;
  readonly kind: PhoneView['kind'];
  readonly language: '' | 'ja' | 'en';
}

/** Makes a phone or changes it. */
export function PhoneDialog({ phone, onClose, onDone }: PhoneDialogProps) {
  const { t } = useTranslation();
  const change = useChange(['/api/phones', '/api/grants']);
  const form = useForm<Values>({
    initial: {
      number: phone?.number ?? '',
      name: phone?.name ?? '',
      kind: phone?.kind ?? 'desk',
      language: phone?.language ?? '',
    },
    check: ({ number, name }) =>
      problemsOf({
        number: FORMS.extension.test(number) ? null : t('parts.wrong.extension'),
        name: FORMS.name.test(name) ? null : t('parts.wrong.name'),
      }),
    submit: ({ number, name, kind, language: chosen }) => {
      const language = chosen === '' ? null : chosen;
      const onSuccess = (): void => onDone(t('parts.saved', { name: `${number} ${name}` }));
      if (phone === undefined) {
        const body: NewPhoneRequest = { number, name, kind, language };
        change.mutate({ method: 'POST', path: '/api/phones', body }, { onSuccess });
      } else {
        const body: PhoneChangeRequest = { name, kind, language };
        change.mutate({ method: 'PATCH', path: `/api/phones/${number}`, body }, { onSuccess });
      }
    },
  });
  return (
    <FormDialog
      title={
        phone === undefined
          ? t('administration.phones.add')
          : t('administration.phones.changeTitle', { name: phone.number })
      }
      onClose={onClose}
      onSubmit={form.onSubmit}
      change={change}
    >
      {phone === undefined && (
        <TextInput
          label={t('administration.phones.number')}
          inputMode="numeric"
          required
          {...form.field('number')}
        />
      )}
      <TextInput label={t('administration.phones.name')} required {...form.field('name')} />
      <FieldRow>
        <NativeSelect
          label={t('administration.phones.kind')}
          data={KINDS.map((value) => ({ value, label: t(`administration.phones.${value}`) }))}
          {...form.field('kind')}
        />
        <NativeSelect
          label={t('administration.phones.language')}
          data={[
            { value: '', label: t('administration.phones.system') },
            { value: 'ja', label: '日本語' },
            { value: 'en', label: 'English' },
          ]}
          {...form.field('language')}
        />
      </FieldRow>
    </FormDialog>
  );
}
