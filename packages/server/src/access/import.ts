import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import type { Credentials } from '../dialing/rules.ts';
import { newAccountForm, type IMPORT_PROBLEMS } from './account-forms.ts';
import { changed, type AccountService } from './account-service.ts';
import type { Author } from './audit.ts';
import { parseCsv, type CsvRecord } from './csv.ts';
import { isTrivialDialPassword } from './rules.ts';

export interface ImportProblem {
  readonly line: number;
  /** Null when it is about the whole line. */
  readonly column: string | null;
  readonly code: (typeof IMPORT_PROBLEMS)[number];
}

export interface ImportResult {
  readonly accounts: number;
  readonly problems: readonly ImportProblem[];
  readonly created: readonly (Credentials & { readonly accountId: number; readonly loginName: string })[];
}

/** Columns of the file and what they are called in the form of a new account. */
const FIELDS = {
  login_name: 'loginName',
  display_name: 'displayName',
  role: 'role',
  agent: 'agent',
  language: 'language',
  sign_in_phone: 'signInPhone',
  dial_id: 'dialId',
  dial_password: 'dialPassword',
} as const;
const CALL_CENTERS = 'call_centers';
const REQUIRED = ['login_name', 'display_name', 'role'];
const YES = new Map([
  ['yes', true],
  ['true', true],
  ['1', true],
  ['no', false],
  ['false', false],
  ['0', false],
]);

interface Line {
  readonly line: number;
  readonly account: z.output<typeof newAccountForm>;
  readonly callCenters: readonly string[];
}

/**
 * Makes accounts of a CSV file: all of them or none.
 * @param how.apply false only says what would be wrong
 */
export async function importAccounts(
  db: Db,
  service: AccountService,
  csv: string,
  how: { readonly apply: boolean; readonly author: Author },
): Promise<ImportResult> {
  const { lines, count, problems } = read(parseCsv(csv));
  return db.transaction().execute(async (trx) => {
    const found = [...problems, ...(await check(trx, lines))].sort((one, other) => one.line - other.line);
    if (found.length > 0 || !how.apply) return { accounts: count, problems: found, created: [] };
    const created = [];
    for (const { account, callCenters } of lines) {
      const { id, credentials } = await service.createWithin(trx, account, how.author);
      for (const number of callCenters) {
        await trx.insertInto('call_center_members').values({ call_center: number, account_id: id }).execute();
      }
      created.push({ accountId: id, loginName: account.loginName, ...credentials });
    }
    await changed(trx);
    return { accounts: count, problems: [], created };
  });
}

/** The lines that are of the right form, and what is wrong with the others. */
function read([head, ...records]: readonly CsvRecord[]): {
  readonly lines: readonly Line[];
  readonly count: number;
  readonly problems: readonly ImportProblem[];
} {
  const columns = (head?.cells ?? []).map((name) => name.trim());
  const problems: ImportProblem[] = [
    ...columns
      .filter((name) => !(name in FIELDS) && name !== CALL_CENTERS)
      .map((column) => ({ line: 1, column, code: 'COLUMN_UNKNOWN' as const })),
    ...REQUIRED.filter((name) => !columns.includes(name)).map((column) => ({
      line: 1,
      column,
      code: 'COLUMN_MISSING' as const,
    })),
  ];
  if (problems.length > 0) return { lines: [], count: records.length, problems };
  const lines: Line[] = [];
  for (const { line, cells } of records) {
    if (cells.length !== columns.length) {
      problems.push({ line, column: null, code: 'CELLS_WRONG' });
      continue;
    }
    const values = new Map(columns.map((name, index) => [name, (cells[index] ?? '').trim()]));
    const result = newAccountForm.safeParse(fieldsOf(values));
    if (result.success) {
      const callCenters = (values.get(CALL_CENTERS) ?? '').split(/[\s;]+/).filter(Boolean);
      lines.push({ line, account: result.data, callCenters });
      continue;
    }
    for (const { path } of result.error.issues) {
      const column = Object.entries(FIELDS).find(([, field]) => field === path[0])?.[0] ?? null;
      problems.push({ line, column, code: 'VALUE_INVALID' });
    }
  }
  return { lines, count: records.length, problems };
}

/** An empty cell is as if it were not there. */
function fieldsOf(values: ReadonlyMap<string, string>): object {
  return Object.fromEntries(
    Object.entries(FIELDS).flatMap(([column, field]) => {
      const text = values.get(column) ?? '';
      if (text === '') return [];
      return [[field, field === 'agent' ? (YES.get(text.toLowerCase()) ?? text) : text]];
    }),
  );
}

/** What is wrong with lines beside each other and beside what there is already. */
async function check(trx: Transaction<Database>, lines: readonly Line[]): Promise<readonly ImportProblem[]> {
  const [phones, centers, accounts] = await Promise.all([
    trx.selectFrom('phones').select('number').execute(),
    trx.selectFrom('call_centers').select('number').execute(),
    trx.selectFrom('accounts').select(['login_name', 'dial_id']).execute(),
  ]);
  const known = {
    phones: new Set(phones.map(({ number }) => number)),
    centers: new Set(centers.map(({ number }) => number)),
    names: new Set(accounts.map((row) => row.login_name)),
    dialIds: new Set(accounts.map((row) => row.dial_id)),
  };
  const names = new Set<string>();
  const dialIds = new Set<string>();
  return lines.flatMap(({ line, account, callCenters }) => {
    const problems: ImportProblem[] = [];
    const refuse = (column: string, code: ImportProblem['code']): void =>
      void problems.push({ line, column, code });
    const { loginName, signInPhone, dialId, dialPassword } = account;
    if (known.names.has(loginName)) refuse('login_name', 'LOGIN_NAME_TAKEN');
    if (names.has(loginName)) refuse('login_name', 'LISTED_TWICE');
    names.add(loginName);
    if (signInPhone !== null && !known.phones.has(signInPhone)) refuse('sign_in_phone', 'PHONE_UNKNOWN');
    if (dialId !== undefined) {
      if (known.dialIds.has(dialId)) refuse('dial_id', 'DIAL_ID_TAKEN');
      if (dialIds.has(dialId)) refuse('dial_id', 'LISTED_TWICE');
      dialIds.add(dialId);
    }
    if (dialPassword !== undefined && isTrivialDialPassword(dialPassword, dialId ?? '')) {
      refuse('dial_password', 'DIAL_PASSWORD_TRIVIAL');
    }
    if (new Set(callCenters).size < callCenters.length) refuse(CALL_CENTERS, 'LISTED_TWICE');
    if (callCenters.some((number) => !known.centers.has(number))) refuse(CALL_CENTERS, 'CALL_CENTER_UNKNOWN');
    return problems;
  });
}
