import { registrationsIn, type Trunk } from './rules.ts';

/** Asterisk's own web server, as ARI is reached. */
export interface AsteriskAccess {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

const DEADLINE_MS = 5_000;

/** Asks Asterisk which trunks are registered. @throws Error when it does not answer */
export async function readRegistrations(
  { url, username, password }: AsteriskAccess,
  trunks: readonly Trunk[],
): Promise<ReadonlyMap<string, boolean>> {
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  const answer = await fetch(new URL('/metrics', url), {
    headers: { authorization: `Basic ${credentials}` },
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  if (!answer.ok) throw new Error(`Asterisk's metrics answered ${answer.status}.`);
  return registrationsIn(await answer.text(), trunks);
}
