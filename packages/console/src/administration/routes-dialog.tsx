import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrunkView } from '../../../server/src/trunks/forms.ts';
import { useChange } from '../parts/data.ts';
import { FormDialog } from '../parts/dialogs.tsx';
import { FieldRow } from '../parts/fields.tsx';
import parts from '../parts/parts.module.css';
import { useLines } from '../parts/use-lines.ts';
import classes from './administration.module.css';
import type { OutgoingRoute } from './outgoing-routes.tsx';
import { FORMS, isNumberBetween } from './rules.ts';

interface Content {
  readonly pattern: string;
  readonly trunk: string;
  readonly strip: string;
  readonly prepend: string;
  readonly callerNumber: string;
}

interface RoutesDialogProps {
  readonly routes: readonly OutgoingRoute[];
  readonly trunks: readonly Pick<TrunkView, 'id' | 'name'>[];
  readonly onClose: () => void;
  readonly onDone: (words: string) => void;
}

/** Changes the ways out as a whole: their order is what they mean. */
export function RoutesDialog({ routes, trunks, onClose, onDone }: RoutesDialogProps) {
  const { t } = useTranslation();
  const change = useChange(['/api/outgoing-routes']);
  const [tried, setTried] = useState(false);
  const { lines, edit, add, remove, move } = useLines<Content>(
    routes.map((route) => ({
      ...route,
      strip: String(route.strip),
      callerNumber: route.callerNumber ?? '',
    })),
  );
  const words = useLineProblems();
  const begin = (): Content => ({
    pattern: '0X.',
    trunk: trunks[0]?.id ?? '',
    strip: '0',
    prepend: '',
    callerNumber: '',
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (lines.some((line) => Object.keys(words(line)).length > 0)) return;
    const body = {
      routes: lines.map(({ key: _key, strip, callerNumber, ...line }) => ({
        ...line,
        strip: Number(strip),
        callerNumber: callerNumber === '' ? null : callerNumber,
      })),
    };
    change.mutate(
      { method: 'PUT', path: '/api/outgoing-routes', body },
      { onSuccess: () => onDone(t('parts.saved', { name: t('administration.trunks.routes') })) },
    );
  };
  return (
    <FormDialog
      title={t('administration.trunks.editRoutes')}
      onClose={onClose}
      onSubmit={submit}
      change={change}
      wide
    >
      {lines.map((line, index) => {
        const problems = tried ? words(line) : {};
        const name = t('administration.trunks.routeOf', { number: index + 1 });
        return (
          <fieldset key={line.key} className={classes['line']}>
            <legend>{name}</legend>
            <FieldRow>
              <TextInput
                label={t('administration.trunks.pattern')}
                spellCheck={false}
                value={line.pattern}
                error={problems.pattern ?? null}
                onChange={(event) => edit(line.key, { pattern: event.currentTarget.value })}
              />
              <NativeSelect
                label={t('administration.trunks.trunk')}
                value={line.trunk}
                error={problems.trunk ?? null}
                data={trunks.map(({ id, name: label }) => ({ value: id, label }))}
                onChange={(event) => edit(line.key, { trunk: event.currentTarget.value })}
              />
            </FieldRow>
            <FieldRow>
              <TextInput
                label={t('administration.trunks.strip')}
                inputMode="numeric"
                value={line.strip}
                error={problems.strip ?? null}
                onChange={(event) => edit(line.key, { strip: event.currentTarget.value })}
              />
              <TextInput
                label={t('administration.trunks.prepend')}
                inputMode="tel"
                value={line.prepend}
                error={problems.prepend ?? null}
                onChange={(event) => edit(line.key, { prepend: event.currentTarget.value })}
              />
              <TextInput
                label={t('administration.trunks.callerNumber')}
                placeholder={t('administration.trunks.callerNumberOwn')}
                inputMode="tel"
                value={line.callerNumber}
                error={problems.callerNumber ?? null}
                onChange={(event) => edit(line.key, { callerNumber: event.currentTarget.value })}
              />
            </FieldRow>
            <div className={parts['actions']}>
              <Button
                variant="default"
                size="compact-sm"
                aria-label={`${name}: ${t('administration.trunks.up1')}`}
                disabled={index === 0}
                onClick={() => move(index, -1)}
              >
                {t('administration.trunks.up1')}
              </Button>
              <Button
                variant="default"
                size="compact-sm"
                aria-label={`${name}: ${t('administration.trunks.down1')}`}
                disabled={index === lines.length - 1}
                onClick={() => move(index, 1)}
              >
                {t('administration.trunks.down1')}
              </Button>
              <Button
                variant="default"
                size="compact-sm"
                aria-label={`${name}: ${t('parts.remove')}`}
                onClick={() => remove(line.key)}
              >
                {t('parts.remove')}
              </Button>
            </div>
          </fieldset>
        );
      })}
      <p className={parts['hint']}>{t('administration.trunks.patternHint')}</p>
      <div>
        <Button variant="default" size="xs" disabled={trunks.length === 0} onClick={() => add(begin())}>
          {t('administration.trunks.addRoute')}
        </Button>
      </div>
    </FormDialog>
  );
}

function useLineProblems(): (line: Content) => Partial<Record<keyof Content, string>> {
  const { t } = useTranslation();
  return ({ pattern, trunk, strip, prepend, callerNumber }) => ({
    ...(!FORMS.pattern.test(pattern) && { pattern: t('parts.wrong.pattern') }),
    ...(trunk === '' && { trunk: t('parts.wrong.choose') }),
    ...(!isNumberBetween(strip, 0, 16) && { strip: t('parts.wrong.number', { least: 0, most: 16 }) }),
    ...(!FORMS.prepend.test(prepend) && { prepend: t('parts.wrong.outside') }),
    ...(callerNumber !== '' &&
      !FORMS.outside.test(callerNumber) && { callerNumber: t('parts.wrong.outside') }),
  });
}
