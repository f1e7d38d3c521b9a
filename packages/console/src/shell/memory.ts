/** What this browser remembers of a person's taste. Storage may be forbidden; then nothing is remembered and nothing breaks. */
export type Remembered = 'language' | 'colours' | 'extension' | 'practiceGuide' | 'monitorView';

const nameOf = (what: Remembered): string => `sasayaki.${what}`;

export function recall(what: Remembered): string | null {
  try {
    return localStorage.getItem(nameOf(what));
  } catch {
    return null;
  }
}

export function remember(what: Remembered, value: string): void {
  try {
    localStorage.setItem(nameOf(what), value);
  } catch {
    // Private windows may refuse: the choice then lasts as long as the page.
  }
}
