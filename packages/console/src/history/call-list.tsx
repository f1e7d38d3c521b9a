import { useTranslation } from 'react-i18next';
import type { CallsAnswer, CallView } from '../../../server/src/http/contract.ts';
import { LongList } from '../parts/long-list.tsx';
import { Named, Table, type Column } from '../parts/table.tsx';
import { clockOf } from '../parts/time-rules.ts';
import { Moment } from '../parts/time.tsx';
import { numberWords } from '../parts/withheld.ts';
import { talkersOf, timesOf } from './rules.ts';

export const CALLS_PATH = '/api/history/calls';

interface CallListProps {
  readonly query: Readonly<Record<string, string>>;
  /** What can be done with a call. */
  readonly action?: Column<CallView>;
}

/** The calls that the query asks for. */
export function CallList({ query, action }: CallListProps) {
  const { t } = useTranslation();
  const columns: readonly Column<CallView>[] = [
    { key: 'at', head: t('history.at'), cell: ({ startedAt }) => <Moment at={startedAt} /> },
    {
      key: 'direction',
      head: t('history.calls.direction'),
      cell: ({ direction }) => t(`history.calls.directions.${direction}`),
    },
    {
      key: 'caller',
      head: t('history.calls.caller'),
      cell: ({ caller, callerAgent }) => (
        <Named name={numberWords(caller, t)} detail={callerAgent?.displayName ?? ''} />
      ),
    },
    {
      key: 'dialled',
      head: t('history.calls.dialled'),
      cell: ({ dialled, callCenter }) => (
        <Named name={dialled} detail={callCenter === null || callCenter === dialled ? '' : callCenter} />
      ),
    },
    {
      key: 'talkers',
      head: t('history.calls.talkers'),
      cell: (call) => talkersOf(call).join(', '),
    },
    {
      key: 'result',
      head: t('history.calls.result'),
      cell: ({ result }) =>
        result === null ? t('history.calls.going') : t(`history.calls.results.${result}`),
    },
    {
      key: 'waited',
      head: t('history.calls.waited'),
      cell: (call) => <Length ms={timesOf(call).waitedMs} />,
    },
    {
      key: 'talked',
      head: t('history.calls.talked'),
      cell: (call) => (
        <Named
          name={<Length ms={timesOf(call).talkedMs} />}
          detail={call.heldMs === 0 ? '' : t('history.calls.held', { time: clockOf(call.heldMs) })}
        />
      ),
    },
    ...(action === undefined ? [] : [action]),
  ];
  return (
    <LongList
      path={CALLS_PATH}
      query={query}
      rowsOf={(answer: CallsAnswer) => answer.calls}
      empty={t('history.calls.empty')}
    >
      {(rows) => <Table label={t('pages.calls')} columns={columns} rows={rows} keyOf={({ id }) => id} />}
    </LongList>
  );
}

function Length({ ms }: { readonly ms: number | null }) {
  return ms === null ? null : <span className="tabular">{clockOf(ms)}</span>;
}
