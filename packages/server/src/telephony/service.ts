import { AriError, ifGone, type AriClient, type Channel, type StasisStart } from '@sasayaki/ari';
import { adoptCalls, endLostCalls } from '../calls/adoption.ts';
import { Redial } from '../calls/redial.ts';
import { Routing, type Destination, type OutsideLines } from '../calls/routing.ts';
import type { Failure, Leg } from '../calls/rules.ts';
import { RUNG_ARGUMENT, type CallerId } from '../calls/ringing.ts';
import { CallService } from '../calls/service.ts';
import { Transfers, type TransferOptions } from '../calls/transfers.ts';
import { parseDialled, type Dialled } from '../dialing/rules.ts';
import type { DialService } from '../dialing/service.ts';
import type { PromptKey } from '../guidance/rules.ts';
import { MonitoringService, type MonitoringOptions } from '../monitoring/service.ts';
import { CALLBACK_ARGUMENT } from '../monitoring/sessions.ts';
import { TAP_ARGUMENT } from '../monitoring/taps.ts';
import { phoneOfChannel } from '../phones/rules.ts';
import type { PhoneService } from '../phones/service.ts';
import type { Phone } from '../phones/store.ts';
import type { Settings } from '../settings/service.ts';
import { LegRegistry } from './legs.ts';
import { Speaker, type NetworkAnswer } from './speaker.ts';

/** The channel variable in which the dialplan leaves what was dialled. */
const DIALLED_VARIABLE = 'CC_DIALED';
/** That in which it leaves whether a caller from outside shows the number. */
const PRESENTATION_VARIABLE = 'CC_PRESENTATION';

/** A call that came longer ago than this, ms, is asked about before it is taken; well below the guard's 5 s. */
const FRESH_MS = 1_000;

export interface TelephonyOptions {
  readonly ari: AriClient;
  /** The Stasis application that calls enter. */
  readonly app: string;
  /** The application that watches phones. */
  readonly watchApp: string;
  readonly soundsDir: string;
  readonly phones: PhoneService;
  readonly dial: DialService;
  readonly settings: () => Settings;
  readonly lines: OutsideLines;
  readonly monitoring: Pick<MonitoringOptions, 'db' | 'onChanged'>;
  readonly isCallCenter: (number: string) => boolean;
  /** A caller who is to wait for a call center; the call is known already. */
  readonly enterCallCenter: (callId: string) => void;
  /** After the world was read: calls are known again. */
  readonly onCallsKnown: () => Promise<void>;
  readonly onFault: (
    error: unknown,
    what: string,
    about?: { readonly call?: string; readonly phone?: string; readonly session?: string },
  ) => void;
  readonly onTransferRefused: TransferOptions['onRefused'];
  /** A phone that was in a dialogue, or heard an announcement, is free. */
  readonly onDialogueEnded: (phone: string) => void;
  readonly onEngineState: (state: 'up' | 'down') => void;
}

/**
 * The connection to one Asterisk node: which leg is whose, what each call that comes in wants, and reading the world again after every
 * connection.
 */
export class Telephony {
  readonly #options: TelephonyOptions;
  readonly #legs: LegRegistry;
  readonly #routing: Routing;
  readonly #speaker: Speaker;
  readonly calls: CallService;
  readonly monitoring: MonitoringService;
  readonly redial: Redial;

  constructor(options: TelephonyOptions) {
    this.#options = options;
    const { ari, app, onFault } = options;
    this.#legs = new LegRegistry(ari);
    this.#speaker = new Speaker({
      ...options,
      legs: this.#legs,
      handedOver: (channelId) => this.monitoring.begin(channelId),
      onSilent: options.onDialogueEnded,
    });
    this.calls = new CallService({
      ari,
      legs: this.#legs,
      app,
      onFault: (error, what, call) => onFault(error, what, { call }),
      announce: (leg, failure) => this.#fail(leg, failure),
    });
    this.monitoring = new MonitoringService({
      ...options.monitoring,
      ari,
      app,
      legs: this.#legs,
      calls: this.calls,
      isPhone: (number) => options.phones.phone(number) !== undefined,
      settings: options.settings,
      voice: (channelId) => this.#speaker.voice(channelId),
      notice: (phone) => this.#speaker.media(options.phones.phone(phone), ['monitoring-waiting']),
      tone: (mode) => `sound:${options.soundsDir}/tone-${mode === 'whisper' ? 'whisper' : 'monitor'}`,
      onFault: (error, what, about) => onFault(error, what, about),
    });
    this.#routing = new Routing({
      phones: options.phones,
      lines: options.lines,
      outsideChannels: () => this.calls.outsideChannels,
      isCallCenter: options.isCallCenter,
    });
    this.redial = new Redial({
      legs: this.#legs,
      ringer: this.calls.ringer,
      calls: this.calls,
      isRegistered: (number) => options.phones.isRegistered(number),
      destination: (number, by) => this.#dialledBy(number, by),
      refuse: (leg, to) => this.#connect(leg, undefined, to),
    });
    new Transfers({
      ari,
      calls: this.calls,
      destination: (number, by) => this.#dialledBy(number, by),
      toCallCenter: (leg, callCenter) => this.#toCallCenter(leg, callCenter),
      onRefused: options.onTransferRefused,
    });
    ari.onConnected(async () => this.#readWorld());
    ari.onDisconnected(() => {
      options.phones.registrationsAre(undefined);
      options.onEngineState('down');
    });
    ari.on('StasisStart', (event) => this.#entered(event));
    ari.on('EndpointStateChange', ({ endpoint }) => {
      if (endpoint.technology !== 'PJSIP') return;
      options.phones.registrationChanged(endpoint.resource, endpoint.state === 'online');
    });
  }

  /** Legs and calls that are owned now. */
  get load(): { readonly legs: number; readonly calls: number } {
    return { legs: this.#legs.size, calls: this.calls.size };
  }

  /**
   * Whether a phone listens to a call, or is rung for that or for a 再発信, or is in a dialogue with us: no call of its own, but no call center is
   * to ring it.
   */
  isTaken(phone: string): boolean {
    return this.monitoring.isAt(phone) || this.redial.isRinging(phone) || this.#speaker.isHeardAt(phone);
  }

  /**
   * Which phones come and go. Subscribing to phones also brings the events of their channels, a second time; so an application of its own
   * watches them, and is told of nothing else. Asterisk knows the source only once there is a phone, so this is asked again after each reload.
   */
  async watchPhones(): Promise<void> {
    const { ari, watchApp } = this.#options;
    await ari.applications.filter({
      applicationName: watchApp,
      filter: { allowed: [{ type: 'EndpointStateChange' }] },
    });
    await ari.applications
      .subscribe({ applicationName: watchApp, eventSource: ['endpoint:PJSIP'] })
      .catch((error: unknown) => {
        if (!(error instanceof AriError) || error.status !== 422) throw error;
      });
  }

  async #readWorld(): Promise<void> {
    const { ari, app, phones, onEngineState } = this.#options;
    const [legs, calls] = [this.#legs.ids, Array.from(this.calls.all, ({ id }) => id)];
    const sessions = this.monitoring.ids;
    await this.watchPhones();
    const endpoints = (await ari.endpoints.list()).filter(({ technology }) => technology === 'PJSIP');
    phones.registrationsAre(
      endpoints.filter(({ state }) => state === 'online').map(({ resource }) => resource),
    );
    const [channels, bridges] = await Promise.all([ari.channels.list(), ari.bridges.list()]);
    this.monitoring.lostWith(sessions, bridges);
    endLostCalls(this.calls, calls, bridges);
    this.#legs.keepOnly(new Set(channels.map(({ id }) => id)), legs);
    const adoption = { ari, legs: this.#legs, calls: this.calls };
    const inCalls = await adoptCalls(adoption, channels, bridges, legs);
    const monitoring = await this.monitoring.adopt(channels, bridges);
    for (const channel of channels) {
      if (
        inCalls.has(channel.id) ||
        monitoring.has(channel.id) ||
        this.#legs.has(channel.id) ||
        !isOurs(channel, app)
      )
        continue;
      // A dialogue whose server died: what was keyed is gone with it, so the caller hears a definite end.
      this.#speaker.announce(channel.id, phones.phone(phoneOfChannel(channel.name) ?? ''), [
        'error-occurred',
      ]);
    }
    await this.#options.onCallsKnown();
    // Asterisk may have been restarted on an older file.
    phones.forgetWritten();
    phones.changed(0);
    onEngineState('up');
  }

  #entered(event: StasisStart): void {
    const { channel, args } = event;
    if (args[0] === RUNG_ARGUMENT) {
      this.calls.entered(channel.id);
      return;
    }
    if (args[0] === TAP_ARGUMENT || args[0] === CALLBACK_ARGUMENT) {
      this.monitoring.entered(channel.id);
      return;
    }
    if (this.#legs.has(channel.id)) return;
    if (Date.now() - Date.parse(event.timestamp) < FRESH_MS) this.#take(channel);
    else void this.#takeLate(channel);
  }

  /** We were away for a while: the caller may have been told so by the guard, and must not have done what was dialled. */
  async #takeLate(channel: Channel): Promise<void> {
    const arrival = { gone: false };
    this.#legs.own(channel.id, { ended: () => (arrival.gone = true) });
    // What happened to it meanwhile is told before the answer to this.
    const asked = this.#options.ari.channels.get({ channelId: channel.id });
    const now = await ifGone(asked).catch((error: unknown) => {
      this.#options.onFault(error, 'a call could not be taken', { call: channel.id });
      this.#speaker.hangUp(channel.id);
    });
    if (!arrival.gone && now !== undefined) this.#take(channel);
  }

  /** A new call of a phone or from outside: lift the guard, see what was dialled, and do it. */
  #take(channel: Channel): void {
    const { phones, settings, lines } = this.#options;
    const trunk = lines.trunkOfChannel(channel.name);
    const phone = phones.phone(phoneOfChannel(channel.name) ?? '');
    const dialled = variableOf(channel, DIALLED_VARIABLE);
    // Asterisk does in order what is asked, so nobody waits for these. Not later: while a recording plays on a channel Asterisk sets nothing there, and
    // answers nobody meanwhile.
    this.#set(channel.id, 'TIMEOUT(absolute)', '0', 'the guard of a call could not be lifted');
    // From now on no event shows it.
    this.#set(channel.id, DIALLED_VARIABLE, '', 'what was dialled could not be taken back');
    if (trunk !== undefined) {
      const isHidden = variableOf(channel, PRESENTATION_VARIABLE).startsWith('prohib');
      this.#fromOutside(channel, trunk.id, lines.shownCaller(channel.caller, isHidden), dialled);
      return;
    }
    if (phone === undefined) {
      this.#speaker.announce(channel.id, undefined, ['error-occurred']);
      return;
    }
    const context = { phoneKind: phone.kind, oneShotDialling: settings().oneShotDialling };
    this.#route(channel, phone, parseDialled(dialled, context));
  }

  #set(channelId: string, variable: string, value: string, fault: string): void {
    ifGone(this.#options.ari.channels.setChannelVar({ channelId, variable, value })).catch(
      (error: unknown) => {
        this.#options.onFault(error, fault, { call: channelId });
        this.#speaker.hangUp(channelId);
      },
    );
  }

  #route(channel: Channel, phone: Phone, dialled: Dialled): void {
    switch (dialled.kind) {
      case 'guided':
        this.#speaker.guide(channel.id, phone, dialled.code, dialled.given);
        break;
      case 'one_shot':
        this.#speaker.oneShot(channel.id, phone, dialled.operation);
        break;
      case 'phone':
      case 'call_center':
      case 'outside':
      case 'refused':
        this.#connect(phoneLegOf(channel, phone), phone, this.#routing.destination(dialled, phone));
        break;
    }
  }

  /** What a phone's transfer leads to: no feature code, whatever the phone may dial otherwise. */
  #dialledBy(number: string, by: string): Destination {
    const phone = this.#options.phones.phone(by);
    if (phone === undefined) return { kind: 'refused', prompt: 'error-occurred' };
    const dialled = parseDialled(number, { phoneKind: phone.kind, oneShotDialling: false });
    return this.#routing.destination(dialled, phone);
  }

  #connect(caller: Leg, phone: Phone | undefined, to: Destination): void {
    if (to.kind === 'refused') {
      if (to.overLimit !== undefined) {
        this.calls.refused({ kind: 'outgoing', caller, dialled: to.overLimit }, 'limit_reached');
      }
      this.#speaker.announce(caller.channel, phone, [to.prompt]);
    } else if (to.kind === 'call_center') this.#toCallCenter(caller, to.number);
    else this.calls.start({ kind: to.callKind, caller, dialled: to.dialled, ways: to.ways });
  }

  #toCallCenter(caller: Leg, callCenter: string): void {
    const call = this.calls.wait({ caller, callCenter });
    this.#options.enterCallCenter(call.id);
  }

  /** A call from a trunk: by the number that was called to an extension or a call center. */
  #fromOutside(channel: Channel, trunk: string, shown: CallerId, number: string): void {
    const { lines } = this.#options;
    const caller: Leg = {
      channel: channel.id,
      party: { kind: 'outside', number: shown.number, trunk },
      up: false,
      holding: false,
    };
    const to = lines.routeIncoming(number);
    if (to === undefined) {
      this.calls.refused({ kind: 'incoming', caller, dialled: number }, 'unknown_number');
      this.#speaker.refuse(channel.id, 'unallocated');
    } else if (!lines.withinLimit(this.calls.outsideChannels, false)) {
      this.calls.refused({ kind: 'incoming', caller, dialled: to.number }, 'limit_reached');
      this.#speaker.refuse(channel.id, 'busy');
    } else if (to.kind === 'call_center') {
      if (this.#options.isCallCenter(to.number)) this.#toCallCenter(caller, to.number);
      else this.#speaker.refuse(channel.id, 'unallocated');
    } else {
      const destination = this.#routing.phone(to.number, shown);
      if (destination.kind === 'ways') {
        this.calls.start({ kind: 'incoming', caller, dialled: to.number, ways: destination.ways });
      } else {
        this.#speaker.refuse(channel.id, destination.kind === 'refused' ? 'no_answer' : 'unallocated');
      }
    }
  }

  /** A call that did not come about: a phone hears why, an outside caller gets the answer of the network, which costs nothing. */
  #fail(leg: Leg, failure: Failure): void {
    if (leg.party.kind === 'outside' && !leg.up) {
      this.#legs.own(leg.channel, { ended: () => undefined });
      this.#speaker.refuse(leg.channel, FAILURE_ANSWERS[failure]);
      return;
    }
    const phone = leg.party.kind === 'phone' ? this.#options.phones.phone(leg.party.number) : undefined;
    this.#speaker.announce(leg.channel, phone, [FAILURE_PROMPTS[failure]]);
  }
}

const FAILURE_PROMPTS: Readonly<Record<Failure, PromptKey>> = {
  busy: 'phone-busy',
  no_answer: 'no-answer',
  offline: 'phone-offline',
  failed: 'error-occurred',
  unknown_number: 'unknown-number',
  congestion: 'lines-full',
};

const FAILURE_ANSWERS: Readonly<Record<Failure, NetworkAnswer>> = {
  busy: 'busy',
  no_answer: 'no_answer',
  offline: 'no_answer',
  failed: 'congestion',
  unknown_number: 'unallocated',
  congestion: 'congestion',
};

function phoneLegOf(channel: Channel, phone: Phone): Leg {
  return { channel: channel.id, party: { kind: 'phone', number: phone.number }, up: false, holding: false };
}

/** A variable that comes with the events of a channel; empty when it is not set. */
function variableOf(channel: Channel, name: string): string {
  const value = channel.channelvars?.[name];
  return typeof value === 'string' ? value : '';
}

/** Whether a channel is in our application; others belong to the dialplan (the guard's announcement). */
function isOurs(channel: Channel, app: string): boolean {
  return channel.dialplan.app_name === 'Stasis' && channel.dialplan.app_data.split(',')[0] === app;
}
