import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Api } from './kit/api.ts';
import type { BrowserPhone } from './kit/browser-phone.ts';
import { accountId, partiesAt, signInAgent, TONES, type MonitoringView, type Refused } from './kit/floor.ts';
import type { Heard, Phone } from './kit/phone.ts';
import { SATO, SUZUKI, System } from './kit/system.ts';
import { until } from './kit/wait.ts';

/** What phones do by their own keys while somebody listens: the agent's holds and transfers, and the supervisor's. */

const SETTLE_MS = 500;
const RIGHTS =
  'site: 1\naccounts:\n  - { loginName: suzuki, displayName: 鈴木 花子, role: supervisor, grants: [{ callCenter: "7000", level: edit }, { phone: "1005", level: edit }] }\n';

let system: System;
/** sato at 1005. */
let agent: BrowserPhone;
let customer: Phone;
let colleague: Phone;
/** suzuki's, at a desk and in a page. */
let desk: Phone;
let page: BrowserPhone;
let suzuki: Api;
let sato: Api;
let admin: Api;
let satoId: number;

beforeAll(async () => {
  system = await System.start();
  await system.apply(RIGHTS);
  [agent, page, customer, colleague, desk] = await Promise.all([
    system.browserPhone('1005', { toneHz: TONES.agent }),
    system.browserPhone('1006', { toneHz: TONES.supervisor }),
    system.phone('1001', { toneHz: TONES.customer }),
    system.phone('1002', { toneHz: TONES.second }),
    system.phone('1003', { toneHz: TONES.supervisor }),
  ]);
  suzuki = await Api.signIn(system, 'suzuki');
  sato = await Api.signIn(system, 'sato');
  admin = await Api.signIn(system, 'admin');
  satoId = await accountId(system, 'sato');
  await signInAgent(admin, satoId, '1005');
}, 240_000);
afterAll(async () => system.close());
afterEach(async () => {
  for (const by of [suzuki, admin]) {
    for (const { id } of await sessions(by)) await by.delete(`/api/monitoring/${id}`);
  }
  for (const phone of [agent, page, customer, colleague, desk]) await phone.hangUpAll();
  await until('all sessions, calls and legs to be over', 30_000, async () => {
    const names = ['sasayaki_calls', 'sasayaki_monitoring_sessions', 'sasayaki_legs'];
    const left = await Promise.all(names.map(async (name) => system.metric(name)));
    return left.every((count) => count === 0);
  });
  for (const phone of [customer, colleague, desk]) phone.forget();
});

async function sessions(by = suzuki): Promise<readonly MonitoringView[]> {
  return (await by.get<{ sessions: readonly MonitoringView[] }>('/api/monitoring')).body.sessions;
}

async function reaches(state: string, by = suzuki): Promise<MonitoringView> {
  return until(`a session to be ${state}`, 20_000, async () =>
    (await sessions(by)).find((session) => session.state === state),
  );
}

async function ask(mode: 'listen' | 'whisper', phone: string, by = suzuki) {
  return by.post<MonitoringView & Partial<Refused>>('/api/monitoring', {
    accountId: satoId,
    mode,
    door: 'realtime_monitor',
    phone,
  });
}

async function monitor(
  mode: 'listen' | 'whisper',
  phone: Phone | BrowserPhone,
  number: string,
  by = suzuki,
): Promise<MonitoringView> {
  expect((await ask(mode, number, by)).status).toBe(201);
  await phone.answer();
  return until('the session to be joined', 20_000, async () =>
    (await sessions(by)).find(
      (session) => ['listening', 'whispering'].includes(session.state) && session.supervisor.phone === number,
    ),
  );
}

/** The customer calls the agent, who answers. */
async function talk(): Promise<void> {
  await customer.dial('1005');
  await agent.answer();
  await customer.event('CALL_ESTABLISHED');
}

type Listener = Pick<Phone, 'listen'>;

/** Who is heard at each of these phones, once what was on its way has arrived. */
async function heardBy(...phones: readonly Listener[]): Promise<readonly (readonly string[])[]> {
  await Promise.all(phones.map(async (phone) => phone.listen(SETTLE_MS)));
  return partiesAt(phones);
}

/** The loudest frequency that is nobody's tone, dB: music has many. */
function besideTones(heard: Heard): number {
  const tones = Object.values(TONES);
  let loudest = -Infinity;
  for (let hertz = 250; hertz <= 3_000; hertz += 10) {
    if (tones.every((tone) => Math.abs(tone - hertz) > 60)) loudest = Math.max(loudest, heard.level(hertz));
  }
  return loudest;
}

async function endOfLast(): Promise<{ readonly reason: string; readonly door: string }> {
  return until('the session to be written down as ended', 20_000, async () => {
    const [row] = await system.query<{ reason: string | null; door: string }>(
      'select reason, door from monitoring_sessions order by started_at desc limit 1',
    );
    return row?.reason == null ? undefined : { reason: row.reason, door: row.door };
  });
}

describe('a session from a dial', () => {
  it.each([
    ['0070', 'listening', []],
    ['0071', 'whispering', ['supervisor']],
  ] as const)(
    '%s follows the agent to a consultation and back, and ends with the attended transfer; only the agent ever hears it',
    async (code, state, whispered) => {
      await talk();
      await desk.call(`${code}*${SUZUKI.dialId}*${SUZUKI.dialPassword}*1005`);
      await reaches(state);
      expect(await heardBy(desk, agent, customer)).toEqual([
        ['agent', 'customer'],
        ['customer', ...whispered],
        ['agent'],
      ]);
      // Somebody is asked, who hangs up: back to the customer.
      await Promise.all([agent.consult('1002'), colleague.answer()]);
      await reaches(state);
      expect(await heardBy(desk, agent, colleague, customer)).toEqual([
        ['agent', 'second'],
        [...whispered, 'second'],
        ['agent'],
        [],
      ]);
      await colleague.hangUp();
      await agent.ended();
      await reaches('target_on_hold');
      expect(await heardBy(desk, customer)).toEqual([['customer'], []]);
      await agent.resume();
      await reaches(state);
      expect(await heardBy(desk, agent, customer)).toEqual([
        ['agent', 'customer'],
        ['customer', ...whispered],
        ['agent'],
      ]);
      await colleague.ended();
      await Promise.all([agent.consult('1002'), colleague.answer()]);
      await reaches(state);
      expect(await heardBy(desk, colleague)).toEqual([['agent', 'second'], ['agent']]);
      await agent.completeTransfer();
      await desk.ended();
      expect(await endOfLast()).toEqual({ door: 'dial', reason: 'call_ended' });
      expect(await heardBy(customer, colleague)).toEqual([['second'], ['customer']]);
    },
  );

  it('ends also when its call ended while there was no server', async () => {
    await talk();
    await desk.call(`0070*${SUZUKI.dialId}*${SUZUKI.dialPassword}*1005`);
    await reaches('listening');
    const pid = (await system.part('server'))?.pid ?? 0;
    await system.kill('server');
    await customer.hangUp();
    await system.restarted('server', pid);
    await desk.ended();
    expect(await endOfLast()).toEqual({ door: 'dial', reason: 'call_ended' });
  });

  it('is refused on an extension at which one is signed in oneself', async () => {
    await talk();
    const before = await system.query('select id from monitoring_sessions order by id');
    await system.apply(
      'site: 1\naccounts:\n  - { loginName: sato, displayName: 佐藤 一郎, role: user, grants: [{ phone: "1005", level: edit }] }\n',
    );
    await desk.call(`0070*${SATO.dialId}*${SATO.dialPassword}*1005`);
    await desk.ended();
    expect(await system.query('select id from monitoring_sessions order by id')).toEqual(before);
  });
});

it('two whisper at once: the agent hears both, neither hears the other, the customer hears none', async () => {
  await talk();
  await monitor('whisper', page, '1006');
  await monitor('whisper', colleague, '1002', admin);
  expect(await heardBy(agent, customer, page, colleague)).toEqual([
    ['customer', 'supervisor', 'second'],
    ['agent'],
    ['agent', 'customer'],
    ['agent', 'customer'],
  ]);
  await page.hangUp();
  await until('the first to be gone', 20_000, async () => (await sessions()).length === 1);
  expect(await heardBy(agent, customer, colleague)).toEqual([
    ['customer', 'second'],
    ['agent'],
    ['agent', 'customer'],
  ]);
});

it('the server is killed while the agent holds: it is the same session, and the supervisor hears again after the hold', async () => {
  await talk();
  const { id } = await monitor('whisper', desk, '1003');
  await agent.hold();
  await reaches('target_on_hold');
  const pid = (await system.part('server'))?.pid ?? 0;
  await system.kill('server');
  expect(await heardBy(desk, customer)).toEqual([['customer'], []]);
  await system.restarted('server', pid);
  expect(await reaches('target_on_hold')).toMatchObject({ id, hearsSupervisor: [] });
  expect(await heardBy(desk, customer)).toEqual([['customer'], []]);
  await agent.resume();
  expect(await reaches('whispering')).toMatchObject({ id });
  expect(await heardBy(desk, agent, customer)).toEqual([
    ['agent', 'customer'],
    ['customer', 'supervisor'],
    ['agent'],
  ]);
});

it('a right that is taken away while there is no server is asked by the new one, and ends the session', async () => {
  await talk();
  await monitor('whisper', desk, '1003');
  const pid = (await system.part('server'))?.pid ?? 0;
  await system.kill('server');
  await system.query(
    `update grants set level = 'view' where resource = '7000'
     and account_id = (select id from accounts where login_name = 'suzuki')`,
  );
  await system.restarted('server', pid);
  await desk.ended();
  expect(await endOfLast()).toMatchObject({ reason: 'permission_lost' });
  expect(await heardBy(agent, customer)).toEqual([['customer'], ['agent']]);
  await system.apply(RIGHTS);
});

it('the supervisor’s phone holds and resumes during a whisper: nobody hears music of it, and the whisper comes back', async () => {
  await talk();
  await monitor('whisper', page, '1006');
  expect((await heardBy(agent))[0]).toEqual(['customer', 'supervisor']);
  const during = [agent.listen(3_000), customer.listen(3_000)];
  await page.hold();
  expect(await heardBy(agent, customer)).toEqual([['customer'], ['agent']]);
  for (const heard of await Promise.all(during)) expect(besideTones(heard)).toBeLessThan(-40);
  await page.resume();
  expect(await heardBy(agent, customer, page)).toEqual([
    ['customer', 'supervisor'],
    ['agent'],
    ['agent', 'customer'],
  ]);
  // As music is heard where there is some.
  await agent.hold();
  await customer.listen(SETTLE_MS);
  expect(besideTones(await customer.listen(1_000))).toBeGreaterThan(-35);
});

describe('an agent at a page', () => {
  it('hears the supervisor in each call that a waiting whisper joins', async () => {
    await talk();
    await monitor('whisper', page, '1006');
    for (let calls = 0; calls < 4; calls += 1) {
      await customer.hangUp();
      await Promise.all([agent.ended(), customer.ended()]);
      await reaches('waiting');
      await talk();
      await reaches('whispering');
      expect(await heardBy(agent, page, customer)).toEqual([
        ['customer', 'supervisor'],
        ['agent', 'customer'],
        ['agent'],
      ]);
    }
  });
});

describe('nobody listens to a call of their own', () => {
  it('a start at the phone of the other party is refused', async () => {
    await talk();
    const refused = await ask('listen', '1001');
    expect([refused.status, refused.body.error?.code]).toEqual([409, 'MONITORING_SELF']);
  });

  it('who waits is not joined to a call with the own phone, and hears the next one', async () => {
    await talk();
    await monitor('whisper', page, '1006');
    await customer.hangUp();
    await agent.ended();
    await reaches('waiting');
    await agent.dial('1006');
    await page.answer();
    await agent.event('CALL_ESTABLISHED');
    expect(await heardBy(agent, page)).toEqual([['supervisor'], ['agent']]);
    expect(await sessions()).toMatchObject([{ state: 'waiting', heardBySupervisor: [] }]);
    await agent.hangUp();
    await page.ended();
    await customer.ended();
    await talk();
    await reaches('whispering');
    expect(await heardBy(agent, page)).toEqual([
      ['customer', 'supervisor'],
      ['agent', 'customer'],
    ]);
  });

  it('nor when the agent moves to the phone that listens', async () => {
    await talk();
    await monitor('listen', page, '1006');
    await customer.hangUp();
    await agent.ended();
    await reaches('waiting');
    expect((await sato.post('/api/agents/me/sign-in', { phone: '1006' })).status).toBe(200);
    await until('the session to know', 20_000, async () => (await sessions())[0]?.target.phone === '1006');
    await customer.ended();
    await customer.dial('1006');
    await page.answer();
    await customer.event('CALL_ESTABLISHED');
    expect(await heardBy(customer, page)).toEqual([['supervisor'], ['customer']]);
    expect(await sessions()).toMatchObject([{ state: 'waiting' }]);
    // Who listens at the phone is in a call as well.
    await page.hangUpAll();
    await until('the agent to be free', 20_000, async () => {
      return (await sato.post('/api/agents/me/sign-in', { phone: '1005' })).status === 200;
    });
  });
});
