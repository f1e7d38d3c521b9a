import { useState } from 'react';

export interface Dialogs<Open> {
  /** What is open now, and about what; null when nothing is. */
  readonly open: Open | null;
  readonly setOpen: (open: Open) => void;
  readonly close: () => void;
  /** What the page says was done. */
  readonly done: string;
  readonly setDone: (words: string) => void;
  /** Closes, and says what was done. */
  readonly finish: (words: string) => void;
}

/** The dialogs of a page, of which one is open at a time. */
export function useDialogs<Open>(): Dialogs<Open> {
  const [open, setOpen] = useState<Open | null>(null);
  const [done, setDone] = useState('');
  const close = (): void => setOpen(null);
  const finish = (words: string): void => {
    close();
    setDone(words);
  };
  return { open, setOpen, close, done, setDone, finish };
}
