import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Keypad } from './keypad.tsx';
import { dialable } from './rules.ts';
import classes from './softphone.module.css';

interface DialFormProps {
  readonly label: string;
  readonly keypad?: boolean;
  /** What can be done with the number; the first is what Enter does. */
  readonly actions: readonly { readonly words: string; readonly act: (number: string) => void }[];
  readonly onCancel?: () => void;
}

/** A number, by keyboard or keypad, and what to do with it. */
export function DialForm({ label, keypad = false, actions, onCancel }: DialFormProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [refused, setRefused] = useState(false);
  const act = (index: number): void => {
    const number = dialable(text);
    setRefused(number === null);
    if (number !== null) actions[index]?.act(number);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    act(0);
  };
  return (
    <form onSubmit={submit} noValidate className={classes['dial']}>
      <TextInput
        label={label}
        name="number"
        inputMode="tel"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={refused ? t('softphone.badNumber') : null}
        autoFocus={onCancel !== undefined}
      />
      {keypad && <Keypad onKey={(key) => setText(text + key)} />}
      <div className={classes['actions']}>
        {actions.map(({ words }, index) => (
          <Button
            key={words}
            size="compact-sm"
            type={index === 0 ? 'submit' : 'button'}
            variant={index === 0 ? 'filled' : 'default'}
            {...(index > 0 && { onClick: () => act(index) })}
          >
            {words}
          </Button>
        ))}
        {keypad && text !== '' && (
          <Button size="compact-sm" variant="subtle" onClick={() => setText(text.slice(0, -1))}>
            {t('softphone.erase')}
          </Button>
        )}
        {onCancel !== undefined && (
          <Button size="compact-sm" variant="subtle" onClick={onCancel}>
            {t('softphone.cancel')}
          </Button>
        )}
      </div>
    </form>
  );
}
