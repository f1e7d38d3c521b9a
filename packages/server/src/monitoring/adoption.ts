import { ifGone, type AriClient, type Bridge, type Channel } from '@sasayaki/ari';
import type { LegRegistry } from '../telephony/legs.ts';
import type { Found } from './line.ts';
import { BRIDGE, STATE, type KeptState, type Live, type Sessions } from './sessions.ts';
import { TAP } from './taps.ts';

export interface AdoptionOptions {
  readonly ari: AriClient;
  readonly legs: LegRegistry;
  readonly sessions: Sessions;
  /** Looks at the target again, and asks whether it is allowed still. */
  readonly follow: (live: Live) => void;
}

/** Before legs are looked at: sessions whose bridge is gone went with Asterisk. */
export function endLost(sessions: Sessions, known: readonly string[], bridges: readonly Bridge[]): void {
  const here = new Set(bridges.map(({ id }) => id));
  for (const id of known) {
    const live = sessions.get(id);
    if (live !== undefined && !here.has(BRIDGE + id))
      sessions.apply(live, { kind: 'end', reason: 'engine_lost' });
  }
}

/**
 * Takes over the sessions that are in Asterisk, after a connection. Nobody hears anything of it.
 * @returns the channels that belong to sessions
 */
export async function adoptSessions(
  { ari, legs, sessions, follow }: AdoptionOptions,
  channels: readonly Channel[],
  bridges: readonly Bridge[],
): Promise<ReadonlySet<string>> {
  const states = new Map(channels.map(({ id, state }) => [id, state]));
  sessions.taps.forgetLost(bridges);
  const closing = sessions.closeAgain(bridges);
  for (const bridge of bridges.filter(({ id }) => id.startsWith(BRIDGE))) {
    const kept = await ifGone(ari.bridges.getBridgeVar({ bridgeId: bridge.id, variable: STATE }));
    const found = parseState(kept?.value);
    if (found === undefined) {
      quietly(ari.bridges.destroy({ bridgeId: bridge.id }));
      continue;
    }
    if (sessions.isClosing(found.session.id)) continue;
    const running = sessions.get(found.session.id);
    const live = running ?? sessions.adopted(found, whereIs(found, sessions, bridge, bridges));
    if (running !== undefined) sessions.reconnected(running, bridges);
    const { channel } = live.session.supervisor;
    const state = states.get(channel);
    if (state === undefined || state === 'Down') legs.failed(channel, 0);
    else if (live.session.phase === 'calling' && state === 'Up') sessions.apply(live, { kind: 'answered' });
    else if (state === 'Ringing') sessions.apply(live, { kind: 'ringing' });
    follow(live);
  }
  const owned = new Set(channels.map(({ id }) => id).filter((id) => id.startsWith(TAP)));
  const joined = new Set(bridges.flatMap((bridge) => bridge.channels));
  // Taps that were being made when the server or the connection went: their session makes new ones.
  for (const id of owned) if (!joined.has(id)) quietly(ari.channels.hangup({ channelId: id }));
  sessions.taps.endOthers(bridges);
  for (const channel of closing) owned.add(channel);
  for (const { session } of sessions.all()) owned.add(session.supervisor.channel);
  return owned;
}

/** What a supervisor is joined to, and in which bridge. */
function whereIs(
  { session: { supervisor, leg } }: KeptState,
  sessions: Sessions,
  own: Bridge,
  bridges: readonly Bridge[],
): Found {
  const seat = bridges.find(({ channels }) => channels.includes(supervisor.channel));
  if (seat?.id === own.id) {
    const tap = own.channels.find((id) => id.startsWith(TAP));
    return { joint: tap === undefined ? undefined : { kind: 'own', tap }, seat: own.id };
  }
  const shared = leg === null ? undefined : sessions.taps.adopt(leg.channel, supervisor.channel, bridges);
  return { joint: shared === undefined ? undefined : { kind: 'shared', tap: shared }, seat: seat?.id };
}

/** For what may be gone already. */
function quietly(request: Promise<unknown>): void {
  request.catch(() => undefined);
}

function parseState(text: string | undefined): KeptState | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    return JSON.parse(text) as KeptState;
  } catch {
    return undefined;
  }
}
