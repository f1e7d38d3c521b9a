import type { AriClient } from '@sasayaki/ari';
import type { AgentService } from '../agents/service.ts';
import { Outbox } from '../calls/outbox.ts';
import type { Call, Leg } from '../calls/rules.ts';
import type { CallService, Offer } from '../calls/service.ts';
import type { Db } from '../database/pool.ts';
import type { PromptKey } from '../guidance/rules.ts';
import { Distributor } from './distributor.ts';
import { DEFAULT_RULES, type CallCenterRules } from './rules.ts';
import { Settlements } from './settlements.ts';
import { WaitingSound } from './sound.ts';
import {
  hasAgents,
  keepWaiting,
  listCallCenters,
  listPhonesOf,
  listReservations,
  listWaiting,
  saveWaiting,
} from './store.ts';
import { newWaiting, step, type Waiting, type WaitingEffect, type WaitingEvent } from './waiting.ts';
import { WayOut } from './way-out.ts';

export interface CallCenterServiceOptions {
  readonly db: Db;
  readonly ari: AriClient;
  readonly agents: AgentService;
  readonly calls: CallService;
  /** This Asterisk node: other servers have callers of their own. */
  readonly node: string;
  /** Whether a phone is registered; null while Asterisk's answer is unknown. */
  readonly isRegistered: (phone: string) => boolean | null;
  /** Whether a phone in no call is in use all the same: a supervisor listens there, or it is rung for something else. */
  readonly isTaken: (phone: string) => boolean;
  /** What is said, in the language of this caller. */
  readonly media: (caller: Leg, prompts: readonly PromptKey[]) => readonly string[];
  /** Who waits in a call center changed. */
  readonly onChanged: (callCenter: string) => void;
  readonly onFault: (error: unknown, what: string, call?: string) => void;
  readonly now?: () => number;
}

/** One caller who waits, with what belongs to the wait and ends with it. */
interface Entry {
  waiting: Waiting;
  /** As last known, should the call center be deleted meanwhile. */
  rules: CallCenterRules;
  readonly sound: WaitingSound;
  offer: Offer | undefined;
  notice: NodeJS.Timeout | undefined;
  overflow: NodeJS.Timeout | undefined;
}

/** How long a reservation outlives the ring for which it is, should nobody end it, ms. */
const HOLD_MS = 10_000;
const LAST_PRIORITY = 99;
const MOST_WAITING = 10_000;

/**
 * Callers who wait for an agent: the machine in `waiting.ts` decides, this one does. Who waits is known from the calls in Asterisk, so a new
 * server goes on with every caller; the database adds what only the old server knew.
 */
export class CallCenterService {
  readonly #options: CallCenterServiceOptions;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #distributor: Distributor;
  readonly #rows: Outbox<Waiting>;
  readonly #settlements: Settlements;
  readonly #wayOut: WayOut;
  #rules: ReadonlyMap<string, CallCenterRules> = new Map();
  /** Readings of the rules that were begun, and the latest of those that are done. */
  #reading = 0;
  #read = 0;

  constructor(options: CallCenterServiceOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { db, ari, calls, node, onFault } = options;
    this.#distributor = new Distributor({
      db,
      callers: () =>
        Array.from(this.#entries.values(), ({ waiting }) => waiting).filter(
          ({ phase }) => phase === 'waiting',
        ),
      priorityOf: (callCenter) => this.#rules.get(callCenter)?.priority ?? LAST_PRIORITY,
      isPhoneFree: (phone) => this.#isPhoneFree(phone),
      holdMs: (callCenter) => (this.#rules.get(callCenter)?.ringSeconds ?? 0) * 1_000 + HOLD_MS,
      onReserved: (callId, agent) => this.#reserved(callId, agent),
      onFault: (error) => onFault(error, 'callers could not be distributed'),
      now: this.#now,
    });
    this.#rows = new Outbox<Waiting>({
      keyOf: ({ callId }) => callId,
      merge: (_waiting, next) => next,
      write: async (waiting) => {
        await saveWaiting(db, node, waiting);
        options.onChanged(waiting.callCenter);
      },
      onFault: (error) => onFault(error, 'who waits could not be written'),
      limit: MOST_WAITING,
    });
    this.#settlements = new Settlements({
      db,
      agents: options.agents,
      onSettled: () => this.#distributor.look(),
      onFault: (error) => onFault(error, 'an agent could not be given back'),
      now: this.#now,
    });
    this.#wayOut = new WayOut({
      ...options,
      isCallCenter: (number) => this.isCallCenter(number),
      enter: (callId, visited) => this.enter(callId, visited),
    });
    calls.observe((before, after) => this.#callChanged(before, after));
    ari.on('PlaybackFinished', ({ playback }) => {
      for (const { sound } of this.#entries.values()) sound.playbackFinished(playback.id);
    });
  }

  /** Callers who wait. */
  get size(): number {
    return this.#entries.size;
  }

  isCallCenter(number: string): boolean {
    return this.#rules.has(number);
  }

  /** Reads the rules; those who wait in a call center that is gone are let go. */
  async load(): Promise<void> {
    this.#reading += 1;
    const turn = this.#reading;
    const rules = await listCallCenters(this.#options.db);
    // One that was begun later knows better.
    if (turn < this.#read) return;
    this.#read = turn;
    this.#rules = new Map(rules.map((each) => [each.number, each]));
    for (const [callId, entry] of this.#entries) {
      const now = this.#rules.get(entry.waiting.callCenter);
      if (now === undefined) this.#apply(callId, { kind: 'closed' });
      else entry.rules = now;
    }
    this.#distributor.look();
  }

  /** A caller is to wait; the call is known, and in the call center's hands. */
  enter(callId: string, visited: readonly string[] = []): void {
    const call = this.#options.calls.call(callId);
    if (call === undefined) return;
    this.#open(call, { visited });
    this.#begin(callId);
    hasAgents(this.#options.db, call.dialled).then(
      (has) => {
        if (!has) this.#apply(callId, { kind: 'nobody' });
      },
      // The wait has an end in any case.
      () => undefined,
    );
  }

  /** After the world was read: goes on with those who wait in Asterisk, and forgets those who do no longer. */
  async readWorld(): Promise<void> {
    const { db, calls, node, onFault } = this.#options;
    const here = Array.from(calls.all).filter(({ phase }) => phase === 'waiting' || phase === 'offering');
    const [rows, reservations] = await Promise.all([
      listWaiting(db),
      listReservations(
        db,
        here.map(({ id }) => id),
      ),
    ]).catch((error: unknown) => {
      // Everybody is gone on with all the same; what only the database knew is lost.
      onFault(error, 'who waited could not be read');
      return [[], new Map<string, number>()] as const;
    });
    for (const { id } of here) {
      const call = calls.call(id);
      if (call === undefined || this.#entries.has(id)) continue;
      const row = rows.find(({ callId }) => callId === id);
      this.#adopt(call, row?.tried ?? [], row?.visited ?? [], reservations.get(id) ?? null);
    }
    await keepWaiting(db, node, [...this.#entries.keys()]).catch((error: unknown) =>
      onFault(error, 'who waits could not be compared'),
    );
  }

  /** Agents changed: one may be free, and one whose phone rings may have left it. */
  agentsChanged(ids: readonly number[] | 'all'): void {
    if (this.#entries.size === 0) return;
    this.#distributor.look();
    const rung = Array.from(this.#entries.values(), ({ waiting }) => waiting.agent?.accountId ?? null)
      .filter((id) => id !== null)
      .filter((id) => ids === 'all' || ids.includes(id));
    if (rung.length === 0) return;
    listPhonesOf(this.#options.db, rung).then(
      (phones) => {
        for (const [callId, { waiting }] of this.#entries) {
          const { agent } = waiting;
          if (agent === null || agent.accountId === null || !rung.includes(agent.accountId)) continue;
          if (phones.get(agent.accountId) !== agent.phone) this.#apply(callId, { kind: 'agent_gone' });
        }
      },
      (error: unknown) => this.#options.onFault(error, 'agents who are called could not be looked at'),
    );
  }

  /** A phone came or went; undefined when all may have changed. */
  phonesChanged(phone: string | undefined): void {
    if (this.#entries.size === 0) return;
    for (const [callId, { waiting }] of this.#entries) {
      if (waiting.agent === null || (phone !== undefined && waiting.agent.phone !== phone)) continue;
      if (this.#options.isRegistered(waiting.agent.phone) === false)
        this.#apply(callId, { kind: 'agent_gone' });
    }
    this.#distributor.look();
  }

  /** Callers go on waiting in Asterisk; what is being written is written to the end. */
  async stop(): Promise<void> {
    for (const entry of this.#entries.values()) clearTimers(entry);
    await this.#distributor.stop();
    await Promise.all([this.#rows.stop(), this.#settlements.stop()]);
  }

  #open(
    call: Call,
    known: {
      readonly visited?: readonly string[];
      readonly tried?: readonly number[];
      readonly agent?: Waiting['agent'];
    },
  ): Entry {
    const callCenter = call.callCenter ?? call.dialled;
    const rules = this.#rules.get(callCenter) ?? { ...DEFAULT_RULES, number: callCenter, name: callCenter };
    const { ari, onFault } = this.#options;
    const { channel, party } = call.caller;
    const entry: Entry = {
      waiting: newWaiting({
        callId: call.id,
        channel,
        callCenter,
        caller: party.number,
        enteredAt: call.startedAt,
        ...known,
      }),
      rules,
      sound: new WaitingSound(ari, channel, (error) =>
        onFault(error, 'a waiting caller does not hear what it should', call.id),
      ),
      offer: undefined,
      notice: undefined,
      overflow: undefined,
    };
    this.#entries.set(call.id, entry);
    this.#rows.add(entry.waiting);
    return entry;
  }

  #adopt(call: Call, tried: readonly number[], visited: readonly string[], reserved: number | null): void {
    const offer = this.#options.calls.pendingOffer(call.id);
    const phone = call.callee?.party.number;
    const agent = offer === undefined || phone === undefined ? null : { accountId: reserved, phone };
    const entry = this.#open(call, { tried, visited, agent });
    // Reserved by the old server, which did not come to ring the phone or to give the agent back.
    if (agent === null && reserved !== null) this.#settlements.add(call.id, reserved, 'free');
    if (offer !== undefined) this.#follow(call.id, entry, offer);
    this.#begin(call.id);
  }

  #begin(callId: string): void {
    const entry = this.#entries.get(callId);
    this.#apply(callId, { kind: 'entered' });
    if (entry !== undefined && !this.#rules.has(entry.waiting.callCenter))
      this.#apply(callId, { kind: 'closed' });
  }

  #isPhoneFree(phone: string): boolean {
    const { isRegistered, calls, isTaken } = this.#options;
    return isRegistered(phone) === true && calls.phoneLeg(phone) === undefined && !isTaken(phone);
  }

  #reserved(callId: string, agent: { readonly accountId: number; readonly phone: string }): void {
    const entry = this.#entries.get(callId);
    if (entry === undefined) {
      this.#settlements.add(callId, agent.accountId, 'free');
      return;
    }
    this.#apply(callId, { kind: 'reserved', agent });
  }

  /** The caller gave up, or talks: what was heard while waiting ends before anything else happens to the leg. */
  #callChanged(before: Call | undefined, after: Call): void {
    const entry = this.#entries.get(after.id);
    if (entry === undefined || before === undefined) return;
    if (after.phase === 'talking' && before.phase !== 'talking') entry.sound.quiet();
    if (after.phase === 'ended') {
      entry.sound.close();
      this.#apply(after.id, { kind: 'caller_gone' });
    }
  }

  #apply(callId: string, event: WaitingEvent): void {
    const entry = this.#entries.get(callId);
    if (entry === undefined) return;
    const before = entry.waiting;
    const { waiting, effects } = step(before, event, entry.rules, this.#now());
    entry.waiting = waiting;
    if (waiting !== before) this.#rows.add(waiting);
    for (const effect of effects) this.#effect(callId, entry, effect);
  }

  #effect(callId: string, entry: Entry, effect: WaitingEffect): void {
    switch (effect.kind) {
      case 'music':
        entry.sound.music();
        break;
      case 'notice':
        entry.sound.notice(this.#media(callId, 'waiting-notice'));
        break;
      case 'wake': {
        const kind = effect.for === 'notice' ? ('notice_due' as const) : ('overflow_due' as const);
        clearTimeout(entry[effect.for]);
        entry[effect.for] = setTimeout(() => this.#apply(callId, { kind }), effect.ms);
        break;
      }
      case 'seek':
        this.#distributor.look();
        break;
      case 'offer':
        this.#offer(callId, entry, effect.phone, effect.ringSeconds);
        break;
      case 'withdraw':
        entry.offer?.cancel();
        break;
      case 'settle':
        this.#settlements.add(callId, effect.accountId, effect.as, entry.rules.maxMisses);
        break;
      case 'leave':
        clearTimers(entry);
        this.#wayOut.leave(entry, effect.action, effect.target);
        break;
      case 'forget':
        clearTimers(entry);
        this.#entries.delete(callId);
        this.#distributor.look();
        break;
    }
  }

  #offer(callId: string, entry: Entry, phone: string, ringSeconds: number): void {
    // Since it was looked at, the phone may have begun a call of its own.
    if (!this.#isPhoneFree(phone)) {
      this.#apply(callId, { kind: 'offer_ended', outcome: 'cancelled' });
      return;
    }
    const way = {
      endpoint: `PJSIP/${phone}`,
      party: { kind: 'phone', number: phone },
      callerId: { name: entry.rules.name, number: entry.waiting.caller },
    } as const;
    this.#follow(callId, entry, this.#options.calls.offer(callId, way, ringSeconds));
  }

  #follow(callId: string, entry: Entry, offer: Offer): void {
    entry.offer = offer;
    void offer.outcome.then((outcome) => {
      if (entry.offer !== offer) return;
      entry.offer = undefined;
      this.#apply(callId, { kind: 'offer_ended', outcome });
    });
  }

  #media(callId: string, prompt: PromptKey): readonly string[] {
    const { calls, media } = this.#options;
    const caller = calls.call(callId)?.caller;
    return caller === undefined ? [] : media(caller, [prompt]);
  }
}

function clearTimers(entry: Entry): void {
  clearTimeout(entry.notice);
  clearTimeout(entry.overflow);
}
