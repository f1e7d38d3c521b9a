import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountView, AuditAnswer } from '../../../server/src/http/contract.ts';
import { ja } from '../i18n/ja.ts';
import { useAnswer } from '../parts/data.ts';
import { FilterInput, Filters, FilterSelect } from '../parts/fields.tsx';
import { CsvLink, LongList } from '../parts/long-list.tsx';
import { Page } from '../parts/page.tsx';
import { Named, Table, type Column } from '../parts/table.tsx';
import { dayBegins, dayEnds } from '../parts/time-rules.ts';
import { Moment } from '../parts/time.tsx';

const PATH = '/api/audit';
type Entry = AuditAnswer['entries'][number];
type Kind = keyof typeof ja.administration.audit.kinds;
type Verb = keyof typeof ja.administration.audit.verbs;
const KINDS = Object.keys(ja.administration.audit.kinds) as Kind[];
const NO_FILTERS = { by: '', action: '', from: '', to: '' };

/** 監査ログ: who looked up or changed what. */
export default function AuditPage() {
  const { t } = useTranslation();
  const { data } = useAnswer<{ readonly accounts: readonly AccountView[] }>('/api/accounts');
  const [filters, setFilters] = useState(NO_FILTERS);
  const set = (name: keyof typeof NO_FILTERS) => (value: string) => setFilters({ ...filters, [name]: value });
  const query = { ...filters, from: dayBegins(filters.from), to: dayEnds(filters.to) };
  const actionWords = useActionWords();
  const columns: readonly Column<Entry>[] = [
    { key: 'at', head: t('history.at'), cell: ({ at }) => <Moment at={at} /> },
    {
      key: 'by',
      head: t('administration.audit.by'),
      cell: ({ byName, byAccountId }) => (
        <Named name={byName} detail={byAccountId === null ? t('administration.audit.commandLine') : ''} />
      ),
    },
    {
      key: 'action',
      head: t('administration.audit.action'),
      cell: ({ action }) => <Named name={actionWords(action)} detail={action} />,
    },
    { key: 'subject', head: t('administration.audit.subject'), cell: ({ subject }) => subject },
    { key: 'detail', head: t('administration.audit.detail'), cell: ({ detail }) => detail },
  ];
  return (
    <Page
      title={t('pages.audit')}
      lead={t('administration.audit.lead')}
      actions={<CsvLink path={PATH} query={query} />}
    >
      <Filters label={t('parts.filters')}>
        <FilterSelect
          label={t('administration.audit.by')}
          value={filters.by}
          onChange={set('by')}
          choices={(data?.accounts ?? []).map(({ id, displayName }) => ({
            value: String(id),
            label: displayName,
          }))}
        />
        <FilterSelect
          label={t('administration.audit.action')}
          value={filters.action}
          onChange={set('action')}
          choices={KINDS.map((value) => ({ value, label: t(`administration.audit.kinds.${value}`) }))}
        />
        <FilterInput type="date" label={t('parts.from')} value={filters.from} onChange={set('from')} />
        <FilterInput type="date" label={t('parts.to')} value={filters.to} onChange={set('to')} />
      </Filters>
      <LongList
        path={PATH}
        query={query}
        rowsOf={(answer: AuditAnswer) => answer.entries}
        empty={t('administration.audit.empty')}
      >
        {(rows) => <Table label={t('pages.audit')} columns={columns} rows={rows} keyOf={({ id }) => id} />}
      </LongList>
    </Page>
  );
}

/** `dial_password.looked_up` in words; a code that has none is shown itself. */
function useActionWords(): (action: string) => string {
  const { t } = useTranslation();
  return (action) => {
    const [begin = '', verb = ''] = action.split('.');
    const kind = KINDS.find((entry) => entry === begin || (entry.endsWith('_') && begin.startsWith(entry)));
    if (kind === undefined || !Object.hasOwn(ja.administration.audit.verbs, verb)) return action;
    return `${t(`administration.audit.kinds.${kind}`)}: ${t(`administration.audit.verbs.${verb as Verb}`)}`;
  };
}
