import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { AgentView, FeedMessage, IssuedTokenAnswer } from '../packages/server/src/http/contract.ts';
import { Api } from './kit/api.ts';
import { System } from './kit/system.ts';
import { until } from './kit/wait.ts';

let system: System;
let admin: Api;
let suzuki: Api;
let sato: Api;

beforeAll(async () => {
  system = await System.start();
  admin = await Api.signIn(system, 'admin');
  suzuki = await Api.signIn(system, 'suzuki');
  sato = await Api.signIn(system, 'sato');
}, 240_000);

afterAll(async () => {
  await system.close();
}, 60_000);

/** A live feed and how it ended. */
async function feedOf(api: Api): Promise<{ readonly closed: () => number | undefined }> {
  const socket = new WebSocket(`${system.baseUrl.replace('http', 'ws')}/api/feed`, { headers: api.headers });
  let code: number | undefined;
  socket.on('close', (closed) => (code = closed));
  await new Promise((resolve, reject) => {
    socket.once('message', resolve);
    socket.once('error', reject);
  });
  return { closed: () => code };
}

async function token(api: Api, about: object = {}): Promise<IssuedTokenAnswer> {
  const { status, body } = await api.post<IssuedTokenAnswer>('/api/tokens', { name: 'kit', ...about });
  expect(status).toBe(201);
  return body;
}

describe('API tokens', () => {
  it('act as their account without an origin, and not once they are revoked', async () => {
    const issued = await token(suzuki);
    const software = Api.withToken(system, issued.token);
    expect((await software.get('/api/phones')).status).toBe(200);
    expect((await suzuki.delete(`/api/tokens/${issued.id}`)).status).toBe(204);
    expect(await software.get('/api/phones')).toMatchObject({
      status: 401,
      body: { error: { code: 'TOKEN_INVALID' } },
    });
  });

  it('expire', async () => {
    const issued = await token(suzuki, { expiresAt: new Date(Date.now() + 60_000).toISOString() });
    const software = Api.withToken(system, issued.token);
    expect((await software.get('/api/phones')).status).toBe(200);
    await system.query(`update api_tokens set expires_at = now() where id = $1`, [issued.id]);
    expect((await software.get('/api/phones')).status).toBe(401);
  });

  it('make and end no credentials', async () => {
    const software = Api.withToken(system, (await token(admin)).token);
    for (const path of ['/api/tokens', '/api/sessions']) {
      expect(await software.get(path)).toMatchObject({
        status: 403,
        body: { error: { code: 'SESSION_NEEDED' } },
      });
    }
  });

  it("are one's own, except for system administrators", async () => {
    const { body: me } = await sato.get<{ account: { id: number } }>('/api/session');
    const others = { name: 'another', accountId: me.account.id };
    expect((await suzuki.post('/api/tokens', others)).status).toBe(403);
    const issued = await token(admin, others);
    expect((await suzuki.delete(`/api/tokens/${issued.id}`)).status).toBe(404);
    expect((await sato.delete(`/api/tokens/${issued.id}`)).status).toBe(204);
  });

  it('are in no file, output or table', async () => {
    const issued = await token(suzuki);
    await Api.withToken(system, issued.token).get('/api/phones?wrong=query');
    await Api.withToken(system, issued.token).post('/api/monitoring', { wrong: issued.token });
    const found: string[] = [];
    for (const [path, content] of await system.files()) if (content.includes(issued.token)) found.push(path);
    const rows = await system.query<{ line: string }>(
      'select api_tokens::text as line from api_tokens union all select audit_log::text from audit_log',
    );
    expect(rows.filter(({ line }) => line.includes(issued.token))).toEqual([]);
    expect(found).toEqual([]);
    expect(system.output).not.toContain(issued.token);
  });

  it('a change by cookie needs the origin of the page', async () => {
    const { cookie = '' } = suzuki.headers;
    const answer = await fetch(`${system.baseUrl}/api/tokens`, { method: 'POST', headers: { cookie } });
    expect(answer.status).toBe(403);
  });
});

describe('sessions', () => {
  it('a feed ends with the session that opened it, and with no other', async () => {
    const [one, other] = await Promise.all([Api.again(system, 'suzuki'), Api.again(system, 'suzuki')]);
    const software = Api.withToken(system, (await token(suzuki)).token);
    const feeds = await Promise.all([one, other, software].map(feedOf));
    expect((await one.delete('/api/session')).status).toBe(204);
    await until('the feed to end', 20_000, () => feeds[0]?.closed());
    expect(feeds.map((feed) => feed.closed())).toEqual([4401, undefined, undefined]);
    expect((await other.get('/api/session')).status).toBe(200);
  });

  it('can be listed, and ended everywhere at once', async () => {
    const one = await Api.again(system, 'sato');
    const { body } = await one.get<{ sessions: { current: boolean }[] }>('/api/sessions');
    expect(body.sessions.length).toBeGreaterThanOrEqual(2);
    expect(body.sessions.filter(({ current }) => current)).toHaveLength(1);
    expect((await one.delete('/api/sessions')).status).toBe(204);
    expect((await sato.get('/api/session')).status).toBe(401);
    sato = await Api.again(system, 'sato');
  });
});

describe('agents', () => {
  const idOf = async (api: Api): Promise<number> =>
    (await api.get<{ account: { id: number } }>('/api/session')).body.account.id;

  it('sign in at their own phone, change their status and sign out, from the page', async () => {
    const signedIn = await sato.post<AgentView>('/api/agents/me/sign-in', {});
    expect(signedIn).toMatchObject({ status: 200, body: { status: 'ready', phone: '1000' } });
    const changed = await sato.put<AgentView>('/api/agents/me/status', { status: 'on_break' });
    expect(changed.body.status).toBe('on_break');
    expect(await system.agent('sato')).toMatchObject({ base_status: 'on_break', phone: '1000' });
    const out = await sato.post<AgentView>('/api/agents/me/sign-out', {});
    expect(out.body).toMatchObject({ status: 'signed_off', phone: null });
    expect(await sato.put('/api/agents/me/status', { status: 'ready' })).toMatchObject({
      status: 409,
      body: { error: { code: 'AGENT_SIGNED_OFF' } },
    });
  });

  it('sign in at a phone, in a status and on a seat of their choice, all or nothing', async () => {
    const wish = { phone: '1002', status: 'after_call_work', seat: '101' };
    const { body } = await sato.post<AgentView>('/api/agents/me/sign-in', wish);
    expect(body).toMatchObject({ status: 'after_call_work', phone: '1002', seat: '101' });
    for (const [wrong, status, code] of [
      [{ phone: '1001', seat: '999' }, 404, 'SEAT_UNKNOWN'],
      [{ phone: '3999' }, 404, 'PHONE_UNKNOWN'],
      [{ phone: '1001', status: 'signed_off' }, 400, 'BAD_REQUEST'],
      [{ phone: '1001', status: 'ringing' }, 400, 'BAD_REQUEST'],
    ] as const) {
      const answer = await sato.post('/api/agents/me/sign-in', wrong);
      expect(answer).toMatchObject({ status, body: { error: { code } } });
    }
    expect(await system.agent('sato')).toMatchObject({ phone: '1002', seat: '101' });
    await sato.post('/api/agents/me/sign-out', {});
  });

  it('are changed by others only with edit on one of their call centers', async () => {
    const target = `/api/agents/${await idOf(sato)}`;
    await sato.post('/api/agents/me/sign-in', {});
    const away = await suzuki.put<AgentView>(`${target}/status`, { status: 'away' });
    expect(away).toMatchObject({ status: 200, body: { status: 'away' } });
    const tanaka = await Api.signIn(system, 'tanaka');
    expect((await tanaka.put(`${target}/status`, { status: 'ready' })).status).toBe(403);
    expect((await tanaka.get(target)).status).toBe(403);
    await system.query(`update grants set level = 'view' where resource = '7000' and account_id = $1`, [
      await idOf(suzuki),
    ]);
    expect((await suzuki.get(target)).status).toBe(200);
    expect((await suzuki.put(`${target}/status`, { status: 'ready' })).status).toBe(403);
    expect((await suzuki.put('/api/agents/999999/status', { status: 'ready' })).status).toBe(403);
    await system.query(`update grants set level = 'edit' where resource = '7000' and account_id = $1`, [
      await idOf(suzuki),
    ]);
  });

  it('are accounts whose エージェント利用 is on', async () => {
    const wish = { phone: '1001' };
    expect(await suzuki.post('/api/agents/me/sign-in', wish)).toMatchObject({
      status: 404,
      body: { error: { code: 'AGENT_UNKNOWN' } },
    });
  });

  it('change on the live feed when the API changes them', async () => {
    const socket = new WebSocket(`${system.baseUrl.replace('http', 'ws')}/api/feed`, {
      headers: suzuki.headers,
    });
    const seen: string[] = [];
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as FeedMessage;
      if (message.type === 'heartbeat') return;
      for (const agent of message.agents) {
        if (agent.loginName === 'sato') seen.push(agent.status);
      }
    });
    await until('the snapshot', 20_000, () => seen.length > 0);
    await sato.put('/api/agents/me/status', { status: 'on_break' });
    await until('the change', 20_000, () => seen.at(-1) === 'on_break');
    socket.close();
  });
});
