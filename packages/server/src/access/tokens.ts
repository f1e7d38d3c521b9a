import { randomBytes } from 'node:crypto';
import { notify } from '../database/notifications.ts';
import type { Db } from '../database/pool.ts';
import { writeAudit, type Author } from './audit.ts';
import { AccessError } from './errors.ts';
import { hashSecret } from './service.ts';
import type { TokenScope } from './store.ts';

/** What tokens begin with, so that a leaked one is recognised for what it is. */
const PREFIX = 'sasayaki_';

export interface ApiToken {
  readonly id: string;
  readonly accountId: number;
  readonly name: string;
  readonly scope: TokenScope;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

const COLUMNS = [
  'id',
  'account_id as accountId',
  'name',
  'scope',
  'created_at as createdAt',
  'last_used_at as lastUsedAt',
  'expires_at as expiresAt',
  'revoked_at as revokedAt',
] as const;

/**
 * Makes a token that acts as an account.
 * @returns the token in clear, which is stored nowhere
 * @throws AccessError ACCOUNT_UNKNOWN
 */
export async function issueToken(
  db: Db,
  author: Author,
  request: {
    readonly accountId: number;
    readonly name: string;
    readonly scope: TokenScope;
    readonly expiresAt: Date | null;
  },
): Promise<ApiToken & { readonly token: string }> {
  const { accountId, name, scope, expiresAt } = request;
  const token = PREFIX + randomBytes(32).toString('base64url');
  const row = await db.transaction().execute(async (trx) => {
    const owner = await trx
      .selectFrom('accounts')
      .select('id')
      .where('id', '=', accountId)
      .forKeyShare()
      .executeTakeFirst();
    if (owner === undefined) throw new AccessError('ACCOUNT_UNKNOWN');
    const issued = await trx
      .insertInto('api_tokens')
      .values({ token_hash: hashSecret(token), account_id: accountId, name, scope, expires_at: expiresAt })
      .returning(COLUMNS)
      .executeTakeFirstOrThrow();
    await writeAudit(trx, author, {
      action: 'api_token.issued',
      subject: `account:${accountId}`,
      detail: `${name} (${scope})`,
    });
    return issued;
  });
  return { ...row, token };
}

/** @param accountId whose; undefined gives everybody's */
export async function listTokens(db: Db, accountId: number | undefined): Promise<readonly ApiToken[]> {
  let query = db.selectFrom('api_tokens').select(COLUMNS).orderBy('created_at', 'desc').orderBy('id');
  if (accountId !== undefined) query = query.where('account_id', '=', accountId);
  return query.execute();
}

/**
 * Revokes a token, and ends what is open for it.
 * @param accountId whose it must be; undefined takes anybody's
 * @throws AccessError TOKEN_UNKNOWN
 */
export async function revokeToken(
  db: Db,
  author: Author,
  id: string,
  accountId: number | undefined,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    let query = trx
      .updateTable('api_tokens')
      .set({ revoked_at: new Date() })
      .where('id', '=', id)
      .where('revoked_at', 'is', null);
    if (accountId !== undefined) query = query.where('account_id', '=', accountId);
    const row = await query.returning(['account_id', 'name']).executeTakeFirst();
    if (row === undefined) throw new AccessError('TOKEN_UNKNOWN');
    await writeAudit(trx, author, {
      action: 'api_token.revoked',
      subject: `account:${row.account_id}`,
      detail: row.name,
    });
    await notify(trx, { kind: 'sessions' });
  });
}
