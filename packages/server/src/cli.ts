import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { sql } from 'kysely';
import { issueOneTimePassword } from './access/accounts.ts';
import { writeAudit } from './access/audit.ts';
import { hashPassword } from './access/passwords.ts';
import { deleteSecondFactor } from './access/second-factor.ts';
import { AgentService } from './agents/service.ts';
import { readConfig } from './config.ts';
import { migrate } from './database/migrations.ts';
import { notify } from './database/notifications.ts';
import { OF_A_COMMAND, openDatabase, type Db } from './database/pool.ts';
import { Vault } from './database/vault.ts';
import { listProvisioned } from './phones/store.ts';
import { addPractice, removePractice, type PracticePlan } from './practice/service.ts';
import { parseSite } from './site/parse.ts';
import { SAMPLE_SITE } from './site/sample.ts';
import { applyParsed, applySite, exportSite } from './site/service.ts';

/** The oldest PostgreSQL whose features we use, as its `server_version_num`. */
const OLDEST_DATABASE = 150_000;

class CommandError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
  }
}

const [configPath, command, argument] = process.argv.slice(2);
if (configPath === undefined || command === undefined)
  throw new Error('usage: cli.js <config.json> COMMAND [ARGUMENT]');
const config = await readConfig(configPath);
const vault = new Vault(config.masterKey);
const db = openDatabase({
  url: config.databaseUrl,
  max: 2,
  patience: OF_A_COMMAND,
  onIdleError: () => undefined,
});

try {
  process.stdout.write(await perform(command, argument));
} catch (error) {
  const code = (error as { readonly code?: unknown }).code;
  const stable = typeof code === 'string' && /^[A-Z]+_[A-Z_]+$/.test(code) ? code : 'COMMAND_FAILED';
  process.stderr.write(`${stable}: ${error instanceof Error ? error.message : 'unknown reason'}\n`);
  process.exitCode = 1;
} finally {
  await db.destroy();
}

async function perform(name: string, value: string | undefined): Promise<string> {
  await checkDatabase(db);
  switch (name) {
    case 'init':
      return `${JSON.stringify({ ...(await init()), ...(await practice(value === 'practice')) })}\n`;
    case 'apply': {
      const fromFile = value !== undefined && value !== '-';
      await applySite(db, vault, fromFile ? await readFile(value, 'utf8') : await text(process.stdin));
      return 'applied\n';
    }
    case 'export':
      return exportSite(db);
    case 'phones': {
      const phones = await listProvisioned(db, vault);
      const rows = phones.map(
        (phone) => `${phone.number}  ${phone.kind.padEnd(7)}  ${phone.sipPassword}  ${phone.name}`,
      );
      return `SIP address ${config.bind}:${config.sipPort} (UDP and TCP); the user is the number\n${rows.join('\n')}\n`;
    }
    case 'dial-credentials':
      return dialCredentials();
    case 'reset-password': {
      const password = await resetPassword(value ?? '');
      return `${value ?? ''}: ${password}   (once: the console asks for a new one)\n`;
    }
    default:
      throw new CommandError('USAGE_UNKNOWN', `"${name}" is no command of the server.`);
  }
}

async function checkDatabase(database: Db): Promise<void> {
  const version = await sql<{ version: number }>`select current_setting('server_version_num')::int as version`
    .execute(database)
    .catch((error: unknown) => {
      const why = error instanceof Error ? error.message : 'unknown reason';
      throw new CommandError('DATABASE_UNREACHABLE', `The database cannot be used: ${why}`);
    });
  const found = version.rows[0]?.version ?? 0;
  if (found < OLDEST_DATABASE) {
    const text = `PostgreSQL ${Math.floor(found / 10_000)} is too old; 15 or newer is needed.`;
    throw new CommandError('DATABASE_OTHER_VERSION', text);
  }
}

/** Brings the database to this release; an empty one gets the sample site. Gives what a first start must tell. */
async function init(): Promise<object> {
  await migrate(db);
  const account = await db.selectFrom('accounts').select('id').limit(1).executeTakeFirst();
  if (account !== undefined) return { firstStart: false, phones: [] };
  const oneTimePassword = issueOneTimePassword();
  const passwordHash = await hashPassword(oneTimePassword);
  const loginName = await db.transaction().execute(async (trx) => {
    await applyParsed(trx, vault, parseSite(SAMPLE_SITE));
    const top = await trx
      .updateTable('accounts')
      .set({ password_hash: passwordHash, must_change_password: true })
      .where('built_in', '=', true)
      .returning('login_name')
      .executeTakeFirstOrThrow();
    return top.login_name;
  });
  const phones = (await listProvisioned(db, vault)).map(({ number, kind, name, sipPassword }) => ({
    number,
    kind,
    name,
    sipUser: number,
    sipPassword,
  }));
  return { firstStart: true, admin: { loginName, oneTimePassword }, phones };
}

/** Practice is there as long as each start wants it. */
async function practice(wanted: boolean): Promise<{ readonly practice?: PracticePlan }> {
  if (wanted) return { practice: await addPractice(db, vault, new AgentService(db)) };
  await removePractice(db);
  return {};
}

/** A look-up from the command line is a look-up: it is written down. */
async function dialCredentials(): Promise<string> {
  const rows = await db
    .selectFrom('accounts')
    .select(['id', 'login_name', 'display_name', 'dial_id', 'dial_password'])
    .where('agent_enabled', '=', true)
    .orderBy('id')
    .execute();
  for (const { id } of rows) {
    await writeAudit(db, null, { action: 'dial_password.looked_up', subject: `account:${id}` });
  }
  return rows
    .map(
      (row) =>
        `${row.login_name.padEnd(12)} ${row.dial_id}  ${vault.open(row.dial_password, `dial:${row.id}`)}  ${row.display_name}\n`,
    )
    .join('');
}

async function resetPassword(loginName: string): Promise<string> {
  const password = issueOneTimePassword();
  const passwordHash = await hashPassword(password);
  await db.transaction().execute(async (trx) => {
    const account = await trx
      .updateTable('accounts')
      .set({ password_hash: passwordHash, must_change_password: true })
      .where('login_name', '=', loginName)
      .returning('id')
      .executeTakeFirst();
    if (account === undefined)
      throw new CommandError('ACCOUNT_UNKNOWN', `There is no account "${loginName}".`);
    // Whoever may use the command line lets somebody in who has lost everything.
    await deleteSecondFactor(trx, account.id);
    await writeAudit(trx, null, { action: 'console_password.issued', subject: `account:${account.id}` });
    await trx.deleteFrom('console_sessions').where('account_id', '=', account.id).execute();
    await notify(trx, { kind: 'sessions' });
  });
  return password;
}
