import { useRef } from 'react';
import type { RefObject, ToggleEvent } from 'react';

export interface Popover {
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  /** For the content: puts it under its button when it opens, and the focus on its first part. */
  readonly onToggle: (event: ToggleEvent) => void;
}

/** What a button opens, by the browser's own popover: it lies above everything, and closes with Escape or a click elsewhere. */
export function usePopover(): Popover {
  const button = useRef<HTMLButtonElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const onToggle = (event: ToggleEvent): void => {
    const isOpen = event.newState === 'open';
    const [list, opener] = [content.current, button.current];
    opener?.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen || list === null || opener === null) return;
    const { bottom, right, top } = opener.getBoundingClientRect();
    const fitsBelow = bottom + list.offsetHeight < window.innerHeight;
    list.style.left = `${Math.max(8, right - list.offsetWidth)}px`;
    list.style.top = `${fitsBelow ? bottom + 4 : Math.max(8, top - list.offsetHeight - 4)}px`;
    list.querySelector<HTMLElement>('button, input')?.focus();
  };
  return { button, content, onToggle };
}
