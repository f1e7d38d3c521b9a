import { useCallback, useEffect, useState } from 'react';
import { recall, remember } from '../shell/memory.ts';
import { readChoice, type ViewChoice } from './view-choice.ts';

/** How this person wants to see the list, and a way to change it that lasts. */
export function useViewChoice(): readonly [ViewChoice, (changes: Partial<ViewChoice>) => void] {
  const [choice, setChoice] = useState(() => readChoice(recall('monitorView')));
  const change = useCallback((changes: Partial<ViewChoice>): void => {
    setChoice((before) => ({ ...before, ...changes }));
  }, []);
  useEffect(() => remember('monitorView', JSON.stringify(choice)), [choice]);
  return [choice, change];
}
