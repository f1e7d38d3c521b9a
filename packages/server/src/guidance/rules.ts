import type { BaseStatus, CallStatus } from '../agents/rules.ts';

/** Every recording by its key: `sounds/<language>/<key>.wav` (docs/engineer/sounds.md). */
export const PROMPT_KEYS = [
  'intro-sign-in',
  'intro-sign-in-extension',
  'intro-status-change',
  'intro-status-check',
  'intro-sign-out',
  'intro-monitor',
  'intro-whisper',
  'enter-agent-id',
  'enter-password',
  'enter-dial-id',
  'enter-dial-password',
  'enter-extension',
  'enter-status',
  'try-again',
  'signed-in',
  'signed-out',
  'status-changed',
  'seated',
  'cannot-sign-in',
  'error-occurred',
  'status-is',
  'status-ready',
  'status-after_call_work',
  'status-on_break',
  'status-away',
  'status-signed_off',
  'status-ringing',
  'status-call_center_call',
  'status-external_call',
  'status-outgoing_call',
  'status-internal_call',
  'status-on_hold',
  'unknown-number',
  'phone-offline',
  'phone-busy',
  'no-answer',
  'service-unavailable',
  'lines-full',
  'monitoring-waiting',
  'waiting-notice',
  'waiting-sorry',
] as const;

export type PromptKey = (typeof PROMPT_KEYS)[number];
export type Language = 'ja' | 'en';

/** The recording that names a status. */
export function statusPrompt(status: BaseStatus | CallStatus): PromptKey {
  return `status-${status}`;
}

/** Which language a caller hears: the phone's own, or else the system's. */
export function spokenLanguage(phone: Language | null, system: Language): Language {
  return phone ?? system;
}

/** The Asterisk media URIs of these prompts, in order. */
export function mediaOf(
  soundsDir: string,
  language: Language,
  prompts: readonly PromptKey[],
): readonly string[] {
  return prompts.map((key) => `sound:${soundsDir}/${language}/${key}`);
}

/** Silence that runs while keys are awaited: Asterisk reads fast keys exactly only while something plays. */
export function silenceOf(soundsDir: string): string {
  return `sound:${soundsDir}/silence`;
}
