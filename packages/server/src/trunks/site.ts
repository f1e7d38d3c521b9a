import type { Transaction } from 'kysely';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import type { Vault } from '../database/vault.ts';
import type { SiteLines } from './forms.ts';
import { listNumbers, listRoutes, listTrunks, replaceRoutes, saveNumber, saveTrunk } from './store.ts';

/** A part of a site file, and what is wrong there. */
export interface LinesProblem {
  readonly path: readonly (string | number)[];
  /** Its code in a site file. */
  readonly code: 'TRUNK_CREDENTIALS' | 'PHONE_UNKNOWN' | 'CALL_CENTER_UNKNOWN' | 'TRUNK_UNKNOWN';
  readonly params?: Readonly<Record<string, string>>;
}

type ExportedLines = { readonly [Section in keyof SiteLines]-?: NonNullable<SiteLines[Section]> };

type Trx = Transaction<Database>;

/** References of the file to what neither it nor the database has. Phones and call centers of the file are in the database already. */
export async function checkLines(trx: Trx, site: SiteLines): Promise<readonly LinesProblem[]> {
  const [trunks, phones, centers] = await Promise.all([
    listTrunks(trx),
    trx.selectFrom('phones').select('number').execute(),
    trx.selectFrom('call_centers').select('number').execute(),
  ]);
  const known = new Map(trunks.map((trunk) => [trunk.id, trunk.hasPassword]));
  const targets = new Set([...phones, ...centers].map(({ number }) => number));
  const problems: LinesProblem[] = [];
  for (const [index, { id, kind, username, password }] of (site.trunks ?? []).entries()) {
    if (kind === 'registration' && (username === null || (password === undefined && known.get(id) !== true)))
      problems.push({ path: ['trunks', index], code: 'TRUNK_CREDENTIALS' });
    known.set(id, password !== undefined);
  }
  for (const [index, { phone, callCenter }] of (site.numbers ?? []).entries()) {
    const target = phone ?? callCenter ?? '';
    const code = phone === undefined ? 'CALL_CENTER_UNKNOWN' : 'PHONE_UNKNOWN';
    if (!targets.has(target)) problems.push({ path: ['numbers', index], code, params: { number: target } });
  }
  for (const [index, { trunk }] of (site.outgoingRoutes ?? []).entries()) {
    if (!known.has(trunk))
      problems.push({
        path: ['outgoingRoutes', index, 'trunk'],
        code: 'TRUNK_UNKNOWN',
        params: { id: trunk },
      });
  }
  return problems;
}

/** What was checked. Trunks and numbers that the file does not list stay; the outgoing routes are a whole when they are given. */
export async function applyLines(trx: Trx, vault: Vault, site: SiteLines): Promise<void> {
  for (const { id, ...trunk } of site.trunks ?? []) await saveTrunk(trx, vault, id, trunk);
  for (const { number, ...target } of site.numbers ?? []) await saveNumber(trx, number, target);
  if (site.outgoingRoutes !== undefined) await replaceRoutes(trx, site.outgoingRoutes);
}

/** As it can be applied again; passwords are not in it. */
export async function exportLines(db: Db): Promise<ExportedLines> {
  const [trunks, numbers, outgoingRoutes] = await Promise.all([
    listTrunks(db),
    listNumbers(db),
    listRoutes(db),
  ]);
  return {
    trunks: trunks.map(({ hasPassword: _kept, ...trunk }) => ({ ...trunk, sources: [...trunk.sources] })),
    numbers: numbers.map(({ number, kind, target, presented }) => ({
      number,
      ...(kind === 'phone' ? { phone: target } : { callCenter: target }),
      presented,
    })),
    outgoingRoutes: [...outgoingRoutes],
  };
}
