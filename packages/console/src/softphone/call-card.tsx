import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { elapsedSince } from '../agents/rules.ts';
import { numberWords } from '../parts/withheld.ts';
import { useNow } from '../shell/clock.ts';
import { DialForm } from './dial-form.tsx';
import { Keypad } from './keypad.tsx';
import type { Softphone } from './phone.ts';
import type { CallState } from './rules.ts';
import classes from './softphone.module.css';

interface CallCardProps {
  readonly call: CallState;
  readonly phone: Softphone;
  /** Somebody is asked before a transfer: what can be done then stands below both calls. */
  readonly consulting: boolean;
}

type Tool = 'keypad' | 'transfer' | null;

/** One call and what can be done in it. */
export function CallCard({ call, phone, consulting }: CallCardProps) {
  const { t } = useTranslation();
  const [tool, setTool] = useState<Tool>(null);
  const [typed, setTyped] = useState('');
  const { id, phase, held, muted } = call;
  const toggle = (other: Tool): void => setTool(tool === other ? null : other);
  const ask = (number: string): void => {
    setTool(null);
    void phone.call(number);
  };
  const press = (key: string): void => {
    setTyped((typed + key).slice(-20));
    phone.press(id, key);
  };
  const number = numberWords(call.number, t);
  return (
    <section className={classes['call']} data-phase={held ? 'held' : phase} aria-label={number}>
      <p className={classes['party']}>
        <span className={classes['name']}>{call.name ?? number}</span>
        {call.name !== null && <span className="tabular">{number}</span>}
      </p>
      <p className={classes['phase']}>
        <span>
          <PhaseWords call={call} />
        </span>
        {call.since !== null && <Duration since={call.since} />}
      </p>
      <div className={classes['actions']}>
        {phase === 'waiting' && (
          <Button size="compact-md" color="green" onClick={() => void phone.answer(id)}>
            {t('softphone.answer')}
          </Button>
        )}
        {phase === 'talking' && !consulting && (
          <>
            <Button size="compact-sm" variant="default" onClick={() => void phone.hold(id, !held)}>
              {held ? t('softphone.resume') : t('softphone.hold')}
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              aria-expanded={tool === 'transfer'}
              onClick={() => toggle('transfer')}
            >
              {t('softphone.transfer')}
            </Button>
          </>
        )}
        {phase === 'talking' && !held && (
          <>
            <Button
              size="compact-sm"
              variant="default"
              aria-pressed={muted}
              onClick={() => phone.mute(id, !muted)}
            >
              {muted ? t('softphone.unmute') : t('softphone.mute')}
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              aria-expanded={tool === 'keypad'}
              onClick={() => toggle('keypad')}
            >
              {t('softphone.keypad')}
            </Button>
          </>
        )}
        <Button size="compact-sm" color="red" onClick={() => phone.hangUp(id)}>
          {phase === 'waiting' ? t('softphone.refuse') : t('softphone.hangUp')}
        </Button>
      </div>
      {tool === 'keypad' && phase === 'talking' && !held && (
        <>
          <p className={classes['typed']}>{typed}</p>
          <Keypad onKey={press} />
        </>
      )}
      {tool === 'transfer' && phase === 'talking' && !consulting && (
        <DialForm
          label={t('softphone.transferTo')}
          onCancel={() => setTool(null)}
          actions={[
            { words: t('softphone.blind'), act: (number) => phone.transfer(id, number) },
            { words: t('softphone.ask'), act: ask },
          ]}
        />
      )}
    </section>
  );
}

function PhaseWords({ call }: { readonly call: CallState }) {
  const { t } = useTranslation();
  if (call.transferring) return t('softphone.transferring');
  if (call.held) return t('softphone.held');
  if (call.heldByOther) return t('softphone.heldByOther');
  return t(`softphone.${call.phase}`);
}

function Duration({ since }: { readonly since: number }) {
  const { clock } = elapsedSince(new Date(since).toISOString(), useNow());
  return <span className="tabular">{clock}</span>;
}
