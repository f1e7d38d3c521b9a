import { NativeSelect } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Softphone } from './phone.ts';
import { canChooseOutput, type Devices } from './sound.ts';
import classes from './softphone.module.css';

const LEVEL_MS = 80;

/** Which devices, how loud, and how loud it is now. */
export function SoundSettings({ phone }: { readonly phone: Softphone }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <details className={classes['sound']} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('softphone.sound')}</summary>
      {open && <Settings phone={phone} />}
    </details>
  );
}

function Settings({ phone }: { readonly phone: Softphone }) {
  const { t } = useTranslation();
  const devices = useDevices(phone);
  const choices = (list: readonly MediaDeviceInfo[]) => [
    { value: '', label: t('softphone.standard') },
    ...list
      .filter(({ deviceId }) => deviceId !== 'default')
      .map(({ deviceId, label }) => ({ value: deviceId, label })),
  ];
  return (
    <div className={classes['settings']}>
      <NativeSelect
        size="xs"
        label={t('softphone.microphone')}
        data={choices(devices.inputs)}
        onChange={(event) => void phone.chooseInput(event.currentTarget.value)}
      />
      <Level phone={phone} which="spoken" label={t('softphone.spokenLevel')} />
      {canChooseOutput && (
        <NativeSelect
          size="xs"
          label={t('softphone.speaker')}
          data={choices(devices.outputs)}
          onChange={(event) => phone.sound.chooseOutput(event.currentTarget.value)}
        />
      )}
      <label className={classes['volume']}>
        {t('softphone.volume')}
        <input
          type="range"
          min={0}
          max={1}
          step={0.05}
          defaultValue={1}
          onChange={(event) => phone.sound.setVolume(event.currentTarget.valueAsNumber)}
        />
      </label>
      <Level phone={phone} which="heard" label={t('softphone.heardLevel')} />
    </div>
  );
}

function useDevices(phone: Softphone): Devices {
  const [devices, setDevices] = useState<Devices>({ inputs: [], outputs: [] });
  useEffect(() => {
    const look = (): void => void phone.sound.devices().then(setDevices);
    look();
    const leave = phone.subscribe(look);
    navigator.mediaDevices.addEventListener('devicechange', look);
    return () => {
      leave();
      navigator.mediaDevices.removeEventListener('devicechange', look);
    };
  }, [phone]);
  return devices;
}

interface LevelProps {
  readonly phone: Softphone;
  readonly which: 'heard' | 'spoken';
  readonly label: string;
}

/** Written to the element itself: twelve times a second is too often to draw everything again. */
function Level({ phone, which, label }: LevelProps) {
  const meter = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    const timer = window.setInterval(() => {
      if (meter.current !== null) meter.current.value = phone.sound.levels()[which];
    }, LEVEL_MS);
    return () => window.clearInterval(timer);
  }, [phone, which]);
  return <meter ref={meter} className={classes['level']} min={0} max={1} aria-label={label} />;
}
