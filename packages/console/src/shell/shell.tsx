import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionAnswer } from '../../../server/src/http/contract.ts';
import { PracticeDoor } from '../demo/practice-door.tsx';
import { SignOutButton } from '../session/sign-out-button.tsx';
import { SoftphoneDoor } from '../softphone/softphone-door.tsx';
import { MonitoringBar } from '../monitoring/monitoring-bar.tsx';
import { Brand } from './brand.tsx';
import { Navigation } from './navigation.tsx';
import { Preferences } from './preferences.tsx';
import classes from './shell.module.css';

interface ShellProps {
  readonly account: SessionAnswer['account'];
  readonly children: ReactNode;
}

/** The frame around every page of a signed-in person. */
export function Shell({ account, children }: ShellProps) {
  const { t } = useTranslation();
  return (
    <>
      <a className={classes['skip']} href="#content">
        {t('page.skip')}
      </a>
      <header className={classes['header']}>
        <Brand />
        <div className={classes['tools']}>
          <Preferences />
          <span className={classes['account']}>
            <span className={classes['accountName']}>{account.displayName}</span>
            <span className={classes['accountRole']}>{t(`session.role.${account.role}`)}</span>
          </span>
          <SignOutButton />
        </div>
      </header>
      <Navigation role={account.role} />
      <MonitoringBar accountId={account.id} />
      <PracticeDoor accountId={account.id} />
      {/* Focusable by script only, so that the skip link moves the focus and not just the view. */}
      <main id="content" tabIndex={-1} className={classes['main']}>
        {children}
      </main>
      <SoftphoneDoor />
    </>
  );
}
