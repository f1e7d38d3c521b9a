import type { Db } from '../database/pool.ts';
import { phoneLeg } from '../calls/legs.ts';
import { legsOf, type Call } from '../calls/rules.ts';
import { talkOf } from '../calls/talk.ts';
import type { AgentView } from '../http/contract.ts';
import { shownStatus } from './rules.ts';
import { listAgents } from './store.ts';

interface World {
  readonly db: Db;
  /** Calls that go on. */
  readonly calls: Iterable<Call>;
  /** Null while it is not known. */
  readonly isRegistered: (phone: string) => boolean | null;
}

/** These agents, or all, as pages and the API show them: what is committed, and the call that each is in. */
export async function agentViews(
  { db, calls, isRegistered }: World,
  ids?: readonly number[],
): Promise<readonly AgentView[]> {
  const rows = await listAgents(db, ids);
  const byPhone = callsByPhone(calls);
  return rows.map((row) => {
    const { status, since } = shownStatus(row);
    const at = row.phone === null ? undefined : phoneLeg(byPhone.get(row.phone) ?? [], row.phone);
    return {
      accountId: row.accountId,
      loginName: row.loginName,
      displayName: row.displayName,
      status,
      since: since.toISOString(),
      baseStatus: row.baseStatus,
      phone: row.phone,
      phoneRegistered: row.phone === null ? null : isRegistered(row.phone),
      seat: row.seat,
      callCenters: row.callCenters,
      call: at === undefined ? null : callView(at),
    };
  });
}

function callView(at: Parameters<typeof talkOf>[0]): AgentView['call'] {
  const { direction, number, callCenter, answeredAt, heldMs, heldSince } = talkOf(at);
  return {
    direction,
    number,
    callCenter,
    answeredAt: timeOf(answeredAt),
    heldMs,
    heldSince: timeOf(heldSince),
  };
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** So that a thousand agents in calls are looked at once, not each for each. */
function callsByPhone(calls: Iterable<Call>): ReadonlyMap<string, readonly Call[]> {
  const byPhone = new Map<string, Call[]>();
  for (const call of calls) {
    for (const { party } of legsOf(call)) {
      if (party.kind !== 'phone') continue;
      const known = byPhone.get(party.number);
      if (known === undefined) byPhone.set(party.number, [call]);
      else known.push(call);
    }
  }
  return byPhone;
}
