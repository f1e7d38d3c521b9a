import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { PROMPT_KEYS } from '../packages/server/src/guidance/rules.ts';
import { RATE, readWav, speechLevel } from '../sounds/wav.mjs';
import { decodeMuLaw } from './kit/practice.ts';

const sounds = join(dirname(fileURLToPath(import.meta.url)), '../sounds');
const prompts = parse(readFileSync(join(sounds, 'prompts.yaml'), 'utf8')) as Record<
  string,
  { ja: string; read?: string; en: string }
>;
const keys = Object.keys(prompts).sort();

const decibel = (ratio: number): number => 20 * Math.log10(ratio);
const loudest = (samples: readonly number[]): number =>
  samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
const firstSound = (samples: readonly number[]): number =>
  samples.findIndex((sample) => Math.abs(sample) > 0.005) / RATE;
const read = (name: string): number[] => readWav(readFileSync(join(sounds, name)));

/** Strength of one frequency by Goertzel's method, as an amplitude in 0..1. */
function strength(samples: readonly number[], frequency: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * frequency) / RATE);
  let last = 0;
  let before = 0;
  for (const sample of samples) [last, before] = [sample + factor * last - before, last];
  const power = last * last + before * before - factor * last * before;
  return (2 * Math.sqrt(Math.max(0, power))) / samples.length;
}

test('every key that the server can say is in prompts.yaml', () => {
  expect(keys).toEqual(expect.arrayContaining([...PROMPT_KEYS]));
});

test('the two prompts that the specification quotes are put together from two keys', () => {
  for (const [intro, quoted] of [
    ['intro-monitor', 'こちらは、モニター用の番号です。ダイヤル操作IDに続けて#を入力してください。'],
    ['intro-whisper', 'こちらは、ささやき用の番号です。ダイヤル操作IDに続けて#を入力してください。'],
  ] as const) {
    expect(`${prompts[intro]?.ja}${prompts['enter-dial-id']?.ja}`).toBe(quoted);
  }
});

describe.each(['ja', 'en'] as const)('recordings in %s', (language) => {
  test('are the keys of prompts.yaml, no more and no fewer', () => {
    const files = readdirSync(join(sounds, language));
    expect(files.sort()).toEqual(keys.map((key) => `${key}.wav`).sort());
  });

  test.each(keys)('%s begins at once, is as loud as the others, and as long as its text', (key) => {
    const samples = read(`${language}/${key}.wav`);
    expect(firstSound(samples)).toBeLessThanOrEqual(0.05);
    expect(firstSound([...samples].reverse())).toBeLessThanOrEqual(0.2);
    expect(Math.abs(speechLevel(samples) + 20)).toBeLessThanOrEqual(1);
    expect(decibel(loudest(samples))).toBeLessThanOrEqual(-2.9);
    const said = prompts[key];
    const letters = (language === 'ja' ? (said?.read ?? said?.ja) : said?.en)?.length ?? 0;
    // Both voices take between these times for a letter; a cut or garbled file falls outside.
    const [shortest, longest] = language === 'ja' ? [0.08, 0.25] : [0.045, 0.14];
    expect(samples.length / RATE / letters).toBeGreaterThan(shortest);
    expect(samples.length / RATE / letters).toBeLessThan(longest);
  });
});

test('no two recordings of a language are alike', () => {
  for (const language of ['ja', 'en']) {
    const contents = keys.map((key) => readFileSync(join(sounds, language, `${key}.wav`)).toString('base64'));
    expect(new Set(contents).size).toBe(keys.length);
  }
});

describe.each(['ja', 'en'])('the practice conversation in %s', (language) => {
  const folder = join(sounds, 'practice', language);
  const names = readdirSync(folder).sort();

  test('is the lines of practice.yaml: the agent speaks first and last, and they take turns', () => {
    const conversations = parse(readFileSync(join(sounds, 'practice.yaml'), 'utf8')) as Record<
      string,
      readonly Record<string, string>[]
    >;
    const lines = (conversations[language] ?? []).map(
      (line, index) => `${String(index + 1).padStart(2, '0')}-${Object.keys(line).join()}.ulaw`,
    );
    expect(names).toEqual(lines);
    names.forEach((name, index) => expect(name).toContain(index % 2 === 0 ? '-agent' : '-caller'));
    expect(names.length % 2).toBe(1);
  });

  test('is a minute to a minute and a half of speech, both sides alike loud', () => {
    const files = names.map((name) => readFileSync(join(folder, name)));
    const seconds = files.reduce((sum, file) => sum + file.length, 0) / RATE;
    expect(seconds).toBeGreaterThan(60);
    expect(seconds).toBeLessThan(90);
    for (const file of files)
      expect(Math.abs(speechLevel([...decodeMuLaw(file)]) + 22)).toBeLessThanOrEqual(1);
  });
});

test('the tones of whispering and monitoring are two notes each, rising and falling', () => {
  const low = 1046.5;
  const high = 1568;
  for (const [name, first, second] of [
    ['tone-whisper', low, high],
    ['tone-monitor', high, low],
  ] as const) {
    const samples = read(`${name}.wav`);
    expect(samples.length / RATE).toBeCloseTo(0.35);
    const head = samples.slice(0, 0.08 * RATE);
    const tail = samples.slice(0.2 * RATE, 0.3 * RATE);
    expect(strength(head, first)).toBeGreaterThan(5 * strength(head, second));
    expect(strength(tail, second)).toBeGreaterThan(5 * strength(tail, first));
    expect(loudest(samples)).toBeLessThan(0.3);
  }
});

test('music on hold is quiet and joins at its ends', () => {
  const samples = read('moh/quiet.wav');
  expect(samples.length / RATE).toBeGreaterThanOrEqual(15);
  expect(decibel(loudest(samples))).toBeLessThanOrEqual(-6);
  const ends = [...samples.slice(0, 4), ...samples.slice(-4)];
  expect(loudest(ends)).toBeLessThan(0.01);
});

test('silence is a minute of the code that stands for zero', () => {
  const file = readFileSync(join(sounds, 'silence.ulaw'));
  expect(file.length).toBe(60 * RATE);
  expect(file.every((code) => code === 0xff)).toBe(true);
});

test('all of it is small, and its licences are told', () => {
  const bytes = readdirSync(sounds, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  expect(bytes).toBeLessThan(8e6);
  expect(existsSync(join(sounds, 'LICENSE.md'))).toBe(true);
});
