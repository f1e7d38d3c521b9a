import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentView, CallCenterView, CallView } from '../../../server/src/http/contract.ts';
import { useAnswer } from '../parts/data.ts';
import { FilterInput, Filters, FilterSelect } from '../parts/fields.tsx';
import { CsvLink } from '../parts/long-list.tsx';
import { Page } from '../parts/page.tsx';
import { dayBegins, dayEnds } from '../parts/time-rules.ts';
import { numberWanted } from '../parts/withheld.ts';
import type { PageProps } from '../shell/pages.ts';
import { CALLS_PATH, CallList } from './call-list.tsx';

type Result = NonNullable<CallView['result']>;
const DIRECTIONS = ['incoming', 'outgoing', 'internal'] as const satisfies readonly CallView['direction'][];
const RESULTS = [
  'answered',
  'no_answer',
  'busy',
  'offline',
  'failed',
  'unknown_number',
  'congestion',
  'limit_reached',
  'abandoned',
  'overflowed',
  'transferred',
  'lost',
] as const satisfies readonly Result[];
/** As the server takes it; anything else finds nothing. */
const NUMBER = /^(?:anonymous|\+?[0-9*#]{1,32})$/;
const NO_FILTERS = { account: '', callCenter: '', from: '', to: '', direction: '', number: '', result: '' };

/** 通話履歴: who called whom, and how it ended. */
export default function CallsPage({ account }: PageProps) {
  const { t } = useTranslation();
  const leads = account.role !== 'user';
  const [filters, setFilters] = useState(NO_FILTERS);
  const set = (name: keyof typeof NO_FILTERS) => (value: string) => setFilters({ ...filters, [name]: value });
  const number = numberWanted(filters.number, t);
  const query = {
    ...filters,
    number: NUMBER.test(number) ? number : '',
    from: dayBegins(filters.from),
    to: dayEnds(filters.to),
  };
  return (
    <Page
      title={t('pages.calls')}
      lead={t('history.calls.lead')}
      actions={<CsvLink path={CALLS_PATH} query={query} />}
    >
      <Filters label={t('parts.filters')}>
        {leads && <LeaderFilters filters={filters} set={set} />}
        <FilterInput type="date" label={t('parts.from')} value={filters.from} onChange={set('from')} />
        <FilterInput type="date" label={t('parts.to')} value={filters.to} onChange={set('to')} />
        <FilterSelect
          label={t('history.calls.direction')}
          value={filters.direction}
          onChange={set('direction')}
          choices={DIRECTIONS.map((value) => ({ value, label: t(`history.calls.directions.${value}`) }))}
        />
        <FilterSelect
          label={t('history.calls.result')}
          value={filters.result}
          onChange={set('result')}
          choices={RESULTS.map((value) => ({ value, label: t(`history.calls.results.${value}`) }))}
        />
        <FilterInput
          type="search"
          label={t('history.calls.number')}
          value={filters.number}
          onChange={set('number')}
        />
      </Filters>
      <CallList query={query} />
    </Page>
  );
}

/** Who leads agents can look at one of them, or at one call center. */
function LeaderFilters(props: {
  readonly filters: typeof NO_FILTERS;
  readonly set: (name: keyof typeof NO_FILTERS) => (value: string) => void;
}) {
  const { t } = useTranslation();
  const { data: seen } = useAnswer<{ readonly agents: readonly AgentView[] }>('/api/agents');
  const { data: centers } = useAnswer<{ readonly callCenters: readonly CallCenterView[] }>(
    '/api/call-centers',
  );
  return (
    <>
      <FilterSelect
        label={t('history.agent')}
        value={props.filters.account}
        onChange={props.set('account')}
        choices={(seen?.agents ?? []).map(({ accountId, displayName }) => ({
          value: String(accountId),
          label: displayName,
        }))}
      />
      <FilterSelect
        label={t('history.calls.callCenter')}
        value={props.filters.callCenter}
        onChange={props.set('callCenter')}
        choices={(centers?.callCenters ?? []).map(({ number, name }) => ({
          value: number,
          label: `${number} ${name}`,
        }))}
      />
    </>
  );
}
