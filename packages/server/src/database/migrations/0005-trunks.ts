import { statements } from './statements.ts';

export const trunks = statements([
  `create table trunks (
     id text primary key check (id ~ '^[a-z0-9]([a-z0-9-]{0,29}[a-z0-9])?$'),
     name text not null,
     kind text not null check (kind in ('registration', 'address')),
     host text not null,
     port int not null check (port between 1 and 65535),
     transport text not null check (transport in ('udp', 'tcp')),
     username text,
     password bytea,
     sources text[] not null default '{}',
     max_channels int check (max_channels > 0),
     enabled boolean not null default true,
     caller_id text not null default 'from' check (caller_id in ('from', 'asserted', 'account')),
     check (kind = 'address' or (username is not null and password is not null)))`,
  `create table outside_numbers (
     number text primary key check (number ~ '^\\+?[0-9]{3,20}$'),
     phone text references phones (number) on delete cascade,
     call_center text references call_centers (number) on delete cascade,
     presented text check (presented ~ '^\\+?[0-9]{3,20}$'),
     check ((phone is null) <> (call_center is null)))`,
  `create index outside_numbers_phone on outside_numbers (phone) where phone is not null`,
  `create index outside_numbers_call_center on outside_numbers (call_center) where call_center is not null`,
  `create table outgoing_routes (
     position int primary key,
     pattern text not null,
     trunk text not null references trunks (id) on delete cascade,
     strip int not null default 0 check (strip >= 0),
     prepend text not null default '',
     caller_number text check (caller_number ~ '^\\+?[0-9]{3,20}$'))`,
]);
