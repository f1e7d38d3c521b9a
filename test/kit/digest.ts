import { createHash, randomBytes } from 'node:crypto';

export interface DigestOptions {
  readonly number: string;
  readonly password: string;
  readonly method: string;
  readonly uri: string;
}

/** The Authorization header that answers these challenges, with its line's end; the one for MD5 is taken. */
export function authorization(
  challenges: readonly string[],
  { number, password, method, uri }: DigestOptions,
): string {
  const challenge = challenges.find((text) => !/algorithm=(?!"?MD5\b)/i.test(text)) ?? '';
  const field = (name: string): string => new RegExp(`${name}="([^"]*)"`, 'i').exec(challenge)?.[1] ?? '';
  const [realm, nonce, opaque] = [field('realm'), field('nonce'), field('opaque')];
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const [ours, nc] = [randomBytes(8).toString('hex'), '00000001'];
  const secret = md5(`${number}:${realm}:${password}`);
  const response = md5(`${secret}:${nonce}:${nc}:${ours}:auth:${md5(`${method}:${uri}`)}`);
  return (
    `Authorization: Digest username="${number}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
    `response="${response}", algorithm=MD5, qop=auth, nc=${nc}, cnonce="${ours}", opaque="${opaque}"\r\n`
  );
}
