import { linesEn, linesJa } from './words-lines.ts';
import { peopleEn, peopleJa } from './words-people.ts';
import { siteWordsEn, siteWordsJa } from './words-site.ts';
import { systemEn, systemJa } from './words-system.ts';

export const administrationJa = { ...peopleJa, ...linesJa, ...systemJa, ...siteWordsJa };
export const administrationEn: typeof administrationJa = {
  ...peopleEn,
  ...linesEn,
  ...systemEn,
  ...siteWordsEn,
};
