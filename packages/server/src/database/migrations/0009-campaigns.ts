import { statements } from './statements.ts';

export const campaigns = statements([
  // Grants name a campaign by its id, which is never given again: the identity only rises.
  `create table campaigns (
     id bigint generated always as identity primary key,
     name text not null unique check (name <> ''))`,
  `create table campaign_members (
     campaign_id bigint not null references campaigns (id) on delete cascade,
     account_id bigint not null references accounts (id) on delete cascade,
     primary key (campaign_id, account_id))`,
  `create index campaign_members_account on campaign_members (account_id)`,
]);
