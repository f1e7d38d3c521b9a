/** Reading SIP messages, as far as callers need it (pure). */
export interface SipMessage {
  /** Of a request; undefined for a response. */
  readonly method: string | undefined;
  /** Of a response; 0 for a request. */
  readonly status: number;
  readonly body: string;
  /** The first header of this name (lower case), or nothing. */
  header(name: string): string;
  headers(name: string): readonly string[];
}

/** @returns undefined for what is no SIP message (a keep-alive) */
export function parseSip(text: string): SipMessage | undefined {
  const at = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = (at < 0 ? text : text.slice(0, at)).split('\r\n');
  const status = /^SIP\/2\.0 ([0-9]{3}) /.exec(first)?.[1];
  const method = /^([A-Z]+) \S+ SIP\/2\.0$/.exec(first)?.[1];
  if (status === undefined && method === undefined) return undefined;
  const found = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  const headers = (name: string): readonly string[] =>
    found.filter(([key]) => key === name).map(([, value]) => value);
  return {
    method: status === undefined ? method : undefined,
    status: Number(status ?? 0),
    body: at < 0 ? '' : text.slice(at + 4),
    header: (name) => headers(name)[0] ?? '',
    headers,
  };
}
