import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SessionAnswer } from '../http/contract.ts';
import type { FeedHub } from '../http/feed.ts';
import { AccessError } from './errors.ts';
import { SESSION_LONGEST_MS, type AccessService } from './service.ts';
import type { SessionAccount } from './store.ts';

export const SESSION_COOKIE = 'sasayaki_session';

const signInSchema = z.strictObject({
  loginName: z.string().min(1).max(64),
  password: z.string().min(1).max(200),
});
const changeSchema = z.strictObject({
  currentPassword: z.string().min(1).max(200),
  newPassword: z.string().min(1).max(200),
});

function answer(account: SessionAccount): SessionAnswer {
  const { id, loginName, displayName, role, language, mustChangePassword } = account;
  return { account: { id, loginName, displayName, role, language }, mustChangePassword };
}

/** `/api/session`: signing in to the console, and out. */
export function registerAccessRoutes(
  app: FastifyInstance,
  access: AccessService,
  feed: Pick<FeedHub, 'endSessions'>,
): void {
  app.get('/api/session', async (request) => {
    const account = await access.session(request.cookies[SESSION_COOKIE]);
    if (account === undefined) throw new AccessError('SESSION_NONE');
    return answer(account);
  });

  app.post('/api/session', async (request, reply) => {
    const { loginName, password } = signInSchema.parse(request.body);
    const signedIn = await access.signIn(
      loginName,
      password,
      request.ip,
      request.headers['user-agent'] ?? '',
    );
    void reply.setCookie(SESSION_COOKIE, signedIn.token, {
      httpOnly: true,
      sameSite: 'strict',
      secure: request.protocol === 'https',
      path: '/',
      maxAge: SESSION_LONGEST_MS / 1_000,
    });
    return answer(signedIn.account);
  });

  app.delete('/api/session', async (request, reply) => {
    const token = request.cookies[SESSION_COOKIE];
    const account = await access.session(token);
    if (token !== undefined && account !== undefined) {
      await access.signOut(token);
      feed.endSessions(account.id);
    }
    return reply.clearCookie(SESSION_COOKIE, { path: '/' }).status(204).send();
  });

  app.post('/api/session/password', async (request, reply) => {
    const token = request.cookies[SESSION_COOKIE];
    const account = await access.session(token);
    if (token === undefined || account === undefined) throw new AccessError('SESSION_NONE');
    const { currentPassword, newPassword } = changeSchema.parse(request.body);
    await access.changePassword(account, token, currentPassword, newPassword);
    return reply.status(204).send();
  });
}
