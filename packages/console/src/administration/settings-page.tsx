import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../server/src/http/contract.ts';
import { useAnswer, useChange } from '../parts/data.ts';
import { Check, FieldRow } from '../parts/fields.tsx';
import { Loaded, Page, Section } from '../parts/page.tsx';
import parts from '../parts/parts.module.css';
import { useForm } from '../parts/use-form.ts';
import { Failure, useErrorWords } from '../session/failure.tsx';
import classes from './administration.module.css';
import { FORMS, isNumberBetween, listOf, problemsOf } from './rules.ts';

const PATH = '/api/settings';

/** 設定 of the whole system. */
export default function SettingsPage() {
  const { t } = useTranslation();
  const query = useAnswer<Settings>(PATH);
  const [done, setDone] = useState('');
  return (
    <Page title={t('pages.settings')} lead={t('administration.settings.lead')} done={done}>
      <Loaded query={query}>{(settings) => <SettingsForm settings={settings} onDone={setDone} />}</Loaded>
    </Page>
  );
}

type Switch =
  | 'oneShotDialling'
  | 'callCenterPlan'
  | 'seatViewOption'
  | 'outboundOption'
  | 'monitoringContinuous'
  | 'monitorTone'
  | 'whisperTone';

interface Values extends Readonly<Record<Switch, boolean>> {
  readonly guidanceLanguage: 'ja' | 'en';
  readonly timeZone: string;
  readonly outsideCallLimit: string;
  readonly emergencyNumbers: string;
}

interface SettingsFormProps {
  readonly settings: Settings;
  readonly onDone: (words: string) => void;
}

function SettingsForm({ settings, onDone }: SettingsFormProps) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const change = useChange<Settings>([PATH]);
  const form = useForm<Values>({
    initial: {
      ...settings,
      outsideCallLimit: settings.outsideCallLimit === null ? '' : String(settings.outsideCallLimit),
      emergencyNumbers: settings.emergencyNumbers.join(' '),
    },
    check: ({ timeZone, outsideCallLimit, emergencyNumbers }) =>
      problemsOf({
        timeZone: isTimeZone(timeZone) ? null : t('administration.settings.timeZoneWrong'),
        outsideCallLimit:
          outsideCallLimit === '' || isNumberBetween(outsideCallLimit, 0, 100_000)
            ? null
            : t('parts.wrong.number', { least: 0, most: 100_000 }),
        emergencyNumbers: listOf(emergencyNumbers).every((number) => FORMS.emergency.test(number))
          ? null
          : t('parts.wrong.emergency'),
      }),
    submit: ({ outsideCallLimit, emergencyNumbers, ...values }) => {
      const next: Partial<Settings> = {
        ...values,
        outsideCallLimit: outsideCallLimit === '' ? null : Number(outsideCallLimit),
        emergencyNumbers: listOf(emergencyNumbers),
      };
      // Only what differs is sent and written down.
      const body = Object.fromEntries(
        Object.entries(next).filter(
          ([name, value]) => JSON.stringify(value) !== JSON.stringify(settings[name as keyof Settings]),
        ),
      );
      onDone('');
      change.mutate(
        { method: 'PATCH', path: PATH, body },
        { onSuccess: () => onDone(t('administration.settings.saved')) },
      );
    },
  });
  const { field, values, set } = form;
  const check = (name: Switch, label: string, hint?: string) => (
    <Check
      label={label}
      {...(hint !== undefined && { hint })}
      checked={values[name]}
      onChange={(checked) => set(name, checked)}
    />
  );
  return (
    <form noValidate onSubmit={form.onSubmit}>
      <Section title={t('administration.settings.monitoring')}>
        <div className={parts['fields']}>
          {check(
            'monitoringContinuous',
            t('administration.settings.monitoringContinuous'),
            t('administration.settings.continuousHint'),
          )}
          {check(
            'monitorTone',
            t('administration.settings.monitorTone'),
            t('administration.settings.toneHint'),
          )}
          {check(
            'whisperTone',
            t('administration.settings.whisperTone'),
            t('administration.settings.toneHint'),
          )}
        </div>
      </Section>
      <Section title={t('administration.settings.guidance')}>
        <div className={parts['fields']}>
          <FieldRow>
            <NativeSelect
              label={t('administration.settings.guidanceLanguage')}
              data={[
                { value: 'ja', label: '日本語' },
                { value: 'en', label: 'English' },
              ]}
              {...field('guidanceLanguage')}
            />
            <TextInput
              label={t('administration.settings.timeZone')}
              description={t('administration.settings.timeZoneHint')}
              spellCheck={false}
              {...field('timeZone')}
            />
          </FieldRow>
          {check(
            'oneShotDialling',
            t('administration.settings.oneShotDialling'),
            t('administration.settings.oneShotHint'),
          )}
        </div>
      </Section>
      <Section title={t('administration.settings.outside')}>
        <FieldRow>
          <TextInput
            label={t('administration.settings.outsideCallLimit')}
            description={t('administration.settings.limitHint')}
            inputMode="numeric"
            {...field('outsideCallLimit')}
          />
          <TextInput
            label={t('administration.settings.emergencyNumbers')}
            description={t('administration.settings.emergencyHint')}
            inputMode="numeric"
            {...field('emergencyNumbers')}
          />
        </FieldRow>
      </Section>
      <Section title={t('administration.settings.options')} lead={t('administration.settings.optionHint')}>
        <div className={parts['fields']}>
          {check('callCenterPlan', t('administration.settings.callCenterPlan'))}
          {check('seatViewOption', t('administration.settings.seatViewOption'))}
          {check('outboundOption', t('administration.settings.outboundOption'))}
        </div>
      </Section>
      <div className={classes['bar']}>
        {change.error !== null && <Failure id="settings-failure" words={errorWords(change.error)} />}
        <span />
        <Button type="submit" size="sm" loading={change.isPending}>
          {t('parts.save')}
        </Button>
      </div>
    </form>
  );
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
