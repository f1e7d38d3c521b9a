import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type {
  CampaignView,
  ErrorAnswer,
  GrantChangesRequest,
  GrantsAnswer,
} from '../packages/server/src/http/contract.ts';
import { Api } from './kit/api.ts';
import { accountId, Floor } from './kit/floor.ts';
import { until } from './kit/wait.ts';

/** The job monitor's door: campaigns, the agents who belong to them, and who may listen because of a right on one. */

let floor: Floor;
let admin: Api;
let suzukiId: number;
let campaign: CampaignView;

beforeAll(async () => {
  floor = await Floor.open();
  admin = await Api.signIn(floor.system, 'admin');
  suzukiId = await accountId(floor.system, 'suzuki');
  // No right on any call center: what opens from here on was opened by a campaign.
  await floor.system.apply(
    'site: 1\naccounts:\n  - { loginName: suzuki, displayName: 鈴木 花子, role: supervisor, grants: [] }\n',
  );
  campaign = (await admin.post<CampaignView>('/api/campaigns', { name: '春の案内' })).body;
  await members([floor.satoId]);
});
afterAll(async () => floor.system.close());
afterEach(async () => floor.clear());

async function members(accounts: readonly number[]): Promise<void> {
  const path = `/api/campaigns/${campaign.id}/members`;
  const body = { members: accounts.map((account) => ({ accountId: account })) };
  const { status } = await admin.put<CampaignView>(path, body);
  expect(status).toBe(200);
}

async function right(
  level: GrantChangesRequest['changes'][number]['level'],
  account = suzukiId,
): Promise<void> {
  const resource = String(campaign.id);
  const changes = [{ accountId: account, kind: 'campaign', resource, level }];
  expect((await admin.patch('/api/grants', { changes })).status).toBe(204);
}

/** What a request at the job monitor's door is answered: the status, or the code of the refusal. */
async function asked(by = floor.suzuki): Promise<number | string | undefined> {
  const { status, body } = await floor.ask('listen', { by, door: 'job_monitor' });
  return status === 201 ? status : body.error?.code;
}

async function begin(mode: 'listen' | 'whisper'): Promise<void> {
  expect((await floor.ask(mode, { door: 'job_monitor' })).status).toBe(201);
  const incoming = await floor.supervisor.event('CALL_INCOMING');
  expect(incoming.peeruri).toContain('9999');
  await floor.supervisor.acceptNow();
  const view = await floor.reaches(mode === 'listen' ? 'listening' : 'whispering');
  expect(view.door).toBe('job_monitor');
}

describe('the job monitor’s door', () => {
  it('opens by 編集 on a campaign of the agent, without any right on a call center; 参照 is not enough [B80] [B81] [B82] [B88]', async () => {
    const { agent, supervisor } = floor;
    await agent.call('1001');
    await right(null);
    expect(await asked()).toBe('MONITORING_NOT_ALLOWED');
    await right('view');
    expect(await asked()).toBe('MONITORING_NOT_ALLOWED');
    await right('edit');
    // The door of the realtime monitor needs a call center still.
    expect((await floor.ask('listen')).body.error?.code).toBe('MONITORING_NOT_ALLOWED');
    await begin('whisper');
    expect(await floor.hear(800)).toEqual({
      agent: ['customer', 'supervisor'],
      customer: ['agent'],
      supervisor: ['agent', 'customer'],
    });
    await supervisor.hangUp();
    expect(await floor.lastSession()).toEqual({
      door: 'job_monitor',
      mode: 'whisper',
      answered: true,
      reason: 'supervisor_hung_up',
    });
    await agent.hangUp();
  });

  it('has the shortcut, which calls the phone of the signed-in account only, in any status of the agent [B38] [B90] [B91]', async () => {
    const { agent, supervisor } = floor;
    await right('edit');
    expect((await floor.ask('whisper', { phone: null, door: 'job_monitor' })).status).toBe(201);
    const incoming = await supervisor.event('CALL_INCOMING');
    expect(incoming.peeruri).toContain('9999');
    await supervisor.acceptNow();
    expect((await floor.reaches('waiting')).door).toBe('job_monitor');
    await agent.call('1001');
    await floor.reaches('whispering');
    expect((await floor.hear(800)).customer).toEqual(['agent']);
    await agent.hangUp();
    await supervisor.hangUp();
  });

  it('is for system administrators and supervisors [B79]', async () => {
    const { agent, system } = floor;
    const user = await Api.signIn(system, 'takahashi');
    await right('manage', await accountId(system, 'takahashi'));
    await agent.call('1001');
    expect(await asked(user)).toBe('MONITORING_NOT_ALLOWED');
    expect((await user.get('/api/campaigns')).status).toBe(403);
    expect(await asked(admin)).toBe(201);
    await agent.hangUp();
  });

  it('is closed while the outbound option is off, and so are the campaigns; other doors stay as they are [B77]', async () => {
    const { agent, system } = floor;
    await right('edit');
    await agent.call('1001');
    await system.apply('site: 1\nsettings: { outboundOption: false }\n');
    await until('the setting to hold', 20_000, async () => (await asked()) === 'MONITORING_NOT_ENABLED');
    const refused = await admin.get<ErrorAnswer>('/api/campaigns');
    expect([refused.status, refused.body.error.code]).toEqual([403, 'OUTBOUND_NOT_ENABLED']);
    expect((await floor.ask('listen', { by: admin, phone: '3999' })).body.error?.code).toBe(
      'MONITORING_NO_PHONE',
    );
    await system.apply('site: 1\nsettings: { outboundOption: true }\n');
    await until(
      'the setting to hold',
      20_000,
      async () => (await admin.get('/api/campaigns')).status === 200,
    );
    // One that was begun before the setting held is over first.
    await until('the session to be', 30_000, async () => (await asked()) === 201);
    await agent.hangUp();
  });

  it('a callback that nobody answers ends after 10 s [B89]', async () => {
    const { agent, supervisor } = floor;
    await right('edit');
    await agent.call('1001');
    const from = Date.now();
    expect(await asked()).toBe(201);
    await supervisor.event('CALL_INCOMING');
    await supervisor.ended();
    expect(Date.now() - from).toBeGreaterThan(9_000);
    // Of what a busy machine takes besides, some seconds: no other time of the system lies between.
    expect(Date.now() - from).toBeLessThan(18_000);
    expect(await floor.lastSession()).toMatchObject({ reason: 'no_answer', answered: false });
    await agent.hangUp();
  });

  it.each([
    ['the right goes', async () => right('view')],
    ['the agent leaves the campaign', async () => members([])],
    [
      'the campaign is deleted',
      async () => {
        expect((await admin.delete(`/api/campaigns/${campaign.id}`)).status).toBe(204);
      },
    ],
  ])('a session ends at once when %s, and the agent’s call goes on', async (_what, take) => {
    const { agent, customer, supervisor } = floor;
    await right('edit');
    await agent.call('1001');
    await begin('listen');
    await take();
    await supervisor.ended();
    expect(await floor.lastSession()).toMatchObject({ reason: 'permission_lost', door: 'job_monitor' });
    expect(await floor.heardBy(customer)).toEqual(['agent']);
    await agent.hangUp();
    // For the tests that follow.
    const left = await admin.get<{ campaigns: CampaignView[] }>('/api/campaigns');
    if (left.body.campaigns.length > 0) await members([floor.satoId]);
  });
});

describe('campaigns', () => {
  it('are made, renamed, given members and deleted; the rights on them go with them', async () => {
    const made = await admin.post<CampaignView>('/api/campaigns', { name: ' 夏の案内 ' });
    expect(made).toMatchObject({ status: 201, body: { name: '夏の案内', members: [] } });
    const path = `/api/campaigns/${made.body.id}`;
    expect((await admin.post<ErrorAnswer>('/api/campaigns', { name: '夏の案内' })).body.error.code).toBe(
      'CAMPAIGN_NAME_TAKEN',
    );
    expect((await admin.patch<CampaignView>(path, { name: '秋の案内' })).body.name).toBe('秋の案内');
    const twice = { members: [{ accountId: floor.satoId }, { accountId: floor.satoId }] };
    const put = await admin.put<CampaignView>(`${path}/members`, twice);
    expect(put.body.members).toEqual([{ accountId: floor.satoId }]);
    const nobody = { members: [{ accountId: 999_999 }] };
    expect((await admin.put<ErrorAnswer>(`${path}/members`, nobody)).body.error.code).toBe('ACCOUNT_UNKNOWN');
    const of = async (): Promise<GrantsAnswer['grants']> =>
      (await admin.get<GrantsAnswer>('/api/grants')).body.grants.filter(
        ({ kind, resource }) => kind === 'campaign' && resource === String(made.body.id),
      );
    expect(await of()).toMatchObject([{ level: 'manage' }]);
    expect((await admin.delete(path)).status).toBe(204);
    expect(await of()).toEqual([]);
    const gone = [{ accountId: suzukiId, kind: 'campaign', resource: String(made.body.id), level: 'view' }];
    expect((await admin.patch<ErrorAnswer>('/api/grants', { changes: gone })).body.error.code).toBe(
      'RESOURCE_UNKNOWN',
    );
  });

  it('are in the site file by their names, with who belongs to them and who may; twice is as once', async () => {
    const { system } = floor;
    const file =
      'site: 1\ncampaigns: [{ name: 冬の案内 }]\naccounts:\n' +
      '  - { loginName: sato, displayName: 佐藤 一郎, role: user, campaigns: [冬の案内] }\n' +
      '  - { loginName: suzuki, displayName: 鈴木 花子, role: supervisor, grants: [{ campaign: 冬の案内, level: edit }] }\n';
    await system.apply(file);
    const first = (await admin.text('/api/site')).body;
    expect(first).toContain('- campaign: 冬の案内');
    const { body } = await floor.suzuki.get<{ campaigns: CampaignView[] }>('/api/campaigns');
    expect(body.campaigns).toMatchObject([{ name: '冬の案内', members: [{ accountId: floor.satoId }] }]);
    await system.apply(file);
    expect((await admin.post('/api/site', { yaml: first, apply: true })).status).toBe(200);
    expect((await admin.text('/api/site')).body).toBe(first);
    const wrong = file
      .replace('level: edit', 'level: view')
      .replace('campaigns: [冬の案内]', 'campaigns: [無]');
    const refused = await admin.post<ErrorAnswer>('/api/site', { yaml: wrong, apply: true });
    expect(refused.body.error.problems).toMatchObject([{ line: 4 }]);
    expect((await admin.text('/api/site')).body).toBe(first);
  });
});
