import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Api } from './kit/api.ts';
import { ABSENT, Floor, TONES } from './kit/floor.ts';
import { until } from './kit/wait.ts';

let floor: Floor;

beforeAll(async () => {
  floor = await Floor.open();
});
afterAll(async () => floor.system.close());
afterEach(async () => floor.clear());

const LISTENING = { agent: ['customer'], customer: ['agent'], supervisor: ['agent', 'customer'] };
const WHISPERING = { ...LISTENING, agent: ['customer', 'supervisor'] };

async function killServer(): Promise<() => Promise<void>> {
  const pid = (await floor.system.part('server'))?.pid ?? 0;
  await floor.system.kill('server');
  return async () => floor.system.restarted('server', pid);
}

describe('the server is killed', () => {
  it.each([
    ['listen', 'listening', LISTENING],
    ['whisper', 'whispering', WHISPERING],
  ] as const)(
    'while a supervisor uses %s: nobody hears anything of it, and the session is taken over',
    async (mode, state, heard) => {
      const { agent, supervisor, suzuki } = floor;
      await agent.call('1001');
      const { id } = await floor.monitor(mode);
      const back = await killServer();
      expect(await floor.hear()).toEqual(heard);
      await back();
      expect(await floor.reaches(state)).toMatchObject({ id });
      expect(await floor.hear()).toEqual(heard);
      // What runs can be changed and follows: the rights are asked as before.
      const other = mode === 'listen' ? 'whisper' : 'listen';
      expect((await suzuki.patch(`/api/monitoring/${id}`, { mode: other })).status).toBe(200);
      expect(await floor.hear(800)).toEqual(mode === 'listen' ? WHISPERING : LISTENING);
      await agent.hangUp();
      await floor.reaches('waiting');
      await supervisor.hangUp();
    },
  );

  it('while the supervisor’s phone rings: answered meanwhile, it listens as soon as there is a server', async () => {
    const { agent, supervisor } = floor;
    await agent.call('1001');
    await floor.ask('listen');
    await supervisor.event('CALL_INCOMING');
    const back = await killServer();
    await supervisor.acceptNow();
    await back();
    await floor.reaches('listening');
    expect(await floor.hear()).toEqual(LISTENING);
    await supervisor.hangUp();
    await agent.hangUp();
  });

  it('while the supervisor waits for the next call, which comes before the new server: it is joined', async () => {
    const { agent, supervisor } = floor;
    await agent.call('1001');
    await floor.monitor('listen');
    await agent.hangUp();
    await floor.reaches('waiting');
    await agent.ended();
    const back = await killServer();
    await back();
    await floor.reaches('waiting');
    await agent.call('1001');
    await floor.reaches('listening');
    expect(await floor.hear()).toEqual(LISTENING);
    await supervisor.hangUp();
    await agent.hangUp();
  });

  it('while two listen: both go on, one changes to whisper, and who leaves first takes nothing from the other', async () => {
    const { agent, customer, supervisor, system } = floor;
    await system.relaunch();
    const admin = await Api.signIn(system, 'admin');
    const second = await system.phone('1002', { toneHz: TONES.second });
    await agent.call('1001');
    const { id } = await floor.monitor('listen');
    expect((await floor.ask('listen', { by: admin, phone: '1002' })).status).toBe(201);
    await second.answer();
    await until('both to listen', 20_000, async () => {
      return (await floor.sessions(admin)).every(({ state }) => state === 'listening');
    });
    const back = await killServer();
    expect(await floor.hear()).toEqual(LISTENING);
    await back();
    await floor.reaches('listening');
    expect(await floor.hear()).toEqual(LISTENING);
    expect(await floor.heardBy(second)).toEqual(['agent', 'customer']);
    expect((await floor.suzuki.patch(`/api/monitoring/${id}`, { mode: 'whisper' })).status).toBe(200);
    expect(await floor.hear(800)).toEqual(WHISPERING);
    expect(await floor.heardBy(second)).toEqual(['agent', 'customer']);
    await supervisor.hangUp();
    await until('the first to be gone', 20_000, async () => (await floor.sessions()).length === 1);
    expect(await floor.heardBy(second)).toEqual(['agent', 'customer']);
    await second.hangUp();
    await until('nothing but the call to be left', 20_000, async () => {
      return (await system.askAsterisk<readonly unknown[]>('bridges')).length === 1;
    });
    expect(await floor.heardBy(customer)).toEqual(['agent']);
    await agent.hangUp();
  });

  it('and the supervisor or the call goes meanwhile: the session is closed, or waits', async () => {
    const { agent, customer, supervisor } = floor;
    await agent.call('1001');
    await floor.monitor('listen');
    let back = await killServer();
    await supervisor.hangUp();
    await back();
    expect(await floor.lastSession()).toMatchObject({ reason: 'supervisor_hung_up' });
    await supervisor.ended();
    await floor.monitor('listen');
    back = await killServer();
    await customer.hangUp();
    await back();
    await floor.reaches('waiting');
    await supervisor.hangUp();
  });
});

it.each([
  ['listen', 'whisper', 'whispering', WHISPERING],
  ['whisper', 'listen', 'listening', LISTENING],
] as const)(
  'the connection to a hung Asterisk is given up while %s becomes %s: when there is a new one, what is shown is heard',
  async (before, mode, state, heard) => {
    const { agent, supervisor, suzuki, system } = floor;
    await agent.call('1001');
    const { id } = await floor.monitor(before);
    await system.freeze('asterisk', true);
    try {
      // Carried out when Asterisk goes on; nobody is told then, for the connection that asked is gone.
      expect((await suzuki.patch(`/api/monitoring/${id}`, { mode })).status).toBe(200);
      await until('the connection to be given up', 20_000, async () => {
        return (await system.metric('sasayaki_asterisk_connected')) === 0;
      });
    } finally {
      await system.freeze('asterisk', false);
    }
    await system.healthy();
    expect(await floor.reaches(state)).toMatchObject({ id });
    expect(await floor.hear(800)).toEqual(heard);
    await agent.hangUp();
    await floor.reaches('waiting');
    await supervisor.hangUp();
  },
);

it('a right that is taken away while there is no connection to Asterisk ends the session as soon as there is one', async () => {
  const { agent, supervisor, system } = floor;
  const right = (level: string): string =>
    `site: 1\naccounts:\n  - { loginName: suzuki, displayName: 鈴木 花子, role: supervisor, grants: [{ callCenter: "7000", level: ${level} }] }\n`;
  await agent.call('1001');
  await floor.monitor('whisper');
  await system.freeze('asterisk', true);
  try {
    await until('the connection to be given up', 20_000, async () => {
      return (await system.metric('sasayaki_asterisk_connected')) === 0;
    });
    await system.apply(right('view'));
    expect(await floor.lastSession()).toMatchObject({ reason: 'permission_lost' });
  } finally {
    await system.freeze('asterisk', false);
  }
  await supervisor.ended();
  await system.healthy();
  expect(await floor.sessions()).toEqual([]);
  expect(await floor.heardBy(agent)).toEqual(['customer']);
  await system.apply(right('edit'));
  await agent.hangUp();
});

it('Asterisk is killed: sessions end with a reason, and the next one works at once', async () => {
  const { agent, supervisor, system } = floor;
  await agent.call('1001');
  await floor.monitor('whisper');
  const pid = (await system.part('asterisk'))?.pid ?? 0;
  await system.kill('asterisk');
  await system.restarted('asterisk', pid);
  expect(await floor.lastSession()).toMatchObject({ reason: 'engine_lost' });
  for (const phone of [agent, supervisor, floor.customer]) await phone.hangUpAll();
  await agent.ended();
  await supervisor.ended();
  await agent.call('1001');
  await floor.monitor('listen');
  expect(await floor.hear()).toEqual(LISTENING);
  await supervisor.hangUp();
  await agent.hangUp();
});

it('no listening costs the watched call anything: a supervisor who comes and goes 20 times is not heard', async () => {
  const { agent, customer, supervisor } = floor;
  await agent.call('1001');
  for (let round = 0; round < 20; round += 1) {
    await floor.monitor(round % 2 === 0 ? 'listen' : 'whisper');
    await supervisor.hangUp();
    await supervisor.ended();
    await floor.lastSession();
  }
  expect((await customer.heard(3_000)).level(TONES.supervisor)).toBeLessThan(ABSENT);
  expect(await floor.heardBy(agent)).toEqual(['customer']);
  await agent.hangUp();
});
