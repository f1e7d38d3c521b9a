import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityAnswer, AgentView } from '../packages/server/src/http/contract.ts';
import { Api } from './kit/api.ts';
import { SATO, System } from './kit/system.ts';

let system: System;
let suzuki: Api;
let sato: Api;
let takahashi: Api;
let software: Api;
let satoId: number;
let tanakaId: number;

const idOf = async (api: Api): Promise<number> =>
  (await api.get<{ account: { id: number } }>('/api/session')).body.account.id;

beforeAll(async () => {
  system = await System.start();
  suzuki = await Api.signIn(system, 'suzuki');
  sato = await Api.signIn(system, 'sato');
  takahashi = await Api.signIn(system, 'takahashi');
  satoId = await idOf(sato);
  tanakaId = await idOf(await Api.signIn(system, 'tanaka'));
  const { body } = await sato.post<{ token: string }>('/api/tokens', { name: 'kit' });
  software = Api.withToken(system, body.token);
  await system.query(
    `delete from call_center_members where account_id = (select id from accounts where login_name = 'takahashi')`,
  );
  // One morning: by dial, from the page, by other software, and by the supervisor.
  const phone = await system.phone('1000');
  await phone.dial(`0009*${SATO.dialId}*${SATO.dialPassword}*1000`);
  await phone.ended();
  await sato.put('/api/agents/me/status', { status: 'on_break' });
  await software.put('/api/agents/me/status', { status: 'away' });
  await suzuki.put(`/api/agents/${satoId}/status`, { status: 'ready' });
  await suzuki.post<AgentView>(`/api/agents/${tanakaId}/sign-in`, { phone: '1001' });
  await takahashi.post('/api/agents/me/sign-in', { phone: '1002' });
}, 240_000);

afterAll(async () => {
  await system.close();
}, 60_000);

describe('the activity history', () => {
  it('says who did what, from where, and how long it had been before', async () => {
    const { status, body } = await sato.get<ActivityAnswer>('/api/history/activity');
    expect(status).toBe(200);
    expect(
      body.activity.map(({ from, to, cause, door, by }) => [from, to, cause, door, by?.displayName]),
    ).toEqual([
      ['away', 'ready', 'status_change', 'console', '鈴木 花子'],
      ['on_break', 'away', 'status_change', 'api', undefined],
      ['ready', 'on_break', 'status_change', 'console', undefined],
      ['signed_off', 'ready', 'sign_in', 'one_shot_dial', undefined],
    ]);
    const [later, earlier] = body.activity;
    const between = Date.parse(later?.at ?? '') - Date.parse(earlier?.at ?? '');
    expect(Math.abs((later?.lastedMs ?? 0) - between)).toBeLessThan(50);
  });

  it('is filtered by account, time, cause, door and status', async () => {
    const ask = async (query: string): Promise<readonly string[]> => {
      const { status, body } = await suzuki.get<ActivityAnswer>(`/api/history/activity?${query}`);
      expect(status).toBe(200);
      return body.activity.map(({ loginName, to }) => `${loginName} ${to}`);
    };
    expect(await ask(`account=${tanakaId}`)).toEqual(['tanaka ready']);
    expect(await ask('cause=sign_in')).toEqual(['tanaka ready', 'sato ready']);
    expect(await ask('door=api')).toEqual(['sato away']);
    expect(await ask('status=on_break')).toEqual(['sato on_break']);
    const { body } = await suzuki.get<ActivityAnswer>('/api/history/activity?status=on_break');
    const at = body.activity[0]?.at ?? '';
    expect(await ask(`account=${satoId}&to=${at}`)).toEqual(['sato ready']);
    expect(await ask(`account=${satoId}&from=${at}`)).toEqual(['sato ready', 'sato away', 'sato on_break']);
    expect((await suzuki.get('/api/history/activity?cause=boredom')).status).toBe(400);
  });

  it("is one's own, and that of agents whom one may see", async () => {
    const own = await takahashi.get<ActivityAnswer>('/api/history/activity');
    expect(own.body.activity.map(({ loginName }) => loginName)).toEqual(['takahashi']);
    expect((await sato.get(`/api/history/activity?account=${tanakaId}`)).status).toBe(403);
    const seen = await suzuki.get<ActivityAnswer>('/api/history/activity');
    expect(new Set(seen.body.activity.map(({ loginName }) => loginName))).toEqual(
      new Set(['sato', 'tanaka']),
    );
    const other = await idOf(takahashi);
    expect((await suzuki.get(`/api/history/activity?account=${other}`)).status).toBe(403);
  });

  it('comes page by page, each row once, also when several happened in one moment', async () => {
    await system.query(
      `insert into agent_activity (account_id, at, from_status, to_status, lasted_ms, cause, door)
       select $1, '2026-01-01T00:00:00Z', 'ready', 'away', n, 'status_change', 'api' from generate_series(1, 25) n`,
      [tanakaId],
    );
    const seen: number[] = [];
    let next: string | null = '';
    while (next !== null) {
      const cursor: string = next === '' ? '' : `&cursor=${next}`;
      const { body } = await suzuki.get<ActivityAnswer>(
        `/api/history/activity?account=${tanakaId}&limit=10${cursor}`,
      );
      seen.push(...body.activity.map(({ id }) => id));
      next = body.next;
    }
    expect(seen).toHaveLength(26);
    expect(new Set(seen).size).toBe(26);
    expect((await suzuki.get('/api/history/activity?cursor=nonsense')).status).toBe(400);
  });

  it('comes as CSV that a spreadsheet opens and does not run', async () => {
    await system.query(`update accounts set display_name = '=cmd|"x",1' where id = $1`, [tanakaId]);
    const { status, body } = await suzuki.text(`/api/history/activity.csv?account=${tanakaId}&cause=sign_in`);
    expect(status).toBe(200);
    const answer = await fetch(`${system.baseUrl}/api/history/activity.csv`, { headers: suzuki.headers });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const lines = body.replace('\uFEFF', '').split('\r\n');
    expect(lines[0]).toBe('at,account_id,login_name,display_name,from,to,lasted_ms,cause,door,phone,seat,by');
    expect(lines[1]).toContain(`,tanaka,"'=cmd|""x"",1",signed_off,ready,`);
    expect(lines[1]).toMatch(/,sign_in,console,1001,,鈴木 花子$/);
    expect(lines).toHaveLength(3);
  });
});
