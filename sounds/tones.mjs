/** Sounds without words that tell a party of monitoring: two short notes each, one pair rising, the other falling. */
import { RATE } from './wav.mjs';

/** Both lie off the frequencies of dialled keys, so that no key is heard in them. */
const LOW = 1046.5;
const HIGH = 1568;
const SECOND_NOTE_AT = 0.09;
const LENGTH = 0.35;
/** They are heard over a running call: clear, but not so loud as speech. */
const PEAK = 0.25;

/**
 * A struck note that dies away, with its octave as colour.
 *
 * @param {number} frequency Hz
 * @param {number} time seconds since it was struck
 * @param {number} decay seconds until it is down to 37 %
 */
function bell(frequency, time, decay) {
  if (time < 0) return 0;
  const strike = Math.min(1, time / 0.004);
  const phase = 2 * Math.PI * frequency * time;
  return (
    strike * (Math.exp(-time / decay) * Math.sin(phase) + 0.2 * Math.exp(-time / 0.04) * Math.sin(2 * phase))
  );
}

/**
 * @param {number} first Hz
 * @param {number} second Hz
 */
function chime(first, second) {
  const samples = Array.from({ length: RATE * LENGTH }, (_, index) => {
    const time = index / RATE;
    const end = Math.min(1, (LENGTH - time) / 0.03);
    return end * (bell(first, time, 0.05) + bell(second, time - SECOND_NOTE_AT, 0.09));
  });
  const peak = Math.max(...samples.map(Math.abs));
  return samples.map((sample) => (sample * PEAK) / peak);
}

/** By file name. */
export const TONES = {
  'tone-whisper': chime(LOW, HIGH),
  'tone-monitor': chime(HIGH, LOW),
};
