import type { Language } from '../../../server/src/http/contract.ts';

export const LANGUAGES = ['ja', 'en'] as const satisfies readonly Language[];

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}

/**
 * The language to begin with: what was chosen in this browser before, else the first of the browser's languages that we speak, else
 * Japanese.
 */
export function firstLanguage(remembered: string | null, preferred: readonly string[]): Language {
  if (isLanguage(remembered)) return remembered;
  return preferred.map((tag) => tag.split('-')[0]?.toLowerCase()).find(isLanguage) ?? 'ja';
}
