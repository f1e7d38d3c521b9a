import { nothing, type Api } from '../http/forms.ts';
import type { Session } from '../http/server.ts';
import { accountParams } from './account-forms.ts';
import { AccessError } from './errors.ts';
import {
  enrolmentForm,
  recoveryCodesForm,
  secondFactorCodeForm,
  secondFactorForm,
  startEnrolmentForm,
} from './forms.ts';
import type { SecondFactors } from './second-factor.ts';
import type { AccessService } from './service.ts';

/** `/api/second-factor`: one's own; system administrators take it away from whoever has lost device and recovery codes. */
export function registerSecondFactorRoutes(
  app: Api,
  session: Session,
  { access, factors }: { readonly access: AccessService; readonly factors: SecondFactors },
): void {
  app.get(
    '/api/second-factor',
    {
      config: { sessionOnly: true, summary: 'Whether the second factor is on.' },
      schema: { response: { 200: secondFactorForm } },
    },
    async (request) => {
      const { id } = await session.requireAccount(request);
      const { since, recoveryCodesLeft } = await factors.state(id);
      return { since: since?.toISOString() ?? null, recoveryCodesLeft };
    },
  );

  app.post(
    '/api/second-factor',
    {
      config: {
        sessionOnly: true,
        summary: 'Makes a secret for an authenticator app; it counts when a code of it is confirmed.',
      },
      schema: { body: startEnrolmentForm, response: { 201: enrolmentForm } },
    },
    async (request, reply) => {
      const account = await session.requireAccount(request);
      await access.confirmPassword(account, request.body.currentPassword);
      return reply
        .status(201)
        .header('cache-control', 'no-store')
        .send(await factors.enrol(account));
    },
  );

  app.post(
    '/api/second-factor/confirm',
    {
      config: {
        sessionOnly: true,
        summary: "Switches it on with a code of the app; ends one's other sessions; answers recovery codes.",
      },
      schema: { body: secondFactorCodeForm, response: { 200: recoveryCodesForm } },
    },
    async (request, reply) => {
      const { account, id } = await session.requireIdentity(request);
      void reply.header('cache-control', 'no-store');
      return { recoveryCodes: [...(await factors.confirm(account, id, request.body.code))] };
    },
  );

  app.post(
    '/api/second-factor/remove',
    {
      config: { sessionOnly: true, summary: 'Switches it off, with a code.' },
      schema: { body: secondFactorCodeForm, response: { 204: nothing } },
    },
    async (request, reply) => {
      const account = await session.requireAccount(request);
      if ((await factors.state(account.id)).since === null) throw new AccessError('SECOND_FACTOR_OFF');
      await access.confirmCode(account, request.body.code);
      await factors.remove(account.id, account);
      return reply.status(204).send();
    },
  );

  app.delete(
    '/api/accounts/:id/second-factor',
    {
      config: {
        area: 'administration',
        sessionOnly: true,
        summary: "Takes away another account's second factor; written down.",
      },
      schema: { params: accountParams, response: { 204: nothing } },
    },
    async (request, reply) => {
      const author = await session.requireAccount(request);
      // One's own goes with a code: a session that was left open is not enough.
      if (author.id === request.params.id) throw new AccessError('NOT_ALLOWED');
      await factors.remove(request.params.id, author);
      return reply.status(204).send();
    },
  );
}
