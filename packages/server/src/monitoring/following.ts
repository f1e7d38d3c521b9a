import { talkLeg } from '../calls/legs.ts';
import { legsOf, type Call } from '../calls/rules.ts';
import type { CallService } from '../calls/service.ts';
import type { Db } from '../database/pool.ts';
import { mayMonitor } from './permission.ts';
import type { TargetLeg } from './rules.ts';
import type { Live, Sessions } from './sessions.ts';
import { readAgent } from './store.ts';

const RETRY_MS = 1_000;

export interface FollowingOptions {
  readonly db: Db;
  readonly calls: CallService;
  readonly sessions: Sessions;
}

/** Keeps each session on its target: hold, transfer, the next call, another phone, and the permission for each. */
export class Following {
  readonly #options: FollowingOptions;

  constructor(options: FollowingOptions) {
    this.#options = options;
    // What the call itself needs is asked of Asterisk first: a watched call is joined and ended as soon as any other.
    options.calls.observe((before, after) => queueMicrotask(() => this.#callChanged(before, after)));
  }

  /** Agents signed in, out, or elsewhere: sessions follow to the phone where they are now. */
  agentsChanged(ids: readonly number[] | 'all'): void {
    for (const live of this.#options.sessions.all()) {
      const { target } = live.session;
      if (target.kind === 'agent' && (ids === 'all' || ids.includes(target.accountId))) this.follow(live);
    }
  }

  /** After a connection: the target may be elsewhere, and rights may have changed while nobody was told. */
  lookAgain(live: Live): void {
    this.follow(live);
    this.#checkAgain(live);
  }

  /** Rights changed: each session's permission is asked again. */
  accessChanged(): void {
    for (const live of this.#options.sessions.all()) this.#checkAgain(live);
  }

  /**
   * The leg that a phone talks on, or holds; null when there is none to listen to.
   * @param listener the supervisor's phone: nobody listens to a call of their own
   */
  legOf(phone: string | null, listener: string): TargetLeg | null {
    if (phone === null || phone === listener) return null;
    const others = Array.from(this.#options.calls.all).filter((call) => !isPartyTo(call, listener));
    const found = talkLeg(others, phone);
    if (found === undefined) return null;
    return { channel: found.leg.channel, call: found.call.id, held: found.leg.holding };
  }

  /** Looks where the target is and what it talks on. A new call is joined only after the permission was asked again. */
  follow(live: Live): void {
    const { db, sessions } = this.#options;
    live.following = live.following.then(async () => {
      if (live.session.phase === 'ended') return;
      try {
        const { target } = live.session;
        if (target.kind === 'agent') {
          live.targetPhone = (await readAgent(db, target.accountId))?.phone ?? null;
        }
        const leg = this.#legOf(live);
        const joins = leg !== null && leg.channel !== live.session.leg?.channel;
        if (joins && !(await this.#checkPermission(live))) return;
        // The call may have ended while the permission was asked.
        sessions.apply(live, { kind: 'target', leg: this.#legOf(live) });
      } catch (error) {
        // Without the database nobody can say that it is allowed: not joined, and asked again.
        sessions.fault(live, error);
        clearTimeout(live.retry);
        live.retry = setTimeout(() => this.follow(live), RETRY_MS);
      }
    });
  }

  #legOf({ targetPhone, session }: Live): TargetLeg | null {
    return this.legOf(targetPhone, session.supervisor.phone);
  }

  #callChanged(before: Call | undefined, after: Call): void {
    const { sessions } = this.#options;
    if (sessions.size === 0) return;
    const phones = new Set(
      [before, after]
        .flatMap((call) => (call === undefined ? [] : legsOf(call)))
        .map(({ party }) => (party.kind === 'phone' ? party.number : '')),
    );
    for (const live of sessions.all()) {
      if (live.targetPhone === null || !phones.has(live.targetPhone)) continue;
      try {
        this.#followNow(live);
      } catch (error) {
        sessions.fault(live, error);
      }
    }
  }

  /** A call ended, began or was held: what needs no question is done at once. */
  #followNow(live: Live): void {
    const leg = this.#legOf(live);
    const goes = leg === null || leg.channel === live.session.leg?.channel;
    if (goes) this.#options.sessions.apply(live, { kind: 'target', leg });
    else this.follow(live);
  }

  /** Until it was asked: a right that was taken away is not kept by a database that hangs. */
  #checkAgain(live: Live): void {
    live.following = live.following.then(async () => {
      await this.#checkPermission(live).catch((error: unknown) => {
        this.#options.sessions.fault(live, error);
        setTimeout(() => this.#checkAgain(live), RETRY_MS).unref();
      });
    });
  }

  async #checkPermission(live: Live): Promise<boolean> {
    const { session } = live;
    if (session.phase === 'ended') return false;
    const { supervisor, door, target } = session;
    const may = await mayMonitor(this.#options.db, supervisor.accountId, door, target);
    if (!may) this.#options.sessions.apply(live, { kind: 'end', reason: 'permission_lost' });
    return may;
  }
}

/** Whether a phone takes part in a call, or is called to. */
export function isPartyTo(call: Call, phone: string): boolean {
  return legsOf(call).some(({ party }) => party.kind === 'phone' && party.number === phone);
}
