import type { Transaction } from 'kysely';
import { AgentError } from '../agents/errors.ts';
import type { AgentService } from '../agents/service.ts';
import { notify } from '../database/notifications.ts';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import type { Vault } from '../database/vault.ts';
import { DialError } from '../dialing/errors.ts';
import type { Credentials } from '../dialing/rules.ts';
import {
  createAccount,
  enableAgent,
  grantEverything,
  issueOneTimePassword,
  readDialCredentials,
} from './accounts.ts';
import { writeAudit, type Author } from './audit.ts';
import { AccessError } from './errors.ts';
import { hashPassword } from './passwords.ts';
import { isTrivialDialPassword, type Role } from './rules.ts';

type Trx = Transaction<Database>;

const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';

export interface Account {
  readonly id: number;
  readonly loginName: string;
  readonly displayName: string;
  readonly role: Role;
  readonly builtIn: boolean;
  readonly agent: boolean;
  readonly language: 'ja' | 'en';
  readonly signInPhone: string | null;
  readonly hasPassword: boolean;
  readonly mustChangePassword: boolean;
  readonly secondFactor: boolean;
  readonly callCenters: readonly { readonly number: string; readonly priority: number }[];
  readonly createdAt: Date;
}

export interface NewAccountRequest {
  readonly loginName: string;
  readonly displayName: string;
  readonly role: Role;
  readonly agent: boolean;
  readonly language: 'ja' | 'en';
  readonly signInPhone: string | null;
  /** Issued when absent. */
  readonly dialId?: string | undefined;
  readonly dialPassword?: string | undefined;
}

/** What is absent stays. */
export interface AccountChange {
  readonly loginName?: string | undefined;
  readonly displayName?: string | undefined;
  readonly role?: Role | undefined;
  readonly agent?: boolean | undefined;
  readonly language?: 'ja' | 'en' | undefined;
  readonly signInPhone?: string | null | undefined;
}

export interface CreatedAccount {
  readonly id: number;
  readonly credentials: Credentials;
}

/** Makes, changes and deletes accounts. The top account stays what it is. Each change is written down. */
export class AccountService {
  readonly #db: Db;
  readonly #vault: Vault;
  readonly #agents: AgentService;

  constructor(db: Db, vault: Vault, agents: AgentService) {
    this.#db = db;
    this.#vault = vault;
    this.#agents = agents;
  }

  /** All accounts, or this one, in the order of login names. */
  async list(id?: number): Promise<readonly Account[]> {
    let query = this.#db.selectFrom('accounts').selectAll().orderBy('login_name');
    if (id !== undefined) query = query.where('id', '=', id);
    const [rows, factors, members] = await Promise.all([
      query.execute(),
      this.#db
        .selectFrom('second_factors')
        .select('account_id')
        .where('confirmed_at', 'is not', null)
        .execute(),
      this.#db
        .selectFrom('call_center_members')
        .select(['account_id', 'call_center as number', 'priority'])
        .orderBy('call_center')
        .execute(),
    ]);
    const guarded = new Set(factors.map((factor) => factor.account_id));
    const centers = new Map<number, { readonly number: string; readonly priority: number }[]>();
    for (const { account_id: account, number, priority } of members) {
      const list = centers.get(account) ?? [];
      centers.set(account, [...list, { number, priority }]);
    }
    return rows.map((row) => ({
      id: row.id,
      loginName: row.login_name,
      displayName: row.display_name,
      role: row.role,
      builtIn: row.built_in,
      agent: row.agent_enabled,
      language: row.language,
      signInPhone: row.sign_in_phone,
      hasPassword: row.password_hash !== null,
      mustChangePassword: row.must_change_password,
      secondFactor: guarded.has(row.id),
      callCenters: centers.get(row.id) ?? [],
      createdAt: row.created_at,
    }));
  }

  /** @throws AccessError ACCOUNT_UNKNOWN */
  async read(id: number): Promise<Account> {
    const [account] = await this.list(id);
    if (account === undefined) throw new AccessError('ACCOUNT_UNKNOWN');
    return account;
  }

  /**
   * @returns what was issued with it
   * @throws AccessError LOGIN_NAME_TAKEN
   * @throws AgentError PHONE_UNKNOWN
   * @throws DialError DIAL_ID_TAKEN, DIAL_PASSWORD_TRIVIAL
   */
  async create(request: NewAccountRequest, author: Author): Promise<CreatedAccount> {
    return this.#transaction(async (trx) => {
      const created = await this.createWithin(trx, request, author);
      await changed(trx);
      return created;
    });
  }

  /** The same inside a transaction of the caller, who tells of it. */
  async createWithin(trx: Trx, request: NewAccountRequest, author: Author): Promise<CreatedAccount> {
    const { dialId, dialPassword, agent, signInPhone, ...account } = request;
    if (dialPassword !== undefined && isTrivialDialPassword(dialPassword, dialId ?? '')) {
      throw new DialError('DIAL_PASSWORD_TRIVIAL');
    }
    const id = await createAccount(trx, this.#vault, {
      ...account,
      builtIn: false,
      agentEnabled: agent,
      dialId,
      dialPassword,
      passwordHash: null,
      mustChangePassword: false,
    });
    if (signInPhone !== null) {
      await trx.updateTable('accounts').set({ sign_in_phone: signInPhone }).where('id', '=', id).execute();
    }
    await writeAudit(trx, author, {
      action: 'account.created',
      subject: `account:${id}`,
      detail: `${account.loginName} ${account.role}`,
    });
    return { id, credentials: await readDialCredentials(trx, this.#vault, id) };
  }

  /**
   * @throws AccessError ACCOUNT_UNKNOWN, ACCOUNT_BUILT_IN, LOGIN_NAME_TAKEN
   * @throws AgentError PHONE_UNKNOWN, AGENT_IN_CALL when エージェント利用 goes off during a call
   */
  async change(id: number, change: AccountChange, author: Author): Promise<void> {
    await this.#transaction(async (trx) => {
      if (change.agent === false) await this.#signOff(trx, id, author);
      const before = await lock(trx, id);
      if (before.builtIn && change.role !== undefined && change.role !== 'system_administrator') {
        throw new AccessError('ACCOUNT_BUILT_IN');
      }
      const { loginName, displayName, role, agent, language, signInPhone } = change;
      const columns = {
        ...(loginName === undefined ? {} : { login_name: loginName }),
        ...(displayName === undefined ? {} : { display_name: displayName }),
        ...(role === undefined ? {} : { role }),
        ...(agent === undefined ? {} : { agent_enabled: agent }),
        ...(language === undefined ? {} : { language }),
        ...(signInPhone === undefined ? {} : { sign_in_phone: signInPhone }),
      };
      if (Object.keys(columns).length === 0) return;
      await trx.updateTable('accounts').set(columns).where('id', '=', id).execute();
      if (agent === true) await enableAgent(trx, id);
      if (role === 'system_administrator' && before.role !== role) await grantEverything(trx, id);
      await writeAudit(trx, author, {
        action: 'account.changed',
        subject: `account:${id}`,
        detail: Object.entries(change)
          .map(([name, value]) => `${name}=${String(value)}`)
          .join(' '),
      });
      await changed(trx);
    });
  }

  /** @throws AccessError ACCOUNT_UNKNOWN, ACCOUNT_BUILT_IN @throws AgentError AGENT_IN_CALL */
  async delete(id: number, author: Author): Promise<void> {
    if ((await this.read(id)).builtIn) throw new AccessError('ACCOUNT_BUILT_IN');
    await this.#transaction(async (trx) => {
      await this.#signOff(trx, id, author);
      const { builtIn, loginName } = await lock(trx, id);
      if (builtIn) throw new AccessError('ACCOUNT_BUILT_IN');
      await trx.deleteFrom('accounts').where('id', '=', id).execute();
      await writeAudit(trx, author, {
        action: 'account.deleted',
        subject: `account:${id}`,
        detail: loginName,
      });
      await changed(trx);
      await notify(trx, { kind: 'sessions' });
    });
  }

  /**
   * A password for the next sign-in to the console, which asks for a new one; ends the account's sessions.
   * @throws AccessError ACCOUNT_UNKNOWN
   */
  async issueOneTimePassword(id: number, author: Author): Promise<string> {
    const password = issueOneTimePassword();
    const passwordHash = await hashPassword(password);
    await this.#transaction(async (trx) => {
      await lock(trx, id);
      await trx
        .updateTable('accounts')
        .set({ password_hash: passwordHash, must_change_password: true })
        .where('id', '=', id)
        .execute();
      await trx.deleteFrom('console_sessions').where('account_id', '=', id).execute();
      await writeAudit(trx, author, { action: 'console_password.issued', subject: `account:${id}` });
      await notify(trx, { kind: 'sessions' });
    });
    return password;
  }

  /**
   * Whoever is no agent any more is signed off first, so that the phone and the seat are free and the history says it. Before the account is
   * locked: a sign-in locks the agent first and needs the account after.
   */
  async #signOff(trx: Trx, id: number, author: Author): Promise<void> {
    await this.#agents.signOffWith(trx, id, { door: 'console', byAccountId: author.id });
  }

  async #transaction<Result>(work: (trx: Trx) => Promise<Result>): Promise<Result> {
    try {
      return await this.#db.transaction().execute(work);
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

/** What the database refuses, in the words of the API; anything else as it is. */
export function refusalOf(error: unknown): unknown {
  const { code, constraint } = error as { readonly code?: unknown; readonly constraint?: unknown };
  if (code === UNIQUE_VIOLATION && constraint === 'accounts_login_name_key') {
    return new AccessError('LOGIN_NAME_TAKEN');
  }
  if (code === UNIQUE_VIOLATION && constraint === 'accounts_dial_id_key')
    return new DialError('DIAL_ID_TAKEN');
  if (code === FOREIGN_KEY_VIOLATION && constraint === 'accounts_sign_in_phone_fkey') {
    return new AgentError('PHONE_UNKNOWN');
  }
  return error;
}

async function lock(
  trx: Trx,
  id: number,
): Promise<{ readonly builtIn: boolean; readonly role: Role; readonly loginName: string }> {
  const row = await trx
    .selectFrom('accounts')
    .select(['built_in as builtIn', 'role', 'login_name as loginName'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new AccessError('ACCOUNT_UNKNOWN');
  return row;
}

/** Agents may be new, gone or named otherwise, and rights with them. */
export async function changed(trx: Trx): Promise<void> {
  await notify(trx, { kind: 'agents_all' });
  await notify(trx, { kind: 'access', accountIds: [] });
}
