import { Button, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import type { SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { FloorRequest, FloorView } from '../../../server/src/http/contract.ts';
import { useChange } from '../parts/data.ts';
import { FormDialog } from '../parts/dialogs.tsx';
import { useLines } from '../parts/use-lines.ts';
import classes from './administration.module.css';
import { FORMS } from './rules.ts';

interface FloorDialogProps {
  /** Absent for a new one. */
  readonly floor?: FloorView;
  readonly onClose: () => void;
  readonly onDone: (words: string) => void;
}

/** A floor and all of its seats. */
export function FloorDialog({ floor, onClose, onDone }: FloorDialogProps) {
  const { t } = useTranslation();
  const change = useChange(['/api/floors']);
  const [name, setName] = useState(floor?.name ?? '');
  const { lines, edit, add, remove } = useLines(floor?.seats ?? []);
  const [tried, setTried] = useState(false);
  const added = useRef<number | null>(null);
  const idProblem = ({ key, id }: (typeof lines)[number]): string | null => {
    if (!FORMS.seat.test(id)) return t('parts.wrong.seat');
    return lines.some((other) => other.key !== key && other.id === id) ? t('parts.wrong.twice') : null;
  };
  const nameProblem = (text: string): string | null => (FORMS.name.test(text) ? null : t('parts.wrong.name'));
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    const wrong = lines.some((line) => idProblem(line) !== null || nameProblem(line.name) !== null);
    if (nameProblem(name) !== null || wrong) return;
    const body: FloorRequest = { name, seats: lines.map((line) => ({ id: line.id, name: line.name })) };
    change.mutate(
      floor === undefined
        ? { method: 'POST', path: '/api/floors', body }
        : { method: 'PUT', path: `/api/floors/${floor.id}`, body },
      { onSuccess: () => onDone(t('parts.saved', { name })) },
    );
  };
  return (
    <FormDialog
      title={
        floor === undefined
          ? t('administration.seats.new')
          : t('administration.seats.changeTitle', { name: floor.name })
      }
      onClose={onClose}
      onSubmit={submit}
      change={change}
    >
      <TextInput
        label={t('administration.seats.floor')}
        required
        value={name}
        error={tried ? nameProblem(name) : null}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {lines.map((line, index) => (
        <div
          key={line.key}
          role="group"
          aria-label={t('administration.seats.seatOf', { number: line.id === '' ? index + 1 : line.id })}
          className={classes['seat']}
        >
          <TextInput
            aria-label={t('administration.seats.id')}
            placeholder={t('administration.seats.id')}
            inputMode="numeric"
            value={line.id}
            error={tried ? idProblem(line) : null}
            ref={(element) => {
              // Who adds a seat goes on by typing its number.
              if (element === null || added.current !== line.key) return;
              added.current = null;
              element.focus();
            }}
            onChange={(event) => edit(line.key, { id: event.currentTarget.value })}
          />
          <TextInput
            aria-label={t('administration.seats.name')}
            placeholder={t('administration.seats.name')}
            value={line.name}
            error={tried ? nameProblem(line.name) : null}
            onChange={(event) => edit(line.key, { name: event.currentTarget.value })}
          />
          <Button
            variant="default"
            aria-label={t('administration.seats.removeOf', { number: line.id === '' ? index + 1 : line.id })}
            onClick={() => remove(line.key)}
          >
            {t('parts.remove')}
          </Button>
        </div>
      ))}
      <div>
        <Button variant="default" size="xs" onClick={() => (added.current = add({ id: '', name: '' }))}>
          {t('administration.seats.addSeat')}
        </Button>
      </div>
    </FormDialog>
  );
}
