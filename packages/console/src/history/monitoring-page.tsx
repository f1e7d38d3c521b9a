import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type {
  AccountView,
  MonitoringHistoryAnswer,
  MonitoringRecord,
} from '../../../server/src/http/contract.ts';
import { useAnswer } from '../parts/data.ts';
import { FilterInput, Filters, FilterSelect } from '../parts/fields.tsx';
import { CsvLink, LongList } from '../parts/long-list.tsx';
import { Page } from '../parts/page.tsx';
import { Named, Table, type Column } from '../parts/table.tsx';
import { clockOf, dayBegins, dayEnds } from '../parts/time-rules.ts';
import { Moment } from '../parts/time.tsx';

const PATH = '/api/history/monitoring';
const DOORS = [
  'realtime_monitor',
  'seat_view',
  'job_monitor',
  'dial',
] as const satisfies readonly MonitoringRecord['door'][];
const NO_FILTERS = { supervisor: '', target: '', from: '', to: '', door: '' };

/** モニタリング履歴: who listened to whom. */
export default function MonitoringPage() {
  const { t } = useTranslation();
  const [filters, setFilters] = useState(NO_FILTERS);
  const { data } = useAnswer<{ readonly accounts: readonly AccountView[] }>('/api/accounts');
  const set = (name: keyof typeof NO_FILTERS) => (value: string) => setFilters({ ...filters, [name]: value });
  const query = { ...filters, from: dayBegins(filters.from), to: dayEnds(filters.to) };
  const people = (data?.accounts ?? []).map(({ id, displayName }) => ({
    value: String(id),
    label: displayName,
  }));
  const columns = useColumns();
  return (
    <Page
      title={t('pages.monitoringHistory')}
      lead={t('history.monitoring.lead')}
      actions={<CsvLink path={PATH} query={query} />}
    >
      <Filters label={t('parts.filters')}>
        <FilterSelect
          label={t('history.monitoring.supervisor')}
          value={filters.supervisor}
          onChange={set('supervisor')}
          choices={people}
        />
        <FilterSelect
          label={t('history.monitoring.target')}
          value={filters.target}
          onChange={set('target')}
          choices={people}
        />
        <FilterInput type="date" label={t('parts.from')} value={filters.from} onChange={set('from')} />
        <FilterInput type="date" label={t('parts.to')} value={filters.to} onChange={set('to')} />
        <FilterSelect
          label={t('history.monitoring.door')}
          value={filters.door}
          onChange={set('door')}
          choices={DOORS.map((value) => ({ value, label: t(`history.monitoring.doors.${value}`) }))}
        />
      </Filters>
      <LongList
        path={PATH}
        query={query}
        rowsOf={(answer: MonitoringHistoryAnswer) => answer.sessions}
        empty={t('history.monitoring.empty')}
      >
        {(rows) => (
          <Table label={t('pages.monitoringHistory')} columns={columns} rows={rows} keyOf={({ id }) => id} />
        )}
      </LongList>
    </Page>
  );
}

function useColumns(): readonly Column<MonitoringRecord>[] {
  const { t } = useTranslation();
  return [
    { key: 'at', head: t('history.at'), cell: (row) => <Moment at={row.startedAt} /> },
    {
      key: 'supervisor',
      head: t('history.monitoring.supervisor'),
      cell: (row) => <Named name={row.supervisorName} detail={row.supervisorPhone} />,
    },
    {
      key: 'target',
      head: t('history.monitoring.target'),
      cell: (row) => <Named name={row.targetName} detail={row.targetPhone ?? ''} />,
    },
    {
      key: 'mode',
      head: t('history.monitoring.mode'),
      cell: ({ mode, continuous }) => (
        <Named
          name={t(`history.monitoring.${mode}`)}
          detail={continuous ? t('history.monitoring.continuous') : ''}
        />
      ),
    },
    {
      key: 'door',
      head: t('history.monitoring.door'),
      cell: ({ door, shortcut }) => (
        <Named
          name={t(`history.monitoring.doors.${door}`)}
          detail={shortcut ? t('history.monitoring.shortcut') : ''}
        />
      ),
    },
    {
      key: 'length',
      head: t('history.monitoring.length'),
      cell: ({ answeredAt, endedAt, calls }) => (
        <Named
          name={
            endedAt === null
              ? t('history.monitoring.running')
              : answeredAt === null
                ? t('history.monitoring.notAnswered')
                : clockOf(Date.parse(endedAt) - Date.parse(answeredAt))
          }
          detail={calls === 0 ? '' : t('history.monitoring.calls', { count: calls })}
        />
      ),
    },
    {
      key: 'end',
      head: t('history.monitoring.end'),
      cell: ({ reason }) => (reason === null ? '' : t(`history.monitoring.reason.${reason}`)),
    },
  ];
}
