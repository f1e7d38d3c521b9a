/** A line of a conversation in G.711 mu-law, 8,000 bytes a second. */
export interface Line {
  readonly who: 'agent' | 'caller';
  readonly sound: Buffer;
}

const BYTES_PER_SECOND = 8_000;
const SILENCE = 0xff;
/** Before the first line, and between one and the next, s. */
const BEFORE = 0.6;
const BETWEEN = 0.45;

/** The two sides of a conversation, equally long: who does not speak is silent (pure). */
export function sidesOf(lines: readonly Line[]): { readonly agent: Buffer; readonly caller: Buffer } {
  const side = (who: Line['who']): Buffer =>
    Buffer.concat(
      lines.flatMap((line, index) => [
        silence(Math.round((index === 0 ? BEFORE : BETWEEN) * BYTES_PER_SECOND)),
        line.who === who ? line.sound : silence(line.sound.length),
      ]),
    );
  return { agent: side('agent'), caller: side('caller') };
}

function silence(bytes: number): Buffer {
  return Buffer.alloc(bytes, SILENCE);
}
