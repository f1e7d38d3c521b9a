import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallCenterLive } from '../../../server/src/http/contract.ts';
import { Elapsed } from '../agents/elapsed.tsx';
import { useFeed } from '../feed/feed-provider.tsx';
import { numberWords } from '../parts/withheld.ts';
import classes from './callcenters.module.css';
import { minutes, percent, staffingOf, waitingOf, type Staffing } from './rules.ts';

interface CallCenterBoardProps {
  /** The call center whose agents are shown; null when all are. */
  readonly chosen: string | null;
  readonly onChosen: (number: string | null) => void;
}

const NOBODY: Staffing = { ready: 0, present: 0 };
const HEADS = [
  'waiting',
  'longest',
  'staff',
  'answered',
  'abandoned',
  'overflowed',
  'answerRate',
  'abandonRate',
  'serviceLevel',
  'averageAnswer',
  'averageTalk',
] as const;

/** Each call center in a line: who waits, who could answer, and how the day goes. Nothing without call centers. */
export const CallCenterBoard = memo(function CallCenterBoard({ chosen, onChosen }: CallCenterBoardProps) {
  const { t } = useTranslation();
  const agents = useFeed((feed) => feed.agents);
  const callCenters = useFeed((feed) => feed.callCenters);
  const staffing = useMemo(() => staffingOf(agents.values()), [agents]);
  if (callCenters.length === 0) return null;
  return (
    <section className={classes['board']} aria-label={t('callCenters.title')}>
      <div className={classes['scroll']} role="region" tabIndex={0} aria-label={t('callCenters.today')}>
        <table className={classes['table']}>
          <thead>
            <tr>
              <th scope="col">{t('callCenters.name')}</th>
              {HEADS.map((head) => (
                <th key={head} scope="col" data-column={head}>
                  {t(`callCenters.${head}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {callCenters.map((callCenter) => {
              const { ready, present } = staffing.get(callCenter.number) ?? NOBODY;
              return (
                <CallCenterLine
                  key={callCenter.number}
                  callCenter={callCenter}
                  ready={ready}
                  present={present}
                  isChosen={chosen === callCenter.number}
                  onChosen={onChosen}
                />
              );
            })}
          </tbody>
        </table>
      </div>
      <WaitingCallers callCenters={callCenters} />
    </section>
  );
});

interface LineProps extends Staffing {
  readonly callCenter: CallCenterLive;
  readonly isChosen: boolean;
  readonly onChosen: CallCenterBoardProps['onChosen'];
}

/** Drawn again only when its figures or its staff changed. */
const CallCenterLine = memo(function CallCenterLine(props: LineProps) {
  const { t } = useTranslation();
  const { callCenter, ready, present, isChosen, onChosen } = props;
  const { number, name, figures } = callCenter;
  return (
    <tr data-call-center={number} data-waiting={figures.waiting > 0 || undefined}>
      <th scope="row">
        <button
          type="button"
          className={classes['name']}
          aria-pressed={isChosen}
          title={t('callCenters.filter', { name })}
          onClick={() => onChosen(isChosen ? null : number)}
        >
          {name} <span className={classes['quiet']}>{number}</span>
        </button>
      </th>
      <td data-column="waiting">
        <strong>{figures.waiting}</strong>
      </td>
      <td data-column="longest">
        {figures.waitingSince === null ? '–' : <Elapsed since={figures.waitingSince} />}
      </td>
      <td data-column="staff" data-short={(figures.waiting > 0 && ready === 0) || undefined}>
        {ready} / {present}
      </td>
      <td>{figures.answered}</td>
      <td>{figures.abandoned}</td>
      <td>{figures.overflowed}</td>
      <td>{percent(figures.answerRate)}</td>
      <td>{percent(figures.abandonRate)}</td>
      <td>
        {percent(figures.serviceLevel)}{' '}
        <span className={classes['quiet']}>
          {t('callCenters.within', { seconds: figures.serviceLevelSeconds })}
        </span>
      </td>
      <td>{minutes(figures.averageAnswerSeconds)}</td>
      <td>{minutes(figures.averageTalkSeconds)}</td>
    </tr>
  );
});

/** Who waits, by name of the call center, longest first. */
const WaitingCallers = memo(function WaitingCallers({
  callCenters,
}: {
  readonly callCenters: readonly CallCenterLive[];
}) {
  const { t } = useTranslation();
  const callers = useMemo(() => waitingOf(callCenters), [callCenters]);
  if (callers.length === 0) return null;
  const all = callCenters.reduce((sum, { figures }) => sum + figures.waiting, 0);
  return (
    <ol className={classes['callers']} aria-label={t('callCenters.callers')}>
      {callers.slice(0, MOST_SHOWN).map(({ callId, caller, since, callCenter, agent }) => (
        <li key={callId} data-offering={agent !== null || undefined}>
          <span className={classes['caller']}>{numberWords(caller, t)}</span>
          <span className={classes['quiet']}>{callCenter}</span>
          <Elapsed since={since} />
          {agent !== null && <span>{t('callCenters.rings', { name: agent.displayName })}</span>}
        </li>
      ))}
      {all > MOST_SHOWN && <li>{t('callCenters.more', { count: all - MOST_SHOWN })}</li>}
    </ol>
  );
});

const MOST_SHOWN = 12;
