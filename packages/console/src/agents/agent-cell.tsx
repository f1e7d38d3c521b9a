import type { AgentCallView, AgentView, MonitoringView } from '../../../server/src/http/contract.ts';
import { useWords } from '../i18n/words.tsx';
import { numberWords } from '../parts/withheld.ts';
import {
  CheckIcon,
  CrossIcon,
  IncomingIcon,
  ListenIcon,
  OutgoingIcon,
  QuestionIcon,
  WhisperIcon,
} from '../shell/icons.tsx';
import classes from './agents.module.css';
import { Elapsed, Held, Since } from './elapsed.tsx';
import type { Column } from './order.ts';

interface AgentCellProps {
  readonly column: Exclude<Column, 'agent' | 'status'>;
  readonly agent: AgentView;
  readonly listeners: readonly MonitoringView[];
}

/** What a column says of an agent; nothing where there is nothing. */
export function AgentCell({ column, agent, listeners }: AgentCellProps) {
  const { call, seat, since } = agent;
  switch (column) {
    case 'phone':
      return <Phone number={agent.phone} registered={agent.phoneRegistered} />;
    case 'elapsed':
      return <Elapsed since={since} />;
    case 'since':
      return <Since since={since} />;
    case 'call':
      return call === null ? null : <OtherParty call={call} />;
    case 'talk':
      return call?.answeredAt == null ? null : <Elapsed since={call.answeredAt} />;
    case 'hold':
      return call === null ? null : <Held call={call} />;
    case 'listeners':
      return listeners.map((session) => <Listener key={session.id} session={session} />);
    case 'callCenters':
      return <span className={classes['number']}>{agent.callCenters.join(' ')}</span>;
    case 'seat':
      return <span className={classes['number']}>{seat}</span>;
  }
}

function OtherParty({ call }: { readonly call: AgentCallView }) {
  const { t } = useWords();
  const Icon = call.direction === 'in' ? IncomingIcon : OutgoingIcon;
  return (
    <span className={classes['party']} data-direction={call.direction}>
      <Icon label={call.direction === 'in' ? t('agents.incoming') : t('agents.outgoing')} />
      <span className={classes['number']}>{numberWords(call.number, t)}</span>
      {call.callCenter !== null && call.callCenter !== call.number && (
        <span className={classes['quiet']}>{call.callCenter}</span>
      )}
    </span>
  );
}

function Listener({ session: { mode, supervisor } }: { readonly session: MonitoringView }) {
  const { t } = useWords();
  const Icon = mode === 'listen' ? ListenIcon : WhisperIcon;
  return (
    <span className={classes['listener']} data-mode={mode}>
      <Icon label={mode === 'listen' ? t('monitoring.listen') : t('monitoring.whisper')} />
      {supervisor.name}
    </span>
  );
}

interface PhoneProps {
  readonly number: string | null;
  readonly registered: boolean | null;
}

function Phone({ number, registered }: PhoneProps) {
  const { t } = useWords();
  if (number === null) return <span className={classes['quiet']}>{t('agents.noPhone')}</span>;
  const state = registered === null ? 'unknown' : registered ? 'registered' : 'unregistered';
  const Icon = { unknown: QuestionIcon, registered: CheckIcon, unregistered: CrossIcon }[state];
  return (
    <span className={classes['phone']}>
      <span className={classes['extension']}>{number}</span>
      <span className={classes['registration']} data-registration={state}>
        <Icon />
        {t(`agents.${state}`)}
      </span>
    </span>
  );
}
