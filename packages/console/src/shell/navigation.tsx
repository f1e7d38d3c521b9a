import { useEffect, useRef } from 'react';
import type { MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../../server/src/http/contract.ts';
import { GROUPS, pageAt, pagesFor, type PageEntry } from './pages.ts';
import { go, usePath } from './route.ts';
import classes from './shell.module.css';

/** The pages that exist for this person: the daily ones and the groups, and under them the pages of the group that one is in. */
export function Navigation({ role }: { readonly role: Role }) {
  const { t } = useTranslation();
  const current = pageAt(usePath(), role);
  const pages = pagesFor(role);
  const inGroup = pages.filter(({ group }) => group !== 'daily' && group === current?.group);
  return (
    <>
      <nav className={classes['navigation']} aria-label={t('page.navigation')}>
        <ul>
          {pages
            .filter(({ group }) => group === 'daily')
            .map((page) => (
              <PageLink key={page.key} page={page} current={current} />
            ))}
          {GROUPS.map((group) => {
            const first = group === 'daily' ? undefined : pages.find((page) => page.group === group);
            if (first === undefined) return null;
            return (
              <MenuLink
                key={group}
                path={first.path}
                words={t(`pages.group.${group}`)}
                current={current?.group === group ? true : undefined}
              />
            );
          })}
        </ul>
      </nav>
      {current !== null && inGroup.length > 0 && (
        <nav
          className={`${classes['navigation'] ?? ''} ${classes['within'] ?? ''}`}
          aria-label={t(`pages.group.${current.group}`)}
        >
          <ul>
            {inGroup.map((page) => (
              <PageLink key={page.key} page={page} current={current} />
            ))}
          </ul>
        </nav>
      )}
    </>
  );
}

function PageLink({ page, current }: { readonly page: PageEntry; readonly current: PageEntry | null }) {
  const { t } = useTranslation();
  const isCurrent = current?.key === page.key;
  return (
    <MenuLink path={page.path} words={t(`pages.${page.key}`)} current={isCurrent ? 'page' : undefined} />
  );
}

interface MenuLinkProps {
  readonly path: string;
  readonly words: string;
  /** That one is at this page, or somewhere in its group. */
  readonly current: 'page' | true | undefined;
}

function MenuLink({ path, words, current }: MenuLinkProps) {
  const link = useRef<HTMLAnchorElement>(null);
  const isCurrent = current !== undefined;
  useEffect(() => {
    // On a narrow screen the rows are longer than the screen. scrollIntoView would let the next Tab begin here, and not at the page's top.
    const row = link.current?.closest('nav');
    if (!isCurrent || row == null || link.current === null) return;
    row.scrollLeft = link.current.offsetLeft - (row.clientWidth - link.current.offsetWidth) / 2;
  }, [isCurrent]);
  return (
    <li>
      <a ref={link} href={path} aria-current={current} onClick={(event) => follow(event, path)}>
        {words}
      </a>
    </li>
  );
}

/** A plain click stays in the page; one that asks for a new tab or window is the browser's. */
function follow(event: MouseEvent, path: string): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
  event.preventDefault();
  go(path);
}
