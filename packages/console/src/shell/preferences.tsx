import { ActionIcon, SegmentedControl, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { chooseLanguage, currentLanguage, LANGUAGE_NAMES } from '../i18n/setup.ts';
import type { Language } from '../../../server/src/http/contract.ts';
import { MoonIcon, SunIcon } from './icons.tsx';
import classes from './shell.module.css';

/** Language and colours. */
export function Preferences() {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const words = scheme === 'dark' ? t('preferences.toLight') : t('preferences.toDark');
  return (
    <div className={classes['preferences']}>
      <SegmentedControl<Language>
        size="xs"
        aria-label={t('preferences.language')}
        data={LANGUAGE_NAMES.map(({ value, label }) => ({ value, label: <span lang={value}>{label}</span> }))}
        value={currentLanguage()}
        onChange={chooseLanguage}
      />
      <ActionIcon
        variant="default"
        size={30}
        aria-label={words}
        title={words}
        onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
      >
        {scheme === 'dark' ? <SunIcon /> : <MoonIcon />}
      </ActionIcon>
    </div>
  );
}
