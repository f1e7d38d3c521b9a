import type { TFunction } from 'i18next';
import { createContext, useContext, useMemo } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Words {
  readonly t: TFunction;
  readonly language: string;
}

const Context = createContext<Words | null>(null);

/** Gives the words of the language in use to everything below it. */
export function WordsProvider({ children }: { readonly children: ReactNode }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const words = useMemo(() => ({ t, language }), [t, language]);
  return <Context value={words}>{children}</Context>;
}

/**
 * As `useTranslation`, for what is drawn hundreds of times in a long list: that one copies the whole translator for each component which begins
 * to use it, half of the time that a new row took.
 */
export function useWords(): Words {
  const words = useContext(Context);
  if (words === null) throw new Error('Words are used outside of WordsProvider');
  return words;
}
