import { readFileSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AriClient, newId } from '@sasayaki/ari';
import type { System } from './system.ts';
import { levelOf, wavSamples } from './tones.ts';

const RATE = 8_000;
const SOUNDS = fileURLToPath(new URL('../../sounds/practice/', import.meta.url));
/** 150 ms of a line are enough to know it. */
const PIECE = 1_200;
/** What the way over two telephones leaves of a recording is this like it; another line is not. */
const SAME = 0.8;

export type Side = 'agent' | 'caller';

export interface SpokenLine {
  readonly side: Side;
  /** When its known piece was heard, s from the beginning. */
  readonly at: number;
}

/** The lines of the practice conversations that are in what was heard, in the order in which they were heard. */
export function linesIn(heard: Float64Array, language: string): readonly SpokenLine[] {
  const folder = join(SOUNDS, language);
  return readdirSync(folder)
    .flatMap((name): readonly SpokenLine[] => {
      const at = find(heard, loudestPiece(decodeMuLaw(readFileSync(join(folder, name)))));
      return at === undefined ? [] : [{ side: name.includes('agent') ? 'agent' : 'caller', at: at / RATE }];
    })
    .sort((one, other) => one.at - other.at);
}

/** The samples of G.711 mu-law, in [-1, 1]. */
export function decodeMuLaw(codes: Buffer): Float64Array {
  return Float64Array.from(codes, (code) => {
    const bits = ~code & 0xff;
    const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84;
    return (bits & 0x80 ? -magnitude : magnitude) / 32_768;
  });
}

function energyOf(samples: Float64Array, from: number, count: number): number {
  let sum = 0;
  for (let index = from; index < from + count; index += 1) sum += (samples[index] ?? 0) ** 2;
  return sum;
}

function loudestPiece(samples: Float64Array): Float64Array {
  let [best, loudest] = [0, 0];
  for (let from = 0; from + PIECE <= samples.length; from += PIECE / 4) {
    const energy = energyOf(samples, from, PIECE);
    if (energy > loudest) [best, loudest] = [from, energy];
  }
  return samples.slice(best, best + PIECE);
}

/** The place that is most like the piece; undefined when none is the same. */
function find(heard: Float64Array, piece: Float64Array): number | undefined {
  const wanted = energyOf(piece, 0, PIECE);
  let around = energyOf(heard, 0, PIECE);
  let [best, at] = [0, 0];
  for (let from = 0; from + PIECE <= heard.length; from += 1) {
    // Silence needs no comparing.
    if (around > wanted / 50) {
      let product = 0;
      for (let index = 0; index < PIECE; index += 1)
        product += (piece[index] ?? 0) * (heard[from + index] ?? 0);
      const alike = product / Math.sqrt(wanted * around);
      if (alike > best) [best, at] = [alike, from];
    }
    around += (heard[from + PIECE] ?? 0) ** 2 - (heard[from] ?? 0) ** 2;
  }
  return best > SAME ? at : undefined;
}

/**
 * For how long a tone stands out of what else is heard, s. Speech has energy at every frequency; a tone has it at one.
 * @param frequency Hz
 */
export function toneSeconds(heard: Float64Array, frequency: number): number {
  const step = RATE / 10;
  let windows = 0;
  for (let from = 0; from + step <= heard.length; from += step) {
    const window = heard.subarray(from, from + step);
    const beside = [-220, -140, -80, 80, 140, 220].map((away) => levelOf(window, frequency + away, RATE));
    const level = levelOf(window, frequency, RATE);
    if (level > -50 && level > Math.max(...beside) + 12) windows += 1;
  }
  return windows / 10;
}

/** The practice telephones from inside: what each of them hears. */
export class PracticeSide {
  readonly #ari: AriClient;
  readonly #spool: string;

  private constructor(ari: AriClient, spool: string) {
    this.#ari = ari;
    this.#spool = spool;
  }

  static async open(system: System): Promise<PracticeSide> {
    const part = await system.part('practice');
    if (part === undefined) throw new Error('Practice does not run.');
    const password = (await readFile(join(system.dataDir, 'secrets/practice.password'), 'utf8')).trim();
    const ari = new AriClient({
      url: `http://127.0.0.1:${part.port}`,
      username: 'sasayaki',
      password,
      app: 'proof',
    });
    await new Promise<void>((resolve) => {
      ari.onConnected(() => resolve());
      ari.start();
    });
    return new PracticeSide(ari, join(system.dataDir, 'practice/spool/recording'));
  }

  /** Records what the agent at this phone and the caller in the same call hear. */
  async hear(phone: string, caller: string, seconds: number): Promise<Record<Side, Float64Array>> {
    const channels = await this.#ari.channels.list();
    const leg = (of: string, what: string): string => {
      const found = channels.find(({ name, dialplan }) => name.startsWith(of) && dialplan.exten === what);
      if (found === undefined) throw new Error(`${what} is in no call.`);
      return found.id;
    };
    const [agent, other] = await Promise.all([
      this.#record(leg('PJSIP/system-', phone), seconds),
      this.#record(leg(`PJSIP/${caller}-`, caller), seconds),
    ]);
    return { agent, caller: other };
  }

  async #record(channelId: string, seconds: number): Promise<Float64Array> {
    const [snoopId, name] = [newId(), newId()];
    const recorded = new Promise<void>((resolve, reject) => {
      const handlers = [
        this.#ari.on('StasisStart', async ({ channel }) => {
          if (channel.id !== snoopId) return;
          await this.#ari.channels
            .record({ channelId: snoopId, name, format: 'wav', maxDurationSeconds: seconds })
            .catch(reject);
        }),
        this.#ari.on('RecordingFinished', ({ recording }) => {
          if (recording.name !== name) return;
          for (const forget of handlers) forget();
          resolve();
        }),
      ];
    });
    await this.#ari.channels.snoopChannelWithId({ channelId, snoopId, spy: 'in', app: 'proof' });
    await recorded;
    await this.#ari.channels.hangup({ channelId: snoopId });
    return wavSamples(await readFile(join(this.#spool, `${name}.wav`)));
  }

  async close(): Promise<void> {
    await this.#ari.stop();
  }
}
