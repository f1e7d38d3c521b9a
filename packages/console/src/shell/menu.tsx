import { useId, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import classes from './menu.module.css';

export interface MenuItem {
  readonly words: string;
  readonly act: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly children: ReactNode;
}

/** A button with a menu, by the browser's own popover: it lies above everything, and closes with Escape or a click elsewhere. */
export function Menu({ label, items, children }: MenuProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  const place = (open: boolean): void => {
    const [menu, opener] = [list.current, button.current];
    opener?.setAttribute('aria-expanded', String(open));
    if (!open || menu === null || opener === null) return;
    const { bottom, right, top } = opener.getBoundingClientRect();
    const below = bottom + menu.offsetHeight < window.innerHeight;
    menu.style.left = `${Math.max(8, right - menu.offsetWidth)}px`;
    menu.style.top = `${below ? bottom + 4 : top - menu.offsetHeight - 4}px`;
    menu.querySelector('button')?.focus();
  };
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const entries = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = entries.indexOf(document.activeElement as HTMLButtonElement);
    entries.at((at + step) % entries.length)?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={classes['opener']}
        popoverTarget={id}
        aria-haspopup="menu"
        aria-expanded={false}
        aria-label={label}
      >
        {children}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className={classes['menu']}
        onToggle={(event) => place(event.newState === 'open')}
        onKeyDown={move}
      >
        {items.map(({ words, act }) => (
          <button
            key={words}
            type="button"
            role="menuitem"
            tabIndex={-1}
            onClick={() => {
              list.current?.hidePopover();
              act();
            }}
          >
            {words}
          </button>
        ))}
      </div>
    </>
  );
}
