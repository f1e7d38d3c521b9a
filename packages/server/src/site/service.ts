import { randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import { stringify } from 'yaml';
import { createAccount, enableAgent, grantToAdministrators, setDialPassword } from '../access/accounts.ts';
import { writeAudit } from '../access/audit.ts';
import { isTrivialDialPassword } from '../access/rules.ts';
import { columnsOf, formOf, overflowProblem } from '../callcenters/form.ts';
import { listCallCenters } from '../callcenters/store.ts';
import { notify } from '../database/notifications.ts';
import type { Db } from '../database/pool.ts';
import type { Database } from '../database/schema.ts';
import type { Vault } from '../database/vault.ts';
import {
  applyCampaigns,
  checkCampaigns,
  exportCampaigns,
  readCampaignIds,
  replaceCampaigns,
} from '../outbound/site.ts';
import { readSettings, writeSettings, type Settings } from '../settings/service.ts';
import { applyLines, checkLines, exportLines } from '../trunks/site.ts';
import { parseSite, SiteError, type ParsedSite, type SiteProblem } from './parse.ts';
import type { Site, SiteAccount } from './schema.ts';

type Trx = Transaction<Database>;

/**
 * Applies a site file from the command line: all of it or nothing, and the same file twice is the same as once. Calls, statuses and sign-ins stay.
 * @throws SiteError when the file cannot be applied; nothing was changed
 */
export async function applySite(db: Db, vault: Vault, text: string): Promise<void> {
  const parsed = parseSite(text);
  await db.transaction().execute(async (trx) => {
    await applyParsed(trx, vault, parsed);
    await writeAudit(trx, null, { action: 'site.applied', subject: 'site' });
  });
}

/** The same inside a transaction of the caller. */
export async function applyParsed(trx: Trx, vault: Vault, parsed: ParsedSite): Promise<void> {
  const { site } = parsed;
  const wrong = callCenterProblems(parsed);
  if (wrong.length > 0) throw new SiteError(wrong);
  for (const phone of site.phones ?? []) await applyPhone(trx, vault, phone);
  for (const center of site.callCenters ?? []) await applyCallCenter(trx, center);
  await applyCampaigns(trx, site);
  for (const floor of site.floors ?? []) await applyFloor(trx, floor);
  const others = [...(await checkLines(trx, site)), ...(await checkCampaigns(trx, site))];
  const problems = [
    ...(await crossCheck(trx, parsed)),
    ...others.map(({ path, code, params }) => parsed.problemAt(path, code, params)),
  ];
  if (problems.length > 0) throw new SiteError(problems);
  for (const account of site.accounts ?? []) await applyAccount(trx, vault, account);
  await applyLines(trx, vault, site);
  if (site.settings !== undefined) await writeSettings(trx, defined(site.settings));
  await notify(trx, { kind: 'phones' });
  await notify(trx, { kind: 'call_centers' });
  await notify(trx, { kind: 'agents_all' });
  await notify(trx, { kind: 'access', accountIds: [] });
}

/** Leaves out what is not given. */
function defined(settings: NonNullable<Site['settings']>): Partial<Settings> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/** Call centers whose rules contradict each other. */
function callCenterProblems({ site, problemAt }: ParsedSite): readonly SiteProblem[] {
  return (site.callCenters ?? []).flatMap((center, index) => {
    const problem = overflowProblem(center);
    return problem === undefined ? [] : [problemAt(['callCenters', index], problem.code, problem.params)];
  });
}

/** References to what neither the file nor the database has, and values that must be unique or not trivial. */
async function crossCheck(trx: Trx, { site, problemAt }: ParsedSite): Promise<readonly SiteProblem[]> {
  const phones = new Set(
    (await trx.selectFrom('phones').select('number').execute()).map(({ number }) => number),
  );
  const centers = new Set(
    (await trx.selectFrom('call_centers').select('number').execute()).map(({ number }) => number),
  );
  const accounts = await trx.selectFrom('accounts').select(['login_name', 'dial_id', 'built_in']).execute();
  const signedIn = new Set(
    (
      await trx
        .selectFrom('agent_states')
        .innerJoin('accounts', 'accounts.id', 'agent_states.account_id')
        .select('login_name')
        .where('base_status', '!=', 'signed_off')
        .execute()
    ).map((row) => row.login_name),
  );
  const problems: SiteProblem[] = [];
  const names = new Set<string>();
  const dialIds = new Map(accounts.map((row) => [row.dial_id, row.login_name]));
  const seats = new Set<string>();
  for (const [floorIndex, floor] of (site.floors ?? []).entries()) {
    for (const [index, { id }] of floor.seats.entries()) {
      if (seats.has(id))
        problems.push(problemAt(['floors', floorIndex, 'seats', index, 'id'], 'LISTED_TWICE', { name: id }));
      seats.add(id);
    }
  }
  for (const [index, { overflowTarget: target }] of (site.callCenters ?? []).entries()) {
    if (target == null || phones.has(target) || centers.has(target)) continue;
    problems.push(problemAt(['callCenters', index, 'overflowTarget'], 'TARGET_UNKNOWN', { number: target }));
  }
  for (const [index, account] of (site.accounts ?? []).entries()) {
    const at = (...path: (string | number)[]): (string | number)[] => ['accounts', index, ...path];
    if (names.has(account.loginName))
      problems.push(problemAt(at('loginName'), 'LISTED_TWICE', { name: account.loginName }));
    names.add(account.loginName);
    const { signInPhone, dialId, dialPassword } = account;
    if (signInPhone != null && !phones.has(signInPhone)) {
      problems.push(problemAt(at('signInPhone'), 'PHONE_UNKNOWN', { number: signInPhone }));
    }
    const holder = dialId === undefined ? undefined : dialIds.get(dialId);
    if (dialId !== undefined && holder !== undefined && holder !== account.loginName) {
      problems.push(problemAt(at('dialId'), 'DIAL_ID_TAKEN'));
    }
    if (dialId !== undefined) dialIds.set(dialId, account.loginName);
    if (dialPassword !== undefined && isTrivialDialPassword(dialPassword, dialId ?? '')) {
      problems.push(problemAt(at('dialPassword'), 'DIAL_PASSWORD_TRIVIAL'));
    }
    for (const [position, { number }] of (account.callCenters ?? []).entries()) {
      if (!centers.has(number))
        problems.push(problemAt(at('callCenters', position), 'CALL_CENTER_UNKNOWN', { number }));
    }
    for (const [position, { callCenter, phone }] of (account.grants ?? []).entries()) {
      if (callCenter !== undefined && !centers.has(callCenter)) {
        problems.push(problemAt(at('grants', position), 'CALL_CENTER_UNKNOWN', { number: callCenter }));
      }
      if (phone !== undefined && !phones.has(phone))
        problems.push(problemAt(at('grants', position), 'PHONE_UNKNOWN', { number: phone }));
    }
    if (account.agent === false && signedIn.has(account.loginName)) {
      problems.push(problemAt(at('agent'), 'SIGNED_IN', { name: account.loginName }));
    }
    const existing = accounts.find(({ login_name: loginName }) => loginName === account.loginName);
    if (existing?.built_in === true && account.role !== 'system_administrator') {
      problems.push(problemAt(at('role'), 'TOP_ACCOUNT_ROLE'));
    }
    const otherTop = accounts.some((row) => row.built_in && row.login_name !== account.loginName);
    if (account.builtIn === true && otherTop) problems.push(problemAt(at('builtIn'), 'TOP_ACCOUNT_TWICE'));
  }
  return problems;
}

async function applyPhone(trx: Trx, vault: Vault, phone: NonNullable<Site['phones']>[number]): Promise<void> {
  const { number, name, kind, language, sipPassword } = phone;
  const existing = await trx
    .selectFrom('phones')
    .select('number')
    .where('number', '=', number)
    .executeTakeFirst();
  const sealed = (password: string): Buffer => vault.seal(password, `sip:${number}`);
  if (existing === undefined) {
    const password = sipPassword ?? randomBytes(18).toString('base64url');
    await trx
      .insertInto('phones')
      .values({ number, name, kind, language: language ?? null, sip_password: sealed(password) })
      .execute();
    await grantToAdministrators(trx, 'phone', number);
    return;
  }
  await trx
    .updateTable('phones')
    .set({
      name,
      kind,
      ...(language === undefined ? {} : { language }),
      ...(sipPassword === undefined ? {} : { sip_password: sealed(sipPassword) }),
    })
    .where('number', '=', number)
    .execute();
}

async function applyCallCenter(
  trx: Trx,
  { number, name, ...rules }: NonNullable<Site['callCenters']>[number],
): Promise<void> {
  const columns = columnsOf(rules);
  const { numUpdatedRows } = await trx
    .updateTable('call_centers')
    .set({ name, ...columns })
    .where('number', '=', number)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return;
  await trx
    .insertInto('call_centers')
    .values({ number, name, ...columns })
    .execute();
  // A right that was taken away later stays away, however often the file is applied.
  await grantToAdministrators(trx, 'call_center', number);
}

async function applyFloor(trx: Trx, { name, seats }: NonNullable<Site['floors']>[number]): Promise<void> {
  const { id: floorId } = await trx
    .insertInto('floors')
    .values({ name })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ name }))
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const seat of seats) {
    await trx
      .insertInto('seats')
      .values({ id: seat.id, floor_id: floorId, name: seat.name })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ floor_id: floorId, name: seat.name }))
      .execute();
  }
}

async function applyAccount(trx: Trx, vault: Vault, account: SiteAccount): Promise<void> {
  const existing = await trx
    .selectFrom('accounts')
    .select('id')
    .where('login_name', '=', account.loginName)
    .executeTakeFirst();
  const id = existing?.id ?? (await newAccount(trx, vault, account));
  if (existing !== undefined) await updateAccount(trx, vault, id, account);
  if (account.signInPhone !== undefined) {
    await trx
      .updateTable('accounts')
      .set({ sign_in_phone: account.signInPhone })
      .where('id', '=', id)
      .execute();
  }
  if (account.callCenters !== undefined) {
    await trx.deleteFrom('call_center_members').where('account_id', '=', id).execute();
    for (const { number, priority } of account.callCenters) {
      await trx
        .insertInto('call_center_members')
        .values({ account_id: id, call_center: number, priority: priority ?? 1 })
        .execute();
    }
  }
  if (account.campaigns !== undefined) await replaceCampaigns(trx, id, account.campaigns);
  if (account.grants !== undefined) await replaceGrants(trx, id, account.grants);
}

async function newAccount(trx: Trx, vault: Vault, account: SiteAccount): Promise<number> {
  return createAccount(trx, vault, {
    loginName: account.loginName,
    displayName: account.displayName,
    role: account.role,
    builtIn: account.builtIn ?? false,
    agentEnabled: account.agent ?? false,
    language: account.language ?? 'ja',
    dialId: account.dialId,
    dialPassword: account.dialPassword,
    passwordHash: null,
    mustChangePassword: false,
  });
}

async function updateAccount(trx: Trx, vault: Vault, id: number, account: SiteAccount): Promise<void> {
  await trx
    .updateTable('accounts')
    .set({
      display_name: account.displayName,
      role: account.role,
      ...(account.agent === undefined ? {} : { agent_enabled: account.agent }),
      ...(account.language === undefined ? {} : { language: account.language }),
      ...(account.dialId === undefined ? {} : { dial_id: account.dialId }),
    })
    .where('id', '=', id)
    .execute();
  if (account.dialPassword !== undefined) await setDialPassword(trx, vault, id, account.dialPassword);
  if (account.agent === true) await enableAgent(trx, id);
}

async function replaceGrants(
  trx: Trx,
  id: number,
  grants: NonNullable<SiteAccount['grants']>,
): Promise<void> {
  await trx.deleteFrom('grants').where('account_id', '=', id).execute();
  const campaigns = await readCampaignIds(trx);
  for (const { callCenter, phone, campaign, level } of grants) {
    const kind = callCenter !== undefined ? 'call_center' : phone !== undefined ? 'phone' : 'campaign';
    const resource = callCenter ?? phone ?? String(campaigns.get(campaign ?? ''));
    await trx
      .insertInto('grants')
      .values({ account_id: id, resource_kind: kind, resource, level })
      .onConflict((conflict) =>
        conflict.columns(['account_id', 'resource_kind', 'resource']).doUpdateSet({ level }),
      )
      .execute();
  }
}

/** The site as a file that can be applied again. Passwords are not in it. */
export async function exportSite(db: Db): Promise<string> {
  const [settings, phones, callCenters, floors, seats, accounts, members, grants, campaigns] =
    await Promise.all([
      readSettings(db),
      db.selectFrom('phones').select(['number', 'name', 'kind', 'language']).orderBy('number').execute(),
      listCallCenters(db),
      db.selectFrom('floors').selectAll().orderBy('id').execute(),
      db.selectFrom('seats').selectAll().orderBy('id').execute(),
      db.selectFrom('accounts').selectAll().orderBy('id').execute(),
      db.selectFrom('call_center_members').selectAll().orderBy('call_center').execute(),
      db.selectFrom('grants').selectAll().orderBy('resource_kind').orderBy('resource').execute(),
      exportCampaigns(db),
    ]);
  const site: Site = {
    site: 1,
    settings,
    phones,
    callCenters: callCenters.map((center) => ({
      number: center.number,
      name: center.name,
      ...formOf(center),
    })),
    ...(await exportLines(db)),
    campaigns: campaigns.campaigns,
    floors: floors.map((floor) => ({
      name: floor.name,
      seats: seats.filter((seat) => seat.floor_id === floor.id).map(({ id, name }) => ({ id, name })),
    })),
    accounts: accounts.map((account) => ({
      loginName: account.login_name,
      displayName: account.display_name,
      role: account.role,
      ...(account.built_in ? { builtIn: true } : {}),
      agent: account.agent_enabled,
      language: account.language,
      signInPhone: account.sign_in_phone,
      dialId: account.dial_id,
      callCenters: members
        .filter((member) => member.account_id === account.id)
        .map((member) => ({ number: member.call_center, priority: member.priority })),
      campaigns: campaigns.of(account.id),
      grants: grants
        .filter((grant) => grant.account_id === account.id)
        .map(({ resource_kind: kind, resource, level }) => ({
          ...(kind === 'phone' ? { phone: resource } : {}),
          ...(kind === 'call_center' ? { callCenter: resource } : {}),
          ...(kind === 'campaign' ? { campaign: campaigns.nameOf(resource) } : {}),
          level,
        })),
    })),
  };
  return stringify(site);
}
