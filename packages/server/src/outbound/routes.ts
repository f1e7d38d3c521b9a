import { z } from 'zod';
import { allowedResources, requireResource, type ResourceAction } from '../access/rights.ts';
import type { SessionAccount } from '../access/store.ts';
import type { Db } from '../database/pool.ts';
import { nothing, type Api } from '../http/forms.ts';
import type { Session } from '../http/server.ts';
import { OutboundError } from './errors.ts';
import {
  campaignForm,
  campaignMembersForm,
  campaignNameForm,
  campaignParams,
  type CampaignView,
} from './forms.ts';
import {
  changeCampaignMembers,
  createCampaign,
  deleteCampaign,
  listCampaigns,
  renameCampaign,
  type Campaign,
} from './store.ts';

const view = (campaign: Campaign): CampaignView => ({ ...campaign, members: [...campaign.members] });

export interface CampaignRoutesOptions {
  readonly db: Db;
  /** Whether the outbound option is on. */
  readonly enabled: () => boolean;
}

/** `/api/campaigns`: campaigns and who belongs to them. */
export function registerCampaignRoutes(
  app: Api,
  session: Session,
  { db, enabled }: CampaignRoutesOptions,
): void {
  /** @throws AccessError NOT_ALLOWED @throws OutboundError OUTBOUND_NOT_ENABLED */
  async function require(
    request: Parameters<Session['requireAccount']>[0],
    action?: ResourceAction,
    id?: number,
  ): Promise<SessionAccount> {
    const account = await session.requireAccount(request);
    if (!enabled()) throw new OutboundError('OUTBOUND_NOT_ENABLED');
    if (action !== undefined) await requireResource(db, account.id, action, String(id));
    return account;
  }

  async function one(id: number): Promise<CampaignView> {
    const [campaign] = await listCampaigns(db, id);
    if (campaign === undefined) throw new OutboundError('CAMPAIGN_UNKNOWN');
    return view(campaign);
  }

  app.get(
    '/api/campaigns',
    {
      config: { area: 'floor', summary: 'The campaigns that the account may see, with their members.' },
      schema: { response: { 200: z.strictObject({ campaigns: z.array(campaignForm) }) } },
    },
    async (request) => {
      const account = await require(request);
      const all = await listCampaigns(db);
      const ids = all.map(({ id }) => String(id));
      const visible = await allowedResources(db, account.id, 'see_campaign', ids);
      return { campaigns: all.filter(({ id }) => visible.has(String(id))).map(view) };
    },
  );

  app.post(
    '/api/campaigns',
    {
      config: { area: 'administration', summary: 'Makes a campaign, to which nobody belongs yet.' },
      schema: { body: campaignNameForm, response: { 201: campaignForm } },
    },
    async (request, reply) => {
      const account = await require(request);
      const id = await createCampaign(db, request.body.name, account);
      return reply.status(201).send(await one(id));
    },
  );

  app.patch(
    '/api/campaigns/:id',
    {
      config: { area: 'administration', summary: 'Gives a campaign another name.' },
      schema: { params: campaignParams, body: campaignNameForm, response: { 200: campaignForm } },
    },
    async (request) => {
      const { id } = request.params;
      const account = await require(request, 'edit_campaign', id);
      await renameCampaign(db, id, request.body.name, account);
      return one(id);
    },
  );

  app.put(
    '/api/campaigns/:id/members',
    {
      config: { area: 'administration', summary: 'Says who belongs to a campaign from now on.' },
      schema: { params: campaignParams, body: campaignMembersForm, response: { 200: campaignForm } },
    },
    async (request) => {
      const { id } = request.params;
      const account = await require(request, 'edit_campaign', id);
      await changeCampaignMembers(db, id, request.body.members, account);
      return one(id);
    },
  );

  app.delete(
    '/api/campaigns/:id',
    {
      config: { area: 'administration', summary: 'Deletes a campaign, and the rights on it.' },
      schema: { params: campaignParams, response: { 204: nothing } },
    },
    async (request, reply) => {
      const { id } = request.params;
      await deleteCampaign(db, id, await require(request, 'delete_campaign', id));
      return reply.status(204).send();
    },
  );
}
