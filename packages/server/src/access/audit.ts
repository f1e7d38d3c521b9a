import type { Transaction } from 'kysely';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';

/** Who did it, as the log names them also when the account is gone. */
export interface Author {
  readonly id: number;
  readonly displayName: string;
}

export interface AuditEntry {
  /** What, as `dial_password.looked_up`. */
  readonly action: string;
  /** On whom or what, as `account:5`. */
  readonly subject: string;
  /** What was changed; never a secret. */
  readonly detail?: string;
}

/** Writes down what somebody did; inside the transaction that does it, so that neither is there without the other. */
export async function writeAudit(
  db: Db | Transaction<Database>,
  author: Author,
  { action, subject, detail = '' }: AuditEntry,
): Promise<void> {
  await db
    .insertInto('audit_log')
    .values({ by_account_id: author.id, by_name: author.displayName, action, subject, detail })
    .execute();
}
