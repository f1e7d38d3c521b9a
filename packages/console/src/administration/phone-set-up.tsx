import { Button } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { PhoneView, SipCredentialsAnswer } from '../../../server/src/http/contract.ts';
import { useAnswer, useChange } from '../parts/data.ts';
import { Secrets } from '../parts/dialogs.tsx';
import { Loaded } from '../parts/page.tsx';
import parts from '../parts/parts.module.css';
import { Failure, useErrorWords } from '../session/failure.tsx';
import { Dialog, DialogActions } from '../shell/dialog.tsx';

const QrCode = lazy(() => import('../parts/qr-code.tsx'));

interface PhoneSetUpDialogProps {
  readonly phone: PhoneView;
  readonly onClose: () => void;
}

/** What is keyed into a phone so that it registers, as text and for a camera. */
export function PhoneSetUpDialog({ phone, onClose }: PhoneSetUpDialogProps) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const path = `/api/phones/${phone.number}/sip-credentials`;
  const query = useAnswer<SipCredentialsAnswer>(path, { secret: true });
  const change = useChange<SipCredentialsAnswer>([]);
  return (
    <Dialog title={t('administration.phones.setUpTitle', { number: phone.number })} onClose={onClose}>
      <Loaded query={query}>{(answer) => <SetUp phone={phone} answer={change.data ?? answer} />}</Loaded>
      {change.error !== null && <Failure id="reissue-failure" words={errorWords(change.error)} />}
      <p role="status" className={parts['done']}>
        {change.data !== undefined && t('administration.phones.reissued')}
      </p>
      <DialogActions>
        <Button
          variant="default"
          size="sm"
          loading={change.isPending}
          onClick={() => change.mutate({ method: 'POST', path: `${path}/reissue`, body: {} })}
        >
          {t('administration.phones.reissue')}
        </Button>
        <Button size="sm" onClick={onClose}>
          {t('parts.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function SetUp({ phone, answer }: { readonly phone: PhoneView; readonly answer: SipCredentialsAnswer }) {
  const { t } = useTranslation();
  // The server's address is the one under which this page reached it.
  const facts = [
    [t('administration.phones.server'), window.location.hostname],
    [t('administration.phones.port'), String(answer.port)],
    [t('administration.phones.transport'), answer.transports.map((name) => name.toUpperCase()).join(' / ')],
    [t('administration.phones.user'), answer.user],
    [t('administration.phones.password'), answer.password],
  ] as const;
  const text = facts.map(([label, value]) => `${label}: ${value}`).join('\n');
  return (
    <>
      <p className={parts['lead']}>
        {phone.kind === 'browser'
          ? t('administration.phones.browserHint')
          : t('administration.phones.setUpLead')}
      </p>
      <Secrets secrets={facts} />
      {phone.kind !== 'browser' && (
        <>
          <Suspense fallback={null}>
            <QrCode text={text} label={t('administration.phones.qr')} />
          </Suspense>
          <p className={parts['hint']}>{t('administration.phones.qrHint')}</p>
        </>
      )}
    </>
  );
}
