/** Measuring tones in 16-bit PCM. Levels are in dBFS: 0 is a full-scale sine, silence is -Infinity. */

/** The power of one frequency (Goertzel), of samples in [-1, 1]. */
export function goertzel(samples: Float64Array, frequency: number, sampleRate: number): number {
  const omega = (2 * Math.PI * frequency) / sampleRate;
  const coefficient = 2 * Math.cos(omega);
  let [previous, before] = [0, 0];
  // A Hann window keeps a strong tone from leaking into the measure of another.
  samples.forEach((sample, index) => {
    const window = 1 - Math.cos((2 * Math.PI * index) / samples.length);
    const current = sample * window + coefficient * previous - before;
    before = previous;
    previous = current;
  });
  const power = previous * previous + before * before - coefficient * previous * before;
  return Math.sqrt(Math.max(0, power)) / (samples.length / 2);
}

export function levelOf(samples: Float64Array, frequency: number, sampleRate: number): number {
  return 20 * Math.log10(goertzel(samples, frequency, sampleRate));
}

/** The loudest of some frequencies. */
export function strongest(
  samples: Float64Array,
  frequencies: readonly number[],
  sampleRate: number,
): number | undefined {
  const levels = frequencies.map((frequency) => goertzel(samples, frequency, sampleRate));
  return frequencies[levels.indexOf(Math.max(...levels))];
}

/** The loudness of everything together. */
export function totalLevel(samples: Float64Array): number {
  const sum = samples.reduce((total, sample) => total + sample * sample, 0);
  return 20 * Math.log10(Math.SQRT2 * Math.sqrt(sum / Math.max(1, samples.length)));
}

export function pcmToSamples(pcm: Buffer): Float64Array {
  const samples = new Float64Array(Math.floor(pcm.length / 2));
  for (let index = 0; index < samples.length; index += 1)
    samples[index] = pcm.readInt16LE(index * 2) / 32_768;
  return samples;
}

/** A WAV file of a steady tone, mono, 16 bit. */
export function toneWav(frequency: number, seconds: number, sampleRate: number, amplitude = 0.25): Buffer {
  const count = Math.round(seconds * sampleRate);
  const pcm = Buffer.alloc(count * 2);
  for (let index = 0; index < count; index += 1) {
    const sample = amplitude * Math.sin((2 * Math.PI * frequency * index) / sampleRate);
    pcm.writeInt16LE(Math.round(sample * 32_767), index * 2);
  }
  return Buffer.concat([wavHeader(pcm.length, sampleRate), pcm]);
}

const HEADER_BYTES = 44;

function wavHeader(bytes: number, sampleRate: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  return header;
}

/** How many samples a file written by a phone has, by its size alone. */
export function wavLength({ size }: { readonly size: number }): number {
  return Math.max(0, Math.floor((size - HEADER_BYTES) / 2));
}

/** The samples of a WAV file that may still be growing: its header is written last by who records. */
export function wavSamples(file: Buffer): Float64Array {
  const data = file.indexOf('data');
  return pcmToSamples(data < 0 ? Buffer.alloc(0) : file.subarray(data + 8));
}

/** How alike a short piece and the best matching place of a long one are: 1 is the same but for its loudness, 0 nothing in common. */
export function likeness(long: Float64Array, piece: Float64Array): number {
  const energyOf = (samples: Float64Array): number =>
    samples.reduce((sum, sample) => sum + sample * sample, 0);
  const energy = energyOf(piece);
  let best = 0;
  let around = energyOf(long.subarray(0, piece.length));
  for (let from = 0; from + piece.length <= long.length; from += 1) {
    let product = 0;
    for (let index = 0; index < piece.length; index += 1)
      product += (piece[index] ?? 0) * (long[from + index] ?? 0);
    best = Math.max(best, product / Math.sqrt(energy * around || Infinity));
    around += (long[from + piece.length] ?? 0) ** 2 - (long[from] ?? 0) ** 2;
  }
  return best;
}
