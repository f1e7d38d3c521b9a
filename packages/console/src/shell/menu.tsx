import { useId, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import classes from './menu.module.css';
import { usePopover } from './popover.ts';

export interface MenuItem {
  readonly words: string;
  readonly act: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly children: ReactNode;
}

/** A button with a menu of what can be done. */
export function Menu({ label, items, children }: MenuProps) {
  const id = useId();
  const { button, content, onToggle } = usePopover();
  // A long list has a menu in every row: what is in it is made when it opens.
  const [isOpen, setOpen] = useState(false);
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const entries = [...(content.current?.querySelectorAll('button') ?? [])];
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
        ref={content}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className={classes['menu']}
        onBeforeToggle={(event) => setOpen(event.newState === 'open')}
        onToggle={onToggle}
        onKeyDown={move}
      >
        {isOpen &&
          items.map(({ words, act }) => (
            <button
              key={words}
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => {
                content.current?.hidePopover();
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
