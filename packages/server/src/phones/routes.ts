import type { FastifyInstance } from 'fastify';
import { allowed } from '../access/rules.ts';
import { readActor } from '../access/store.ts';
import { AccessError } from '../access/errors.ts';
import type { Db } from '../database/pool.ts';
import type { PhoneView, SoftphoneAnswer } from '../http/contract.ts';
import type { Session } from '../http/server.ts';
import type { PhoneService } from './service.ts';

/** `GET /api/phones`: the phones that the account may see, and which are registered now. `GET /api/softphone`: the account's own browser. */
export function registerPhoneRoutes(
  app: FastifyInstance,
  session: Session,
  db: Db,
  phones: PhoneService,
): void {
  app.get('/api/phones', async (request): Promise<{ readonly phones: readonly PhoneView[] }> => {
    const account = await session.requireAccount(request);
    const actor = await readActor(db, account.id);
    if (actor === undefined || actor.role === 'user') throw new AccessError('NOT_ALLOWED');
    const targets = phones.phones().map(({ number }) => ({ id: number, resources: [number] }));
    const visible = allowed(actor, 'see_phone', targets);
    return {
      phones: phones
        .phones()
        .filter(({ number }) => visible.has(number))
        .map(({ number, name, kind }) => ({ number, name, kind, registered: phones.isRegistered(number) })),
    };
  });

  app.get('/api/softphone', async (request, reply): Promise<SoftphoneAnswer> => {
    const account = await session.requireAccount(request);
    void reply.header('cache-control', 'no-store');
    return { phone: (await phones.softphone(account.id)) ?? null };
  });
}
