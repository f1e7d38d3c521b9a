/** baresip's control protocol: JSON in netstrings (`12:{"a":"b"...},`). */
export function encodeNetstring(text: string): Buffer {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from(`${body.length}:`), body, Buffer.from(',')]);
}

/** Takes whole netstrings from the front of a buffer; what is left waits for more bytes. */
export function decodeNetstrings(buffer: Buffer): {
  readonly texts: readonly string[];
  readonly rest: Buffer;
} {
  const texts: string[] = [];
  let rest = buffer;
  for (;;) {
    const colon = rest.indexOf(':');
    if (colon < 0) return { texts, rest };
    const length = Number(rest.subarray(0, colon).toString());
    if (rest.length < colon + 1 + length + 1) return { texts, rest };
    texts.push(rest.subarray(colon + 1, colon + 1 + length).toString('utf8'));
    rest = rest.subarray(colon + length + 2);
  }
}
