import { z } from 'zod';
import type { SessionAnswer } from '../http/contract.ts';
import { nothing, type Api } from '../http/forms.ts';
import type { Session } from '../http/server.ts';
import { AccessError } from './errors.ts';
import { changePasswordForm, consoleSessionForm, sessionForm, signInForm, uuidParams } from './forms.ts';
import { SESSION_LONGEST_MS, type AccessService } from './service.ts';
import type { SessionAccount } from './store.ts';

export const SESSION_COOKIE = 'sasayaki_session';

function answer(account: SessionAccount): SessionAnswer {
  const { id, loginName, displayName, role, language, signInPhone, mustChangePassword } = account;
  return { account: { id, loginName, displayName, role, language, signInPhone }, mustChangePassword };
}

/** `/api/session`: signing in to the console, and out. `/api/sessions`: where the account is signed in. */
export function registerAccessRoutes(app: Api, access: AccessService, session: Session): void {
  app.get(
    '/api/session',
    {
      config: { area: 'public', summary: 'Who is signed in.' },
      schema: { response: { 200: sessionForm } },
    },
    async (request) => {
      const identity = await access.session(request.cookies[SESSION_COOKIE]);
      if (identity === undefined) throw new AccessError('SESSION_NONE');
      return answer(identity.account);
    },
  );

  app.post(
    '/api/session',
    {
      config: { area: 'public', summary: 'Signs in to the console.' },
      schema: { body: signInForm, response: { 200: sessionForm } },
    },
    async (request, reply) => {
      const agent = request.headers['user-agent'] ?? '';
      const signedIn = await access.signIn(request.body, request.ip, agent);
      void reply.setCookie(SESSION_COOKIE, signedIn.token, {
        httpOnly: true,
        sameSite: 'strict',
        secure: request.protocol === 'https',
        path: '/',
        maxAge: SESSION_LONGEST_MS / 1_000,
      });
      return answer(signedIn.account);
    },
  );

  app.delete(
    '/api/session',
    {
      config: { area: 'public', summary: 'Signs out of the console.' },
      schema: { response: { 204: nothing } },
    },
    async (request, reply) => {
      const identity = await access.session(request.cookies[SESSION_COOKIE]);
      if (identity !== undefined) await access.endSessions(identity.account.id, [identity.id]);
      return reply.clearCookie(SESSION_COOKIE, { path: '/' }).status(204).send();
    },
  );

  app.post(
    '/api/session/password',
    {
      config: { area: 'public', summary: "Changes one's own password; ends one's other sessions." },
      schema: { body: changePasswordForm, response: { 204: nothing } },
    },
    async (request, reply) => {
      const identity = await access.session(request.cookies[SESSION_COOKIE]);
      if (identity === undefined) throw new AccessError('SESSION_NONE');
      const { currentPassword, newPassword } = request.body;
      await access.changePassword(identity.account, identity.id, currentPassword, newPassword);
      return reply.status(204).send();
    },
  );

  app.get(
    '/api/sessions',
    {
      config: { sessionOnly: true, summary: 'Where the account is signed in.' },
      schema: { response: { 200: z.strictObject({ sessions: z.array(consoleSessionForm) }) } },
    },
    async (request) => {
      const { account, id } = await session.requireIdentity(request);
      const sessions = await access.listSessions(account.id);
      return {
        sessions: sessions.map((entry) => ({
          id: entry.id,
          createdAt: entry.createdAt.toISOString(),
          lastSeenAt: entry.lastSeenAt.toISOString(),
          userAgent: entry.userAgent,
          current: entry.id === id,
        })),
      };
    },
  );

  app.delete(
    '/api/sessions',
    {
      config: { sessionOnly: true, summary: 'Signs out everywhere, here too.' },
      schema: { response: { 204: nothing } },
    },
    async (request, reply) => {
      const account = await session.requireAccount(request);
      await access.endSessions(account.id);
      return reply.clearCookie(SESSION_COOKIE, { path: '/' }).status(204).send();
    },
  );

  app.delete(
    '/api/sessions/:id',
    {
      config: { sessionOnly: true, summary: 'Signs out one session.' },
      schema: { params: uuidParams, response: { 204: nothing } },
    },
    async (request, reply) => {
      const account = await session.requireAccount(request);
      await access.endSessions(account.id, [request.params.id]);
      return reply.status(204).send();
    },
  );
}
