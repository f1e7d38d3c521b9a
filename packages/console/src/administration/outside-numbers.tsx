import { Button, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { numberForm, siteNumberForm } from '../../../server/src/trunks/forms.ts';
import { actionsColumn } from '../parts/actions-column.tsx';
import { useAnswer, useChange } from '../parts/data.ts';
import { FormDialog } from '../parts/dialogs.tsx';
import { Loaded, Section } from '../parts/page.tsx';
import { Table } from '../parts/table.tsx';
import { useDialogs } from '../parts/use-dialogs.ts';
import { useForm } from '../parts/use-form.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { FORMS, problemsOf } from './rules.ts';

const PATH = '/api/outside-numbers';
const WISHES = ['change', 'delete'] as const;
type OutsideNumber = z.output<typeof siteNumberForm>;
type Open =
  { readonly what: 'new' } | { readonly what: (typeof WISHES)[number]; readonly number: OutsideNumber };

interface PartProps {
  readonly onDone: (words: string) => void;
}

/** 外線番号: which number from outside leads where. */
export function OutsideNumbers({ onDone }: PartProps) {
  const { t } = useTranslation();
  const query = useAnswer<{ readonly numbers: readonly OutsideNumber[] }>(PATH);
  const { open, setOpen, close } = useDialogs<Open>();
  const finish = (words: string): void => {
    close();
    onDone(words);
  };
  return (
    <Section
      title={t('administration.trunks.numbers')}
      lead={t('administration.trunks.numbersLead')}
      actions={
        <Button size="xs" onClick={() => setOpen({ what: 'new' })}>
          {t('administration.trunks.addNumber')}
        </Button>
      }
    >
      <Loaded query={query}>
        {({ numbers }) => (
          <Table
            empty={t('administration.trunks.numbersEmpty')}
            label={t('administration.trunks.numbers')}
            rows={numbers}
            keyOf={({ number }) => number}
            columns={[
              {
                key: 'number',
                head: t('administration.trunks.number'),
                cell: ({ number }) => number,
              },
              {
                key: 'target',
                head: t('administration.trunks.target'),
                cell: ({ phone, callCenter }) => phone ?? callCenter,
              },
              {
                key: 'presented',
                head: t('administration.trunks.presented'),
                cell: ({ number, presented }) => presented ?? number,
              },
              actionsColumn<OutsideNumber>(t, (number) => ({
                name: number.number,
                items: WISHES.map((what) => ({
                  words: t(`parts.${what}`),
                  act: () => setOpen({ what, number }),
                })),
              })),
            ]}
          />
        )}
      </Loaded>
      {open?.what === 'new' && <NumberDialog onClose={close} onDone={finish} />}
      {open?.what === 'change' && <NumberDialog number={open.number} onClose={close} onDone={finish} />}
      {open?.what === 'delete' && (
        <DeleteDialog
          name={open.number.number}
          path={`${PATH}/${encodeURIComponent(open.number.number)}`}
          touched={[PATH]}
          onClose={close}
          onDone={finish}
        />
      )}
    </Section>
  );
}

interface NumberDialogProps extends PartProps {
  /** Absent for a new one. */
  readonly number?: OutsideNumber;
  readonly onClose: () => void;
}

function NumberDialog({ number: known, onClose, onDone }: NumberDialogProps) {
  const { t } = useTranslation();
  const change = useChange([PATH]);
  const form = useForm({
    initial: {
      number: known?.number ?? '',
      target: known?.phone ?? known?.callCenter ?? '',
      presented: known?.presented ?? '',
    },
    check: ({ number, target, presented }) =>
      problemsOf({
        number: FORMS.outside.test(number) ? null : t('parts.wrong.outside'),
        target:
          FORMS.extension.test(target) || FORMS.callCenter.test(target)
            ? null
            : `${t('parts.wrong.extension')} / ${t('parts.wrong.callCenter')}`,
        presented: presented === '' || FORMS.outside.test(presented) ? null : t('parts.wrong.outside'),
      }),
    submit: ({ number, target, presented }) => {
      const body: z.input<typeof numberForm> = {
        ...(FORMS.extension.test(target) ? { phone: target } : { callCenter: target }),
        presented: presented === '' ? null : presented,
      };
      change.mutate(
        { method: 'PUT', path: `${PATH}/${encodeURIComponent(number)}`, body },
        { onSuccess: () => onDone(t('parts.saved', { name: number })) },
      );
    },
  });
  return (
    <FormDialog
      title={
        known === undefined
          ? t('administration.trunks.addNumber')
          : t('administration.trunks.changeTitle', { name: known.number })
      }
      onClose={onClose}
      onSubmit={form.onSubmit}
      change={change}
    >
      {known === undefined && (
        <TextInput
          label={t('administration.trunks.number')}
          inputMode="tel"
          required
          {...form.field('number')}
        />
      )}
      <TextInput
        label={t('administration.trunks.target')}
        description={t('administration.trunks.targetHint')}
        inputMode="numeric"
        required
        {...form.field('target')}
      />
      <TextInput
        label={t('administration.trunks.presented')}
        description={t('administration.trunks.presentedHint')}
        inputMode="tel"
        {...form.field('presented')}
      />
    </FormDialog>
  );
}
