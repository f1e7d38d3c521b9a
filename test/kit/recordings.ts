import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PromptKey } from '../../packages/server/src/guidance/rules.ts';
import { readWav } from '../../sounds/wav.mjs';

/** A recording is known by its loudest 60 ms. */
const WINDOW = 480;
/** Where packets were lost or came late, by half of its loudest pieces, as far apart as they are in it: voices say alike words alike. */
const PIECES = 6;
const ENOUGH = 3;
/** Samples between two pieces, so that one lost packet is not in both. */
const APART = 1_200;
/** By so many samples packets that were lost or came late may move what follows. */
const MOVED = 640;
/** What G.711 does to a recording leaves it this like itself; two recordings are never so alike. */
const ALIKE = 0.95;

interface Piece {
  /** Where it is in its recording, in samples. */
  readonly from: number;
  readonly samples: Float64Array;
}

/** The loudest first. */
const pieces = new Map<PromptKey, readonly Piece[]>();

/** Which of these recordings (Japanese) are in what was heard, in the order in which they were begun. */
export function recordingsIn(heard: Float64Array, keys: readonly PromptKey[]): readonly PromptKey[] {
  return keys
    .map((key) => ({ key, at: places(heard, piecesOf(key)[0]?.samples ?? new Float64Array(), 1)[0] ?? -1 }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ key }) => key);
}

/**
 * The same for a phone whose machine may be too busy to take every packet in time. It does not tell all recordings from each other: those that
 * begin with the same sentence are alike.
 */
export function recordingsDespiteLoss(heard: Float64Array, keys: readonly PromptKey[]): readonly PromptKey[] {
  const whole = recordingsIn(heard, keys);
  return whole.length > 0 ? whole : keys.filter((key) => isThere(heard, piecesOf(key)));
}

/**
 * {@link recordingsIn} for who knows what is to be heard: of that, a recording whose loudest moment was broken on a busy machine is known by its other
 * pieces. What is not expected is told as ever.
 */
export function recordingsAsExpected(
  heard: Float64Array,
  keys: readonly PromptKey[],
  expected: readonly PromptKey[],
): readonly PromptKey[] {
  const whole = recordingsIn(heard, keys);
  const broken = expected.filter((key) => !whole.includes(key) && isThere(heard, piecesOf(key)));
  if (broken.length === 0) return whole;
  return [
    ...expected.filter((key) => whole.includes(key) || broken.includes(key)),
    ...whole.filter((key) => !expected.includes(key)),
  ];
}

function isThere(heard: Float64Array, wanted: readonly Piece[]): boolean {
  const begins = wanted.map(({ from, samples }) => places(heard, samples).map((at) => at - from));
  return begins
    .flat()
    .some(
      (begin) => begins.filter((of) => of.some((other) => Math.abs(other - begin) <= MOVED)).length >= ENOUGH,
    );
}

function piecesOf(key: PromptKey): readonly Piece[] {
  const known = pieces.get(key);
  if (known !== undefined) return known;
  const path = fileURLToPath(new URL(`../../sounds/ja/${key}.wav`, import.meta.url));
  const samples = Float64Array.from(readWav(readFileSync(path)));
  const byEnergy: { readonly from: number; readonly energy: number }[] = [];
  for (let from = 0; from + WINDOW <= samples.length; from += WINDOW / 4)
    byEnergy.push({ from, energy: energyOf(samples, from) });
  byEnergy.sort((a, b) => b.energy - a.energy);
  const loudest: Piece[] = [];
  for (const { from } of byEnergy) {
    const isApart = loudest.every((other) => Math.abs(other.from - from) >= APART);
    if (isApart && loudest.length < PIECES)
      loudest.push({ from, samples: samples.slice(from, from + WINDOW) });
  }
  pieces.set(key, loudest);
  return loudest;
}

function energyOf(samples: Float64Array, from: number): number {
  let sum = 0;
  for (let index = from; index < from + WINDOW; index += 1) sum += (samples[index] ?? 0) ** 2;
  return sum;
}

/** Where a piece is in what was heard, in samples: the first places, so many at the most. */
function places(heard: Float64Array, piece: Float64Array, most = Infinity): readonly number[] {
  const found: number[] = [];
  const wanted = energyOf(piece, 0);
  let energy = energyOf(heard, 0);
  for (let from = 0; from + WINDOW <= heard.length && found.length < most; from += 1) {
    // Only what is about as loud can be it.
    if (energy > wanted / 2 && energy < wanted * 2) {
      let product = 0;
      for (let index = 0; index < WINDOW; index += 1)
        product += (heard[from + index] ?? 0) * (piece[index] ?? 0);
      if (product > ALIKE * Math.sqrt(energy * wanted)) found.push(from);
    }
    energy += (heard[from + WINDOW] ?? 0) ** 2 - (heard[from] ?? 0) ** 2;
  }
  return found;
}
