import { ifGone, type AriClient, type Bridge, type Channel } from '@sasayaki/ari';
import type { LegRegistry } from '../telephony/legs.ts';
import { NOT_MADE } from './legs.ts';
import { legsOf, type Call, type Leg } from './rules.ts';
import { BRIDGE, STATE, type CallService } from './service.ts';

export interface AdoptionOptions {
  readonly ari: AriClient;
  readonly legs: LegRegistry;
  readonly calls: CallService;
}

/**
 * After a connection: calls whose bridge is gone ended with the Asterisk that had them, and nobody gave up.
 * @param known the calls that were there before Asterisk was asked
 */
export function endLostCalls(calls: CallService, known: readonly string[], bridges: readonly Bridge[]): void {
  const here = new Set(bridges.map(({ id }) => id));
  for (const id of known) {
    const call = calls.call(id);
    if (call === undefined || here.has(call.bridge)) continue;
    calls.end(id, call.answeredAt === null ? 'lost' : 'answered');
  }
}

/**
 * Takes over the calls that are in Asterisk, after a connection. What happened meanwhile is brought to them as events: legs that are gone,
 * that answered, that hold.
 * @param known the legs that were owned before Asterisk was asked: one that was made since is in no list, and its events are to come
 * @returns the channels that belong to calls
 */
export async function adoptCalls(
  options: AdoptionOptions,
  channels: readonly Channel[],
  bridges: readonly Bridge[],
  known: readonly string[],
): Promise<ReadonlySet<string>> {
  const { ari, calls } = options;
  const states = new Map(channels.map((channel) => [channel.id, channel.state]));
  await Promise.all(
    bridges
      .filter(({ id }) => id.startsWith(BRIDGE))
      .map(async (bridge) => {
        const kept = await ifGone(ari.bridges.getBridgeVar({ bridgeId: bridge.id, variable: STATE }));
        const found = parseCall(kept?.value);
        const running = found === undefined ? undefined : calls.call(found.id);
        const call = running ?? found;
        if (call === undefined || call.bridge !== bridge.id) {
          ari.bridges.destroy({ bridgeId: bridge.id }).catch(() => undefined);
        } else if (running === undefined) {
          calls.take(call);
          await catchUp(options, call, legsOf(call), states, bridge);
        } else {
          const isOld = ({ channel }: Leg): boolean => known.includes(channel);
          await catchUp(options, call, legsOf(call).filter(isOld), states, bridge);
        }
      }),
  );
  const owned = new Set<string>();
  for (const call of calls.all) for (const { channel } of legsOf(call)) owned.add(channel);
  return owned;
}

async function catchUp(
  { ari, legs, calls }: AdoptionOptions,
  call: Call,
  asked: readonly Leg[],
  states: ReadonlyMap<string, string>,
  bridge: Bridge,
): Promise<void> {
  for (const { channel, up } of asked) {
    const state = states.get(channel);
    // One that is rung over a trunk may be down for long; it is in the bridge, where the caller hears what comes from there.
    if (state === 'Down' && bridge.channels.includes(channel)) continue;
    if (state === 'Down') {
      // A leg that was made and never rung leads nowhere; whoever made it is gone.
      ari.channels.hangup({ channelId: channel }).catch(() => undefined);
      legs.failed(channel, NOT_MADE);
    } else if (state === undefined) legs.failed(channel, 0);
    else if (!up && state === 'Up') calls.apply(call.id, { kind: 'answered', channel });
  }
  const now = calls.call(call.id);
  if (now?.phase === 'ringing' && now.callee === null) calls.end(call.id, 'failed');
  if (now?.phase !== 'talking' || now.callee === null) return;
  const talking = [now.caller.channel, now.callee.channel];
  if (now.transfer === null && talking.some((channel) => !bridge.channels.includes(channel))) {
    calls.reunite(now);
  }
  // Asterisk knows which leg is held; the other one holds it.
  for (const [held, holds] of [talking, talking.toReversed()] as [string, string][]) {
    const value = await ifGone(ari.channels.getChannelVar({ channelId: held, variable: 'CHANNEL(onhold)' }));
    if (value !== undefined) calls.apply(call.id, { kind: 'held', channel: holds, on: value.value === '1' });
  }
}

function parseCall(text: string | undefined): Call | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    return JSON.parse(text) as Call;
  } catch {
    return undefined;
  }
}
