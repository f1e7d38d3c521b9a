import { z } from 'zod';
import type { Db } from '../database/pool.ts';
import { nothing, type Api } from '../http/forms.ts';
import type { Session } from '../http/server.ts';
import {
  accountChangeForm,
  accountForm,
  accountParams,
  createdAccountForm,
  grantChangesForm,
  grantsForm,
  importAnswer,
  importForm,
  newAccountForm,
  oneTimePasswordForm,
  ownChangeForm,
  type AccountView,
} from './account-forms.ts';
import type { Account, AccountService } from './account-service.ts';
import { changeGrants, readGrants } from './grants.ts';
import { importAccounts } from './import.ts';

function view({ createdAt, callCenters, ...account }: Account): AccountView {
  return { ...account, callCenters: [...callCenters], createdAt: createdAt.toISOString() };
}

/** `/api/accounts` and `/api/grants`: who there is and who may do what, for system administrators. `/api/me`: what is each one's own. */
export function registerAccountRoutes(app: Api, session: Session, db: Db, accounts: AccountService): void {
  app.get(
    '/api/accounts',
    {
      config: { area: 'administration', summary: 'All accounts.' },
      schema: { response: { 200: z.strictObject({ accounts: z.array(accountForm) }) } },
    },
    async () => ({ accounts: (await accounts.list()).map(view) }),
  );

  app.get(
    '/api/accounts/:id',
    {
      config: { area: 'administration', summary: 'One account.' },
      schema: { params: accountParams, response: { 200: accountForm } },
    },
    async (request) => view(await accounts.read(request.params.id)),
  );

  app.post(
    '/api/accounts',
    {
      config: {
        area: 'administration',
        summary: 'Makes an account; its dial ID and password are issued with it.',
      },
      schema: { body: newAccountForm, response: { 201: createdAccountForm } },
    },
    async (request, reply) => {
      const author = await session.requireAccount(request);
      const { id, credentials } = await accounts.create(request.body, author);
      return reply
        .status(201)
        .header('cache-control', 'no-store')
        .send({ account: view(await accounts.read(id)), dialCredentials: credentials });
    },
  );

  app.patch(
    '/api/accounts/:id',
    {
      config: { area: 'administration', summary: 'Changes an account; what is absent stays.' },
      schema: { params: accountParams, body: accountChangeForm, response: { 200: accountForm } },
    },
    async (request) => {
      const author = await session.requireAccount(request);
      await accounts.change(request.params.id, request.body, author);
      return view(await accounts.read(request.params.id));
    },
  );

  app.patch(
    '/api/me',
    {
      config: { summary: 'Changes the language of the console for one’s own account.' },
      schema: { body: ownChangeForm, response: { 204: nothing } },
    },
    async (request, reply) => {
      const account = await session.requireAccount(request);
      await accounts.change(account.id, request.body, account);
      return reply.status(204).send();
    },
  );

  app.delete(
    '/api/accounts/:id',
    {
      config: { area: 'administration', summary: 'Deletes an account; the top account stays.' },
      schema: { params: accountParams, response: { 204: nothing } },
    },
    async (request, reply) => {
      await accounts.delete(request.params.id, await session.requireAccount(request));
      return reply.status(204).send();
    },
  );

  app.post(
    '/api/accounts/:id/one-time-password',
    {
      config: {
        area: 'administration',
        sessionOnly: true,
        summary: 'Issues a console password for one sign-in; ends the sessions of the account.',
      },
      schema: { params: accountParams, response: { 200: oneTimePasswordForm } },
    },
    async (request, reply) => {
      const author = await session.requireAccount(request);
      void reply.header('cache-control', 'no-store');
      return { oneTimePassword: await accounts.issueOneTimePassword(request.params.id, author) };
    },
  );

  app.post(
    '/api/accounts/import',
    {
      config: {
        area: 'administration',
        summary: 'Makes accounts of a CSV file, all or none; or only says what would be wrong, line by line.',
      },
      schema: { body: importForm, response: { 200: importAnswer } },
    },
    async (request, reply) => {
      const author = await session.requireAccount(request);
      const { csv, apply } = request.body;
      void reply.header('cache-control', 'no-store');
      const {
        problems,
        created,
        accounts: count,
      } = await importAccounts(db, accounts, csv, { apply, author });
      return { accounts: count, problems: [...problems], created: [...created] };
    },
  );

  app.get(
    '/api/grants',
    {
      config: { area: 'administration', summary: 'Every right of every account on every resource.' },
      schema: { response: { 200: grantsForm } },
    },
    async () => {
      const { resources, grants } = await readGrants(db);
      return { resources: [...resources], grants: [...grants] };
    },
  );

  app.patch(
    '/api/grants',
    {
      config: { area: 'administration', summary: 'Gives and takes rights, all of them or none.' },
      schema: { body: grantChangesForm, response: { 204: nothing } },
    },
    async (request, reply) => {
      await changeGrants(db, request.body.changes, await session.requireAccount(request));
      return reply.status(204).send();
    },
  );
}
