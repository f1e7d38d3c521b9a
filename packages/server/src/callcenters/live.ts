import { notify } from '../database/notifications.ts';
import type { Db } from '../database/pool.ts';
import { dayOf, figuresOf, type Day } from './figures.ts';
import type { CallCenterFigures, CallCenterLive, WaitingView } from './figures-forms.ts';
import {
  countCalls,
  listWaitingCallers,
  type CountedCallCenter,
  type WaitingCaller,
} from './figures-store.ts';

export interface LiveOptions {
  readonly db: Db;
  /** Of the site, as `Asia/Tokyo`: its midnight begins the day that is counted. */
  readonly timeZone: () => string;
  /** Whether there are call centers in this site's plan. */
  readonly enabled: () => boolean;
  /** The day is over: all figures are others. */
  readonly onNewDay: () => void;
  readonly onFault: (error: unknown) => void;
  readonly now?: () => number;
}

/** Changes of a moment go together: one notice, one look at the database; ms. */
const GATHER_MS = 20;
/** The looks of a busy call center are so far apart: each counts the calls of its day; ms. */
const APART_MS = 500;
const RETRY_MS = 1_000;
const MOST_LISTED = 100;

/** What call centers look like now: figures of today and who waits, for pages and other software. */
export class LiveCallCenters {
  readonly #options: LiveOptions;
  readonly #now: () => number;
  readonly #touched = new Set<string>();
  #telling: NodeJS.Timeout | undefined;
  #toldAt = 0;
  #midnight: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#awaitMidnight();
  }

  /** Today, in the site's time zone. */
  get day(): Day {
    return dayOf(new Date(this.#now()), this.#options.timeZone());
  }

  /** Something was written that changes the figures of a call center: every server is told. */
  touched(callCenter: string): void {
    this.#touched.add(callCenter);
    this.#tellIn(Math.max(GATHER_MS, this.#toldAt + APART_MS - this.#now()));
  }

  /** The settings changed, so that the day may end at another time. */
  settingsChanged(): void {
    this.#awaitMidnight();
    this.#options.onNewDay();
  }

  /** These call centers, or all; none when the plan has none. */
  async views(numbers?: readonly string[]): Promise<readonly CallCenterLive[]> {
    const { db, enabled } = this.#options;
    if (!enabled()) return [];
    // Of one moment: a list of two and a figure of one would contradict each other.
    const { counted, waiting } = await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (moment) => ({
        counted: await countCalls(moment, this.day, numbers),
        waiting: await listWaitingCallers(moment, MOST_LISTED, numbers),
      }));
    return counted.map((center) => ({
      number: center.number,
      name: center.name,
      figures: figuresView(center),
      waiting: waiting.filter(({ callCenter }) => callCenter === center.number).map(waitingView),
    }));
  }

  stop(): void {
    this.#closed = true;
    clearTimeout(this.#telling);
    clearTimeout(this.#midnight);
  }

  #tellIn(ms: number): void {
    if (this.#closed) return;
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      this.#toldAt = this.#now();
      const callCenters = [...this.#touched];
      this.#touched.clear();
      notify(this.#options.db, { kind: 'call_center_figures', callCenters }).catch((error: unknown) => {
        this.#options.onFault(error);
        for (const number of callCenters) this.#touched.add(number);
        this.#tellIn(RETRY_MS);
      });
    }, ms);
  }

  #awaitMidnight(): void {
    clearTimeout(this.#midnight);
    if (this.#closed) return;
    this.#midnight = setTimeout(() => this.settingsChanged(), this.day.to.getTime() - this.#now());
    this.#midnight.unref();
  }
}

/** What is counted, as it is shown. */
export function figuresView(center: CountedCallCenter): CallCenterFigures {
  return { ...figuresOf(center), serviceLevelSeconds: center.serviceLevelSeconds };
}

export function waitingView(row: WaitingCaller): WaitingView {
  return {
    callId: row.callId,
    caller: row.caller,
    since: row.since.toISOString(),
    position: row.position,
    state: row.ringing ? 'offering' : 'waiting',
    agent:
      row.accountId === null || row.agentName === null
        ? null
        : { accountId: row.accountId, displayName: row.agentName },
  };
}
