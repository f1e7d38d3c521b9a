/** Keys as RFC 4733 telephone events, with exact times (pure). */

export interface KeyTiming {
  readonly pressMs: number;
  /** From the release of a key to the next press. */
  readonly gapMs: number;
}

export interface MediaPacket {
  /** ms from the begin of the sequence. */
  readonly at: number;
  /** Silence without one. */
  readonly event?: {
    readonly code: number;
    readonly begunAt: number;
    readonly isFirst: boolean;
    readonly isEnd: boolean;
    readonly durationMs: number;
  };
}

const KEYS = '0123456789*#ABCD';
const PACKET_MS = 20;
const SAMPLES_PER_MS = 8;
const AUDIO = 0;
const TELEPHONE_EVENT = 101;

export interface KeySequence {
  readonly packets: readonly MediaPacket[];
  readonly lengthMs: number;
}

/** The packets of some keys, in order: one every 20 ms while a key is down, its end three times. */
export function keyPackets(keys: string, { pressMs, gapMs }: KeyTiming): KeySequence {
  const packets: MediaPacket[] = [];
  let begunAt = 0;
  for (const key of keys) {
    const code = KEYS.indexOf(key);
    if (code < 0) throw new Error('There is no such key.');
    for (let down = 0; down < pressMs; down += PACKET_MS) {
      const event = { code, begunAt, isFirst: down === 0, isEnd: false, durationMs: Math.max(1, down) };
      packets.push({ at: begunAt + down, event });
    }
    const end = { code, begunAt, isFirst: false, isEnd: true, durationMs: pressMs };
    for (let copy = 0; copy < 3; copy += 1) packets.push({ at: begunAt + pressMs, event: end });
    begunAt += pressMs + gapMs;
    for (let late = PACKET_MS; late < gapMs; late += PACKET_MS) {
      packets.push({ at: begunAt - gapMs + late });
    }
  }
  return { packets, lengthMs: begunAt };
}

/** Gives the packets of one stream their numbers and times. */
export class RtpWriter {
  readonly #begun = performance.now();
  readonly #source = Math.floor(Math.random() * 0xffff_ffff);
  #sequence = Math.floor(Math.random() * 0x8000);

  /** @param clock when the packet's sequence began, as `performance.now()` gives it */
  write(packet: MediaPacket, clock: number): Buffer {
    const { event } = packet;
    const header = Buffer.alloc(12);
    const marker = event?.isFirst === true ? 0x80 : 0;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    header[0] = 0x80;
    header[1] = marker | (event === undefined ? AUDIO : TELEPHONE_EVENT);
    header.writeUInt16BE(this.#sequence, 2);
    const ms = clock + (event?.begunAt ?? packet.at) - this.#begun;
    header.writeUInt32BE(Math.max(0, Math.round(ms * SAMPLES_PER_MS)), 4);
    header.writeUInt32BE(this.#source, 8);
    if (event === undefined) return Buffer.concat([header, Buffer.alloc(PACKET_MS * SAMPLES_PER_MS, 0xff)]);
    const body = Buffer.alloc(4);
    body[0] = event.code;
    body[1] = (event.isEnd ? 0x80 : 0) | 10;
    body.writeUInt16BE(Math.round(event.durationMs * SAMPLES_PER_MS), 2);
    return Buffer.concat([header, body]);
  }
}

/** G.711 µ-law to samples in [-1, 1]. */
export function muLawToSamples(bytes: Buffer): Float64Array {
  return Float64Array.from(bytes, (byte) => {
    const inverted = ~byte & 0xff;
    const magnitude = (((inverted & 0x0f) << 3) + 0x84) << ((inverted & 0x70) >> 4);
    return ((inverted & 0x80) === 0 ? magnitude - 0x84 : 0x84 - magnitude) / 32_768;
  });
}
