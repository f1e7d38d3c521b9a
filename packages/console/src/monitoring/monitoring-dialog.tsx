import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentView, PhoneView } from '../../../server/src/http/contract.ts';
import { StatusMark } from '../agents/status-mark.tsx';
import { send } from '../api/client.ts';
import { Failure, useErrorWords } from '../session/failure.tsx';
import { useSession } from '../session/use-session.ts';
import { Dialog, DialogActions } from '../shell/dialog.tsx';
import { recall, remember } from '../shell/memory.ts';
import classes from './monitoring.module.css';
import { extensionOf, obstacle, type MonitoringMode } from './rules.ts';
import { useStartMonitoring } from './use-monitoring.ts';

interface MonitoringDialogProps {
  readonly agent: AgentView;
  readonly onClose: () => void;
}

/** From a click on an agent's status: which extension, モニタリング or ささやき, then a confirmation of its own for each. */
export function MonitoringDialog({ agent, onClose }: MonitoringDialogProps) {
  const { t } = useTranslation();
  const { data: state } = useSession();
  const own = state?.kind === 'in' ? state.session.account.signInPhone : null;
  const [phone, setPhone] = useState(recall('extension') ?? own ?? '');
  const [chosen, setChosen] = useState<{ readonly mode: MonitoringMode; readonly phone: string } | null>(
    null,
  );
  if (chosen !== null) {
    return <Confirmation agent={agent} {...chosen} onBack={() => setChosen(null)} onClose={onClose} />;
  }
  return (
    <Dialog title={t('monitoring.title', { name: agent.displayName })} onClose={onClose}>
      <Choice
        agent={agent}
        phone={phone}
        onPhone={setPhone}
        onChosen={(mode, extension) => setChosen({ mode, phone: extension })}
        onClose={onClose}
      />
    </Dialog>
  );
}

interface ChoiceProps extends MonitoringDialogProps {
  readonly phone: string;
  readonly onPhone: (text: string) => void;
  readonly onChosen: (mode: MonitoringMode, phone: string) => void;
}

function Choice({ agent, phone, onPhone, onChosen, onClose }: ChoiceProps) {
  const { t } = useTranslation();
  const suggestions = useId();
  const [refusal, setRefusal] = useState<'badPhone' | 'samePhone' | null>(null);
  const phones = usePhones();
  const why = obstacle(agent.status);
  const choose = (mode: MonitoringMode): void => {
    const extension = extensionOf(phone);
    const refused = extension === null ? 'badPhone' : extension === agent.phone ? 'samePhone' : null;
    setRefusal(refused);
    if (extension !== null && refused === null) onChosen(mode, extension);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (why === null) choose('listen');
  };
  return (
    <form onSubmit={submit} noValidate>
      <p className={classes['status']}>
        {t('monitoring.current')} <StatusMark status={agent.status} />
      </p>
      {why !== null && (
        <p role="status" className={classes['notice']}>
          {t(`monitoring.${why}`)}
        </p>
      )}
      <TextInput
        label={t('monitoring.phone')}
        description={t('monitoring.phoneHint')}
        name="extension"
        inputMode="numeric"
        autoComplete="off"
        list={suggestions}
        value={phone}
        onChange={(event) => onPhone(event.currentTarget.value)}
        error={refusal === null ? null : t(`monitoring.${refusal}`)}
        data-autofocus
      />
      <datalist id={suggestions}>
        {phones
          .filter(({ number }) => number !== agent.phone)
          .map(({ number, name }) => (
            <option key={number} value={number}>
              {name}
            </option>
          ))}
      </datalist>
      <DialogActions>
        <Button variant="subtle" onClick={onClose}>
          {t('monitoring.cancel')}
        </Button>
        <Button variant="default" disabled={why !== null} onClick={() => choose('whisper')}>
          {t('monitoring.whisper')}
        </Button>
        <Button type="submit" disabled={why !== null}>
          {t('monitoring.listen')}
        </Button>
      </DialogActions>
    </form>
  );
}

interface ConfirmationProps extends MonitoringDialogProps {
  readonly mode: MonitoringMode;
  readonly phone: string;
  readonly onBack: () => void;
}

function Confirmation({ agent, mode, phone, onBack, onClose }: ConfirmationProps) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const start = useStartMonitoring();
  const about = { name: agent.displayName, phone };
  const begin = (): void => {
    remember('extension', phone);
    start.mutate({ accountId: agent.accountId, mode, phone }, { onSuccess: onClose });
  };
  return (
    <Dialog
      title={mode === 'listen' ? t('monitoring.confirmListen') : t('monitoring.confirmWhisper')}
      onClose={onClose}
    >
      <p className={classes['text']}>
        {mode === 'listen'
          ? t('monitoring.confirmListenText', about)
          : t('monitoring.confirmWhisperText', about)}
      </p>
      {start.error !== null && <Failure id="monitoring-failure" words={errorWords(start.error)} />}
      <DialogActions>
        <Button variant="subtle" onClick={onBack}>
          {t('monitoring.back')}
        </Button>
        <Button data-autofocus loading={start.isPending} onClick={begin}>
          {t('monitoring.ok')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** The phones that the account may see; nothing while they are unknown, because any extension can be typed. */
function usePhones(): readonly PhoneView[] {
  const { data } = useQuery({
    queryKey: ['phones'],
    queryFn: async () => send<{ readonly phones: readonly PhoneView[] }>('GET', '/api/phones'),
    networkMode: 'always',
  });
  return data?.phones ?? [];
}

interface ShortcutDialogProps {
  readonly agent: AgentView;
  readonly mode: MonitoringMode;
  readonly onClose: () => void;
}

/** The shortcut's caution before whispering; monitoring shows this only when it was refused. */
export function ShortcutDialog({ agent, mode, onClose }: ShortcutDialogProps) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const start = useStartMonitoring();
  return (
    <Dialog title={t('monitoring.cautionTitle')} onClose={onClose}>
      <p className={classes['text']}>{t('monitoring.caution', { name: agent.displayName })}</p>
      {start.error !== null && <Failure id="monitoring-failure" words={errorWords(start.error)} />}
      <DialogActions>
        <Button variant="subtle" onClick={onClose}>
          {t('monitoring.cancel')}
        </Button>
        <Button
          data-autofocus
          loading={start.isPending}
          onClick={() =>
            start.mutate({ accountId: agent.accountId, mode, phone: null }, { onSuccess: onClose })
          }
        >
          {t('monitoring.ok')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** What was refused, in words. */
export function RefusalDialog({ words, onClose }: { readonly words: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('monitoring.listen')} onClose={onClose}>
      <Failure id="monitoring-failure" words={words} />
      <DialogActions>
        <Button data-autofocus onClick={onClose}>
          {t('monitoring.ok')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
