/** The recordings' one format, 8 kHz mono 16-bit PCM in a WAV file, and how loud speech in it is. */
import { Buffer } from 'node:buffer';

export const RATE = 8000;
const HEADER = 44;
const FRAME = RATE / 50;
/** A 20 ms frame below this, in dBFS, is a pause. */
const PAUSE_DB = -40;

/**
 * The samples of a file of ours.
 *
 * @param {Buffer} file
 * @returns {number[]} each in -1..1
 */
export function readWav(file) {
  const format = [20, 22, 34].map((at) => file.readUInt16LE(at));
  const plain = file.toString('latin1', 0, 4) === 'RIFF' && file.toString('latin1', 36, 40) === 'data';
  if (!plain || format.join() !== '1,1,16' || file.readUInt32LE(24) !== RATE) {
    throw new Error('not a plain 8 kHz mono 16-bit PCM WAV file');
  }
  const bytes = file.readUInt32LE(40);
  if (HEADER + bytes !== file.length) throw new Error('the header tells another length than the file has');
  return Array.from({ length: bytes / 2 }, (_, index) => file.readInt16LE(HEADER + 2 * index) / 32768);
}

/**
 * @param {readonly number[]} samples each in -1..1
 * @returns {Buffer} the file
 */
export function writeWav(samples) {
  const file = Buffer.alloc(HEADER + 2 * samples.length);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(2 * RATE, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((sample, index) => file.writeInt16LE(Math.round(sample * 32767), HEADER + 2 * index));
  return file;
}

/**
 * Mean power of what is spoken. Pauses do not count: a text with many of them must not come out louder than a short one.
 *
 * @param {readonly number[]} samples each in -1..1
 * @returns {number} dBFS
 */
export function speechLevel(samples) {
  const powers = [];
  for (let from = 0; from + FRAME <= samples.length; from += FRAME) {
    const power = samples.slice(from, from + FRAME).reduce((sum, sample) => sum + sample * sample, 0) / FRAME;
    if (10 * Math.log10(power) > PAUSE_DB) powers.push(power);
  }
  return 10 * Math.log10(powers.reduce((sum, power) => sum + power, 0) / powers.length);
}
