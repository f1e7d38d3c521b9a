import type { ReactNode } from 'react';
import { Brand } from '../shell/brand.tsx';
import { Preferences } from '../shell/preferences.tsx';
import classes from './door-layout.module.css';

/** The room before the console: one card in the middle, the taste of the person beside the name of the house. */
export function DoorLayout({ children }: { readonly children: ReactNode }) {
  return (
    <div className={classes['room']}>
      <header className={classes['top']}>
        <Brand />
        <Preferences />
      </header>
      <main id="content" className={classes['middle']}>
        <div className={classes['card']}>{children}</div>
      </main>
    </div>
  );
}
