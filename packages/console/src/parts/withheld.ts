import type { TFunction } from 'i18next';

/** What stands in records, feed and files in place of the number of a caller who kept it back. */
export const WITHHELD = 'anonymous';

/** A number as people read it. */
export function numberWords(number: string, t: TFunction): string {
  return number === WITHHELD ? t('parts.withheld') : number;
}

/** What somebody typed who looks for a number: the words for a number that was kept back find those. */
export function numberWanted(text: string, t: TFunction): string {
  const plain = text.normalize('NFKC').replaceAll(/[\s()-]/g, '');
  return [t('parts.withheld'), WITHHELD].some((words) => words.toLowerCase() === plain.toLowerCase())
    ? WITHHELD
    : plain;
}
