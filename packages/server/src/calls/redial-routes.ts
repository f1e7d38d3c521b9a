import { z } from 'zod';
import type { Db } from '../database/pool.ts';
import { readState } from '../agents/store.ts';
import { nothing, type Api } from '../http/forms.ts';
import type { Session } from '../http/server.ts';
import { CallError } from './errors.ts';
import type { Redial } from './redial.ts';

const redialForm = z.strictObject({
  /** An extension or an outside number, as it would be dialled. */
  number: z.string().regex(/^[0-9]{2,20}$/),
});

/** `/api/calls/redial`: 再発信 from one's own page. */
export function registerRedialRoutes(app: Api, session: Session, db: Db, redial: Redial): void {
  app.post(
    '/api/calls/redial',
    {
      config: { summary: 'Rings the phone where the account is signed in, and calls the number from there.' },
      schema: { body: redialForm, response: { 202: nothing } },
    },
    async (request, reply) => {
      const account = await session.requireAccount(request);
      const phone = (await readState(db, account.id))?.phone ?? null;
      if (phone === null) throw new CallError('CALL_NO_PHONE');
      redial.place(request.body.number, phone);
      return reply.code(202).send();
    },
  );
}
