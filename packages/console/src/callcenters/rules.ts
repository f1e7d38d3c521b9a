import type { AgentView, CallCenterLive } from '../../../server/src/http/contract.ts';

/** Who of a call center's agents could take a call, and who is there at all. */
export interface Staffing {
  readonly ready: number;
  readonly present: number;
}

export function staffingOf(agents: Iterable<AgentView>): ReadonlyMap<string, Staffing> {
  // Counted with each frame of a large floor, so nothing is made anew for each agent.
  const staffing = new Map<string, { ready: number; present: number }>();
  for (const { callCenters, status, baseStatus } of agents) {
    if (baseStatus === 'signed_off') continue;
    for (const number of callCenters) {
      let counted = staffing.get(number);
      if (counted === undefined) staffing.set(number, (counted = { ready: 0, present: 0 }));
      if (status === 'ready') counted.ready += 1;
      counted.present += 1;
    }
  }
  return staffing;
}

/** A share from 0 to 1 as whole percents, and a dash where there is none yet. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)}%`;
}

/** A time in s as `m:ss`, and a dash where there is none yet. */
export function minutes(seconds: number | null): string {
  if (seconds === null) return '–';
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** Everybody who waits, who has waited longest first. */
export function waitingOf(
  callCenters: readonly CallCenterLive[],
): readonly (CallCenterLive['waiting'][number] & { readonly callCenter: string })[] {
  return callCenters
    .flatMap(({ name, waiting }) => waiting.map((caller) => ({ ...caller, callCenter: name })))
    .sort((one, other) => Date.parse(one.since) - Date.parse(other.since));
}
