import type { LegRegistry } from '../telephony/legs.ts';
import { CallError } from './errors.ts';
import type { Ringer, Way } from './ringing.ts';
import type { Destination } from './routing.ts';
import type { Leg } from './rules.ts';
import type { CallService } from './service.ts';

export interface RedialOptions {
  readonly legs: LegRegistry;
  readonly ringer: Ringer;
  readonly calls: Pick<CallService, 'phoneLeg' | 'start'>;
  /** null while Asterisk is away. */
  readonly isRegistered: (phone: string) => boolean | null;
  /** Where a number leads that this phone calls; never to a feature code. */
  readonly destination: (number: string, phone: string) => Destination;
  /** Tells the leg why nothing came of it, then hangs up. */
  readonly refuse: (leg: Leg, to: Extract<Destination, { kind: 'refused' }>) => void;
}

/** What the phone shows that rings first. */
const NAME = '再発信';
/** How long the agent's own phone rings, s. */
const RING_SECONDS = 20;

/**
 * 再発信: a number of the agent's history is called again from the page. The agent's own phone rings first; when it is answered the number is called
 * from there. Such a call is never a target of monitoring.
 */
export class Redial {
  readonly #options: RedialOptions;
  /** Phones that ring for it. */
  readonly #ringing = new Set<string>();

  constructor(options: RedialOptions) {
    this.#options = options;
  }

  /** Whether this phone rings for a call that it is to make: no call of its own yet, but nobody else is to ring it. */
  isRinging(phone: string): boolean {
    return this.#ringing.has(phone);
  }

  /**
   * Rings the phone, and calls the number once it is answered.
   * @throws CallError; nothing rang then
   */
  place(number: string, phone: string): void {
    const { legs, ringer, calls, isRegistered, destination } = this.#options;
    if (destination(number, phone).kind !== 'ways') throw new CallError('CALL_NUMBER_WRONG');
    if (isRegistered(phone) !== true) throw new CallError('CALL_PHONE_OFFLINE');
    if (calls.phoneLeg(phone) !== undefined || this.#ringing.has(phone))
      throw new CallError('CALL_PHONE_BUSY');
    const way: Way = {
      endpoint: `PJSIP/${phone}`,
      party: { kind: 'phone', number: phone },
      callerId: { name: NAME, number },
    };
    const leg = ringer.leg(way);
    this.#ringing.add(phone);
    const answered = (): void => {
      this.#ringing.delete(phone);
      this.#call({ ...leg, up: true }, number, phone);
    };
    const ended = (): void => {
      this.#ringing.delete(phone);
      ringer.forget(leg.channel);
    };
    legs.own(leg.channel, { answered, ended }, { rung: true, up: false });
    ringer.make(null, leg, way, { seconds: RING_SECONDS, early: false, replaceable: false });
  }

  /** What was possible when the phone began to ring may not be any more, so it is asked again. */
  #call(caller: Leg, number: string, phone: string): void {
    const { calls, destination, refuse } = this.#options;
    const to = destination(number, phone);
    if (to.kind === 'ways') {
      calls.start({ kind: to.callKind, caller, dialled: to.dialled, ways: to.ways, redial: true });
    } else {
      refuse(caller, to.kind === 'refused' ? to : { kind: 'refused', prompt: 'unknown-number' });
    }
  }
}
