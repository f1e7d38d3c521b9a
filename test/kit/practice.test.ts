import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeMuLaw, linesIn, toneSeconds } from './practice.ts';

const line = (name: string): Float64Array =>
  decodeMuLaw(readFileSync(new URL(`../../sounds/practice/${name}.ulaw`, import.meta.url)));
const tone = Float64Array.from(
  { length: 8_000 },
  (_, at) => 0.1 * Math.sin((2 * Math.PI * 3_000 * at) / 8_000),
);

test.each([
  ['ja', 'caller', '10'],
  ['en', 'agent', '03'],
] as const)('%s: of a line of the %s, half as loud, only that side is known', (language, side, number) => {
  const heard = line(`${language}/${number}-${side}`).map((sample) => 0.5 * sample);
  const known = (of: string): readonly string[] => [
    ...new Set(linesIn(heard, of).map((found) => found.side)),
  ];
  expect(known(language)).toEqual([side]);
  expect(known(language === 'ja' ? 'en' : 'ja')).toEqual([]);
});

test('a tone stands out of speech, and speech is no tone', () => {
  const speech = line('ja/02-caller');
  expect(toneSeconds(speech, 3_000)).toBeLessThan(0.3);
  expect(toneSeconds(line('en/01-agent'), 3_000)).toBeLessThan(0.3);
  const both = speech.map((sample, at) => sample + (tone[at % 8_000] ?? 0));
  expect(toneSeconds(both, 3_000)).toBeGreaterThan(0.8 * (speech.length / 8_000));
});
