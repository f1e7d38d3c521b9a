import type { Db } from '../database/pool.ts';
import { AccessError } from './errors.ts';
import { allowed, type Action } from './rules.ts';
import { listAgentTargets, readActor } from './store.ts';

/** Agents are always reached by themselves; others by what their call centers allow. */
export type AgentAction = Extract<Action, 'see_agent' | 'change_agent_status'>;

/** The agents on whom an account may do this, without itself. */
export async function reachableAgents(
  db: Db,
  accountId: number,
  action: AgentAction,
): Promise<ReadonlySet<number>> {
  const actor = await readActor(db, accountId);
  return actor === undefined ? new Set() : allowed(actor, action, await listAgentTargets(db));
}

/** @throws AccessError NOT_ALLOWED, also when there is no such agent: who may not see one learns nothing */
export async function requireReach(
  db: Db,
  accountId: number,
  action: AgentAction,
  target: number,
): Promise<void> {
  if (target === accountId) return;
  const actor = await readActor(db, accountId);
  const targets = await listAgentTargets(db, target);
  if (actor === undefined || !allowed(actor, action, targets).has(target)) {
    throw new AccessError('NOT_ALLOWED');
  }
}

/** What is done to a phone, a call center or a campaign itself. */
export type ResourceAction = Extract<
  Action,
  | 'see_phone'
  | 'edit_phone'
  | 'delete_phone'
  | 'see_sip_credentials'
  | 'see_call_center'
  | 'edit_call_center'
  | 'delete_call_center'
  | 'see_campaign'
  | 'edit_campaign'
  | 'delete_campaign'
>;

/** Those of these phones, call centers (their numbers) or campaigns (their ids) on which the account may do this. */
export async function allowedResources(
  db: Db,
  accountId: number,
  action: ResourceAction,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const actor = await readActor(db, accountId);
  const targets = names.map((name) => ({ id: name, resources: [name] }));
  return actor === undefined ? new Set() : allowed(actor, action, targets);
}

/** @throws AccessError NOT_ALLOWED, also when there is no such resource */
export async function requireResource(
  db: Db,
  accountId: number,
  action: ResourceAction,
  name: string,
): Promise<void> {
  if (!(await allowedResources(db, accountId, action, [name])).has(name)) {
    throw new AccessError('NOT_ALLOWED');
  }
}
