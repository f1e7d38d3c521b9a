import { NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { trunkForm, TrunkView } from '../../../server/src/trunks/forms.ts';
import { useChange } from '../parts/data.ts';
import { FormDialog } from '../parts/dialogs.tsx';
import { Check, FieldRow } from '../parts/fields.tsx';
import { useForm } from '../parts/use-form.ts';
import { PasswordField } from '../session/password-field.tsx';
import { FORMS, isNumberBetween, listOf, problemsOf } from './rules.ts';

interface TrunkDialogProps {
  /** Absent for a new one. */
  readonly trunk?: TrunkView;
  readonly onClose: () => void;
  readonly onDone: (words: string) => void;
}

interface Values {
  readonly id: string;
  readonly name: string;
  readonly kind: TrunkView['kind'];
  readonly host: string;
  readonly port: string;
  readonly transport: TrunkView['transport'];
  readonly username: string;
  readonly password: string;
  readonly sources: string;
  readonly maxChannels: string;
  readonly callerId: TrunkView['callerId'];
  readonly enabled: boolean;
}

const NEW: Values = {
  id: '',
  name: '',
  kind: 'registration',
  host: '',
  port: '5060',
  transport: 'udp',
  username: '',
  password: '',
  sources: '',
  maxChannels: '',
  callerId: 'from',
  enabled: true,
};

function valuesOf(trunk: TrunkView | undefined): Values {
  if (trunk === undefined) return NEW;
  const { id, name, kind, host, port, transport, username, sources, maxChannels, callerId, enabled } = trunk;
  return {
    id,
    name,
    kind,
    host,
    port: String(port),
    transport,
    username: username ?? '',
    password: '',
    sources: sources.join(' '),
    maxChannels: maxChannels === null ? '' : String(maxChannels),
    callerId,
    enabled,
  };
}

/** Makes a trunk or changes it. */
export function TrunkDialog({ trunk, onClose, onDone }: TrunkDialogProps) {
  const { t } = useTranslation();
  const change = useChange(['/api/trunks']);
  const form = useForm<Values>({
    initial: valuesOf(trunk),
    check: (values) => {
      const { id, name, kind, host, port, username, password, sources, maxChannels } = values;
      const needed = kind === 'registration';
      const hasPassword = password !== '' || trunk?.hasPassword === true;
      return problemsOf({
        id: FORMS.trunkId.test(id) ? null : t('parts.wrong.trunkId'),
        name: FORMS.name.test(name) ? null : t('parts.wrong.name'),
        host: FORMS.host.test(host) ? null : t('parts.wrong.host'),
        port: isNumberBetween(port, 1, 65_535) ? null : t('parts.wrong.number', { least: 1, most: 65_535 }),
        username:
          username === '' && needed
            ? t('administration.trunks.needsAccount')
            : username === '' || FORMS.username.test(username)
              ? null
              : t('parts.wrong.username'),
        password: needed && !hasPassword ? t('administration.trunks.needsAccount') : null,
        sources: listOf(sources).every((source) => FORMS.source.test(source))
          ? null
          : t('parts.wrong.source'),
        maxChannels:
          maxChannels === '' || isNumberBetween(maxChannels, 1, 10_000)
            ? null
            : t('parts.wrong.number', { least: 1, most: 10_000 }),
      });
    },
    submit: ({ id, name, kind, host, port, transport, username, password, ...others }) => {
      const body: z.input<typeof trunkForm> = {
        name,
        kind,
        host,
        port: Number(port),
        transport,
        username: username === '' ? null : username,
        ...(password !== '' && { password }),
        sources: listOf(others.sources),
        maxChannels: others.maxChannels === '' ? null : Number(others.maxChannels),
        callerId: others.callerId,
        enabled: others.enabled,
      };
      change.mutate(
        { method: 'PUT', path: `/api/trunks/${id}`, body },
        { onSuccess: () => onDone(t('parts.saved', { name })) },
      );
    },
  });
  const { field, values, set } = form;
  return (
    <FormDialog
      title={
        trunk === undefined
          ? t('administration.trunks.newTrunk')
          : t('administration.trunks.changeTitle', { name: trunk.name })
      }
      onClose={onClose}
      onSubmit={form.onSubmit}
      change={change}
      wide
    >
      <FieldRow>
        {trunk === undefined && (
          <TextInput
            label={t('administration.trunks.id')}
            autoCapitalize="none"
            spellCheck={false}
            required
            {...field('id')}
          />
        )}
        <TextInput label={t('administration.trunks.name')} required {...field('name')} />
        <NativeSelect
          label={t('administration.trunks.kind')}
          data={(['registration', 'address'] as const).map((value) => ({
            value,
            label: t(`administration.trunks.${value}`),
          }))}
          {...field('kind')}
        />
      </FieldRow>
      <FieldRow>
        <TextInput
          label={t('administration.trunks.host')}
          autoCapitalize="none"
          spellCheck={false}
          required
          {...field('host')}
        />
        <TextInput label={t('administration.trunks.port')} inputMode="numeric" {...field('port')} />
        <NativeSelect
          label={t('administration.trunks.transport')}
          data={[
            { value: 'udp', label: 'UDP' },
            { value: 'tcp', label: 'TCP' },
          ]}
          {...field('transport')}
        />
      </FieldRow>
      <FieldRow>
        <TextInput
          label={t('administration.trunks.username')}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          {...field('username')}
        />
        <PasswordField
          label={t('administration.trunks.password')}
          description={trunk?.hasPassword === true ? t('administration.trunks.passwordKept') : undefined}
          autoComplete="new-password"
          {...field('password')}
        />
      </FieldRow>
      <FieldRow>
        <TextInput
          label={t('administration.trunks.maxChannels')}
          description={t('administration.trunks.maxChannelsHint')}
          inputMode="numeric"
          {...field('maxChannels')}
        />
        <NativeSelect
          label={t('administration.trunks.callerId')}
          data={(['from', 'asserted', 'account'] as const).map((value) => ({
            value,
            label: t(`administration.trunks.${value}`),
          }))}
          {...field('callerId')}
        />
      </FieldRow>
      <TextInput
        label={t('administration.trunks.sources')}
        description={t('administration.trunks.sourcesHint')}
        spellCheck={false}
        {...field('sources')}
      />
      <Check
        label={t('administration.trunks.enabled')}
        checked={values.enabled}
        onChange={(checked) => set('enabled', checked)}
      />
    </FormDialog>
  );
}
