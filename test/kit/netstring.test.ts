import { describe, expect, it } from 'vitest';
import { decodeNetstrings, encodeNetstring } from './netstring.ts';

describe('netstrings', () => {
  it('count bytes, not letters', () => {
    expect(encodeNetstring('受付').toString()).toBe('6:受付,');
  });

  it('come whole whatever pieces the bytes come in', () => {
    const sent = Buffer.concat(['{"a":1}', '', '受付'].map(encodeNetstring));
    const texts: string[] = [];
    let rest = Buffer.alloc(0);
    for (const byte of sent) {
      const decoded = decodeNetstrings(Buffer.concat([rest, Buffer.from([byte])]));
      texts.push(...decoded.texts);
      rest = Buffer.from(decoded.rest);
    }
    expect(texts).toEqual(['{"a":1}', '', '受付']);
    expect(rest).toHaveLength(0);
  });
});
