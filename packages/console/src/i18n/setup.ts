import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../../../server/src/http/contract.ts';
import { recall, remember } from '../shell/memory.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';
import type { Words } from './ja.ts';
import { firstLanguage, isLanguage } from './rules.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Words };
  }
}

/** Prepares the words before the first paint and keeps `<html lang>` true, so that screen readers and fonts follow the language. */
export function setUpLanguage(): void {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language;
  });
  void i18next.use(initReactI18next).init({
    lng: firstLanguage(recall('language'), navigator.languages),
    fallbackLng: 'ja',
    resources: { ja: { translation: ja }, en: { translation: en } },
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    initAsync: false,
  });
}

/** The language now in use. */
export function currentLanguage(): Language {
  return isLanguage(i18next.language) ? i18next.language : 'ja';
}

/** Each language is named in itself, so who cannot read the present one finds it. */
export const LANGUAGE_NAMES: readonly { readonly value: Language; readonly label: string }[] = [
  { value: 'ja', label: '日本語' },
  { value: 'en', label: 'English' },
];

/** The language of the account that has signed in, unless this browser was told one. */
export function followAccount(language: Language): void {
  if (!isLanguage(recall('language'))) void i18next.changeLanguage(language);
}

/** A choice of the person at this browser: it is remembered, and wins over the browser's languages. */
export function chooseLanguage(language: Language): void {
  remember('language', language);
  void i18next.changeLanguage(language);
}
