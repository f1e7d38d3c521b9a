import { describe, expect, it } from 'vitest';
import { levelOf, pcmToSamples, strongest, toneWav, totalLevel, wavSamples } from './tones.ts';

const RATE = 8_000;

function tone(frequency: number, seconds = 0.2): Float64Array {
  return wavSamples(toneWav(frequency, seconds, RATE));
}

function mixed(...tones: readonly Float64Array[]): Float64Array {
  return tones.reduce((sum, part) => sum.map((sample, index) => sample + (part[index] ?? 0)));
}

describe('levels', () => {
  it('are -12 dBFS for a tone of the kit, at any frequency of a phone', () => {
    for (const frequency of [300, 425, 600, 1_000, 1_633, 3_000]) {
      expect(levelOf(tone(frequency), frequency, RATE)).toBeCloseTo(-12.04, 1);
      expect(totalLevel(tone(frequency))).toBeCloseTo(-12.04, 1);
    }
  });

  it('tell two tones apart that sound together, and miss one that is absent by more than 60 dB', () => {
    const both = mixed(tone(600), tone(1_000));
    expect(levelOf(both, 600, RATE)).toBeCloseTo(-12.04, 1);
    expect(levelOf(both, 1_000, RATE)).toBeCloseTo(-12.04, 1);
    expect(levelOf(both, 1_400, RATE)).toBeLessThan(-72);
  });

  it('of silence are below everything', () => {
    expect(levelOf(new Float64Array(800), 600, RATE)).toBe(-Infinity);
    expect(totalLevel(new Float64Array(800))).toBe(-Infinity);
    expect(totalLevel(new Float64Array(0))).toBe(-Infinity);
  });

  it('of a tone half as loud are 6 dB lower', () => {
    const half = tone(600).map((sample) => sample / 2);
    expect(levelOf(half, 600, RATE)).toBeCloseTo(-18.06, 1);
  });
});

it('the strongest of some frequencies is found', () => {
  const both = mixed(
    tone(600).map((sample) => sample / 4),
    tone(1_000),
  );
  expect(strongest(both, [400, 600, 1_000, 1_400], RATE)).toBe(1_000);
});

it('a WAV file that is still being written gives the samples it has, whatever its header says', () => {
  const whole = toneWav(600, 0.1, RATE);
  const growing = Buffer.from(whole.subarray(0, 44 + 401));
  growing.writeUInt32LE(0, 40);
  expect(wavSamples(growing)).toHaveLength(200);
  expect(wavSamples(whole.subarray(0, 20))).toHaveLength(0);
});

it('16-bit samples become numbers from -1 to 1', () => {
  const pcm = Buffer.alloc(4);
  pcm.writeInt16LE(-32_768, 0);
  pcm.writeInt16LE(16_384, 2);
  expect([...pcmToSamples(pcm)]).toEqual([-1, 0.5]);
});
