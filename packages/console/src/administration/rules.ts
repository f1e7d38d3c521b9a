import type { Role } from '../../../server/src/http/contract.ts';

/** What the server takes too: it checks again, and says less about why it refuses. */
export const FORMS = {
  loginName: /^[a-z0-9][a-z0-9._-]{0,63}$/,
  name: /^(?=.*\S).{1,100}$/,
  extension: /^[1-3][0-9]{3}$/,
  callCenter: /^7[0-9]{3}$/,
  digits: /^[0-9]{4,20}$/,
  outside: /^(?:0[0-9]{2,19}|\+[0-9]{3,20})$/,
  seat: /^[0-9]{1,6}$/,
  trunkId: /^[a-z0-9](?:[a-z0-9-]{0,29}[a-z0-9])?$/,
  host: /^[A-Za-z0-9.:-]{1,253}$/,
  username: /^[A-Za-z0-9._+-]{1,64}$/,
  source: /^[0-9A-Fa-f.:]{2,45}(?:\/[0-9]{1,3})?$/,
  pattern: /^(?:[0-9X]{1,32}\.?|\.)$/,
  prepend: /^\+?[0-9]{0,16}$/,
  emergency: /^[0-9]{2,10}$/,
} as const;

export const ROLES = ['system_administrator', 'supervisor', 'user'] as const satisfies readonly Role[];

/** Whether the text is a whole number from `least` to `most`. */
export function isNumberBetween(text: string, least: number, most: number): boolean {
  return /^[0-9]{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most;
}

/** Whether one of the texts holds what is searched for, letter case and width of letters apart. */
export function matches(search: string, ...texts: readonly string[]): boolean {
  const plain = (text: string): string => text.normalize('NFKC').toLowerCase();
  const wanted = plain(search).trim();
  return wanted === '' || texts.some((text) => plain(text).includes(wanted));
}

/** Words separated by blanks, commas or line ends. */
export function listOf(text: string): string[] {
  return text.split(/[\s,、]+/).filter(Boolean);
}

/** Only what is wrong: keys with a text. */
export function problemsOf<Name extends string>(
  found: Readonly<Record<Name, string | null>>,
): { readonly [Key in Name]?: string } {
  return Object.fromEntries(Object.entries(found).filter(([, words]) => words !== null)) as {
    readonly [Key in Name]?: string;
  };
}
