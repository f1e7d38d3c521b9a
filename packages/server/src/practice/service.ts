import { writeAudit } from '../access/audit.ts';
import { AgentError } from '../agents/errors.ts';
import type { AgentService } from '../agents/service.ts';
import { notify } from '../database/notifications.ts';
import type { Db } from '../database/pool.ts';
import type { Vault } from '../database/vault.ts';
import { listProvisioned } from '../phones/store.ts';
import { parseSite } from '../site/parse.ts';
import { applyParsed } from '../site/service.ts';
import { PracticeError } from './errors.ts';
import { PRACTICE, PRACTICE_PHONES, PRACTICE_SITE } from './site.ts';
import {
  equipTopAccount,
  findTaken,
  listPracticeAccounts,
  readMark,
  removeMarked,
  writeMark,
} from './store.ts';

interface Machine {
  readonly number: string;
  readonly sipPassword: string;
}

/** What the machines that play the telephones must know. Holds secrets. */
export interface PracticePlan {
  /** The number that the callers call. */
  readonly called: string;
  readonly agents: readonly Machine[];
  readonly callers: readonly (Machine & { readonly language: 'ja' | 'en' })[];
}

/**
 * Adds practice to the site, or brings it to what it should be: the accounts, phones and the call center, and each practice agent signed in and
 * ready. Nothing else of the site is touched, except that a top account without a phone gets the browser phone.
 * @throws PracticeError when the site has something of its own there; nothing was changed
 */
export async function addPractice(db: Db, vault: Vault, agents: AgentService): Promise<PracticePlan> {
  const accounts = await db.transaction().execute(async (trx) => {
    const mark = await readMark(trx);
    const taken = mark === undefined ? await findTaken(trx) : [];
    if (taken.length > 0) throw new PracticeError(taken);
    await applyParsed(trx, vault, parseSite(PRACTICE_SITE));
    await equipTopAccount(trx);
    const made = await listPracticeAccounts(trx);
    await writeMark(trx, {
      accounts: [...new Set([...(mark?.accounts ?? []), ...made.map(({ id }) => id)])],
      phones: [...PRACTICE_PHONES],
      callCenters: [PRACTICE.callCenter],
    });
    if (mark === undefined) await writeAudit(trx, null, { action: 'practice.added', subject: 'site' });
    return made;
  });
  for (const { number, loginName } of PRACTICE.agents) {
    const account = accounts.find((made) => made.loginName === loginName);
    if (account !== undefined) await signIn(agents, account.id, number);
  }
  const provisioned = await listProvisioned(db, vault);
  const machine = (number: string): Machine => ({
    number,
    sipPassword: provisioned.find((phone) => phone.number === number)?.sipPassword ?? '',
  });
  return {
    called: PRACTICE.callCenter,
    agents: PRACTICE.agents.map(({ number }) => machine(number)),
    callers: PRACTICE.callers.map(({ number, language }) => ({ ...machine(number), language })),
  };
}

/** A practice agent who talks already is signed in already. */
async function signIn(agents: AgentService, accountId: number, phone: string): Promise<void> {
  try {
    await agents.signIn(accountId, { phone, status: 'ready' }, { door: 'system', byAccountId: null });
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
  }
}

/** Takes practice away, if the site has it: nothing of it is left but what was written down about listening. */
export async function removePractice(db: Db): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const mark = await readMark(trx);
    if (mark === undefined) return;
    await removeMarked(trx, mark);
    await writeAudit(trx, null, { action: 'practice.removed', subject: 'site' });
    for (const kind of ['phones', 'trunks', 'call_centers', 'agents_all', 'sessions'] as const)
      await notify(trx, { kind });
    await notify(trx, { kind: 'access', accountIds: [] });
  });
}
