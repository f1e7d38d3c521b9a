import { NativeSelect, TextInput } from '@mantine/core';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CheckIcon, CrossIcon, QuestionIcon } from '../shell/icons.tsx';
import classes from './parts.module.css';

interface CheckProps {
  readonly label: string;
  readonly hint?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** Yes or no, by the browser's own box. */
export function Check({ label, hint, checked, onChange }: CheckProps) {
  const [id, hintId] = [useId(), useId()];
  return (
    <div className={classes['check']}>
      <input
        id={id}
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
        aria-describedby={hint === undefined ? undefined : hintId}
      />
      <span>
        <label htmlFor={id}>{label}</label>
        {hint !== undefined && (
          <span id={hintId} className={classes['hint']}>
            {hint}
          </span>
        )}
      </span>
    </div>
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface FilterProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Narrows a list down to one of some values; the first choice is all of them. */
export function FilterSelect({ choices, ...props }: FilterProps & { readonly choices: readonly Choice[] }) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      size="xs"
      label={props.label}
      value={props.value}
      data={[{ value: '', label: t('parts.all') }, ...choices]}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}

/** Narrows a list down to days, or by a text. */
export function FilterInput({ type, ...props }: FilterProps & { readonly type: 'date' | 'search' }) {
  return (
    <TextInput
      size="xs"
      type={type}
      label={props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}

export function Filters({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div role="search" aria-label={label} className={classes['filters']}>
      {children}
    </div>
  );
}

export function Badge({ children }: { readonly children: ReactNode }) {
  return <span className={classes['badge']}>{children}</span>;
}

const ICONS = { good: CheckIcon, bad: CrossIcon, unknown: QuestionIcon };

/** How something is doing, by sign, colour and word. */
export function State({ state, words }: { readonly state: keyof typeof ICONS; readonly words: string }) {
  const Icon = ICONS[state];
  return (
    <span className={classes['state']} data-state={state}>
      <Icon />
      {words}
    </span>
  );
}

/** Fields beside each other where there is room. */
export function FieldRow({ children }: { readonly children: ReactNode }) {
  return <div className={classes['row']}>{children}</div>;
}
