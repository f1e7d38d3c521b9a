import { z } from 'zod';
import { allowedResources, requireResource } from '../access/rights.ts';
import { AgentError } from '../agents/errors.ts';
import type { Db } from '../database/pool.ts';
import type { PhoneView } from '../http/contract.ts';
import { nothing, type Api } from '../http/forms.ts';
import type { Session } from '../http/server.ts';
import type { PhoneAdministration } from './administration.ts';
import {
  newPhoneForm,
  phoneChangeForm,
  phoneForm,
  phoneParams,
  sipCredentialsForm,
  softphoneForm,
  type SipCredentialsAnswer,
} from './forms.ts';
import type { PhoneService } from './service.ts';
import { listPhones } from './store.ts';

export interface PhoneRoutesOptions {
  readonly db: Db;
  readonly phones: PhoneService;
  readonly administration: PhoneAdministration;
  readonly sipPort: number;
}

/** `/api/phones`: phones, which are registered, and with what; `/api/softphone`: the account's own browser. */
export function registerPhoneRoutes(app: Api, session: Session, options: PhoneRoutesOptions): void {
  const { db, phones, administration, sipPort } = options;

  async function view(number: string): Promise<PhoneView> {
    const phone = (await listPhones(db)).find((entry) => entry.number === number);
    if (phone === undefined) throw new AgentError('PHONE_UNKNOWN');
    return { ...phone, registered: phones.isRegistered(number) };
  }

  function credentials(number: string, password: string): SipCredentialsAnswer {
    return { user: number, password, port: sipPort, transports: ['udp', 'tcp'] };
  }

  app.get(
    '/api/phones',
    {
      config: {
        area: 'floor',
        summary: 'The phones that the account may see, and which are registered now.',
      },
      schema: { response: { 200: z.strictObject({ phones: z.array(phoneForm) }) } },
    },
    async (request) => {
      const { id } = await session.requireAccount(request);
      const all = await listPhones(db);
      const visible = await allowedResources(
        db,
        id,
        'see_phone',
        all.map(({ number }) => number),
      );
      return {
        phones: all
          .filter(({ number }) => visible.has(number))
          .map((phone) => ({ ...phone, registered: phones.isRegistered(phone.number) })),
      };
    },
  );

  app.post(
    '/api/phones',
    {
      config: { area: 'administration', summary: 'Makes a phone; its SIP password is issued with it.' },
      schema: { body: newPhoneForm, response: { 201: phoneForm } },
    },
    async (request, reply) => {
      await administration.create(request.body, await session.requireAccount(request));
      return reply.status(201).send(await view(request.body.number));
    },
  );

  app.patch(
    '/api/phones/:number',
    {
      config: { area: 'administration', summary: 'Changes a phone; what is absent stays.' },
      schema: { params: phoneParams, body: phoneChangeForm, response: { 200: phoneForm } },
    },
    async (request) => {
      const account = await session.requireAccount(request);
      const { number } = request.params;
      await requireResource(db, account.id, 'edit_phone', number);
      const { name, kind, language } = request.body;
      const change = {
        ...(name === undefined ? {} : { name }),
        ...(kind === undefined ? {} : { kind }),
        ...(language === undefined ? {} : { language }),
      };
      await administration.change(number, change, account);
      return view(number);
    },
  );

  app.delete(
    '/api/phones/:number',
    {
      config: { area: 'administration', summary: 'Deletes a phone at which nobody is signed in.' },
      schema: { params: phoneParams, response: { 204: nothing } },
    },
    async (request, reply) => {
      const account = await session.requireAccount(request);
      await requireResource(db, account.id, 'delete_phone', request.params.number);
      await administration.delete(request.params.number, account);
      return reply.status(204).send();
    },
  );

  app.get(
    '/api/phones/:number/sip-credentials',
    {
      config: {
        area: 'administration',
        secret: true,
        summary: 'With what the phone registers; written down.',
      },
      schema: { params: phoneParams, response: { 200: sipCredentialsForm } },
    },
    async (request, reply) => {
      const account = await session.requireAccount(request);
      const { number } = request.params;
      await requireResource(db, account.id, 'see_sip_credentials', number);
      void reply.header('cache-control', 'no-store');
      return credentials(number, await administration.sipPassword(number, account));
    },
  );

  app.post(
    '/api/phones/:number/sip-credentials/reissue',
    {
      config: { area: 'administration', summary: 'Issues a new SIP password.' },
      schema: { params: phoneParams, response: { 200: sipCredentialsForm } },
    },
    async (request, reply) => {
      const account = await session.requireAccount(request);
      const { number } = request.params;
      await requireResource(db, account.id, 'edit_phone', number);
      void reply.header('cache-control', 'no-store');
      return credentials(number, await administration.reissueSipPassword(number, account));
    },
  );

  app.get(
    '/api/softphone',
    {
      config: { secret: true, summary: "With what the page registers the account's own browser phone." },
      schema: { response: { 200: softphoneForm } },
    },
    async (request, reply) => {
      const account = await session.requireAccount(request);
      void reply.header('cache-control', 'no-store');
      return { phone: (await phones.softphone(account.id)) ?? null };
    },
  );
}
