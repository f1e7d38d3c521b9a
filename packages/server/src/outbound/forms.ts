import { z } from 'zod';
import { id } from '../http/forms.ts';

const name = z.string().trim().min(1).max(100);
const memberForm = z.strictObject({ accountId: z.int().positive() });

export const campaignForm = z.strictObject({ id: z.int(), name: z.string(), members: z.array(memberForm) });
export type CampaignView = z.infer<typeof campaignForm>;

export const campaignNameForm = z.strictObject({ name });
export type CampaignRequest = z.infer<typeof campaignNameForm>;

/** All who belong to the campaign from now on. */
export const campaignMembersForm = z.strictObject({ members: z.array(memberForm).max(5_000) });
export type CampaignMembersRequest = z.infer<typeof campaignMembersForm>;

export const campaignParams = z.strictObject({ id });
