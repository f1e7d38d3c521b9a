import { z } from 'zod';
import type { Db } from '../database/pool.ts';
import { nothing, whose, type Api } from '../http/forms.ts';
import type { Session } from '../http/server.ts';
import { AccessError } from './errors.ts';
import { apiTokenForm, issuedTokenForm, newTokenForm, uuidParams, type ApiTokenView } from './forms.ts';
import { mayEnter } from './rules.ts';
import type { SessionAccount } from './store.ts';
import { issueToken, listTokens, revokeToken, type ApiToken } from './tokens.ts';

function view(token: ApiToken): ApiTokenView {
  return {
    id: token.id,
    accountId: token.accountId,
    name: token.name,
    scope: token.scope,
    createdAt: token.createdAt.toISOString(),
    lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
    expiresAt: token.expiresAt?.toISOString() ?? null,
    revokedAt: token.revokedAt?.toISOString() ?? null,
  };
}

/** `/api/tokens`: API tokens of oneself; system administrators see, make and revoke everybody's. */
export function registerTokenRoutes(app: Api, session: Session, db: Db): void {
  const administers = ({ role }: SessionAccount): boolean => mayEnter(role, 'administration');

  app.get(
    '/api/tokens',
    {
      config: { sessionOnly: true, summary: 'API tokens: of oneself, of an account, or of everybody.' },
      schema: {
        querystring: z.strictObject({ account: z.union([whose, z.literal('all')]).default('me') }),
        response: { 200: z.strictObject({ tokens: z.array(apiTokenForm) }) },
      },
    },
    async (request) => {
      const account = await session.requireAccount(request);
      const wanted = request.query.account === 'me' ? account.id : request.query.account;
      if (wanted !== account.id && !administers(account)) throw new AccessError('NOT_ALLOWED');
      return { tokens: (await listTokens(db, wanted === 'all' ? undefined : wanted)).map(view) };
    },
  );

  app.post(
    '/api/tokens',
    {
      config: { sessionOnly: true, summary: 'Makes an API token; it is shown in this answer only.' },
      schema: { body: newTokenForm, response: { 201: issuedTokenForm } },
    },
    async (request, reply) => {
      const account = await session.requireAccount(request);
      const { name, scope, accountId = account.id, expiresAt } = request.body;
      if (accountId !== account.id && !administers(account)) throw new AccessError('NOT_ALLOWED');
      const expires = expiresAt === null ? null : new Date(expiresAt);
      const issued = await issueToken(db, account, { accountId, name, scope, expiresAt: expires });
      return reply
        .status(201)
        .header('cache-control', 'no-store')
        .send({ ...view(issued), token: issued.token });
    },
  );

  app.delete(
    '/api/tokens/:id',
    {
      config: { sessionOnly: true, summary: 'Revokes an API token.' },
      schema: { params: uuidParams, response: { 204: nothing } },
    },
    async (request, reply) => {
      const account = await session.requireAccount(request);
      await revokeToken(db, account, request.params.id, administers(account) ? undefined : account.id);
      return reply.status(204).send();
    },
  );
}
