import { allowed, type Action } from '../access/rules.ts';
import { readActor } from '../access/store.ts';
import type { Db } from '../database/pool.ts';
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
  const resources =
    target.kind === 'phone' ? [target.number] : ((await readAgent(db, target.accountId))?.callCenters ?? []);
  return allowed(actor, ACTIONS[door], [{ id: 0, resources }]).has(0);
}
