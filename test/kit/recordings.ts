import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PromptKey } from '../../packages/server/src/guidance/rules.ts';
import { readWav } from '../../sounds/wav.mjs';

/** A recording is known by its loudest 60 ms. */
const WINDOW = 480;
/** What G.711 does to a recording leaves it this like itself; two recordings are never so alike. */
const ALIKE = 0.95;

const windows = new Map<PromptKey, Float64Array>();

/** Which of these recordings (Japanese) are in what was heard, in the order in which they were begun. */
export function recordingsIn(heard: Float64Array, keys: readonly PromptKey[]): readonly PromptKey[] {
  return keys
    .map((key) => ({ key, at: find(heard, windowOf(key)) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ key }) => key);
}

function windowOf(key: PromptKey): Float64Array {
  const known = windows.get(key);
  if (known !== undefined) return known;
  const path = fileURLToPath(new URL(`../../sounds/ja/${key}.wav`, import.meta.url));
  const samples = Float64Array.from(readWav(readFileSync(path)));
  let [best, loudest] = [0, 0];
  for (let from = 0; from + WINDOW <= samples.length; from += WINDOW / 4) {
    const energy = energyOf(samples, from);
    if (energy > loudest) [best, loudest] = [from, energy];
  }
  const window = samples.slice(best, best + WINDOW);
  windows.set(key, window);
  return window;
}

function energyOf(samples: Float64Array, from: number): number {
  let sum = 0;
  for (let index = from; index < from + WINDOW; index += 1) sum += (samples[index] ?? 0) ** 2;
  return sum;
}

/** Where the window is in what was heard, in samples; -1 when it is not. */
function find(heard: Float64Array, window: Float64Array): number {
  const wanted = energyOf(window, 0);
  let energy = energyOf(heard, 0);
  for (let from = 0; from + WINDOW <= heard.length; from += 1) {
    // Only what is about as loud can be it.
    if (energy > wanted / 2 && energy < wanted * 2) {
      let product = 0;
      for (let index = 0; index < WINDOW; index += 1)
        product += (heard[from + index] ?? 0) * (window[index] ?? 0);
      if (product > ALIKE * Math.sqrt(energy * wanted)) return from;
    }
    energy += (heard[from + WINDOW] ?? 0) ** 2 - (heard[from] ?? 0) ** 2;
  }
  return -1;
}
