import type { Level, Role } from '../../packages/server/src/access/rules.ts';

/** Who asks, and by what. */
export interface Asker {
  readonly role: Role;
  /** On every phone and call center. */
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
  /** On the phone or call center that it is about, or on one of the agent's call centers. */
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

/** Nobody and nothing has this. */
const NO_UUID = '00000000-0000-4000-8000-000000000000';
const NO_ID = 999_999;

/**
 * Every route of the API. Requests that come through change nothing, or nothing that another row minds.
 * @param agent an agent of call center 7000
 */
export function permissionRows(agent: number): readonly Row[] {
  const own = { who: 'everybody' } as const;
  const admin = { who: 'administrators' } as const;
  const credentials = '/api/accounts/{account}/dial-credentials';
  return [
    { route: 'GET /api/openapi.json', ...own, answer: 200 },
    { route: 'GET /api/practice', ...own, answer: 200 },

    { route: 'GET /api/sessions', ...own, session: true, answer: 200 },
    { route: 'DELETE /api/sessions', ...own, session: true, answer: 204, ends: true },
    {
      route: 'DELETE /api/sessions/{id}',
      path: `/api/sessions/${NO_UUID}`,
      ...own,
      session: true,
      answer: 204,
    },
    { route: 'GET /api/tokens', ...own, session: true, answer: 200 },
    { route: 'GET /api/tokens', path: '/api/tokens?account=all', ...admin, session: true, answer: 200 },
    {
      route: 'GET /api/tokens',
      path: `/api/tokens?account=${agent}`,
      ...admin,
      session: true,
      answer: 200,
    },
    { route: 'POST /api/tokens', body: { name: 'own' }, ...own, session: true, answer: 201 },
    {
      route: 'POST /api/tokens',
      body: { name: 'theirs', accountId: agent },
      ...admin,
      session: true,
      answer: 201,
    },
    {
      route: 'DELETE /api/tokens/{id}',
      path: `/api/tokens/${NO_UUID}`,
      ...own,
      session: true,
      answer: 'TOKEN_UNKNOWN',
    },

    { route: 'GET /api/agents', ...own, answer: 200 },
    {
      route: 'GET /api/agents/{account}',
      path: `/api/agents/${agent}`,
      who: 'leaders',
      level: 'view',
      answer: 200,
    },
    {
      route: 'POST /api/agents/{account}/sign-in',
      path: `/api/agents/${agent}/sign-in`,
      body: { phone: '1002' },
      who: 'leaders',
      level: 'edit',
      answer: 200,
    },
    {
      route: 'PUT /api/agents/{account}/status',
      path: `/api/agents/${agent}/status`,
      body: { status: 'away' },
      who: 'leaders',
      level: 'edit',
      answer: 200,
    },
    {
      route: 'POST /api/agents/{account}/sign-out',
      path: `/api/agents/${agent}/sign-out`,
      who: 'leaders',
      level: 'edit',
      answer: 200,
    },
    { route: 'GET /api/history/activity', ...own, answer: 200 },
    {
      route: 'GET /api/history/activity',
      path: `/api/history/activity?account=${agent}`,
      who: 'leaders',
      level: 'view',
      answer: 200,
    },
    {
      route: 'GET /api/history/activity.csv',
      path: `/api/history/activity.csv?account=${agent}`,
      who: 'leaders',
      level: 'view',
      answer: 200,
    },
    { route: 'GET /api/softphone', ...own, secret: true, answer: 200 },

    { route: 'GET /api/monitoring', ...own, answer: 200 },
    {
      route: 'POST /api/monitoring',
      body: { accountId: agent, mode: 'listen', door: 'realtime_monitor', phone: '1003' },
      who: 'leaders',
      level: 'edit',
      answer: 'MONITORING_TARGET_NOT_IN_CALL',
      refusal: 'MONITORING_NOT_ALLOWED',
    },
    {
      route: 'PATCH /api/monitoring/{id}',
      path: `/api/monitoring/${NO_UUID}`,
      body: { mode: 'whisper' },
      ...own,
      answer: 'MONITORING_UNKNOWN',
    },
    {
      route: 'DELETE /api/monitoring/{id}',
      path: `/api/monitoring/${NO_UUID}`,
      ...own,
      answer: 'MONITORING_UNKNOWN',
    },
    { route: 'GET /api/history/monitoring', ...admin, answer: 200 },
    { route: 'GET /api/history/monitoring.csv', ...admin, answer: 200 },

    { route: 'GET /api/accounts', ...admin, answer: 200 },
    { route: 'GET /api/accounts/{id}', path: `/api/accounts/${agent}`, ...admin, answer: 200 },
    {
      route: 'POST /api/accounts',
      body: { loginName: 'sato', displayName: '二人目', role: 'user' },
      ...admin,
      answer: 'LOGIN_NAME_TAKEN',
    },
    { route: 'PATCH /api/accounts/{id}', path: `/api/accounts/${agent}`, body: {}, ...admin, answer: 200 },
    {
      route: 'DELETE /api/accounts/{id}',
      path: `/api/accounts/${NO_ID}`,
      ...admin,
      answer: 'ACCOUNT_UNKNOWN',
    },
    {
      route: 'POST /api/accounts/{id}/one-time-password',
      path: `/api/accounts/${NO_ID}/one-time-password`,
      body: {},
      ...admin,
      session: true,
      answer: 'ACCOUNT_UNKNOWN',
    },
    {
      route: 'POST /api/accounts/import',
      body: { csv: 'login_name,display_name,role\n', apply: false },
      ...admin,
      answer: 200,
    },
    {
      route: `GET ${credentials}`,
      path: '/api/accounts/me/dial-credentials',
      ...own,
      secret: true,
      answer: 200,
    },
    {
      route: `GET ${credentials}`,
      path: `/api/accounts/${agent}/dial-credentials`,
      ...admin,
      secret: true,
      answer: 200,
    },
    {
      route: `PUT ${credentials}`,
      path: `/api/accounts/${agent}/dial-credentials`,
      body: { dialPassword: '11111111' },
      ...admin,
      answer: 'DIAL_PASSWORD_TRIVIAL',
    },
    {
      route: `POST ${credentials}/reissue`,
      path: `/api/accounts/${agent}/dial-credentials/reissue`,
      body: {},
      ...admin,
      answer: 200,
    },
    { route: 'GET /api/dial-locks', ...admin, answer: 200 },
    {
      route: 'DELETE /api/dial-locks/{id}',
      path: '/api/dial-locks/x',
      ...admin,
      answer: 'DIAL_LOCK_UNKNOWN',
    },
    { route: 'GET /api/grants', ...admin, answer: 200 },
    {
      route: 'PATCH /api/grants',
      body: { changes: [{ accountId: NO_ID, kind: 'phone', resource: '1002', level: 'view' }] },
      ...admin,
      answer: 'ACCOUNT_UNKNOWN',
    },
    { route: 'GET /api/audit', ...admin, answer: 200 },
    { route: 'GET /api/audit.csv', ...admin, answer: 200 },

    { route: 'GET /api/phones', who: 'leaders', answer: 200 },
    {
      route: 'POST /api/phones',
      body: { number: '1002', name: '二台目', kind: 'desk' },
      ...admin,
      answer: 'PHONE_NUMBER_TAKEN',
    },
    {
      route: 'PATCH /api/phones/{number}',
      path: '/api/phones/1002',
      body: {},
      ...admin,
      level: 'edit',
      answer: 200,
    },
    {
      route: 'DELETE /api/phones/{number}',
      path: '/api/phones/1999',
      ...admin,
      level: 'manage',
      answer: 'PHONE_UNKNOWN',
    },
    {
      route: 'GET /api/phones/{number}/sip-credentials',
      path: '/api/phones/1002/sip-credentials',
      ...admin,
      level: 'edit',
      secret: true,
      answer: 200,
    },
    {
      route: 'POST /api/phones/{number}/sip-credentials/reissue',
      path: '/api/phones/1002/sip-credentials/reissue',
      body: {},
      ...admin,
      level: 'edit',
      answer: 200,
    },
    { route: 'GET /api/call-centers', who: 'leaders', answer: 200 },
    {
      route: 'GET /api/call-centers/{number}/figures',
      path: '/api/call-centers/7000/figures',
      who: 'leaders',
      level: 'view',
      answer: 200,
    },
    {
      route: 'GET /api/call-centers/{number}/waiting',
      path: '/api/call-centers/7000/waiting',
      who: 'leaders',
      level: 'view',
      answer: 200,
    },
    {
      route: 'POST /api/call-centers',
      body: { number: '7000', name: '二つ目' },
      ...admin,
      answer: 'CALL_CENTER_NUMBER_TAKEN',
    },
    {
      route: 'PATCH /api/call-centers/{number}',
      path: '/api/call-centers/7000',
      body: {},
      ...admin,
      level: 'edit',
      answer: 200,
    },
    {
      route: 'PUT /api/call-centers/{number}/members',
      path: '/api/call-centers/7000/members',
      body: { members: [{ accountId: agent, priority: 1 }] },
      ...admin,
      level: 'edit',
      answer: 200,
    },
    {
      route: 'DELETE /api/call-centers/{number}',
      path: '/api/call-centers/7999',
      ...admin,
      level: 'manage',
      answer: 'CALL_CENTER_UNKNOWN',
    },

    { route: 'GET /api/floors', ...own, answer: 200 },
    { route: 'POST /api/floors', body: { name: '1階', seats: [] }, ...admin, answer: 'FLOOR_NAME_TAKEN' },
    {
      route: 'PUT /api/floors/{id}',
      path: `/api/floors/${NO_ID}`,
      body: { name: '9階', seats: [] },
      ...admin,
      answer: 'FLOOR_UNKNOWN',
    },
    { route: 'DELETE /api/floors/{id}', path: `/api/floors/${NO_ID}`, ...admin, answer: 'FLOOR_UNKNOWN' },
    { route: 'GET /api/settings', ...own, answer: 200 },
    { route: 'PATCH /api/settings', body: {}, ...admin, answer: 200 },
    { route: 'GET /api/site', ...admin, answer: 200 },
    { route: 'POST /api/site', body: { yaml: 'site: 1\n', apply: false }, ...admin, answer: 200 },

    { route: 'GET /api/trunks', ...admin, answer: 200 },
    {
      route: 'PUT /api/trunks/{id}',
      path: '/api/trunks/kit',
      body: { name: '試し', kind: 'address', host: '127.0.0.1', enabled: false },
      ...admin,
      answer: 204,
    },
    { route: 'DELETE /api/trunks/{id}', path: '/api/trunks/none', ...admin, answer: 'TRUNK_UNKNOWN' },
    { route: 'GET /api/outside-numbers', ...admin, answer: 200 },
    {
      route: 'PUT /api/outside-numbers/{number}',
      path: '/api/outside-numbers/0311112222',
      body: { phone: '1000' },
      ...admin,
      answer: 204,
    },
    {
      route: 'DELETE /api/outside-numbers/{number}',
      path: '/api/outside-numbers/0399998888',
      ...admin,
      answer: 'OUTSIDE_NUMBER_UNKNOWN',
    },
    { route: 'GET /api/outgoing-routes', ...admin, answer: 200 },
    { route: 'PUT /api/outgoing-routes', body: { routes: [] }, ...admin, answer: 204 },

    { route: 'GET /api/session', who: 'public', answer: 'SESSION_NONE' },
    {
      route: 'POST /api/session',
      body: { loginName: 'nobody', password: 'nothing' },
      who: 'public',
      answer: 'SIGN_IN_FAILED',
    },
    { route: 'DELETE /api/session', who: 'public', answer: 204 },
    {
      route: 'POST /api/session/password',
      body: { currentPassword: 'nothing', newPassword: 'nothing' },
      who: 'public',
      answer: 'SESSION_NONE',
    },
  ];
}
