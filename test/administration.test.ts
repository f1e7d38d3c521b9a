import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  AccountView,
  AuditAnswer,
  CreatedAccountAnswer,
  GrantsAnswer,
  ImportAnswer,
  OneTimePasswordAnswer,
} from '../packages/server/src/http/contract.ts';
import { Api } from './kit/api.ts';
import type { Phone } from './kit/phone.ts';
import { System } from './kit/system.ts';

let system: System;
let admin: Api;
let suzuki: Api;
let desk: Phone;

beforeAll(async () => {
  system = await System.start();
  [admin, suzuki, desk] = await Promise.all([
    Api.signIn(system, 'admin'),
    Api.signIn(system, 'suzuki'),
    system.phone('1002'),
  ]);
}, 240_000);

afterAll(async () => {
  await system.close();
}, 60_000);

async function oneShot(text: string): Promise<void> {
  await desk.dial(text);
  await desk.ended();
}

async function account(loginName: string): Promise<AccountView> {
  const { body } = await admin.get<{ accounts: AccountView[] }>('/api/accounts');
  const found = body.accounts.find((entry) => entry.loginName === loginName);
  if (found === undefined) throw new Error(`There is no account ${loginName}.`);
  return found;
}

async function made(request: object): Promise<CreatedAccountAnswer> {
  const { status, body } = await admin.post<CreatedAccountAnswer>('/api/accounts', request);
  expect(status).toBe(201);
  return body;
}

describe('accounts', () => {
  it('get a dial ID and password when they are registered, with which a phone signs in [A03] [A04]', async () => {
    const { account: ito, dialCredentials } = await made({
      loginName: 'ito',
      displayName: '伊藤 純',
      role: 'user',
      agent: true,
      signInPhone: '1002',
    });
    expect(dialCredentials.dialId).toMatch(/^[0-9]{6}$/);
    expect(dialCredentials.dialPassword).toMatch(/^[0-9]{8}$/);
    expect(await admin.get(`/api/accounts/${ito.id}/dial-credentials`)).toEqual({
      status: 200,
      body: dialCredentials,
    });
    await oneShot(`0009*${dialCredentials.dialId}*00000001*1002`);
    expect((await system.agent('ito')).base_status).toBe('signed_off');
    await oneShot(`0009*${dialCredentials.dialId}*${dialCredentials.dialPassword}*1002`);
    expect(await system.agent('ito')).toMatchObject({ base_status: 'ready', phone: '1002' });
  });

  it('operate by dialling only while エージェント利用 is on; switching it off signs the agent off [A02]', async () => {
    const { account: kato, dialCredentials } = await made({
      loginName: 'kato',
      displayName: '加藤 愛',
      role: 'user',
    });
    const dial = `0009*${dialCredentials.dialId}*${dialCredentials.dialPassword}*1002`;
    await oneShot(dial);
    expect(await system.agent('ito')).toMatchObject({ phone: '1002' });
    await admin.patch(`/api/accounts/${kato.id}`, { agent: true });
    await oneShot(dial);
    expect(await system.agent('kato')).toMatchObject({ base_status: 'ready', phone: '1002' });
    // All or nothing: what is refused signs nobody off.
    const both = { agent: false, loginName: 'sato' };
    expect((await admin.patch(`/api/accounts/${kato.id}`, both)).status).toBe(409);
    expect(await system.agent('kato')).toMatchObject({ base_status: 'ready', phone: '1002' });
    expect((await admin.patch(`/api/accounts/${kato.id}`, { agent: false })).status).toBe(200);
    expect(await system.agent('kato')).toMatchObject({ base_status: 'signed_off', phone: null });
    await oneShot(dial);
    expect((await system.agent('kato')).base_status).toBe('signed_off');
  });

  it('are changed field by field, refused where names or phones do not fit', async () => {
    const { id } = await account('kato');
    const renamed = await admin.patch<AccountView>(`/api/accounts/${id}`, {
      displayName: '加藤 愛子',
      role: 'supervisor',
      signInPhone: '1001',
    });
    expect(renamed.body).toMatchObject({ displayName: '加藤 愛子', role: 'supervisor', signInPhone: '1001' });
    for (const [change, status, code] of [
      [{ loginName: 'sato' }, 409, 'LOGIN_NAME_TAKEN'],
      [{ signInPhone: '3999' }, 404, 'PHONE_UNKNOWN'],
      [{ role: 'king' }, 400, 'BAD_REQUEST'],
      [{ builtIn: true }, 400, 'BAD_REQUEST'],
    ] as const) {
      expect(await admin.patch(`/api/accounts/${id}`, change)).toMatchObject({
        status,
        body: { error: { code } },
      });
    }
    expect(await account('kato')).toEqual(renamed.body);
  });

  it('the top account can be neither demoted nor deleted', async () => {
    const { id, builtIn } = await account('admin');
    expect(builtIn).toBe(true);
    for (const answer of [
      await admin.patch(`/api/accounts/${id}`, { role: 'user' }),
      await admin.delete(`/api/accounts/${id}`),
    ]) {
      expect(answer).toMatchObject({ status: 409, body: { error: { code: 'ACCOUNT_BUILT_IN' } } });
    }
    expect((await account('admin')).role).toBe('system_administrator');
  });

  it('get a one-time password, which ends their sessions and must be changed', async () => {
    const { id } = await account('suzuki');
    const { body } = await admin.post<OneTimePasswordAnswer>(`/api/accounts/${id}/one-time-password`, {});
    expect((await suzuki.get('/api/phones')).status).toBe(401);
    const again = await Api.again(system, 'suzuki', body.oneTimePassword);
    expect(await again.get('/api/phones')).toMatchObject({
      status: 403,
      body: { error: { code: 'PASSWORD_MUST_CHANGE' } },
    });
    suzuki = await Api.signIn(system, 'suzuki');
  });

  it('go with their sessions, their phone and their rights', async () => {
    const { id } = await account('kato');
    const kato = await Api.signIn(system, 'kato');
    expect((await admin.delete(`/api/accounts/${id}`)).status).toBe(204);
    expect((await kato.get('/api/session')).status).toBe(401);
    expect((await admin.get(`/api/accounts/${id}`)).status).toBe(404);
    const log = await admin.get<AuditAnswer>(`/api/audit?subject=account:${id}&action=account.`);
    expect(log.body.entries.map(({ action }) => action)).toEqual([
      'account.deleted',
      'account.changed',
      'account.changed',
      'account.changed',
      'account.created',
    ]);
  });
});

describe('accounts from a file', () => {
  const HEAD = 'login_name,display_name,role,agent,sign_in_phone,call_centers,dial_id,dial_password';

  it('are looked through first: what is wrong is said by line and column, and nothing is made', async () => {
    const csv = [
      HEAD,
      'ok1,よい 一,user,yes,1001,7000,,',
      'sato,佐藤,user,yes,,,,',
      'Bad Name,悪い,user,yes,,,,',
      'twice,二度,user,,,,,',
      'twice,二度,user,,,,,',
      'r,役,king,,,,,',
      'p,電話,user,,3999,,,',
      'c,窓口,user,,,7000;7999,,',
      'd,数字,user,,,,482915,12345678',
      'few,cells',
    ].join('\r\n');
    for (const apply of [false, true]) {
      const { body } = await admin.post<ImportAnswer>('/api/accounts/import', { csv, apply });
      expect(body).toEqual({
        accounts: 10,
        created: [],
        problems: [
          { line: 3, column: 'login_name', code: 'LOGIN_NAME_TAKEN' },
          { line: 4, column: 'login_name', code: 'VALUE_INVALID' },
          { line: 6, column: 'login_name', code: 'LISTED_TWICE' },
          { line: 7, column: 'role', code: 'VALUE_INVALID' },
          { line: 8, column: 'sign_in_phone', code: 'PHONE_UNKNOWN' },
          { line: 9, column: 'call_centers', code: 'CALL_CENTER_UNKNOWN' },
          { line: 10, column: 'dial_id', code: 'DIAL_ID_TAKEN' },
          { line: 10, column: 'dial_password', code: 'DIAL_PASSWORD_TRIVIAL' },
          { line: 11, column: null, code: 'CELLS_WRONG' },
        ],
      });
    }
    await expect(account('ok1')).rejects.toThrow();
  });

  it('are made all at once, a thousand of them', async () => {
    const lines = Array.from(
      { length: 1_000 },
      (_, index) => `bulk${index},"一括, ${index}",user,yes,,7000,,`,
    );
    const csv = [HEAD, ...lines].join('\n');
    const preview = await admin.post<ImportAnswer>('/api/accounts/import', { csv, apply: false });
    expect(preview.body).toEqual({ accounts: 1_000, problems: [], created: [] });
    const { body } = await admin.post<ImportAnswer>('/api/accounts/import', { csv, apply: true });
    expect(body.created).toHaveLength(1_000);
    expect(new Set(body.created.map(({ dialId }) => dialId)).size).toBe(1_000);
    expect(await account('bulk7')).toMatchObject({
      displayName: '一括, 7',
      agent: true,
      callCenters: [{ number: '7000', priority: 1 }],
    });
  });
});

describe('rights', () => {
  it('are read and changed as a matrix, and count at once', async () => {
    const { id } = await account('suzuki');
    const read = async (): Promise<readonly string[]> => {
      const { body } = await admin.get<GrantsAnswer>('/api/grants');
      expect(body.resources).toContainEqual({ kind: 'call_center', resource: '7000', name: 'お客様窓口' });
      return body.grants.flatMap((grant) =>
        grant.accountId === id ? [`${grant.kind} ${grant.resource} ${grant.level}`] : [],
      );
    };
    expect(await read()).toContain('call_center 7000 edit');
    const changes = [
      { accountId: id, kind: 'call_center', resource: '7000', level: null },
      { accountId: id, kind: 'phone', resource: '1004', level: 'view' },
    ];
    expect((await admin.patch('/api/grants', { changes })).status).toBe(204);
    expect(await read()).not.toContain('call_center 7000 edit');
    expect(await read()).toContain('phone 1004 view');
    const phones = await suzuki.get<{ phones: { number: string }[] }>('/api/phones');
    expect(phones.body.phones.map(({ number }) => number)).toContain('1004');
    const unknown = [
      { accountId: id, kind: 'call_center', resource: '7000', level: 'edit' },
      { accountId: id, kind: 'call_center', resource: '7999', level: 'view' },
    ];
    expect((await admin.patch('/api/grants', { changes: unknown })).status).toBe(404);
    expect(await read()).not.toContain('call_center 7000 edit');
  });
});
