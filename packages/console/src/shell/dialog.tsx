import { useId, useLayoutEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import classes from './dialog.module.css';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
}

/**
 * A modal dialog by the browser's own element: focus stays in it, Escape closes it, and the focus goes back to where it was. It is open for
 * as long as it is drawn. What has `data-autofocus` gets the focus first.
 */
export function Dialog({ title, onClose, children, wide = false }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Before the element leaves the page: a dialog that was not closed there gives the focus back to nobody.
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    // The browser chooses the first part that takes the focus; React's autoFocus comes too early, while nothing is seen.
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className={classes['dialog']}
      data-wide={wide || undefined}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={heading} className={classes['title']}>
        {title}
      </h2>
      {children}
    </dialog>
  );
}

/** What can be done, at the dialog's foot. */
export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className={classes['actions']}>{children}</div>;
}
