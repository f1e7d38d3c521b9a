import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  AgentView,
  AuditAnswer,
  CallCenterView,
  ErrorAnswer,
  FloorView,
  GrantsAnswer,
  PhoneView,
  SeatViewAnswer,
  Settings,
  SipCredentialsAnswer,
} from '../packages/server/src/http/contract.ts';
import { Api } from './kit/api.ts';
import { SATO, System, TANAKA } from './kit/system.ts';
import { until } from './kit/wait.ts';

let system: System;
let admin: Api;
let suzuki: Api;
let sato: Api;

beforeAll(async () => {
  system = await System.start();
  [admin, suzuki, sato] = (await Promise.all(
    ['admin', 'suzuki', 'sato'].map(async (name) => Api.signIn(system, name)),
  )) as [Api, Api, Api];
}, 240_000);

afterAll(async () => {
  await system.close();
}, 60_000);

const idOf = async (api: Api): Promise<number> =>
  (await api.get<{ account: { id: number } }>('/api/session')).body.account.id;

async function grant(accountId: number, kind: string, resource: string, level: string | null): Promise<void> {
  const changes = [{ accountId, kind, resource, level }];
  expect((await admin.patch('/api/grants', { changes })).status).toBe(204);
}

describe('phones', () => {
  it('are made with a SIP password with which they register at once', async () => {
    const wish = { number: '1500', name: '会議室', kind: 'desk' };
    const made = await admin.post<PhoneView>('/api/phones', wish);
    expect(made).toMatchObject({ status: 201, body: { ...wish, language: null } });
    expect(await admin.post('/api/phones', wish)).toMatchObject({
      status: 409,
      body: { error: { code: 'PHONE_NUMBER_TAKEN' } },
    });
    const { body } = await admin.get<SipCredentialsAnswer>('/api/phones/1500/sip-credentials');
    expect(body).toMatchObject({ user: '1500', port: system.sipPort, transports: ['udp', 'tcp'] });
    await system.knowsPhone('1500');
    await system.phone('1500', { password: body.password });
    await until('the phone to be shown as registered', 30_000, async () => {
      const list = await admin.get<{ phones: PhoneView[] }>('/api/phones');
      return list.body.phones.find(({ number }) => number === '1500')?.registered;
    });
  });

  it('a new one gives every system administrator manage, and nobody else anything', async () => {
    const { body } = await admin.get<GrantsAnswer>('/api/grants');
    const mine = await idOf(admin);
    expect(body.grants.filter(({ resource }) => resource === '1500')).toEqual([
      { accountId: mine, kind: 'phone', resource: '1500', level: 'manage' },
    ]);
  });

  it('show their SIP password only to those who may, and each look-up is written down', async () => {
    expect((await suzuki.get('/api/phones/1500/sip-credentials')).status).toBe(403);
    const mine = await idOf(admin);
    await grant(mine, 'phone', '1500', 'view');
    expect((await admin.get('/api/phones/1500/sip-credentials')).status).toBe(403);
    expect((await admin.patch('/api/phones/1500', { name: 'x' })).status).toBe(403);
    await grant(mine, 'phone', '1500', 'edit');
    const before = await admin.get<SipCredentialsAnswer>('/api/phones/1500/sip-credentials');
    const after = await admin.post<SipCredentialsAnswer>('/api/phones/1500/sip-credentials/reissue', {});
    expect(after.body.password).not.toBe(before.body.password);
    expect((await admin.delete('/api/phones/1500')).status).toBe(403);
    const log = await admin.get<AuditAnswer>('/api/audit?subject=phone:1500');
    expect(log.body.entries.map(({ action }) => action)).toEqual([
      'sip_password.reissued',
      'sip_password.looked_up',
      'sip_password.looked_up',
      'phone.created',
    ]);
  });

  it('are changed, and deleted when nobody is signed in there', async () => {
    const changed = await admin.patch<PhoneView>('/api/phones/1500', { name: '会議室 大', language: 'en' });
    expect(changed.body).toMatchObject({ number: '1500', name: '会議室 大', kind: 'desk', language: 'en' });
    await grant(await idOf(admin), 'phone', '1500', 'manage');
    await sato.post('/api/agents/me/sign-in', { phone: '1500' });
    expect(await admin.delete('/api/phones/1500')).toMatchObject({
      status: 409,
      body: { error: { code: 'PHONE_IN_USE' } },
    });
    await sato.post('/api/agents/me/sign-out', {});
    expect((await admin.delete('/api/phones/1500')).status).toBe(204);
    const { body } = await admin.get<GrantsAnswer>('/api/grants');
    expect(body.grants.filter(({ resource }) => resource === '1500')).toEqual([]);
  });
});

describe('call centers', () => {
  it('are made, named, given members, and deleted; who may see an agent follows at once', async () => {
    const made = await admin.post<CallCenterView>('/api/call-centers', { number: '7100', name: '夜間' });
    expect(made).toMatchObject({
      status: 201,
      body: { number: '7100', name: '夜間', members: [], overflowAction: expect.any(String) as string },
    });
    const takahashi = await idOf(await Api.signIn(system, 'takahashi'));
    await grant(await idOf(suzuki), 'call_center', '7000', null);
    await grant(await idOf(suzuki), 'call_center', '7100', 'view');
    expect((await suzuki.get(`/api/agents/${takahashi}`)).status).toBe(403);
    const members = [{ accountId: takahashi, priority: 3 }];
    const put = await admin.put<CallCenterView>('/api/call-centers/7100/members', { members });
    expect(put.body.members).toEqual(members);
    expect((await suzuki.get(`/api/agents/${takahashi}`)).status).toBe(200);
    const seen = await suzuki.get<{ callCenters: CallCenterView[] }>('/api/call-centers');
    expect(seen.body.callCenters).toMatchObject([{ number: '7100', name: '夜間', members }]);
    const wrong = { members: [{ accountId: 999_999, priority: 1 }] };
    expect((await admin.put('/api/call-centers/7100/members', wrong)).status).toBe(404);
    expect((await admin.patch('/api/call-centers/7100', { name: '夜間窓口' })).status).toBe(200);
    expect((await suzuki.patch('/api/call-centers/7100', { name: 'x' })).status).toBe(403);
    expect((await admin.delete('/api/call-centers/7100')).status).toBe(204);
    expect((await suzuki.get(`/api/agents/${takahashi}`)).status).toBe(403);
  });
});

describe('the rules of a call center', () => {
  it('are changed one by one, and lead callers on only to what is there', async () => {
    const rules = { ringSeconds: 12, wrapUpSeconds: 30, overflowAction: 'extension', overflowTarget: '1000' };
    const changed = await admin.patch<CallCenterView>('/api/call-centers/7000', rules);
    expect(changed).toMatchObject({ status: 200, body: { ...rules, name: 'お客様窓口' } });
    for (const wrong of [
      { overflowAction: 'extension', overflowTarget: '3999' },
      { overflowAction: 'call_center', overflowTarget: '7000' },
      { overflowAction: 'call_center', overflowTarget: '1000' },
      { overflowAction: 'busy', overflowTarget: '1000' },
      { overflowTarget: '1000' },
    ]) {
      expect(await admin.patch('/api/call-centers/7000', wrong)).toMatchObject({
        status: 400,
        body: { error: { code: 'CALL_CENTER_OVERFLOW_WRONG' } },
      });
    }
    expect(await admin.delete('/api/phones/1000')).toMatchObject({
      status: 409,
      body: { error: { code: 'CALL_CENTER_LEADS_HERE' } },
    });
    const { body } = await admin.patch<CallCenterView>('/api/call-centers/7000', { overflowAction: 'busy' });
    expect(body).toMatchObject({ ringSeconds: 12, overflowAction: 'busy', overflowTarget: null });
  });
});

describe('floors and seats', () => {
  it('are tables that are brought to what they should be; a seat that is taken stays', async () => {
    const wish = {
      name: '2階',
      seats: [
        { id: '201', name: 'C-1' },
        { id: '202', name: 'C-2' },
      ],
    };
    const { status, body: floor } = await admin.post<FloorView>('/api/floors', wish);
    expect(status).toBe(201);
    expect(floor).toMatchObject(wish);
    await sato.post<AgentView>('/api/agents/me/sign-in', { seat: '201' });
    const without = { name: '2階', seats: [{ id: '202', name: 'C-2' }] };
    for (const [change, answer, code] of [
      [without, 409, 'SEAT_IN_USE'],
      [{ ...wish, name: '1階' }, 409, 'FLOOR_NAME_TAKEN'],
      [{ ...wish, seats: [...wish.seats, { id: '101', name: '他の階' }] }, 409, 'SEAT_ID_TAKEN'],
      [{ ...wish, seats: [...wish.seats, { id: '202', name: '二度' }] }, 409, 'SEAT_ID_TAKEN'],
    ] as const) {
      const put = await admin.put(`/api/floors/${floor.id}`, change);
      expect(put).toMatchObject({ status: answer, body: { error: { code } } });
    }
    expect((await admin.delete(`/api/floors/${floor.id}`)).status).toBe(409);
    await sato.post('/api/agents/me/sign-out', {});
    expect((await admin.put(`/api/floors/${floor.id}`, without)).body).toMatchObject(without);
    const { body } = await sato.get<{ floors: FloorView[] }>('/api/floors');
    expect(body.floors.map(({ name, seats }) => `${name} ${seats.length}`)).toEqual(['1階 6', '2階 1']);
    expect((await admin.delete(`/api/floors/${floor.id}`)).status).toBe(204);
  });
});

describe('the seat view', () => {
  const seated = async (api: Api): Promise<readonly (readonly [string, string | null])[]> => {
    const { status, body } = await api.get<SeatViewAnswer>('/api/seat-view');
    expect(status).toBe(200);
    const seats = body.floors.flatMap((floor) => floor.seats);
    return seats.flatMap(({ id, taken, agent }) =>
      taken ? [[id, agent === null ? null : `${agent.loginName} ${agent.status}`] as const] : [],
    );
  };

  it('shows who sits where after 0016, to who may see the agent; to others that the seat is taken', async () => {
    await grant(await idOf(suzuki), 'call_center', '7000', 'view');
    expect(await seated(suzuki)).toEqual([]);
    const phone = await system.phone('1002');
    await phone.dial(`0016*${SATO.dialId}*${SATO.dialPassword}*1002*2*104`);
    await phone.ended();
    expect(await seated(suzuki)).toEqual([['104', 'sato on_break']]);
    // A seat that somebody else holds, one that does not exist, and a status that is none: nothing is changed.
    for (const rest of ['*1001*0*104', '*1001*0*999', '*1001*9*105', '*1001*7*105']) {
      await phone.dial(`0016*${TANAKA.dialId}*${TANAKA.dialPassword}${rest}`);
      await phone.ended();
      expect((await system.agent('tanaka')).base_status).toBe('signed_off');
    }
    expect(await seated(suzuki)).toEqual([['104', 'sato on_break']]);
    await grant(await idOf(suzuki), 'call_center', '7000', null);
    expect(await seated(suzuki)).toEqual([['104', null]]);
    expect((await sato.get('/api/seat-view')).status).toBe(403);
    await sato.post('/api/agents/me/sign-out', {});
    expect(await seated(suzuki)).toEqual([]);
  });

  it('is not there while its option is off', async () => {
    await admin.patch('/api/settings', { seatViewOption: false });
    await until(
      'the option to count',
      20_000,
      async () => (await suzuki.get('/api/seat-view')).status === 403,
    );
    expect((await suzuki.get<ErrorAnswer>('/api/seat-view')).body.error.code).toBe('SEATING_NOT_ENABLED');
    expect(await sato.post('/api/agents/me/sign-in', { seat: '101' })).toMatchObject({
      status: 403,
      body: { error: { code: 'SEATING_NOT_ENABLED' } },
    });
    await admin.patch('/api/settings', { seatViewOption: true });
    await until(
      'the option to count',
      20_000,
      async () => (await suzuki.get('/api/seat-view')).status === 200,
    );
  });
});

describe('settings', () => {
  it('are changed one by one, and count at once', async () => {
    const before = await sato.get<Settings>('/api/settings');
    expect((await sato.patch('/api/settings', { whisperTone: false })).status).toBe(403);
    expect((await admin.patch('/api/settings', { whisperTones: false })).status).toBe(400);
    const changed = await admin.patch<Settings>('/api/settings', { oneShotDialling: false });
    expect(changed.body).toEqual({ ...before.body, oneShotDialling: false });
    const phone = await system.phone('1002');
    await phone.dial(`0009*${SATO.dialId}*${SATO.dialPassword}*1002`);
    await phone.ended();
    expect((await system.agent('sato')).base_status).toBe('signed_off');
    await admin.patch('/api/settings', { oneShotDialling: true });
    expect((await sato.get<Settings>('/api/settings')).body).toEqual(before.body);
  });
});

describe('the site file', () => {
  it('goes out and comes back by system administrators, without a password in it', async () => {
    expect((await suzuki.text('/api/site')).status).toBe(403);
    const { status, body: yaml } = await admin.text('/api/site');
    expect(status).toBe(200);
    expect(yaml).toContain('loginName: sato');
    expect(yaml).not.toContain(SATO.dialPassword);
    expect(await admin.post('/api/site', { yaml, apply: true })).toEqual({
      status: 200,
      body: { applied: true },
    });
    expect((await admin.text('/api/site')).body).toBe(yaml);
  });

  it('gives administrators no right back that was taken away, however often it is applied', async () => {
    const yaml = 'site: 1\ncallCenters: [{ number: "7900", name: 試し窓口 }]\n';
    const mine = await idOf(admin);
    const rights = async (): Promise<GrantsAnswer['grants']> => {
      expect((await admin.post('/api/site', { yaml, apply: true })).status).toBe(200);
      const { body } = await admin.get<GrantsAnswer>('/api/grants');
      return body.grants.filter(({ resource }) => resource === '7900');
    };
    expect(await rights()).toMatchObject([{ accountId: mine, level: 'manage' }]);
    await grant(mine, 'call_center', '7900', null);
    expect(await rights()).toEqual([]);
  });

  it('is looked through without being applied, and what is wrong is told with its place', async () => {
    const good = 'site: 1\nphones: [{ number: "1600", name: 試し, kind: desk }]\n';
    expect((await admin.post('/api/site', { yaml: good, apply: false })).body).toEqual({ applied: false });
    expect((await admin.text('/api/site')).body).not.toContain('1600');
    const bad =
      'site: 1\nphones:\n  - { number: "1600", name: 試し, kind: desk }\naccounts:\n  - { loginName: sato, displayName: 佐藤, role: user, signInPhone: "3999" }\n';
    const { status, body } = await admin.post<ErrorAnswer>('/api/site', { yaml: bad, apply: true });
    expect(status).toBe(400);
    expect(body.error.code).toBe('SITE_INVALID');
    expect(body.error.problems).toMatchObject([
      { line: 5, message: expect.stringContaining('3999') as string },
    ]);
    expect((await admin.text('/api/site')).body).not.toContain('1600');
  });

  it('takes エージェント利用 from nobody who is signed in, and stands in the audit log', async () => {
    const yaml =
      'site: 1\naccounts: [{ loginName: sato, displayName: 佐藤 一郎, role: user, agent: false }]\n';
    await sato.post('/api/agents/me/sign-in', {});
    const { status, body } = await admin.post<ErrorAnswer>('/api/site', { yaml, apply: true });
    expect([status, body.error.problems?.map(({ line, message }) => `${line} ${message}`)]).toEqual([
      400,
      ['2 accounts.0.agent: sato is signed in; sign out first'],
    ]);
    expect((await system.agent('sato')).base_status).toBe('ready');
    await sato.post('/api/agents/me/sign-out', {});
    expect((await admin.post('/api/site', { yaml, apply: true })).status).toBe(200);
    await system.apply(yaml.replace('false', 'true'));
    const log = await admin.get<AuditAnswer>('/api/audit?action=site.applied&limit=2');
    expect(log.body.entries.map(({ byName }) => byName)).toEqual(['', 'システム管理者']);
  });
});
