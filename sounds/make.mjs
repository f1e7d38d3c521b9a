/** Makes the recordings again from prompts.yaml and practice.yaml (docs/engineer/sounds.md). */
import { Buffer } from 'node:buffer';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { makePractice } from './practice.mjs';
import { sox, Studio } from './speech.mjs';
import { TONES } from './tones.mjs';
import { RATE, writeWav } from './wav.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const studio = new Studio();
const prompts = parse(readFileSync(join(here, 'prompts.yaml'), 'utf8'));
for (const language of ['ja', 'en']) mkdirSync(join(here, language), { recursive: true });
for (const [key, { ja, read, en }] of Object.entries(prompts)) {
  writeFileSync(join(here, 'ja', `${key}.wav`), studio.japanese(read ?? ja));
  writeFileSync(join(here, 'en', `${key}.wav`), studio.english(en));
  console.log(key);
}
makePractice();

for (const [name, samples] of Object.entries(TONES)) {
  writeFileSync(join(here, `${name}.wav`), writeWav(samples));
}

// Silence that plays while keys are awaited: one minute of the code that stands for zero in G.711 mu-law.
writeFileSync(join(here, 'silence.ulaw'), Buffer.alloc(60 * RATE, 0xff));

// Music on hold of our own: four soft chords that join at the ends.
mkdirSync(join(here, 'moh'), { recursive: true });
const chords = [
  ['C4', 'E4', 'G4', 'B4'],
  ['A3', 'C4', 'E4', 'G4'],
  ['F3', 'A3', 'C4', 'E4'],
  ['G3', 'B3', 'D4', 'F4'],
];
const parts = chords.map((notes, index) => {
  const part = join(studio.folder, `chord${index}.wav`);
  const tones = notes.flatMap((note) => ['pluck', note]);
  const start = notes.map((_note, position) => String(position * 0.35));
  sox([
    '-n',
    '-r',
    '8000',
    '-c',
    String(notes.length),
    '-b',
    '16',
    part,
    'synth',
    '5',
    ...tones,
    'delay',
    ...start,
    'remix',
    '-',
    'fade',
    't',
    '0.05',
    '5',
    '1',
    'reverb',
    '30',
  ]);
  return part;
});
sox([...parts, '-c', '1', '-b', '16', join(here, 'moh/quiet.wav'), 'lowpass', '2500', 'norm', '-10']);
studio.close();
