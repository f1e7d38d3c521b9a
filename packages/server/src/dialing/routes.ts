import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AccessError } from '../access/errors.ts';
import type { Author } from '../access/audit.ts';
import { mayEnter } from '../access/rules.ts';
import type { Db } from '../database/pool.ts';
import { nothing, type Api } from '../http/forms.ts';
import type { Session } from '../http/server.ts';
import {
  credentialsParams,
  dialCredentialsChange,
  dialCredentialsForm,
  dialLockForm,
  dialLockParams,
  type DialLockView,
} from './forms.ts';
import type { DialCredentials } from './issue.ts';
import { clearLockById, listLocked } from './store.ts';

/**
 * `/api/accounts/:account/dial-credentials`: ダイヤル操作ID and パスワード, one's own or, for system administrators, anybody's.
 * `/api/dial-locks`: what guessing has locked.
 */
export function registerDialingRoutes(
  app: Api,
  session: Session,
  db: Db,
  credentials: DialCredentials,
): void {
  async function asked(
    request: FastifyRequest,
    reply: FastifyReply,
    account: 'me' | number,
  ): Promise<{ readonly author: Author; readonly target: number }> {
    const author = await session.requireAccount(request);
    const target = account === 'me' ? author.id : account;
    if (target !== author.id && !mayEnter(author.role, 'administration'))
      throw new AccessError('NOT_ALLOWED');
    void reply.header('cache-control', 'no-store');
    return { author, target };
  }

  app.get(
    '/api/accounts/:account/dial-credentials',
    {
      config: { secret: true, summary: 'Looks up dial ID and password; written down.' },
      schema: { params: credentialsParams, response: { 200: dialCredentialsForm } },
    },
    async (request, reply) => {
      const { author, target } = await asked(request, reply, request.params.account);
      return credentials.lookUp(target, author);
    },
  );

  app.put(
    '/api/accounts/:account/dial-credentials',
    {
      config: { summary: 'Changes dial ID or password; trivial ones are refused.' },
      schema: {
        params: credentialsParams,
        body: dialCredentialsChange,
        response: { 200: dialCredentialsForm },
      },
    },
    async (request, reply) => {
      const { author, target } = await asked(request, reply, request.params.account);
      return credentials.change(target, request.body, author);
    },
  );

  app.post(
    '/api/accounts/:account/dial-credentials/reissue',
    {
      config: { summary: 'Issues a new dial ID and password.' },
      schema: { params: credentialsParams, response: { 200: dialCredentialsForm } },
    },
    async (request, reply) => {
      const { author, target } = await asked(request, reply, request.params.account);
      return credentials.reissue(target, author);
    },
  );

  app.get(
    '/api/dial-locks',
    {
      config: { area: 'administration', summary: 'What guessing of dial passwords has locked, now.' },
      schema: { response: { 200: z.strictObject({ locks: z.array(dialLockForm) }) } },
    },
    async () => {
      const locks = await listLocked(db, new Date());
      return {
        locks: locks.map((lock): DialLockView => ({ ...lock, lockedUntil: lock.lockedUntil.toISOString() })),
      };
    },
  );

  app.delete(
    '/api/dial-locks/:id',
    {
      config: {
        area: 'administration',
        summary: 'Clears a lock and the failures that made it; written down.',
      },
      schema: { params: dialLockParams, response: { 204: nothing } },
    },
    async (request, reply) => {
      await clearLockById(db, request.params.id, await session.requireAccount(request));
      return reply.status(204).send();
    },
  );
}
