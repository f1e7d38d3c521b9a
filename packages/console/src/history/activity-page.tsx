import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ActivityAnswer, ActivityView, AgentView } from '../../../server/src/http/contract.ts';
import { STATUS_ORDER } from '../agents/rules.ts';
import { StatusMark } from '../agents/status-mark.tsx';
import { useAnswer } from '../parts/data.ts';
import { FilterInput, Filters, FilterSelect } from '../parts/fields.tsx';
import { CsvLink, LongList } from '../parts/long-list.tsx';
import { Page } from '../parts/page.tsx';
import { Named, Table, type Column } from '../parts/table.tsx';
import { clockOf, dayBegins, dayEnds } from '../parts/time-rules.ts';
import { Moment } from '../parts/time.tsx';
import type { PageProps } from '../shell/pages.ts';

const PATH = '/api/history/activity';
const CAUSES = [
  'sign_in',
  'status_change',
  'sign_out',
  'taken_over',
  'call',
  'after_call_work',
  'misses',
] as const satisfies readonly ActivityView['cause'][];
const DOORS = [
  'guided_dial',
  'one_shot_dial',
  'console',
  'api',
  'call',
  'system',
] as const satisfies readonly ActivityView['door'][];

const NO_FILTERS = { account: '', from: '', to: '', status: '', cause: '', door: '' };

/** 活動履歴: who signed in and changed status, from where. */
export default function ActivityPage({ account }: PageProps) {
  const { t } = useTranslation();
  const [filters, setFilters] = useState(NO_FILTERS);
  const { data: seen } = useAnswer<{ readonly agents: readonly AgentView[] }>('/api/agents');
  const set = (name: keyof typeof NO_FILTERS) => (value: string) => setFilters({ ...filters, [name]: value });
  const query = { ...filters, from: dayBegins(filters.from), to: dayEnds(filters.to) };
  return (
    <Page
      title={t('pages.activity')}
      lead={t('history.activity.lead')}
      actions={<CsvLink path={PATH} query={query} />}
    >
      <Filters label={t('parts.filters')}>
        {account.role !== 'user' && (
          <FilterSelect
            label={t('history.agent')}
            value={filters.account}
            onChange={set('account')}
            choices={(seen?.agents ?? []).map(({ accountId, displayName }) => ({
              value: String(accountId),
              label: displayName,
            }))}
          />
        )}
        <FilterInput type="date" label={t('parts.from')} value={filters.from} onChange={set('from')} />
        <FilterInput type="date" label={t('parts.to')} value={filters.to} onChange={set('to')} />
        <FilterSelect
          label={t('history.activity.status')}
          value={filters.status}
          onChange={set('status')}
          choices={STATUS_ORDER.map((value) => ({ value, label: t(`status.${value}`) }))}
        />
        <FilterSelect
          label={t('history.activity.cause')}
          value={filters.cause}
          onChange={set('cause')}
          choices={CAUSES.map((value) => ({ value, label: t(`history.cause.${value}`) }))}
        />
        <FilterSelect
          label={t('history.activity.door')}
          value={filters.door}
          onChange={set('door')}
          choices={DOORS.map((value) => ({ value, label: t(`history.door.${value}`) }))}
        />
      </Filters>
      <ActivityList query={query} withAgent />
    </Page>
  );
}

/** What was done, as far as the query asks for it. */
export function ActivityList(props: {
  readonly query: Readonly<Record<string, string>>;
  readonly withAgent?: boolean;
}) {
  const { t } = useTranslation();
  const at: Column<ActivityView> = {
    key: 'at',
    head: t('history.at'),
    cell: (row) => <Moment at={row.at} />,
  };
  const agent: Column<ActivityView> = {
    key: 'agent',
    head: t('history.agent'),
    cell: (row) => <Named name={row.displayName} detail={row.loginName} />,
  };
  const columns: readonly Column<ActivityView>[] = [
    at,
    ...(props.withAgent === true ? [agent] : []),
    {
      key: 'change',
      head: t('history.activity.change'),
      cell: ({ from, to }) => (
        <span
          role="img"
          aria-label={t('history.activity.changed', { from: t(`status.${from}`), to: t(`status.${to}`) })}
        >
          <StatusMark status={from} /> → <StatusMark status={to} />
        </span>
      ),
    },
    {
      key: 'lasted',
      head: t('history.activity.lasted'),
      cell: ({ lastedMs }) => <span className="tabular">{clockOf(lastedMs)}</span>,
    },
    {
      key: 'what',
      head: t('history.activity.what'),
      cell: ({ cause, door, by }) => (
        <Named
          name={t(`history.cause.${cause}`)}
          detail={
            by === null
              ? t(`history.door.${door}`)
              : `${t(`history.door.${door}`)} / ${t('history.activity.by', { name: by.displayName })}`
          }
        />
      ),
    },
    {
      key: 'where',
      head: t('history.activity.where'),
      cell: ({ phone, seat }) =>
        [phone, seat === null ? null : t('history.activity.seat', { seat })]
          .filter((part) => part !== null)
          .join(' / '),
    },
  ];
  return (
    <LongList
      path={PATH}
      query={props.query}
      rowsOf={(answer: ActivityAnswer) => answer.activity}
      empty={t('history.activity.empty')}
    >
      {(rows) => <Table label={t('pages.activity')} columns={columns} rows={rows} keyOf={({ id }) => id} />}
    </LongList>
  );
}
