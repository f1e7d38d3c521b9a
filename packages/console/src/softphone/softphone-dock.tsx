import { Button } from '@mantine/core';
import { useEffect, useId, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { SoftphoneAnswer } from '../../../server/src/http/contract.ts';
import { numberWords } from '../parts/withheld.ts';
import { WarningIcon } from '../shell/icons.tsx';
import { CallCard } from './call-card.tsx';
import { DialForm } from './dial-form.tsx';
import { Softphone } from './phone.ts';
import { consultation, type SoftphoneState } from './rules.ts';
import { SoundSettings } from './sound-settings.tsx';
import classes from './softphone.module.css';

interface DockProps {
  readonly phone: NonNullable<SoftphoneAnswer['phone']>;
}

/** The phone at the edge of every page. Where the browser gives no microphone to the page, it says why. */
export default function SoftphoneDock({ phone }: DockProps) {
  const { t } = useTranslation();
  if (window.isSecureContext) return <LivePhone phone={phone} />;
  return (
    <aside className={classes['dock']} aria-label={t('softphone.title')}>
      <p className={classes['bar']}>
        <span className={classes['title']}>{t('softphone.title')}</span>{' '}
        {t('softphone.registration.insecure')}
      </p>
      <p className={classes['notice']}>{t('softphone.insecureDetail')}</p>
    </aside>
  );
}

/** One phone for as long as the dock is there; React's second effect in development gets a second one. */
function usePhone(credentials: DockProps['phone']): Softphone | null {
  const [phone, setPhone] = useState<Softphone | null>(null);
  useEffect(() => {
    const made = new Softphone(credentials, window.location);
    setPhone(made);
    made.start();
    return () => made.stop();
  }, [credentials]);
  return phone;
}

function LivePhone({ phone: credentials }: DockProps) {
  const phone = usePhone(credentials);
  return phone === null ? null : <Dock phone={phone} />;
}

function Dock({ phone }: { readonly phone: Softphone }) {
  const { t } = useTranslation();
  const state = useSyncExternalStore(phone.subscribe, phone.getState);
  const [wanted, setWanted] = useState(false);
  const body = useId();
  const open = wanted || state.calls.length > 0 || state.mishap !== null;
  return (
    <aside className={classes['dock']} aria-label={t('softphone.title')} data-phone={state.registration}>
      <button
        type="button"
        className={classes['bar']}
        aria-expanded={open}
        aria-controls={body}
        onClick={() => setWanted(!open)}
      >
        <span className={classes['light']} data-registration={state.registration} aria-hidden="true" />
        <span className={classes['title']}>{t('softphone.title')}</span>
        <span className="tabular">{state.number}</span>
        <span className={classes['registration']}>{t(`softphone.registration.${state.registration}`)}</span>
      </button>
      <p role="status" className={classes['spoken']}>
        {state.calls
          .filter(({ phase }) => phase === 'waiting')
          .map(({ name, number }) => `${t('softphone.waiting')} ${name ?? ''} ${numberWords(number, t)}`)
          .join(' ')}
      </p>
      <div id={body} hidden={!open} className={classes['body']}>
        {open && <Body phone={phone} state={state} />}
      </div>
    </aside>
  );
}

function Body({ phone, state }: { readonly phone: Softphone; readonly state: SoftphoneState }) {
  const { t } = useTranslation();
  const { calls, mishap, registration, microphone } = state;
  const both = consultation(calls);
  return (
    <>
      {(registration === 'refused' || registration === 'elsewhere') && (
        <p className={classes['notice']}>
          <WarningIcon />
          {t(`softphone.${registration}Detail`)}
        </p>
      )}
      {microphone === 'silent' && (
        <p className={classes['notice']}>
          <WarningIcon />
          {t('softphone.silent')}
        </p>
      )}
      {mishap !== null && (
        <p role="alert" className={classes['notice']}>
          <WarningIcon />
          {t(`softphone.mishap.${mishap.what}`, { number: numberWords(mishap.number, t) })}
        </p>
      )}
      {calls.map((call) => (
        <CallCard key={call.id} call={call} phone={phone} consulting={both !== null} />
      ))}
      {both !== null && (
        <div className={classes['actions']}>
          {both.asked.phase === 'talking' && (
            <Button size="compact-sm" onClick={() => phone.completeTransfer()}>
              {t('softphone.complete')}
            </Button>
          )}
          <Button size="compact-sm" variant="default" onClick={() => void phone.backToHeld()}>
            {t('softphone.back')}
          </Button>
        </div>
      )}
      {calls.length === 0 && registration === 'registered' && (
        <DialForm
          label={t('softphone.number')}
          keypad
          actions={[{ words: t('softphone.call'), act: (number) => void phone.call(number) }]}
        />
      )}
      <SoundSettings phone={phone} />
    </>
  );
}
