import { accountId, signInAgent, TONES } from './floor.ts';
import { Lines } from './lines.ts';
import type { Phone } from './phone.ts';
import { recordingsDespiteLoss } from './recordings.ts';
import type { SATO, System } from './system.ts';
import { until } from './wait.ts';

/** A system with two providers, two agents inside (sato at 1000, tanaka at 1001) and two people outside, each with a tone of its own. */
export class OutsideFloor {
  readonly lines: Lines;
  readonly system: System;
  readonly agent: Phone;
  readonly colleague: Phone;
  /** Outside, at the trunk that is known by its address. */
  readonly customer: Phone;
  /** Outside, at the trunk where the system registers. */
  readonly mobile: Phone;

  private constructor(lines: Lines, phones: readonly [Phone, Phone, Phone, Phone]) {
    this.lines = lines;
    this.system = lines.system;
    [this.agent, this.colleague, this.customer, this.mobile] = phones;
  }

  static async open(): Promise<OutsideFloor> {
    const lines = await Lines.open();
    const { system } = lines;
    const phones = await Promise.all([
      system.phone('1000', { toneHz: TONES.agent }),
      system.phone('1001', { toneHz: TONES.second }),
      lines.main.phone('0312345678', { toneHz: TONES.customer }),
      lines.line.phone('09011112222', { toneHz: TONES.supervisor }),
    ]);
    const floor = new OutsideFloor(lines, phones);
    await signInAgent(lines.admin, await accountId(system, 'sato'), '1000');
    await signInAgent(lines.admin, await accountId(system, 'tanaka'), '1001');
    return floor;
  }

  /** Waits until an agent shows this status: that of the call, or else the base status. */
  async shows(login: string, wanted: string): Promise<void> {
    await until(`${login} to show ${wanted}`, 20_000, async () => {
      const { call_status: call, base_status: base } = await this.system.agent(login);
      return (call ?? base) === wanted;
    });
  }

  /** Ends what a test left. */
  async clear(): Promise<void> {
    const phones = [this.agent, this.colleague, this.customer, this.mobile];
    for (const phone of phones) await phone.hangUpAll();
    await this.lines.quiet();
    for (const phone of phones) phone.forget();
  }
}

/** Signs in at an extension, by a dial from this phone. */
export async function signIn(phone: Phone, who: typeof SATO, extension: string): Promise<void> {
  await phone.dial(`0009*${who.dialId}*${who.dialPassword}*${extension}`);
  await phone.ended();
}

/** What a phone shows of who calls next. */
export async function callerAt(phone: Phone): Promise<string> {
  const { peeruri = '' } = await phone.event('CALL_INCOMING');
  return /sip:([^@;>]*)@/.exec(peeruri)?.[1] ?? '';
}

const ANNOUNCEMENTS = [
  'phone-busy',
  'phone-offline',
  'no-answer',
  'lines-full',
  'unknown-number',
  'error-occurred',
] as const;

/** Fails unless the call that has just ended had this announcement and no other. */
export async function expectAnnounced(phone: Phone, prompt: string): Promise<void> {
  await until(`the announcement ${prompt} at ${phone.number}`, 20_000, async () => {
    const found: readonly string[] = recordingsDespiteLoss((await phone.heard(8_000)).samples, ANNOUNCEMENTS);
    return found.length === 1 && found[0] === prompt;
  });
}
