import { ifGone, type AriClient } from '@sasayaki/ari';
import type { CallerId } from '../calls/ringing.ts';
import type { Db } from '../database/pool.ts';
import type { Vault } from '../database/vault.ts';
import { GeneratedFile } from '../phones/generated-file.ts';
import type { Settings } from '../settings/service.ts';
import type { SipTiming } from '../settings/sip-timing.ts';
import type { TrunkView } from './forms.ts';
import {
  canonical,
  endpointOf,
  isEmergency,
  routeIncoming,
  routeOutgoing,
  settlingMs,
  shownCaller,
  trunkOfChannel,
  trunkOfEndpoint,
  trunksConfig,
  withinLimit,
  type OutgoingRoute,
  type OutgoingWay,
  type OutsideNumber,
  type Reach,
  type Trunk,
  type TrunkState,
} from './rules.ts';
import { listNumbers, listProvisionedTrunks, listRoutes, listTrunks, type StoredTrunk } from './store.ts';

export interface TrunkServiceOptions {
  readonly db: Db;
  readonly vault: Vault;
  readonly ari: AriClient;
  /** The file that Asterisk's pjsip.conf includes. */
  readonly file: string;
  /** Makes Asterisk read the file again. */
  readonly reload: () => Promise<void>;
  readonly settings: () => Settings;
  readonly timing: SipTiming;
  /** Calls on a trunk now. */
  readonly channels: (trunk: string) => number;
  /** Which trunks are registered, by their ids; those that never were are absent. */
  readonly registrations: (trunks: readonly Trunk[]) => Promise<ReadonlyMap<string, boolean>>;
  readonly onFault: (error: unknown, what: string) => void;
  readonly now?: () => number;
}

/** How many times the registrations are looked at while a provider is asked once: Asterisk sends no event of them. */
const LOOKS = 3;

/**
 * Outside lines: trunks, the numbers that are called from outside, and the ways out. What the database says reaches Asterisk as phones do; which
 * trunks are well is Asterisk's word.
 */
export class TrunkService {
  readonly #options: TrunkServiceOptions;
  readonly #now: () => number;
  readonly #file: GeneratedFile;
  #trunks: ReadonlyMap<string, StoredTrunk> = new Map();
  #numbers: ReadonlyMap<string, OutsideNumber> = new Map();
  #routes: readonly OutgoingRoute[] = [];
  /** Of readings that overlap the one that began last is kept. */
  #begun = 0;
  #kept = 0;
  /** What a phone shows outside. */
  #presented: ReadonlyMap<string, string> = new Map();
  readonly #online = new Map<string, boolean>();
  /** Undefined while it cannot be read. */
  #registered: ReadonlyMap<string, boolean> | undefined;
  /** Until then a trunk that did not answer was perhaps not asked. */
  #settledAt = 0;
  readonly #looking: NodeJS.Timeout;

  constructor(options: TrunkServiceOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { ari, file, timing, onFault } = options;
    this.#file = new GeneratedFile({
      file,
      text: async () => this.#text(),
      reload: async () => this.#reload(),
      onFault: (error) => onFault(error, 'trunks could not be given to Asterisk'),
    });
    ari.on('EndpointStateChange', ({ endpoint }) => {
      const trunk = endpoint.technology === 'PJSIP' ? trunkOfEndpoint(endpoint.resource) : undefined;
      if (trunk !== undefined) this.#online.set(trunk, endpoint.state === 'online');
    });
    ari.onConnected(async () => {
      this.#settledAt = this.#now() + settlingMs(this.#options.timing);
      await this.#readStates();
      // Asterisk may have been restarted on an older file.
      this.#file.forget();
      this.#file.changed(0);
    });
    ari.onDisconnected(() => {
      this.#online.clear();
      this.#registered = undefined;
    });
    this.#looking = setInterval(() => void this.#lookAtRegistrations(), (timing.ask * 1_000) / LOOKS);
  }

  /** Whether Asterisk does not know the latest trunks yet. */
  get pending(): boolean {
    return this.#file.pending;
  }

  trunkOfChannel(channelName: string): { readonly id: string; readonly name: string } | undefined {
    const id = trunkOfChannel(channelName);
    const trunk = id === undefined ? undefined : this.#trunks.get(id);
    return trunk === undefined ? undefined : { id: trunk.id, name: trunk.name };
  }

  shownCaller(caller: CallerId, withheld: boolean): CallerId {
    return shownCaller(caller, withheld);
  }

  routeIncoming(
    number: string,
  ): { readonly kind: 'phone' | 'call_center'; readonly number: string } | undefined {
    return routeIncoming(number, this.#numbers);
  }

  /** Best first; empty when no route leads there or no trunk is well. */
  routeOutgoing(number: string, fromPhone: string): readonly OutgoingWay[] {
    const outgoing = {
      number,
      ownNumber: this.#presented.get(fromPhone),
      emergency: this.isEmergency(number),
    };
    return routeOutgoing(outgoing, this.#routes, this.#states());
  }

  isEmergency(number: string): boolean {
    return isEmergency(number, this.#options.settings().emergencyNumbers);
  }

  /** Whether one more outside channel is allowed now. */
  withinLimit(outsideChannels: number, emergency: boolean): boolean {
    const { outsideCallLimit: limit } = this.#options.settings();
    return withinLimit({ outsideChannels, limit, emergency });
  }

  views(): readonly TrunkView[] {
    return [...this.#trunks.values()].map((trunk) => ({
      ...trunk,
      sources: [...trunk.sources],
      reach: this.#reach(trunk),
      registered: trunk.kind === 'registration' && trunk.enabled ? this.#isRegistered(trunk.id) : null,
      channels: this.#options.channels(trunk.id),
    }));
  }

  /** The database's trunks, numbers or routes changed. */
  changed(): void {
    this.load().catch((error: unknown) => this.#options.onFault(error, 'trunks could not be read'));
    this.#file.changed();
  }

  /** Reads which trunks, numbers and routes there are. */
  async load(): Promise<void> {
    const { db } = this.#options;
    this.#begun += 1;
    const turn = this.#begun;
    const [trunks, numbers, routes] = await Promise.all([listTrunks(db), listNumbers(db), listRoutes(db)]);
    if (turn < this.#kept) return;
    this.#kept = turn;
    this.#trunks = new Map(trunks.map((trunk) => [trunk.id, trunk]));
    this.#numbers = new Map(numbers.map((entry) => [canonical(entry.number) ?? entry.number, entry]));
    this.#routes = routes;
    const ofPhones = numbers.filter(({ kind }) => kind === 'phone').toReversed();
    this.#presented = new Map(ofPhones.map(({ target, number, presented }) => [target, presented ?? number]));
  }

  async stop(): Promise<void> {
    clearInterval(this.#looking);
    await this.#file.stop();
  }

  async #text(): Promise<string> {
    const { db, vault, timing } = this.#options;
    await this.load();
    return trunksConfig(await listProvisionedTrunks(db, vault), timing);
  }

  async #reload(): Promise<void> {
    await this.#options.reload();
    this.#settledAt = this.#now() + settlingMs(this.#options.timing);
    await this.#readStates();
  }

  async #readStates(): Promise<void> {
    const { ari } = this.#options;
    await Promise.all(
      [...this.#trunks.values()].map(async ({ id }) => {
        const endpoint = await ifGone(ari.endpoints.get({ tech: 'PJSIP', resource: endpointOf(id) }));
        if (endpoint === undefined) this.#online.delete(id);
        else this.#online.set(id, endpoint.state === 'online');
      }),
    );
  }

  async #lookAtRegistrations(): Promise<void> {
    const wanted = [...this.#trunks.values()].filter(
      ({ kind, enabled }) => enabled && kind === 'registration',
    );
    if (wanted.length === 0 || this.#options.ari.state !== 'connected') return;
    try {
      this.#registered = await this.#options.registrations(wanted);
    } catch (error) {
      this.#registered = undefined;
      this.#options.onFault(error, 'the registrations of trunks could not be read');
    }
  }

  #states(): ReadonlyMap<string, TrunkState> {
    return new Map(
      [...this.#trunks.values()].map((trunk) => [
        trunk.id,
        { trunk, reach: this.#reach(trunk), channels: this.#options.channels(trunk.id) },
      ]),
    );
  }

  #reach({ id, kind, enabled }: Trunk): Reach {
    if (!enabled) return 'down';
    const registered = kind === 'address' ? true : this.#isRegistered(id);
    const online = this.#online.get(id);
    if (online === true && registered === true) return 'up';
    const settled = this.#now() >= this.#settledAt;
    return settled && (online === false || registered === false) ? 'down' : 'unknown';
  }

  #isRegistered(id: string): boolean | null {
    return this.#registered === undefined ? null : (this.#registered.get(id) ?? false);
  }
}
