import type { Db } from '../database/pool.ts';
import type { MonitoringEnd, MonitoringView } from '../http/contract.ts';
import { hearing, stateOf, type Session } from './rules.ts';
import type { MonitoringService } from './service.ts';
import { readPhoneUsers, type Names } from './store.ts';

/** What the supervisor is told when a session is over; undefined while it runs. */
export function monitoringEnd(session: Session, names: Names): MonitoringEnd | undefined {
  const { id, supervisor, reason } = session;
  if (reason === null) return undefined;
  return { id, supervisor: supervisor.accountId, target: names.target, reason };
}

/** The sessions that run, as pages show them. */
export async function monitoringViews(
  db: Db,
  monitoring: MonitoringService,
): Promise<readonly MonitoringView[]> {
  const sessions = monitoring.list();
  const phones = sessions.flatMap(({ session: { target } }) =>
    target.kind === 'phone' ? [target.number] : [],
  );
  const users = await readPhoneUsers(db, phones);
  return sessions.map(({ session, names, targetPhone }) => {
    const { supervisor, target } = session;
    const user = target.kind === 'phone' ? users.get(target.number) : undefined;
    return {
      id: session.id,
      supervisor: { accountId: supervisor.accountId, name: names.supervisor, phone: supervisor.phone },
      target: {
        accountId: target.kind === 'agent' ? target.accountId : (user?.accountId ?? null),
        name: user?.name ?? names.target,
        phone: targetPhone,
      },
      mode: session.mode,
      door: session.door,
      continuous: session.continuous,
      state: stateOf(session),
      startedAt: new Date(session.startedAt).toISOString(),
      ...hearing(session),
    };
  });
}
