import { NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CallCenterView } from '../../../server/src/http/contract.ts';
import { useChange } from '../parts/data.ts';
import { FormDialog } from '../parts/dialogs.tsx';
import { FieldRow } from '../parts/fields.tsx';
import { useForm } from '../parts/use-form.ts';
import { FORMS, isNumberBetween, problemsOf } from './rules.ts';

const ACTIONS = ['busy', 'notice', 'call_center', 'extension'] as const;

/** Numbers of the rules with their bounds. */
const NUMBERS = {
  priority: [1, 99],
  ringSeconds: [5, 120],
  wrapUpSeconds: [0, 3_600],
  maxMisses: [0, 99],
  noticeSeconds: [0, 600],
  overflowSeconds: [5, 3_600],
  serviceLevelSeconds: [1, 3_600],
} as const;
type NumberName = keyof typeof NUMBERS;
const NUMBER_NAMES = Object.keys(NUMBERS) as NumberName[];

/** What holds for a new one unless somebody says otherwise; the server's own. */
const NEW: Readonly<Record<NumberName, string>> = {
  priority: '10',
  ringSeconds: '20',
  wrapUpSeconds: '0',
  maxMisses: '3',
  noticeSeconds: '30',
  overflowSeconds: '300',
  serviceLevelSeconds: '20',
};

interface CallCenterDialogProps {
  /** Absent for a new one. */
  readonly center?: CallCenterView;
  readonly onClose: () => void;
  readonly onDone: (words: string) => void;
}

interface Values extends Readonly<Record<NumberName, string>> {
  readonly number: string;
  readonly name: string;
  readonly overflowAction: CallCenterView['overflowAction'];
  readonly overflowTarget: string;
}

/** Makes a call center or changes its rules. */
export function CallCenterDialog({ center, onClose, onDone }: CallCenterDialogProps) {
  const { t } = useTranslation();
  const change = useChange(['/api/call-centers', '/api/grants']);
  const form = useForm<Values>({
    initial: {
      number: center?.number ?? '',
      name: center?.name ?? '',
      ...numbersOf(center),
      overflowAction: center?.overflowAction ?? 'notice',
      overflowTarget: center?.overflowTarget ?? '',
    },
    check: (values) => {
      const { number, name, overflowAction, overflowTarget } = values;
      const numbers = Object.fromEntries(
        NUMBER_NAMES.map((field) => {
          const [least, most] = NUMBERS[field];
          const short = field === 'noticeSeconds' && values[field] !== '0' ? 10 : least;
          const good = isNumberBetween(values[field], short, most);
          return [field, good ? null : t('parts.wrong.number', { least: short, most })];
        }),
      ) as Record<NumberName, string | null>;
      const wanted = { busy: null, notice: null, call_center: 'callCenter', extension: 'extension' } as const;
      const target = wanted[overflowAction];
      return problemsOf({
        number: FORMS.callCenter.test(number) ? null : t('parts.wrong.callCenter'),
        name: FORMS.name.test(name) ? null : t('parts.wrong.name'),
        ...numbers,
        overflowTarget:
          target === null || FORMS[target].test(overflowTarget) ? null : t(`parts.wrong.${target}`),
      });
    },
    submit: ({ number, name, overflowAction, overflowTarget, ...numbers }) => {
      const needsTarget = overflowAction === 'call_center' || overflowAction === 'extension';
      const rules = {
        name,
        ...Object.fromEntries(NUMBER_NAMES.map((field) => [field, Number(numbers[field])])),
        overflowAction,
        overflowTarget: needsTarget ? overflowTarget : null,
      };
      change.mutate(
        center === undefined
          ? { method: 'POST', path: '/api/call-centers', body: { number, ...rules } }
          : { method: 'PATCH', path: `/api/call-centers/${number}`, body: rules },
        { onSuccess: () => onDone(t('parts.saved', { name: `${number} ${name}` })) },
      );
    },
  });
  const { field, values } = form;
  const number = (name: NumberName, hint?: string) => (
    <TextInput
      label={t(`administration.callCenters.${name}`)}
      description={hint}
      inputMode="numeric"
      {...field(name)}
    />
  );
  return (
    <FormDialog
      title={
        center === undefined
          ? t('administration.callCenters.add')
          : t('administration.callCenters.changeTitle', { name: center.name })
      }
      onClose={onClose}
      onSubmit={form.onSubmit}
      change={change}
      wide
    >
      <FieldRow>
        {center === undefined && (
          <TextInput
            label={t('administration.callCenters.number')}
            inputMode="numeric"
            required
            {...field('number')}
          />
        )}
        <TextInput label={t('administration.callCenters.name')} required {...field('name')} />
      </FieldRow>
      <FieldRow>
        {number('priority', t('administration.callCenters.priorityHint'))}
        {number('serviceLevelSeconds', t('administration.callCenters.serviceLevelHint'))}
        {number('noticeSeconds', t('administration.callCenters.noticeHint'))}
      </FieldRow>
      <FieldRow>
        {number('ringSeconds', '5〜120')}
        {number('wrapUpSeconds', t('administration.callCenters.wrapUpHint'))}
        {number('maxMisses', t('administration.callCenters.maxMissesHint'))}
      </FieldRow>
      <FieldRow>
        {number('overflowSeconds', '5〜3600')}
        <NativeSelect
          label={t('administration.callCenters.overflowAction')}
          data={ACTIONS.map((value) => ({ value, label: t(`administration.callCenters.actions.${value}`) }))}
          {...field('overflowAction')}
        />
        {(values.overflowAction === 'call_center' || values.overflowAction === 'extension') && (
          <TextInput
            label={t('administration.callCenters.overflowTarget')}
            description={t('administration.callCenters.overflowTargetHint')}
            inputMode="numeric"
            {...field('overflowTarget')}
          />
        )}
      </FieldRow>
    </FormDialog>
  );
}

function numbersOf(center: CallCenterView | undefined): Readonly<Record<NumberName, string>> {
  if (center === undefined) return NEW;
  return Object.fromEntries(NUMBER_NAMES.map((name) => [name, String(center[name])])) as Record<
    NumberName,
    string
  >;
}
