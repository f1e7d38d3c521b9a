import { useTranslation } from 'react-i18next';
import { isKey, KEYS, type Key } from './rules.ts';
import classes from './softphone.module.css';

/** The twelve keys. With the focus on any of them, keys of the keyboard press them too. */
export function Keypad({ onKey }: { readonly onKey: (key: Key) => void }) {
  const { t } = useTranslation();
  return (
    <div
      role="group"
      aria-label={t('softphone.keypad')}
      className={classes['keypad']}
      onKeyDown={({ key }) => {
        if (isKey(key)) onKey(key);
      }}
    >
      {KEYS.map((key) => (
        <button key={key} type="button" aria-label={t('softphone.key', { key })} onClick={() => onKey(key)}>
          {key}
        </button>
      ))}
    </div>
  );
}
