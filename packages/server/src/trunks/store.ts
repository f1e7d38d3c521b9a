import type { Transaction } from 'kysely';
import { notify } from '../database/notifications.ts';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import type { Vault } from '../database/vault.ts';
import { TrunkError } from './errors.ts';
import type { NumberInput, TrunkInput } from './forms.ts';
import type { OutgoingRoute, OutsideNumber, ProvisionedTrunk, Trunk } from './rules.ts';

type Trx = Transaction<Database>;

export interface StoredTrunk extends Trunk {
  readonly hasPassword: boolean;
}

const FIELDS = [
  'id',
  'name',
  'kind',
  'host',
  'port',
  'transport',
  'username',
  'sources',
  'max_channels as maxChannels',
  'enabled',
  'caller_id as callerId',
] as const;

export async function listTrunks(db: Db | Trx): Promise<readonly StoredTrunk[]> {
  return db
    .selectFrom('trunks')
    .select(FIELDS)
    .select((row) => row('password', 'is not', null).$castTo<boolean>().as('hasPassword'))
    .orderBy('id')
    .execute();
}

/** All trunks with their passwords in clear, for Asterisk's configuration only. */
export async function listProvisionedTrunks(db: Db, vault: Vault): Promise<readonly ProvisionedTrunk[]> {
  const rows = await db.selectFrom('trunks').select(FIELDS).select('password').orderBy('id').execute();
  return rows.map(({ password, ...trunk }) => ({
    ...trunk,
    password: password === null ? null : vault.open(password, `trunk:${trunk.id}`),
  }));
}

/**
 * Makes a trunk or changes it as a whole; only a password that is not given stays.
 * @throws TrunkError TRUNK_NEEDS_ACCOUNT when a registration has no user or no password
 */
export async function saveTrunk(trx: Trx, vault: Vault, id: string, input: TrunkInput): Promise<void> {
  const { password, maxChannels, callerId, ...rest } = input;
  const before = await trx.selectFrom('trunks').select('password').where('id', '=', id).executeTakeFirst();
  const given = password === undefined ? (before?.password ?? null) : vault.seal(password, `trunk:${id}`);
  const sealed = rest.username === null ? null : given;
  if (rest.kind === 'registration' && sealed === null) throw new TrunkError('TRUNK_NEEDS_ACCOUNT');
  const row = { ...rest, password: sealed, max_channels: maxChannels, caller_id: callerId };
  await trx
    .insertInto('trunks')
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
  await notify(trx, { kind: 'trunks' });
}

/** Its outgoing routes go with it. @throws TrunkError TRUNK_UNKNOWN */
export async function deleteTrunk(trx: Trx, id: string): Promise<void> {
  const gone = await trx.deleteFrom('trunks').where('id', '=', id).executeTakeFirst();
  if (gone.numDeletedRows === 0n) throw new TrunkError('TRUNK_UNKNOWN');
  await notify(trx, { kind: 'trunks' });
}

export async function listNumbers(db: Db | Trx): Promise<readonly OutsideNumber[]> {
  const rows = await db.selectFrom('outside_numbers').selectAll().orderBy('number').execute();
  return rows.map(({ number, phone, call_center: callCenter, presented }) => ({
    number,
    kind: phone === null ? 'call_center' : 'phone',
    target: phone ?? callCenter ?? '',
    presented,
  }));
}

/** @throws TrunkError OUTSIDE_TARGET_UNKNOWN when there is no such phone or call center */
export async function saveNumber(trx: Trx, number: string, input: NumberInput): Promise<void> {
  const { phone = null, callCenter = null, presented } = input;
  const target =
    phone === null
      ? trx.selectFrom('call_centers').select('number').where('number', '=', callCenter)
      : trx.selectFrom('phones').select('number').where('number', '=', phone);
  if ((await target.executeTakeFirst()) === undefined) throw new TrunkError('OUTSIDE_TARGET_UNKNOWN');
  const row = { phone, call_center: callCenter, presented };
  await trx
    .insertInto('outside_numbers')
    .values({ number, ...row })
    .onConflict((conflict) => conflict.column('number').doUpdateSet(row))
    .execute();
  await notify(trx, { kind: 'trunks' });
}

/** @throws TrunkError OUTSIDE_NUMBER_UNKNOWN */
export async function deleteNumber(trx: Trx, number: string): Promise<void> {
  const gone = await trx.deleteFrom('outside_numbers').where('number', '=', number).executeTakeFirst();
  if (gone.numDeletedRows === 0n) throw new TrunkError('OUTSIDE_NUMBER_UNKNOWN');
  await notify(trx, { kind: 'trunks' });
}

/** In the order in which they are tried. */
export async function listRoutes(db: Db | Trx): Promise<readonly OutgoingRoute[]> {
  return db
    .selectFrom('outgoing_routes')
    .select(['pattern', 'trunk', 'strip', 'prepend', 'caller_number as callerNumber'])
    .orderBy('position')
    .execute();
}

/** The whole list, as its order matters. @throws TrunkError TRUNK_UNKNOWN */
export async function replaceRoutes(trx: Trx, routes: readonly OutgoingRoute[]): Promise<void> {
  const trunks = new Set((await listTrunks(trx)).map(({ id }) => id));
  if (routes.some(({ trunk }) => !trunks.has(trunk))) throw new TrunkError('TRUNK_UNKNOWN');
  await trx.deleteFrom('outgoing_routes').execute();
  if (routes.length > 0) {
    await trx
      .insertInto('outgoing_routes')
      .values(
        routes.map(({ callerNumber, ...route }, position) => ({
          ...route,
          position,
          caller_number: callerNumber,
        })),
      )
      .execute();
  }
  await notify(trx, { kind: 'trunks' });
}
