import type { WebSocket } from 'ws';
import { allowed, type Target } from '../access/rules.ts';
import { listAgentTargets, readActor, type Identity } from '../access/store.ts';
import type { Db } from '../database/pool.ts';
import type {
  AgentView,
  CallCenterLive,
  EngineState,
  FeedMessage,
  MonitoringEnd,
  MonitoringView,
} from './contract.ts';

export interface FeedOptions {
  readonly db: Db;
  /** The rows of these agents, or of all. */
  readonly views: (ids?: readonly number[]) => Promise<readonly AgentView[]>;
  /** All monitoring sessions that run. */
  readonly monitoring: () => Promise<readonly MonitoringView[]>;
  /** What these call centers, or all, look like now. */
  readonly callCenters: (numbers?: readonly string[]) => Promise<readonly CallCenterLive[]>;
  /** Which of these sessions and tokens are not over. */
  readonly alive: (identities: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly onFault: (error: unknown) => void;
}

interface Viewer {
  readonly socket: WebSocket;
  readonly accountId: number;
  /** The session or token that the feed was opened with. */
  readonly identity: string;
  /** Whom the account may see; undefined until its first snapshot. */
  visible: ReadonlySet<number> | undefined;
  /** On whom the account may listen, and so know who listens. */
  monitorable: ReadonlySet<number>;
  /** Call centers that the account may see. */
  callCenters: ReadonlySet<string>;
  number: number;
}

const HEARTBEAT_MS = 5_000;
/** Sessions also end by themselves, which nobody says. */
const SESSIONS_MS = 60_000;
/** A viewer that has not taken this much of what was sent is cut off; it comes back for a snapshot. */
const SLOWEST_BYTES = 1_000_000;
/** Changes of this moment go together: one query, one message. */
const GATHER_MS = 5;

export const CLOSE_SESSION_ENDED = 4401;
export const CLOSE_NOT_ALLOWED = 4403;

/**
 * The board's live feed: a snapshot with a number, then deltas whose numbers rise by one. Each change is read from the database once for all
 * viewers, after its commit; each viewer gets what it may see.
 */
export class FeedHub {
  readonly #options: FeedOptions;
  readonly #viewers = new Set<Viewer>();
  /** Whose first snapshot is still to come. */
  readonly #joining: Viewer[] = [];
  readonly #pending = new Set<number>();
  readonly #pendingCallCenters = new Set<string>();
  /** Call centers as every viewer was told of them last: what is written anew is often the same. */
  readonly #told = new Map<string, string>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #sessions: NodeJS.Timeout;
  #all = false;
  #engine: EngineState = 'down';
  #engineChanged = false;
  #monitoringChanged = false;
  /** Sessions that ended, whose supervisors were not told yet. */
  readonly #ended: MonitoringEnd[] = [];
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.#sessions = setInterval(() => this.sessionsChanged(), SESSIONS_MS);
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  add(socket: WebSocket, { account, id: identity }: Identity): void {
    const viewer: Viewer = {
      socket,
      accountId: account.id,
      identity,
      visible: undefined,
      monitorable: new Set(),
      callCenters: new Set(),
      number: 0,
    };
    this.#viewers.add(viewer);
    socket.on('close', () => this.#viewers.delete(viewer));
    socket.on('error', () => socket.terminate());
    this.#joining.push(viewer);
    // All who come while the first of them waits, as after a restart, get theirs from one reading.
    if (this.#joining.length === 1) this.#queue(async () => this.#snapshot(this.#joining.splice(0)));
  }

  /** These agents changed: their rows are read and sent. */
  agentsChanged(ids: readonly number[] | 'all'): void {
    if (ids === 'all') this.#all = true;
    else for (const id of ids) this.#pending.add(id);
    this.#soon();
  }

  /** Who waits in these call centers changed, or their figures; `all` when the rules of one or the day did. */
  callCentersChanged(numbers: readonly string[] | 'all'): void {
    if (numbers === 'all') this.#all = true;
    else for (const number of numbers) this.#pendingCallCenters.add(number);
    this.#soon();
  }

  engineState(state: EngineState): void {
    if (state === this.#engine) return;
    this.#engine = state;
    this.#engineChanged = true;
    this.#soon();
  }

  /** A monitoring session began or changed, or ended. */
  monitoringChanged(ended?: MonitoringEnd): void {
    this.#monitoringChanged = true;
    if (ended !== undefined) this.#ended.push(ended);
    this.#soon();
  }

  /** Rights or memberships changed: every viewer is looked at again. */
  accessChanged(): void {
    this.#queue(async () => this.#snapshot([...this.#viewers]));
  }

  /** Sessions or tokens ended somewhere: feeds that were opened with them end. */
  sessionsChanged(): void {
    this.#queue(async () => {
      const viewers = [...this.#viewers];
      if (viewers.length === 0) return;
      const alive = await this.#options.alive(viewers.map(({ identity }) => identity));
      for (const { socket, identity } of viewers) {
        if (!alive.has(identity)) socket.close(CLOSE_SESSION_ENDED);
      }
    });
  }

  stop(): void {
    clearInterval(this.#heartbeat);
    clearInterval(this.#sessions);
    clearTimeout(this.#timer);
    for (const { socket } of this.#viewers) socket.close(1012);
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#queue(async () => this.#flush());
    }, GATHER_MS);
  }

  /** One reading at a time, so that an older one never overtakes a newer. */
  #queue(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      this.#options.onFault(error);
      // Who may have missed something comes back for a snapshot.
      for (const { socket } of this.#viewers) socket.close(1013);
    });
  }

  async #snapshot(viewers: readonly Viewer[], ended: readonly MonitoringEnd[] = []): Promise<void> {
    if (viewers.length === 0) return;
    const targets = await listAgentTargets(this.#options.db);
    const rows = await this.#options.views();
    const monitoring = await this.#options.monitoring();
    const callCenters = await this.#options.callCenters();
    // What these viewers are told now, the others were not.
    this.#told.clear();
    for (const viewer of viewers) {
      await this.#look(viewer, targets, callCenters);
      if (viewer.visible === undefined) {
        viewer.socket.close(CLOSE_NOT_ALLOWED);
        continue;
      }
      const { visible } = viewer;
      viewer.number += 1;
      this.#send(viewer, {
        type: 'snapshot',
        number: viewer.number,
        serverTime: new Date().toISOString(),
        engine: this.#engine,
        agents: rows.filter(({ accountId }) => visible.has(accountId)),
        monitoring: monitoring.filter((session) => mayKnow(viewer, session)),
        callCenters: callCenters.filter(({ number }) => viewer.callCenters.has(number)),
        ...endedOf(viewer, ended),
      });
    }
  }

  async #look(
    viewer: Viewer,
    targets: readonly Target<number>[],
    callCenters: readonly CallCenterLive[],
  ): Promise<void> {
    const actor = await readActor(this.#options.db, viewer.accountId);
    const may = actor !== undefined && actor.role !== 'user';
    viewer.visible = may ? allowed(actor, 'see_agent', targets) : undefined;
    viewer.monitorable = may ? allowed(actor, 'monitor_from_page', targets) : new Set();
    const numbers = callCenters.map(({ number }) => ({ id: number, resources: [number] }));
    viewer.callCenters = may ? allowed(actor, 'see_call_center', numbers) : new Set();
  }

  async #flush(): Promise<void> {
    const ids = this.#all ? undefined : [...this.#pending];
    const engine = this.#engineChanged ? this.#engine : undefined;
    const numbers = [...this.#pendingCallCenters];
    this.#all = false;
    this.#pending.clear();
    this.#pendingCallCenters.clear();
    this.#engineChanged = false;
    const wanted = this.#monitoringChanged;
    this.#monitoringChanged = false;
    const ended = this.#ended.splice(0);
    const monitoring = wanted ? await this.#options.monitoring() : undefined;
    if (this.#viewers.size === 0) return;
    if (ids === undefined) {
      // Agents may be new or gone, so everybody's view is made anew.
      await this.#snapshot([...this.#viewers], ended);
      return;
    }
    const rows = ids.length === 0 ? [] : await this.#options.views(ids);
    const changed = await this.#changedCallCenters(numbers);
    for (const viewer of this.#viewers) {
      const { visible } = viewer;
      if (visible === undefined) continue;
      const agents = rows.filter(({ accountId }) => visible.has(accountId));
      const callCenters = changed.filter(({ number }) => viewer.callCenters.has(number));
      if (agents.length === 0 && callCenters.length === 0 && engine === undefined && monitoring === undefined)
        continue;
      viewer.number += 1;
      this.#send(viewer, {
        type: 'delta',
        number: viewer.number,
        serverTime: new Date().toISOString(),
        ...(engine === undefined ? {} : { engine }),
        agents,
        gone: [],
        ...(monitoring === undefined
          ? {}
          : { monitoring: monitoring.filter((session) => mayKnow(viewer, session)) }),
        ...(callCenters.length === 0 ? {} : { callCenters }),
        ...endedOf(viewer, ended),
      });
    }
  }

  /** Reads call centers, and leaves out those that are what everybody was told. */
  async #changedCallCenters(numbers: readonly string[]): Promise<readonly CallCenterLive[]> {
    if (numbers.length === 0) return [];
    const rows = await this.#options.callCenters(numbers);
    return rows.filter((row) => {
      const text = JSON.stringify(row);
      if (this.#told.get(row.number) === text) return false;
      this.#told.set(row.number, text);
      return true;
    });
  }

  #beat(): void {
    for (const viewer of this.#viewers) {
      if (viewer.visible === undefined) continue;
      this.#send(viewer, { type: 'heartbeat', number: viewer.number, serverTime: new Date().toISOString() });
    }
  }

  #send({ socket }: Viewer, message: FeedMessage): void {
    if (socket.bufferedAmount > SLOWEST_BYTES) socket.terminate();
    else socket.send(JSON.stringify(message));
  }
}

/** Why one's own sessions ended; nobody else is told. */
function endedOf(
  { accountId }: Viewer,
  ended: readonly MonitoringEnd[],
): { readonly ended?: readonly MonitoringEnd[] } {
  const own = ended.filter(({ supervisor }) => supervisor === accountId);
  return own.length === 0 ? {} : { ended: own };
}

/** One's own sessions, and those on agents whom one may listen to. */
function mayKnow({ accountId, monitorable }: Viewer, { supervisor, target }: MonitoringView): boolean {
  return (
    supervisor.accountId === accountId || (target.accountId !== null && monitorable.has(target.accountId))
  );
}
