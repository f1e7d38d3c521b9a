import type { Level, Role } from '../../packages/server/src/access/rules.ts';

/** Who asks, and by what. */
export interface Asker {
  readonly role: Role;
  /** On every phone, call center and campaign. */
  readonly level: Level | 'none';
  readonly by: 'nothing' | 'one-time password' | 'another site' | 'session' | 'token' | 'reading token';
}

/** What the API does with one request, as decisions say; stated here once more, apart from the server. */
export interface Row {
  /** As the API document names it. */
  readonly route: string;
  /** The request, when it is not the route itself. */
  readonly path?: string;
  readonly body?: unknown;
  /** Who may ask at all. */
  readonly who: 'public' | 'everybody' | 'leaders' | 'administrators';
  /** On the phone, call center or campaign that it is about, or on one of the agent's call centers or campaigns. */
  readonly level?: Level;
  /** A token is not enough. */
  readonly session?: true;
  /** Answers with a password. */
  readonly secret?: true;
  /** The answer for whoever may: its status, or the code of a refusal for another reason than rights. */
  readonly answer: number | string;
  /** For whoever may not. */
  readonly refusal?: string;
  /** Ends the session that asks. */
  readonly ends?: true;
}

const ROLES: Readonly<Record<Exclude<Row['who'], 'public'>, readonly Role[]>> = {
  everybody: ['user', 'supervisor', 'system_administrator'],
  leaders: ['supervisor', 'system_administrator'],
  administrators: ['system_administrator'],
};
const LEVELS: readonly (Level | 'none')[] = ['none', 'view', 'edit', 'manage'];

/** Whether the asker has the right, leaving aside by what it asks. */
export function hasRight({ role, level }: Asker, row: Pick<Row, 'who' | 'level'>): boolean {
  if (row.who === 'public') return true;
  return ROLES[row.who].includes(role) && LEVELS.indexOf(level) >= LEVELS.indexOf(row.level ?? 'none');
}

/** What the asker is to be answered. */
export function expected(asker: Asker, row: Row): number | string {
  const changes = !row.route.startsWith('GET ');
  if (asker.by === 'another site' && changes) return 'ORIGIN_REFUSED';
  if (row.who === 'public') return row.answer;
  if (asker.by === 'nothing') return 'SESSION_NONE';
  if (asker.by === 'one-time password') return 'PASSWORD_MUST_CHANGE';
  if (asker.by.endsWith('token') && row.session === true) return 'SESSION_NEEDED';
  if (asker.by === 'reading token' && (changes || row.secret === true)) return 'TOKEN_READS_ONLY';
  return hasRight(asker, row) ? row.answer : (row.refusal ?? 'NOT_ALLOWED');
}
