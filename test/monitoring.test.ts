import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Api } from './kit/api.ts';
import { accountId, Floor, HEARD, partiesIn, TONES } from './kit/floor.ts';
import { Heard } from './kit/phone.ts';
import { TAKAHASHI, TANAKA } from './kit/system.ts';
import { until } from './kit/wait.ts';

/** The notes of the start tones, Hz: one pair rises, the other falls (sounds/tones.mjs). */
const START_TONE = [1_046.5, 1_568] as const;

/** The level of the start tone where it is loudest: it dies away within a third of a second. */
function loudestMoment({ samples }: Heard): number {
  const moment = 800;
  let loudest = -Infinity;
  for (let from = 0; from + moment <= samples.length; from += moment / 2) {
    const sound = new Heard(samples.subarray(from, from + moment));
    for (const note of START_TONE) loudest = Math.max(loudest, sound.level(note));
  }
  return loudest;
}

/** Whether agent, supervisor and customer, in this order, have heard a start tone in their calls that go on. */
async function withTone(): Promise<readonly boolean[]> {
  const phones = [floor.agent, floor.supervisor, floor.customer];
  const sounds = await Promise.all(phones.map(async (phone) => phone.heard(60_000)));
  return sounds.map((sound) => loudestMoment(sound) > -32);
}

let floor: Floor;

beforeAll(async () => {
  floor = await Floor.open();
});
afterAll(async () => floor.system.close());
afterEach(async () => floor.clear());

describe('from the realtime monitor', () => {
  it('the chosen phone is called from 9999, and hears both parties, who hear nothing of it [B01] [B03] [B25] [B29]', async () => {
    const { agent, supervisor } = floor;
    await agent.call('1001');
    const { status, body } = await floor.ask('listen');
    expect(status).toBe(201);
    expect(body).toMatchObject({ state: 'calling', heardBySupervisor: [], hearsSupervisor: [] });
    const incoming = await supervisor.event('CALL_INCOMING');
    expect(incoming.peeruri).toContain('9999');
    await supervisor.acceptNow();
    expect(await floor.reaches('listening')).toMatchObject({
      heardBySupervisor: ['agent', 'customer'],
      hearsSupervisor: [],
    });
    expect(await floor.hear()).toEqual({
      agent: ['customer'],
      customer: ['agent'],
      supervisor: ['agent', 'customer'],
    });
    await supervisor.hangUp();
    expect(await floor.lastSession()).toEqual({
      reason: 'supervisor_hung_up',
      door: 'realtime_monitor',
      mode: 'listen',
      answered: true,
    });
    expect(await floor.heardBy(agent)).toEqual(['customer']);
    await agent.hangUp();
  });

  it('a whisper reaches the agent only; the customer hears neither supervisor nor tone [B04] [B05]', async () => {
    await floor.agent.call('1001');
    const customer = floor.customer.listen(1_500);
    await floor.monitor('whisper');
    expect(await floor.hear(800)).toEqual({
      agent: ['customer', 'supervisor'],
      customer: ['agent'],
      supervisor: ['agent', 'customer'],
    });
    // From before the callback to the middle of the whisper.
    expect(partiesIn(await customer)).toEqual(['agent']);
    await floor.agent.hangUp();
    await floor.supervisor.hangUp();
  });

  it.each([
    ['whisper', 'whisperTone', 'on, and can be turned off [B06] [B08] [B09] [B30] [B31]', true],
    ['listen', 'monitorTone', 'off, and can be turned on [B07]', false],
  ] as const)(
    'the start tone of %s (%s) is heard by supervisor and agent, never by the customer; as it comes it is %s',
    async (mode, setting, _words, byDefault) => {
      const { agent, supervisor, system } = floor;
      const tone = async (isOn: boolean): Promise<readonly boolean[]> => {
        await agent.call('1001');
        await floor.monitor(mode);
        await agent.listen(500);
        // A tone that is on comes when the machine has the time for it; one that is off would come within this.
        if (isOn) await until('the tone', 20_000, async () => (await withTone()).filter(Boolean).length > 1);
        else await agent.listen(1_000);
        const heard = await withTone();
        await agent.hangUp();
        await floor.reaches('waiting');
        await supervisor.hangUp();
        await floor.quiet();
        return heard;
      };
      expect(await tone(byDefault)).toEqual([byDefault, byDefault, false]);
      await system.apply(`site: 1\nsettings: { ${setting}: ${String(!byDefault)} }\n`);
      expect(await tone(!byDefault)).toEqual([!byDefault, !byDefault, false]);
      await system.apply(`site: 1\nsettings: { ${setting}: ${String(byDefault)} }\n`);
    },
  );

  it('listening becomes whispering and back, from the page and by keys, and the sound goes on', async () => {
    const { agent, supervisor, suzuki } = floor;
    await agent.call('1001');
    const { id } = await floor.monitor('listen');
    const changed = await suzuki.patch(`/api/monitoring/${id}`, { mode: 'whisper' });
    expect(changed.body).toMatchObject({ state: 'whispering', hearsSupervisor: ['agent'] });
    expect((await floor.hear(800)).agent).toEqual(['customer', 'supervisor']);
    await supervisor.keys('4');
    await floor.reaches('listening');
    expect(await floor.hear()).toEqual({
      agent: ['customer'],
      customer: ['agent'],
      supervisor: ['agent', 'customer'],
    });
    await supervisor.keys('5');
    await floor.reaches('whispering');
    expect((await floor.hear(800)).customer).toEqual(['agent']);
    expect((await suzuki.delete(`/api/monitoring/${id}`)).status).toBe(204);
    await supervisor.ended();
    expect(await floor.heardBy(agent)).toEqual(['customer']);
    await agent.hangUp();
  });

  it('the supervisor stays when the call ends, and hears the next one by itself, until hanging up [B13] [B14] [B15] [B17]', async () => {
    const { agent, supervisor } = floor;
    await agent.call('1001');
    await floor.monitor('whisper');
    await agent.hangUp();
    await floor.reaches('waiting');
    await agent.ended();
    await agent.call('1001');
    await floor.reaches('whispering');
    expect(await floor.hear(800)).toEqual({
      agent: ['customer', 'supervisor'],
      customer: ['agent'],
      supervisor: ['agent', 'customer'],
    });
    await agent.hangUp();
    await floor.reaches('waiting');
    await supervisor.hangUp();
  });

  it('with the setting off it ends with the call [B11] [B12] [B16]', async () => {
    const { agent, supervisor, system } = floor;
    await system.apply('site: 1\nsettings: { monitoringContinuous: false }\n');
    await agent.call('1001');
    await floor.monitor('listen');
    await agent.hangUp();
    await supervisor.ended();
    expect(await floor.lastSession()).toMatchObject({ reason: 'call_ended' });
    // And a callback is taken back when the call ends first.
    await agent.ended();
    await agent.call('1001');
    expect((await floor.ask('listen')).status).toBe(201);
    await supervisor.event('CALL_INCOMING');
    await agent.hangUp();
    await supervisor.ended();
    expect(await floor.lastSession()).toMatchObject({ reason: 'call_ended', answered: false });
    await system.apply('site: 1\nsettings: { monitoringContinuous: true }\n');
  });

  it('the shortcut calls the phone of the signed-in account, in any status, and waits for the call [B32] [B33] [B34] [B39]', async () => {
    const { agent, supervisor } = floor;
    const { status } = await floor.ask('whisper', { phone: null });
    expect(status).toBe(201);
    await supervisor.answer();
    await floor.reaches('waiting');
    await agent.call('1001');
    await floor.reaches('whispering');
    expect((await floor.hear(800)).agent).toEqual(['customer', 'supervisor']);
    await agent.hangUp();
    await floor.reaches('waiting');
    await supervisor.hangUp();
  });
});

describe('several supervisors and several agents', () => {
  it('two supervisors hear one call, and neither hears the other; one supervisor cannot watch two [B18] [B99] [B103]', async () => {
    const { agent, supervisor, system } = floor;
    const admin = await Api.signIn(system, 'admin');
    const second = await system.phone('1002', { toneHz: TONES.second });
    await agent.call('1001');
    await floor.monitor('listen');
    expect((await floor.ask('whisper', { by: admin, phone: '1002' })).status).toBe(201);
    await second.answer();
    await floor.reaches('whispering');
    expect(await floor.hear(800)).toEqual({
      agent: ['customer', 'second'],
      customer: ['agent'],
      supervisor: ['agent', 'customer'],
    });
    expect(await floor.heardBy(second)).toEqual(['agent', 'customer']);
    const again = await floor.ask('listen', { phone: '1002' });
    expect([again.status, again.body.error?.code]).toEqual([409, 'MONITORING_ALREADY']);
    await second.hangUp();
    await until('the second to be gone', 20_000, async () => (await floor.sessions()).length === 1);
    expect((await floor.hear()).supervisor).toEqual(['agent', 'customer']);
    await supervisor.hangUp();
    await agent.hangUp();
  });

  it('of two requests of one supervisor in the same moment one wins', async () => {
    const { agent, supervisor } = floor;
    await agent.call('1001');
    const answers = await Promise.all([floor.ask('listen'), floor.ask('whisper'), floor.ask('listen')]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
    await supervisor.answer();
    await supervisor.hangUp();
    await agent.hangUp();
  });

  it('two supervisors who ask in the same moment both listen, one at a phone that is not her own [B35] [B99]', async () => {
    const { agent, supervisor, system } = floor;
    const admin = await Api.signIn(system, 'admin');
    const second = await system.phone('1002', { toneHz: TONES.second, autoAnswer: true });
    await agent.call('1001');
    const asked = await Promise.all([
      floor.ask('whisper'),
      floor.ask('listen', { by: admin, phone: '1002' }),
    ]);
    expect(asked.map(({ status }) => status)).toEqual([201, 201]);
    await supervisor.answer();
    await floor.reaches('whispering');
    await floor.reaches('listening');
    expect(await floor.hear(800)).toEqual({
      agent: ['customer', 'supervisor'],
      customer: ['agent'],
      supervisor: ['agent', 'customer'],
    });
    expect(await floor.heardBy(second)).toEqual(['agent', 'customer']);
    await second.hangUp();
    await supervisor.hangUp();
    await agent.hangUp();
  });

  it('another agent is watched after hanging up and starting again [B19]', async () => {
    const { agent, customer, supervisor, system } = floor;
    const tanaka = await accountId(system, 'tanaka');
    await customer.dial(`0009*${TANAKA.dialId}*${TANAKA.dialPassword}*1001`);
    await customer.ended();
    await agent.call('1001');
    await floor.monitor('whisper');
    expect((await floor.ask('whisper', { target: tanaka })).body.error?.code).toBe('MONITORING_ALREADY');
    await supervisor.hangUp();
    await until('the session to be over', 20_000, async () => (await floor.sessions()).length === 0);
    expect((await floor.ask('whisper', { target: tanaka })).status).toBe(201);
    await supervisor.answer();
    await floor.reaches('whispering');
    // Now the other one is the agent, and hears the supervisor alone.
    expect(await floor.hear(800)).toEqual({
      agent: ['customer'],
      customer: ['agent', 'supervisor'],
      supervisor: ['agent', 'customer'],
    });
    await supervisor.hangUp();
    await agent.hangUp();
    await customer.dial(`0019*${TANAKA.dialId}*${TANAKA.dialPassword}`);
    await customer.ended();
  });
});

it('from the seat view the same right opens the door, with the start tone for both, and its option closes it [B44] [B45] [B46] [B51] [B52]', async () => {
  const { agent, supervisor, system } = floor;
  await agent.call('1001');
  await system.apply('site: 1\nsettings: { seatViewOption: false }\n');
  const refused = await floor.ask('listen', { door: 'seat_view' });
  expect([refused.status, refused.body.error?.code]).toEqual([403, 'MONITORING_NOT_ENABLED']);
  await system.apply('site: 1\nsettings: { seatViewOption: true }\n');
  expect((await floor.ask('whisper', { door: 'seat_view' })).status).toBe(201);
  const incoming = await supervisor.event('CALL_INCOMING');
  expect(incoming.peeruri).toContain('9999');
  await supervisor.acceptNow();
  expect(await floor.reaches('whispering')).toMatchObject({ door: 'seat_view' });
  await until('the tone', 20_000, async () => (await withTone()).filter(Boolean).length > 1);
  expect(await withTone()).toEqual([true, true, false]);
  await supervisor.hangUp();
  expect(await floor.lastSession()).toMatchObject({ door: 'seat_view', reason: 'supervisor_hung_up' });
  await agent.hangUp();
});

describe('what is refused', () => {
  it.each([
    ['an agent who is in no call', {}, 409, 'MONITORING_TARGET_NOT_IN_CALL'],
    ['a phone that is not connected', { phone: '1004', inCall: true }, 409, 'MONITORING_PHONE_OFFLINE'],
    ['a phone that does not exist', { phone: '3999', inCall: true }, 409, 'MONITORING_NO_PHONE'],
    ['the agent’s own phone', { phone: '1000', inCall: true }, 409, 'MONITORING_SELF'],
    [
      'the shortcut from the seat view [B36]',
      { phone: null, door: 'seat_view', inCall: true },
      400,
      'BAD_REQUEST',
    ],
    [
      'an agent without a right on one of the call centers [B55]',
      { target: 'admin', inCall: true },
      403,
      'MONITORING_NOT_ALLOWED',
    ],
    [
      'the job monitor without a campaign [B82]',
      { door: 'job_monitor', inCall: true },
      403,
      'MONITORING_NOT_ALLOWED',
    ],
  ])(
    '%s',
    async (
      _what,
      {
        inCall = false,
        target,
        ...how
      }: { inCall?: boolean; phone?: string | null; door?: string; target?: string },
      status,
      code,
    ) => {
      const { agent, system } = floor;
      if (inCall) await agent.call('1001');
      const asked = await floor.ask('listen', {
        ...how,
        ...(target === undefined ? {} : { target: await accountId(system, target) }),
      });
      expect([asked.status, asked.body.error?.code]).toEqual([status, code]);
      expect(await floor.sessions()).toEqual([]);
      if (inCall) await agent.hangUp();
    },
  );

  it('with 参照 alone, with no role for pages, and with the plan off [B22] [B23] [B97] [B100]', async () => {
    const { agent, system } = floor;
    const grants = async (level: string): Promise<void> =>
      system.apply(
        `site: 1\naccounts:\n  - { loginName: suzuki, displayName: 鈴木 花子, role: supervisor, grants: [{ callCenter: "7000", level: ${level} }] }\n`,
      );
    await agent.call('1001');
    await grants('view');
    expect((await floor.ask('listen')).body.error?.code).toBe('MONITORING_NOT_ALLOWED');
    await grants('edit');
    const user = await Api.signIn(system, 'tanaka');
    expect((await floor.ask('listen', { by: user })).body.error?.code).toBe('MONITORING_NOT_ALLOWED');
    await system.apply('site: 1\nsettings: { callCenterPlan: false }\n');
    await until(
      'the setting to hold',
      20_000,
      async () =>
        (await floor.ask('listen', { phone: '3999' })).body.error?.code === 'MONITORING_NOT_ENABLED',
    );
    await system.apply('site: 1\nsettings: { callCenterPlan: true }\n');
    await agent.hangUp();
  });

  it('a right that is taken away ends the session at once', async () => {
    const { agent, supervisor, system } = floor;
    await agent.call('1001');
    await floor.monitor('whisper');
    await system.apply(
      'site: 1\naccounts:\n  - { loginName: suzuki, displayName: 鈴木 花子, role: supervisor, grants: [{ callCenter: "7000", level: view }] }\n',
    );
    await supervisor.ended();
    expect(await floor.lastSession()).toMatchObject({ reason: 'permission_lost' });
    expect(await floor.heardBy(agent)).toEqual(['customer']);
    await system.apply(
      'site: 1\naccounts:\n  - { loginName: suzuki, displayName: 鈴木 花子, role: supervisor, grants: [{ callCenter: "7000", level: edit }, { phone: "1000", level: edit }] }\n',
    );
    await agent.hangUp();
  });
});

it('a phone that listens shows 内線通話 [B98]', async () => {
  const { agent, system } = floor;
  await system.apply(
    'site: 1\naccounts:\n  - { loginName: takahashi, displayName: 高橋 健, role: user, agent: true, grants: [{ phone: "1000", level: edit }] }\n',
  );
  const phone = await system.phone('1002', { toneHz: TONES.second });
  await phone.dial(`0009*${TAKAHASHI.dialId}*${TAKAHASHI.dialPassword}*1002`);
  await phone.ended();
  await agent.call('1001');
  await phone.call(`0070*${TAKAHASHI.dialId}*${TAKAHASHI.dialPassword}*1000`);
  await until(
    '内線通話 to show',
    20_000,
    async () => (await system.agent('takahashi')).call_status === 'internal_call',
  );
  await until('the call to be heard', 20_000, async () => {
    return (await phone.listen(400)).level(TONES.customer) > HEARD;
  });
  await phone.hangUp();
  await until(
    'the status to be back',
    20_000,
    async () => (await system.agent('takahashi')).call_status === null,
  );
  await agent.hangUp();
});

it('the audit says who listened to whom, from where, and why it ended; for system administrators, as a file too', async () => {
  const { suzuki, system } = floor;
  const admin = await Api.signIn(system, 'admin');
  interface Audit {
    readonly sessions: readonly { readonly id: string; readonly reason: string | null }[];
    readonly next: string | null;
  }
  const first = await admin.get<Audit>('/api/history/monitoring?limit=3&door=realtime_monitor');
  expect(first.status).toBe(200);
  expect(first.body.sessions).toHaveLength(3);
  expect(first.body.sessions[0]).toMatchObject({
    supervisorName: '鈴木 花子',
    supervisorPhone: '1003',
    targetName: '佐藤 一郎',
    targetPhone: '1000',
    door: 'realtime_monitor',
  });
  const rest = await admin.get<Audit>(`/api/history/monitoring?limit=500&cursor=${first.body.next ?? ''}`);
  const ids = [...first.body.sessions, ...rest.body.sessions].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const { body: file } = await admin.text('/api/history/monitoring.csv');
  expect(file.split('\r\n')[0]).toContain('supervisor_name');
  expect(file).toContain('permission_lost');
  expect((await suzuki.get('/api/history/monitoring')).status).toBe(403);
});
