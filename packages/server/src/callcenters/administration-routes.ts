import { z } from 'zod';
import { allowedResources, requireResource } from '../access/rights.ts';
import type { Db } from '../database/pool.ts';
import { nothing, type Api } from '../http/forms.ts';
import type { Session } from '../http/server.ts';
import {
  changeCallCenter,
  changeMembers,
  createCallCenter,
  deleteCallCenter,
  listWithMembers,
  type CallCenter,
} from './administration.ts';
import { CallCenterError } from './errors.ts';
import {
  callCenterChangeForm,
  callCenterForm,
  callCenterParams,
  membersForm,
  newCallCenterForm,
  type CallCenterView,
} from './forms.ts';

const view = (center: CallCenter): CallCenterView => ({ ...center, members: [...center.members] });

/** `/api/call-centers`: call centers and who belongs to them. */
export function registerCallCenterAdministration(app: Api, session: Session, db: Db): void {
  async function one(number: string): Promise<CallCenterView> {
    const center = (await listWithMembers(db)).find((entry) => entry.number === number);
    if (center === undefined) throw new CallCenterError('CALL_CENTER_UNKNOWN');
    return view(center);
  }

  app.get(
    '/api/call-centers',
    {
      config: { area: 'floor', summary: 'The call centers that the account may see, with their members.' },
      schema: { response: { 200: z.strictObject({ callCenters: z.array(callCenterForm) }) } },
    },
    async (request) => {
      const { id } = await session.requireAccount(request);
      const all = await listWithMembers(db);
      const numbers = all.map(({ number }) => number);
      const visible = await allowedResources(db, id, 'see_call_center', numbers);
      return { callCenters: all.filter(({ number }) => visible.has(number)).map(view) };
    },
  );

  app.post(
    '/api/call-centers',
    {
      config: {
        area: 'administration',
        summary: 'Makes a call center; rules that are absent take their defaults.',
      },
      schema: { body: newCallCenterForm, response: { 201: callCenterForm } },
    },
    async (request, reply) => {
      await createCallCenter(db, request.body, await session.requireAccount(request));
      return reply.status(201).send(await one(request.body.number));
    },
  );

  app.patch(
    '/api/call-centers/:number',
    {
      config: {
        area: 'administration',
        summary: 'Changes the name or the rules of a call center; what is absent stays.',
      },
      schema: { params: callCenterParams, body: callCenterChangeForm, response: { 200: callCenterForm } },
    },
    async (request) => {
      const account = await session.requireAccount(request);
      const { number } = request.params;
      await requireResource(db, account.id, 'edit_call_center', number);
      await changeCallCenter(db, number, request.body, account);
      return one(number);
    },
  );

  app.put(
    '/api/call-centers/:number/members',
    {
      config: { area: 'administration', summary: 'Says who belongs to a call center from now on.' },
      schema: { params: callCenterParams, body: membersForm, response: { 200: callCenterForm } },
    },
    async (request) => {
      const account = await session.requireAccount(request);
      const { number } = request.params;
      await requireResource(db, account.id, 'edit_call_center', number);
      await changeMembers(db, number, request.body.members, account);
      return one(number);
    },
  );

  app.delete(
    '/api/call-centers/:number',
    {
      config: { area: 'administration', summary: 'Deletes a call center in which nobody waits.' },
      schema: { params: callCenterParams, response: { 204: nothing } },
    },
    async (request, reply) => {
      const account = await session.requireAccount(request);
      await requireResource(db, account.id, 'delete_call_center', request.params.number);
      await deleteCallCenter(db, request.params.number, account);
      return reply.status(204).send();
    },
  );
}
