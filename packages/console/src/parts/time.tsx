import { useTranslation } from 'react-i18next';

/** A moment in this machine's time zone, to the second. */
export function Moment({ at }: { readonly at: string }) {
  const { i18n } = useTranslation();
  // Day and month as numbers are read either way round in English.
  const [locale, month] =
    i18n.language === 'en' ? (['en-GB', 'short'] as const) : (['ja', 'numeric'] as const);
  const words = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month,
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(at));
  return (
    <time className="tabular" dateTime={at}>
      {words}
    </time>
  );
}
