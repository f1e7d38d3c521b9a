import type { MonitoringEnd, MonitoringView, Status } from '../../../server/src/http/contract.ts';

export type MonitoringMode = MonitoringView['mode'];

export function otherMode(mode: MonitoringMode): MonitoringMode {
  return mode === 'listen' ? 'whisper' : 'listen';
}

/** The sessions whose supervisor is the account, the oldest first, so that a bar keeps its place. */
export function sessionsOf(
  sessions: readonly MonitoringView[],
  accountId: number,
): readonly MonitoringView[] {
  return sessions
    .filter(({ supervisor }) => supervisor.accountId === accountId)
    .sort((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt));
}

/** A session that is no longer there, as an end of which nobody told the reason; null when none went. */
export function endOfGone(
  before: readonly MonitoringView[],
  now: readonly MonitoringView[],
): MonitoringEnd | null {
  const gone = before.find(({ id }) => !now.some((session) => session.id === id));
  if (gone === undefined) return null;
  const { id, supervisor, target } = gone;
  return { id, supervisor: supervisor.accountId, target: target.name, reason: 'lost' };
}

const EXPECTED: ReadonlySet<MonitoringEnd['reason']> = new Set([
  'stopped',
  'supervisor_hung_up',
  'call_ended',
]);

/** Whether the supervisor knows of an end without being told: its notice goes by itself, another one stays until it was read. */
export function isExpected({ reason }: MonitoringEnd): boolean {
  return EXPECTED.has(reason);
}

/** Who listens to whom, by the account of the agent. A session at a phone where nobody is signed in is at no agent. */
export function listenersByTarget(
  sessions: readonly MonitoringView[],
): ReadonlyMap<number, readonly MonitoringView[]> {
  const byTarget = new Map<number, MonitoringView[]>();
  for (const session of sessions) {
    const { accountId } = session.target;
    if (accountId === null) continue;
    const listeners = byTarget.get(accountId);
    if (listeners === undefined) byTarget.set(accountId, [session]);
    else listeners.push(session);
  }
  return byTarget;
}

/** The extension in what a person typed, in whatever width; null when it is none. */
export function extensionOf(text: string): string | null {
  const typed = text.normalize('NFKC').trim();
  return /^[1-3]\d{3}$/.test(typed) ? typed : null;
}

const IN_CALL: ReadonlySet<Status> = new Set([
  'call_center_call',
  'external_call',
  'outgoing_call',
  'internal_call',
]);

/** Why a session cannot begin at an agent of this status; null when it can. The server decides again. */
export function obstacle(status: Status): 'onHold' | 'notInCall' | null {
  if (IN_CALL.has(status)) return null;
  return status === 'on_hold' ? 'onHold' : 'notInCall';
}
