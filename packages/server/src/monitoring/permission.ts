import { allowed, type Action } from '../access/rules.ts';
import { listAgentTargets, readActor } from '../access/store.ts';
import type { Db } from '../database/pool.ts';
import { listCampaignTargets } from '../outbound/store.ts';
import type { MonitoringDoor, Target } from './rules.ts';
import { readAgent } from './store.ts';

const ACTIONS: Readonly<Record<MonitoringDoor, Action>> = {
  realtime_monitor: 'monitor_from_page',
  seat_view: 'monitor_from_page',
  job_monitor: 'monitor_from_job_monitor',
  dial: 'monitor_from_dial',
};

/** Whether an account may listen to a target through a door now; read anew each time, because grants change during a session. */
export async function mayMonitor(
  db: Db,
  accountId: number,
  door: MonitoringDoor,
  target: Target,
): Promise<boolean> {
  const actor = await readActor(db, accountId);
  if (actor === undefined) return false;
  if (target.kind === 'phone') {
    return allowed(actor, ACTIONS[door], [{ id: target.number, resources: [target.number] }]).size > 0;
  }
  const { accountId: agent } = target;
  const targets =
    door === 'job_monitor'
      ? await listCampaignTargets(db, agent)
      : [{ id: agent, resources: (await readAgent(db, agent))?.callCenters ?? [] }];
  return allowed(actor, ACTIONS[door], targets).has(agent);
}

/** The agents to whom an account may listen from one page or the other. */
export async function listMonitorable(db: Db, accountId: number): Promise<ReadonlySet<number>> {
  const actor = await readActor(db, accountId);
  if (actor === undefined) return new Set();
  const [agents, members] = await Promise.all([listAgentTargets(db), listCampaignTargets(db)]);
  return new Set([
    ...allowed(actor, 'monitor_from_page', agents),
    ...allowed(actor, 'monitor_from_job_monitor', members),
  ]);
}
