import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PhoneView } from '../../../server/src/http/contract.ts';
import { actionsColumn } from '../parts/actions-column.tsx';
import { useAnswer } from '../parts/data.ts';
import { FilterInput, Filters, FilterSelect, State } from '../parts/fields.tsx';
import { Loaded, Page } from '../parts/page.tsx';
import { Named, Table, type Column } from '../parts/table.tsx';
import { useDialogs } from '../parts/use-dialogs.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { KINDS, PhoneDialog } from './phone-dialog.tsx';
import { PhoneSetUpDialog } from './phone-set-up.tsx';
import { matches } from './rules.ts';

const PATH = '/api/phones';
/** Registrations change by themselves. */
const EVERY_MS = 5_000;

const WISHES = ['edit', 'setUp', 'delete'] as const;
type Wish = (typeof WISHES)[number];
type Open = { readonly what: 'new' } | { readonly what: Wish; readonly phone: PhoneView };

/** 電話端末: which there are, which are registered, and what is keyed into them. */
export default function PhonesPage() {
  const { t } = useTranslation();
  const query = useAnswer<{ readonly phones: readonly PhoneView[] }>(PATH, { everyMs: EVERY_MS });
  const [search, setSearch] = useState('');
  const [kind, setKind] = useState('');
  const { open, setOpen, close, done, finish } = useDialogs<Open>();
  const columns = useColumns((what, phone) => setOpen({ what, phone }));
  return (
    <Page
      title={t('pages.phones')}
      lead={t('administration.phones.lead')}
      done={done}
      actions={
        <Button size="xs" onClick={() => setOpen({ what: 'new' })}>
          {t('administration.phones.add')}
        </Button>
      }
    >
      <Filters label={t('parts.filters')}>
        <FilterInput
          type="search"
          label={t('administration.phones.search')}
          value={search}
          onChange={setSearch}
        />
        <FilterSelect
          label={t('administration.phones.kind')}
          value={kind}
          onChange={setKind}
          choices={KINDS.map((value) => ({ value, label: t(`administration.phones.${value}`) }))}
        />
      </Filters>
      <Loaded query={query}>
        {({ phones }) => {
          const found = phones.filter(
            (phone) => (kind === '' || phone.kind === kind) && matches(search, phone.number, phone.name),
          );
          return (
            <Table
              empty={t('administration.phones.empty')}
              label={t('pages.phones')}
              columns={columns}
              rows={found}
              keyOf={({ number }) => number}
            />
          );
        }}
      </Loaded>
      {open?.what === 'new' && <PhoneDialog onClose={close} onDone={finish} />}
      {open?.what === 'edit' && <PhoneDialog phone={open.phone} onClose={close} onDone={finish} />}
      {open?.what === 'setUp' && <PhoneSetUpDialog phone={open.phone} onClose={close} />}
      {open?.what === 'delete' && (
        <DeleteDialog
          name={`${open.phone.number} ${open.phone.name}`}
          path={`${PATH}/${open.phone.number}`}
          touched={[PATH, '/api/grants', '/api/accounts']}
          onClose={close}
          onDone={finish}
        />
      )}
    </Page>
  );
}

function useColumns(onWish: (wish: Wish, phone: PhoneView) => void): readonly Column<PhoneView>[] {
  const { t } = useTranslation();
  return [
    {
      key: 'number',
      head: t('administration.phones.number'),
      cell: ({ number, name }) => <Named name={number} detail={name} />,
    },
    {
      key: 'kind',
      head: t('administration.phones.kind'),
      cell: ({ kind }) => t(`administration.phones.${kind}`),
    },
    {
      key: 'language',
      head: t('administration.phones.language'),
      cell: ({ language }) =>
        language === null ? t('administration.phones.system') : { ja: '日本語', en: 'English' }[language],
    },
    {
      key: 'registration',
      head: t('administration.phones.registration'),
      cell: ({ registered }) =>
        registered === null ? (
          <State state="unknown" words={t('administration.phones.unknown')} />
        ) : registered ? (
          <State state="good" words={t('administration.phones.registered')} />
        ) : (
          <State state="bad" words={t('administration.phones.unregistered')} />
        ),
    },
    actionsColumn(t, (phone) => ({
      name: phone.number,
      items: WISHES.map((wish) => ({
        words: t(`administration.phones.${wish}`),
        act: () => onWish(wish, phone),
      })),
    })),
  ];
}
