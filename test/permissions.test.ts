import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type {
  AgentView,
  CallCenterView,
  CampaignView,
  FeedMessage,
  IssuedTokenAnswer,
  PhoneView,
} from '../packages/server/src/http/contract.ts';
import { Api } from './kit/api.ts';
import { NO_ID, permissionRows } from './kit/permission-rows.ts';
import { expected, hasRight, type Asker, type Row } from './kit/permissions.ts';
import { System } from './kit/system.ts';

let system: System;
let agent: number;
let campaign: number;
/** By role: an account of its own that other rows do not change. */
const NAMES = { user: 'tanaka', supervisor: 'suzuki', system_administrator: 'admin' } as const;
const sessions = new Map<string, Api>();
const tokens = new Map<string, Api>();
const readingTokens = new Map<string, Api>();
let newcomer: Api;

beforeAll(async () => {
  system = await System.start();
  const [row] = await system.query<{ id: string }>(`select id from accounts where login_name = 'takahashi'`);
  agent = Number(row?.id);
  await system.apply(
    'site: 1\ncampaigns: [{ name: 試し }]\naccounts:\n  - { loginName: takahashi, displayName: 高橋 健, role: user, campaigns: [試し] }\n',
  );
  const [made] = await system.query<{ id: string }>('select id from campaigns');
  campaign = Number(made?.id);
  for (const name of Object.values(NAMES)) {
    const api = await Api.signIn(system, name);
    sessions.set(name, api);
    const issued = await api.post<IssuedTokenAnswer>('/api/tokens', { name: 'all' });
    tokens.set(name, Api.withToken(system, issued.body.token));
    const reading = await api.post<IssuedTokenAnswer>('/api/tokens', { name: 'looks', scope: 'read' });
    readingTokens.set(name, Api.withToken(system, reading.body.token));
  }
  const { output } = await system.command(['reset-password', 'takahashi']);
  newcomer = await Api.again(system, 'takahashi', /^takahashi: (\S+)/m.exec(output)?.[1]);
}, 240_000);

afterAll(async () => {
  await system.close();
}, 60_000);

const ASKERS: readonly Asker[] = [
  { role: 'system_administrator', level: 'manage', by: 'nothing' },
  { role: 'user', level: 'none', by: 'one-time password' },
  { role: 'system_administrator', level: 'manage', by: 'another site' },
  ...(['user', 'supervisor', 'system_administrator'] as const).flatMap((role) =>
    (['none', 'view', 'edit', 'manage'] as const).map((level): Asker => ({ role, level, by: 'session' })),
  ),
  { role: 'user', level: 'manage', by: 'token' },
  { role: 'supervisor', level: 'edit', by: 'token' },
  { role: 'system_administrator', level: 'manage', by: 'token' },
  { role: 'supervisor', level: 'edit', by: 'reading token' },
  { role: 'system_administrator', level: 'manage', by: 'reading token' },
];
const named = ASKERS.map((asker) => [`${asker.role}, ${asker.level}, by ${asker.by}`, asker] as const);

/** Phones, call centers and campaigns, also ones that do not exist: who may delete one that is gone is told that it is gone. */
const resources = () => [
  ['phone', '1002'],
  ['phone', '1999'],
  ['call_center', '7000'],
  ['call_center', '7999'],
  ['campaign', String(campaign)],
  ['campaign', String(NO_ID)],
];

async function become(asker: Asker): Promise<Api> {
  const name = NAMES[asker.role];
  const whose = `account_id = (select id from accounts where login_name = $1)`;
  await system.query(`delete from grants where ${whose}`, [name]);
  for (const [kind, resource] of asker.level === 'none' ? [] : resources()) {
    await system.query(
      `insert into grants (account_id, resource_kind, resource, level)
       select id, $2, $3, $4 from accounts where login_name = $1`,
      [name, kind, resource, asker.level],
    );
  }
  const known = {
    session: sessions,
    'another site': sessions,
    token: tokens,
    'reading token': readingTokens,
  };
  if (asker.by === 'nothing') return Api.stranger(system);
  if (asker.by === 'one-time password') return newcomer;
  const api = known[asker.by].get(name);
  if (api === undefined) throw new Error(`${name} is not signed in.`);
  return api;
}

/** The status of an answer, or its code when it is a refusal. */
async function ask(api: Api, by: Asker['by'], { route, path, body }: Row): Promise<number | string> {
  const [method = '', url = ''] = route.split(' ');
  const answer = await fetch(system.baseUrl + (path ?? url), {
    method,
    headers: {
      ...api.headers,
      ...(by === 'another site' ? { origin: 'http://elsewhere.example' } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return answer.status < 400 ? answer.status : (JSON.parse(text) as { error: { code: string } }).error.code;
}

describe('who may do what over the API', () => {
  it('is written down here for every route that the server has', async () => {
    const admin = await become({ role: 'system_administrator', level: 'none', by: 'session' });
    const { body } = await admin.get<{ paths: Record<string, object> }>('/api/openapi.json');
    const routes = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect([...new Set(permissionRows(agent, campaign).map(({ route }) => route))].sort()).toEqual(
      routes.sort(),
    );
  });

  it('and every route has a name of its own and says what it does', async () => {
    const admin = await become({ role: 'system_administrator', level: 'none', by: 'session' });
    type Operation = { readonly operationId: string; readonly summary: string };
    const { body } = await admin.get<{ paths: Record<string, Record<string, Operation>> }>(
      '/api/openapi.json',
    );
    const operations = Object.values(body.paths).flatMap((methods) => Object.values(methods));
    expect(operations.filter(({ summary }) => summary === '')).toEqual([]);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  });

  it('figures of /metrics are for this machine alone', async () => {
    expect((await fetch(`${system.baseUrl}/metrics`)).status).toBe(200);
    const headers = { 'x-forwarded-for': '192.0.2.1' };
    expect((await fetch(`${system.baseUrl}/metrics`, { headers })).status).toBe(403);
  });

  it.each(named)('%s', async (_name, asker) => {
    const api = await become(asker);
    const rows = permissionRows(agent, campaign).filter(
      ({ who }) => who !== 'public' || asker.by === 'nothing',
    );
    const found: Record<string, number | string> = {};
    const wanted: Record<string, number | string> = {};
    let current = api;
    for (const row of rows) {
      const line = `${row.route} ${row.path ?? ''}`;
      wanted[line] = expected(asker, row);
      found[line] = await ask(current, asker.by, row);
      if (row.ends === true && found[line] === 204) {
        current = await Api.again(system, NAMES[asker.role]);
        sessions.set(NAMES[asker.role], current);
      }
    }
    expect(found).toEqual(wanted);
  });
});

/** Those who see anything at all, asked what they see. */
const seeing = named.filter(([, { by }]) => !['nothing', 'one-time password', 'another site'].includes(by));

describe('lists and the live feed hold only what may be seen', () => {
  it.each(seeing)('%s', async (_name, asker) => {
    const api = await become(asker);
    const sees = hasRight(asker, { who: 'leaders', level: 'view' });
    const leads = hasRight(asker, { who: 'leaders' });

    const { body: agents } = await api.get<{ agents: AgentView[] }>('/api/agents');
    expect(others(agents.agents, asker)).toEqual(sees ? ['takahashi'] : []);
    const fed = await firstOfFeed(api);
    expect(typeof fed === 'number' ? fed : others(fed, asker)).toEqual(
      sees ? ['takahashi'] : leads ? [] : 4403,
    );
    const phones = await api.get<{ phones: PhoneView[] }>('/api/phones');
    expect(leads ? phones.body.phones.map(({ number }) => number) : phones.status).toEqual(
      sees ? ['1002'] : leads ? [] : 403,
    );
    const centers = await api.get<{ callCenters: CallCenterView[] }>('/api/call-centers');
    expect(leads ? centers.body.callCenters.map(({ number }) => number) : centers.status).toEqual(
      sees ? ['7000'] : leads ? [] : 403,
    );
    const campaigns = await api.get<{ campaigns: CampaignView[] }>('/api/campaigns');
    expect(leads ? campaigns.body.campaigns.map(({ id }) => id) : campaigns.status).toEqual(
      sees ? [campaign] : leads ? [] : 403,
    );
    const { body: history } = await api.text('/api/history/activity.csv');
    expect(history.includes('takahashi')).toBe(sees);
  });
});

describe('WebSockets', () => {
  it.each([
    ['/api/feed', 'nothing', 401],
    ['/api/feed', 'another site', 403],
    ['/api/feed', 'session', 101],
    ['/api/feed', 'token', 101],
    ['/sip', 'nothing', 401],
    ['/sip', 'another site', 403],
    ['/sip', 'one-time password', 403],
    ['/sip', 'token', 403],
    ['/sip', 'session', 101],
    ['/elsewhere', 'session', 404],
  ] as const)('%s by %s answers %i', async (path, by, status) => {
    const api = await become({ role: 'system_administrator', level: 'manage', by });
    const headers =
      by === 'another site' ? { ...api.headers, origin: 'http://elsewhere.example' } : api.headers;
    expect(await upgrade(path, headers)).toBe(status);
  });

  it('the feed of somebody whose password must be changed ends before it says anything', async () => {
    expect(await firstOfFeed(newcomer)).toBe(4403);
  });
});

function others(agents: readonly { readonly loginName: string }[], { role }: Asker): readonly string[] {
  return agents.map(({ loginName }) => loginName).filter((name) => name !== NAMES[role]);
}

/** The agents of the feed's first message, or with which code the feed ended before one came. */
async function firstOfFeed(api: Api): Promise<readonly AgentView[] | number> {
  const socket = new WebSocket(`${system.baseUrl.replace('http', 'ws')}/api/feed`, { headers: api.headers });
  try {
    return await new Promise((resolve, reject) => {
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as FeedMessage;
        if (message.type === 'snapshot') resolve(message.agents);
      });
      socket.once('error', reject);
      socket.once('close', resolve);
    });
  } finally {
    socket.terminate();
  }
}

async function upgrade(path: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const protocols = path === '/sip' ? ['sip'] : [];
  const socket = new WebSocket(`${system.baseUrl.replace('http', 'ws')}${path}`, protocols, { headers });
  return new Promise((resolve) => {
    socket.once('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.once('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('error', () => undefined);
  });
}
