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

/**
 * Writes down what somebody did; inside the transaction that does it, so that neither is there without the other.
 * @param author null is the command line
 */
export async function writeAudit(
  db: Db | Transaction<Database>,
  author: Author | null,
  { action, subject, detail = '' }: AuditEntry,
): Promise<void> {
  await db
    .insertInto('audit_log')
    .values({
      by_account_id: author?.id ?? null,
      by_name: author?.displayName ?? '',
      action,
      subject,
      detail,
    })
    .execute();
}

export interface AuditRow extends Required<AuditEntry> {
  readonly id: number;
  readonly at: Date;
  /** Null for the command line, and when the account is gone. */
  readonly byAccountId: number | null;
  readonly byName: string;
}

export interface AuditSelection {
  readonly from?: Date | undefined;
  /** Before this moment. */
  readonly to?: Date | undefined;
  /** What it begins with: `dial_` is everything about dialling. */
  readonly action?: string | undefined;
  readonly by?: number | undefined;
  readonly subject?: string | undefined;
}

/** The audit log, newest first, of what is older than the row `after`. */
export async function listAudit(
  db: Db,
  selection: AuditSelection,
  after: number | undefined,
  limit: number,
): Promise<readonly AuditRow[]> {
  const { from, to, action, by, subject } = selection;
  let query = db
    .selectFrom('audit_log')
    .select(['id', 'at', 'by_account_id as byAccountId', 'by_name as byName', 'action', 'subject', 'detail'])
    .orderBy('id', 'desc')
    .limit(limit);
  if (from !== undefined) query = query.where('at', '>=', from);
  if (to !== undefined) query = query.where('at', '<', to);
  if (action !== undefined) query = query.where((eb) => eb.fn('starts_with', ['action', eb.val(action)]));
  if (by !== undefined) query = query.where('by_account_id', '=', by);
  if (subject !== undefined) query = query.where('subject', '=', subject);
  if (after !== undefined) query = query.where('id', '<', after);
  return query.execute();
}
