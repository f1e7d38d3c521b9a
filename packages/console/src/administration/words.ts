import { peopleEn, peopleJa } from './words-people.ts';

export const administrationJa = { ...peopleJa };
export const administrationEn: typeof administrationJa = { ...peopleEn };
