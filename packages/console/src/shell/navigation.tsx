import { Fragment } from 'react';
import type { MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../../server/src/http/contract.ts';
import { GROUPS, pageAt, pagesFor } from './pages.ts';
import { go, usePath } from './route.ts';
import classes from './shell.module.css';

/** The pages that exist for this person, in groups. */
export function Navigation({ role }: { readonly role: Role }) {
  const { t } = useTranslation();
  const current = pageAt(usePath(), role);
  const pages = pagesFor(role);
  return (
    <nav className={classes['navigation']} aria-label={t('page.navigation')}>
      {GROUPS.map((group, index) => {
        const entries = pages.filter((page) => page.group === group);
        if (entries.length === 0) return null;
        return (
          <Fragment key={group}>
            {index > 0 && <span className={classes['group']}>{t(`pages.group.${group}`)}</span>}
            <ul>
              {entries.map(({ key, path }) => (
                <li key={key}>
                  <a
                    href={path}
                    aria-current={current?.key === key ? 'page' : undefined}
                    onClick={(event) => follow(event, path)}
                  >
                    {t(`pages.${key}`)}
                  </a>
                </li>
              ))}
            </ul>
          </Fragment>
        );
      })}
    </nav>
  );
}

/** A plain click stays in the page; one that asks for a new tab or window is the browser's. */
function follow(event: MouseEvent, path: string): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
  event.preventDefault();
  go(path);
}
