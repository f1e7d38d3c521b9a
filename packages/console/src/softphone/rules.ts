/** What can be decided about the softphone without a browser (pure). */

export type Registration =
  /** The microphone and keys of a page need https, or the machine itself. */
  | 'insecure'
  /** Another tab of this browser has the phone. */
  | 'elsewhere'
  | 'connecting'
  | 'registered'
  | 'refused';

/** `silent`: no microphone could be used, so the others hear nothing. */
export type Microphone = 'unasked' | 'ready' | 'silent';

/** `waiting` is an incoming call that rings here. */
export type CallPhase = 'waiting' | 'calling' | 'talking';

export interface CallState {
  readonly id: string;
  readonly direction: 'incoming' | 'outgoing';
  readonly number: string;
  /** As the caller's phone says it; null without one. */
  readonly name: string | null;
  readonly phase: CallPhase;
  /** Held from here. */
  readonly held: boolean;
  /** Held by the other side. */
  readonly heldByOther: boolean;
  readonly muted: boolean;
  /** When it was answered, in ms of this machine's clock. */
  readonly since: number | null;
  readonly transferring: boolean;
}

/** How a call ended that did not end as people meant it to. */
export type Mishap =
  'busy' | 'rejected' | 'unknown' | 'unavailable' | 'noAnswer' | 'failed' | 'transferFailed';

export interface SoftphoneState {
  readonly number: string;
  readonly registration: Registration;
  readonly microphone: Microphone;
  readonly calls: readonly CallState[];
  /** The latest mishap, until the next call. */
  readonly mishap: { readonly number: string; readonly what: Mishap } | null;
}

export const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;
export type Key = (typeof KEYS)[number];

export function isKey(text: string): text is Key {
  return KEYS.some((key) => key === text);
}

/** What was typed or pasted, as a phone dials it: without spaces, brackets and dashes, full-width digits as digits. Null when it is no number. */
export function dialable(text: string): string | null {
  const number = text.normalize('NFKC').replaceAll(/[\s()./-]|[‐-―−ー]/g, '');
  return /^\+?[0-9*#]{1,64}$/.test(number) ? number : null;
}

const MISHAPS: Readonly<Record<string, Mishap>> = {
  Busy: 'busy',
  Rejected: 'rejected',
  'Not Found': 'unknown',
  'Address Incomplete': 'unknown',
  Unavailable: 'unavailable',
  'No Answer': 'noAnswer',
  'Request Timeout': 'noAnswer',
};
/** Ends that people expect: somebody hung up. */
const PLAIN = new Set(['Terminated', 'Canceled']);

/** What to say about an ended call; null when it ended as calls do. `byUs` says that this page ended it. */
export function mishapOf(cause: string, byUs: boolean): Mishap | null {
  return byUs || PLAIN.has(cause) ? null : (MISHAPS[cause] ?? 'failed');
}

/** The call that is spoken in, or that wants attention: what rings, else what is not held, else the latest. */
export function foremost(calls: readonly CallState[]): CallState | null {
  return (
    calls.find(({ phase }) => phase === 'waiting') ??
    calls.findLast(({ held }) => !held) ??
    calls.at(-1) ??
    null
  );
}

/** While somebody is asked before a transfer: the party on hold and the one asked. */
export function consultation(
  calls: readonly CallState[],
): { readonly held: CallState; readonly asked: CallState } | null {
  const held = calls.find((call) => call.held && call.phase === 'talking');
  const asked = calls.findLast(
    (call) => !call.held && call.direction === 'outgoing' && call.id !== held?.id && call.phase !== 'waiting',
  );
  return held === undefined || asked === undefined ? null : { held, asked };
}

/** A sound level for people, 0 to 1, from samples in [-1, 1]: -60 dBFS and below is nothing. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const level = 10 * Math.log10(sum / Math.max(1, samples.length));
  return Math.min(1, Math.max(0, (level + 60) / 60));
}
