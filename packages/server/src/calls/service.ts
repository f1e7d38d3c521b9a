import { AriError, ifGone, newId, type AriClient, type Bridge, type Channel } from '@sasayaki/ari';
import type { PromptKey } from '../guidance/rules.ts';
import type { LegRegistry } from '../telephony/legs.ts';

export interface CallServiceOptions {
  readonly ari: AriClient;
  readonly legs: LegRegistry;
  readonly app: string;
  /** Tells a caller why the call did not come about, then hangs up. */
  readonly announce: (channelId: string, prompt: PromptKey) => void;
  readonly onFault: (error: unknown, what: string) => void;
}

/** How long a phone rings, s. */
const RING_SECONDS = 60;
/** Causes of ISDN (Q.850) with which a phone says that it is busy or declines. */
const BUSY = new Set([17, 21]);
const BRIDGE = 'call-';
const CALLEE = 'callee-';

/** The first argument of the legs that we call, in their StasisStart. */
export const CALLEE_ARGUMENT = 'callee';

interface Call {
  readonly id: string;
  readonly caller: string;
  readonly callee: string;
  state: 'ringing' | 'talking' | 'ended';
}

/**
 * Calls between two phones. All that is needed to take a call over is in Asterisk: the bridge's id and name tell both legs, so a new server
 * finds them (`adopt`).
 */
export class CallService {
  readonly #options: CallServiceOptions;
  readonly #calls = new Map<string, Call>();

  constructor(options: CallServiceOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#calls.size;
  }

  /** Calls a phone for a caller that waits in the application. */
  start(caller: string, number: string, callerId: string): void {
    const id = newId('').slice(1);
    const call: Call = { id, caller, callee: `${CALLEE}${id}`, state: 'ringing' };
    this.#own(call);
    this.#dial(call, number, callerId).catch((error: unknown) => {
      // 500 is how Asterisk says that the phone has no contact.
      const offline = error instanceof AriError && error.status === 500;
      if (!offline) this.#options.onFault(error, 'a phone could not be called');
      this.#refuse(call, offline ? 'phone-offline' : 'error-occurred');
    });
  }

  async #dial(call: Call, number: string, callerId: string): Promise<void> {
    const { ari, app } = this.#options;
    await ari.bridges.createWithId({
      bridgeId: `${BRIDGE}${call.id}`,
      type: 'mixing',
      name: `call:${call.caller}`,
    });
    await ari.channels.ring({ channelId: call.caller });
    await ari.channels.originateWithId({
      channelId: call.callee,
      endpoint: `PJSIP/${number}`,
      app,
      appArgs: CALLEE_ARGUMENT,
      callerId,
      timeout: RING_SECONDS,
      originator: call.caller,
    });
  }

  #own(call: Call): void {
    const { legs } = this.#options;
    this.#calls.set(call.id, call);
    legs.own(call.caller, { ended: () => this.#end(call) });
    legs.own(call.callee, {
      ended: (cause) => {
        if (call.state === 'ringing')
          this.#refuse(call, cause !== undefined && BUSY.has(cause) ? 'phone-busy' : 'no-answer');
        else this.#end(call);
      },
    });
  }

  /** The phone that was called has answered. */
  answered(channelId: string): void {
    const call = this.#calls.get(channelId.slice(CALLEE.length));
    if (call?.state !== 'ringing') {
      this.#hangUp(channelId);
      return;
    }
    call.state = 'talking';
    this.#connect(call).catch((error: unknown) => {
      this.#options.onFault(error, 'two legs could not be connected');
      this.#end(call);
    });
  }

  async #connect(call: Call): Promise<void> {
    const { ari } = this.#options;
    await ari.channels.answer({ channelId: call.caller });
    await ari.bridges.addChannel({ bridgeId: `${BRIDGE}${call.id}`, channel: [call.caller, call.callee] });
  }

  #refuse(call: Call, prompt: PromptKey): void {
    if (call.state === 'ended') return;
    call.state = 'ended';
    this.#calls.delete(call.id);
    this.#destroyBridge(call);
    this.#options.announce(call.caller, prompt);
  }

  #end(call: Call): void {
    if (call.state === 'ended') return;
    call.state = 'ended';
    this.#calls.delete(call.id);
    this.#hangUp(call.caller);
    this.#hangUp(call.callee);
    this.#destroyBridge(call);
  }

  #hangUp(channelId: string): void {
    ifGone(this.#options.ari.channels.hangup({ channelId })).catch((error: unknown) => {
      this.#options.onFault(error, 'a leg could not be hung up');
    });
  }

  #destroyBridge(call: Call): void {
    ifGone(this.#options.ari.bridges.destroy({ bridgeId: `${BRIDGE}${call.id}` })).catch((error: unknown) => {
      this.#options.onFault(error, 'a bridge could not be destroyed');
    });
  }

  /**
   * Takes over the calls that are in Asterisk, after a connection. Calls that ended meanwhile are closed, legs that lost their other side
   * are hung up.
   * @returns the channels that belong to calls
   */
  adopt(channels: readonly Channel[], bridges: readonly Bridge[]): ReadonlySet<string> {
    const states = new Map(channels.map((channel) => [channel.id, channel.state]));
    const owned = new Set<string>();
    for (const bridge of bridges) {
      if (!bridge.id.startsWith(BRIDGE) || !bridge.name.startsWith('call:')) continue;
      const id = bridge.id.slice(BRIDGE.length);
      const known = this.#calls.get(id);
      const caller = bridge.name.slice('call:'.length);
      const call: Call = known ?? { id, caller, callee: `${CALLEE}${id}`, state: 'ringing' };
      owned.add(call.caller).add(call.callee);
      const talking = bridge.channels.includes(call.caller) && bridge.channels.includes(call.callee);
      if (known === undefined) this.#own(call);
      if (!states.has(call.caller) || !states.has(call.callee)) {
        this.#end(call);
      } else if (talking) {
        call.state = 'talking';
      } else if (states.get(call.callee) === 'Up') {
        // It was answered while nobody listened.
        call.state = 'ringing';
        this.answered(call.callee);
      }
    }
    return owned;
  }
}
