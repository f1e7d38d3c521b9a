import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Api } from './kit/api.ts';
import type { BrowserPhone } from './kit/browser-phone.ts';
import { isMusic } from './kit/call-center.ts';
import { accountId, expectHeard, signInAgent, TONES } from './kit/floor.ts';
import type { Phone } from './kit/phone.ts';
import { System } from './kit/system.ts';
import { until } from './kit/wait.ts';

/** Hold, consultation and transfer by the phone's own keys, and a supervisor who follows through all of it. */

/** dBFS: a tone of the kit arrives at -12. */
const SOFTEST = -20;

let system: System;
let agent: BrowserPhone;
let customer: Phone;
let colleague: Phone;
let supervisor: Phone;
let suzuki: Api;
let satoId: number;

beforeAll(async () => {
  system = await System.start();
  [agent, customer, colleague, supervisor] = await Promise.all([
    system.browserPhone('1005', { toneHz: TONES.agent }),
    system.phone('1001', { toneHz: TONES.customer }),
    system.phone('1002', { toneHz: TONES.second }),
    system.phone('1003', { toneHz: TONES.supervisor }),
  ]);
  suzuki = await Api.signIn(system, 'suzuki');
  satoId = await accountId(system, 'sato');
  await signInAgent(suzuki, satoId, '1005');
}, 240_000);
afterAll(async () => system.close());
afterEach(async () => {
  const { body } = await suzuki.get<{ sessions: readonly { id: string }[] }>('/api/monitoring');
  for (const { id } of body.sessions) await suzuki.delete(`/api/monitoring/${id}`);
  for (const phone of [agent, customer, colleague, supervisor]) await phone.hangUpAll();
  await until('all calls and legs to be over', 30_000, async () => {
    const left = await Promise.all(
      ['sasayaki_calls', 'sasayaki_legs'].map(async (name) => system.metric(name)),
    );
    return left.every((count) => count === 0);
  });
  for (const phone of [customer, colleague, supervisor]) phone.forget();
});

type Listener = Pick<Phone, 'listen'>;

async function status(wanted: string | null): Promise<void> {
  await until(
    `the agent to show ${wanted}`,
    20_000,
    async () => (await system.agent('sato')).call_status === wanted,
  );
}

/** The customer calls the agent, who answers. */
async function talk(): Promise<void> {
  await customer.dial('1005');
  await agent.answer();
  await customer.event('CALL_ESTABLISHED');
  await status('internal_call');
  // As people do, they hear each other before anybody presses a key.
  await until('the agent to be heard', 20_000, async () => {
    return (await customer.listen(200)).level(TONES.agent) > SOFTEST;
  });
}

async function monitor(mode: 'listen' | 'whisper'): Promise<void> {
  const { status: answer, body } = await suzuki.post('/api/monitoring', {
    accountId: satoId,
    mode,
    door: 'realtime_monitor',
    phone: '1003',
  });
  if (answer !== 201) throw new Error(JSON.stringify(body));
  await supervisor.answer();
  await reaches(mode === 'listen' ? 'listening' : 'whispering');
}

async function reaches(state: string): Promise<void> {
  await until(`the session to be ${state}`, 20_000, async () => {
    const { body } = await suzuki.get<{ sessions: readonly { state: string }[] }>('/api/monitoring');
    return body.sessions[0]?.state === state;
  });
}

describe('hold', () => {
  it('the other party hears music, the agent nothing, the status is 保留中; then all is as before', async () => {
    await talk();
    await agent.hold();
    await status('on_hold');
    await expectHeard(customer, []);
    expect((await customer.listen(500)).total).toBeGreaterThan(-60);
    await agent.resume();
    await status('internal_call');
    await expectHeard(customer, ['agent']);
    await expectHeard(agent, ['customer']);
  });

  it('a whisper does not reach the agent meanwhile, and comes back; no session can start [B94] [B95] [B96]', async () => {
    await talk();
    await monitor('whisper');
    await expectHeard(agent, ['customer', 'supervisor']);
    await agent.hold();
    await reaches('target_on_hold');
    await expectHeard(customer, []);
    await expectHeard(supervisor, ['customer']);
    await agent.resume();
    await reaches('whispering');
    await expectHeard(agent, ['customer', 'supervisor']);
    await expectHeard(customer, ['agent']);
    await supervisor.hangUp();
    await supervisor.ended();
    await agent.hold();
    await status('on_hold');
    const { body } = await suzuki.post<{ error: { code: string } }>('/api/monitoring', {
      accountId: satoId,
      mode: 'listen',
      door: 'realtime_monitor',
      phone: '1003',
    });
    expect(body.error.code).toBe('MONITORING_TARGET_ON_HOLD');
  });

  it('is known after a restart of the server, also when it began or ended meanwhile', async () => {
    await talk();
    await agent.hold();
    await status('on_hold');
    let pid = (await system.part('server'))?.pid ?? 0;
    await system.kill('server');
    await agent.resume();
    await system.restarted('server', pid);
    await status('internal_call');
    pid = (await system.part('server'))?.pid ?? 0;
    await system.kill('server');
    await agent.hold();
    await system.restarted('server', pid);
    await status('on_hold');
  });
});

describe('blind transfer', () => {
  it('connects the other party with the new one, and frees the agent', async () => {
    await talk();
    await agent.transfer('1002');
    await colleague.answer();
    await agent.ended();
    await status(null);
    await expectHeard(customer, ['second']);
    await expectHeard(colleague, ['customer']);
    await colleague.hangUp();
    await customer.ended();
  });

  it('to a phone that declines, or is not there: the call goes on as before, and the log says why', async () => {
    await talk();
    await agent.transfer('1002');
    await colleague.event('CALL_INCOMING');
    await colleague.hangUp();
    await colleague.ended();
    await agent.event('TRANSFER_FAILED');
    await expectHeard(customer, ['agent']);
    await agent.transfer('3999');
    await agent.event('TRANSFER_FAILED');
    await expectHeard(agent, ['customer']);
    const refused = await until('the log to say why', 20_000, async () =>
      (await system.lastWords(1_000)).split('\n').find((line) => line.includes('transfer was refused')),
    );
    expect(refused).toContain('"reason":"nowhere"');
    expect(refused).not.toContain('3999');
  });

  it('a supervisor is not carried along: the session waits for the agent’s next call', async () => {
    await talk();
    await monitor('whisper');
    await agent.transfer('1002');
    await colleague.answer();
    await reaches('waiting');
    await expectHeard(customer, ['second']);
    await expectHeard(colleague, ['customer']);
  });
});

describe('consultation and attended transfer', () => {
  it('the held party hears music, the consulted one the agent; then the two are connected', async () => {
    await talk();
    await Promise.all([agent.consult('1002'), colleague.answer()]);
    await status('internal_call');
    await expectHeard(colleague, ['agent']);
    await expectHeard(customer, []);
    await agent.completeTransfer();
    await agent.ended();
    await status(null);
    await expectHeard(customer, ['second']);
    await expectHeard(colleague, ['customer']);
    await customer.hangUp();
    await colleague.ended();
  });

  it('the supervisor follows the agent to the consultation; customer and colleague never hear the supervisor', async () => {
    await talk();
    await monitor('whisper');
    await Promise.all([agent.consult('1002'), colleague.answer()]);
    await reaches('whispering');
    await expectHeard(supervisor, ['agent', 'second']);
    await expectHeard(agent, ['supervisor', 'second']);
    await expectHeard(colleague, ['agent']);
    await expectHeard(customer, []);
    await agent.completeTransfer();
    await reaches('waiting');
    await expectHeard(customer, ['second']);
    await expectHeard(colleague, ['customer']);
  });
});

describe('consulting a call center', () => {
  let takahashiId: number;

  /** takahashi, at the colleague's phone, is the only other agent of 7000. */
  beforeAll(async () => {
    await system.apply(
      `site: 1
callCenters: [{ number: "7000", name: お客様窓口, ringSeconds: 60 }]
accounts:
  - { loginName: takahashi, displayName: 高橋 健, role: user, agent: true, callCenters: [{ number: "7000", priority: 1 }] }
`,
    );
    takahashiId = await accountId(system, 'takahashi');
    // Else the agent is the first whom the customer is given to.
    await suzuki.put(`/api/agents/${satoId}/status`, { status: 'on_break' });
  });
  afterAll(async () => {
    await suzuki.put(`/api/agents/${satoId}/status`, { status: 'ready' });
  });
  afterEach(async () => {
    await suzuki.put(`/api/agents/${takahashiId}/status`, { status: 'signed_off' });
  });

  async function takahashiIsReady(): Promise<void> {
    const { status: answer } = await suzuki.post(`/api/agents/${takahashiId}/sign-in`, { phone: '1002' });
    expect(answer).toBe(200);
  }

  async function takahashiShows(wanted: string): Promise<void> {
    await until(`takahashi to show ${wanted}`, 20_000, async () => {
      const { call_status: call, base_status: base } = await system.agent('takahashi');
      return (call ?? base) === wanted;
    });
  }

  /** The agent holds the customer and waits in the call center; both hear music. */
  async function consult(): Promise<void> {
    await talk();
    await agent.consult('7000');
    await status('internal_call');
    await hearMusic(agent, customer);
  }

  async function hearMusic(...phones: readonly Listener[]): Promise<void> {
    for (const phone of phones) {
      await until('music', 20_000, async () => isMusic(await phone.listen(400)));
    }
  }

  /** How the calls of 7000 ended, the latest last, once all are closed. */
  async function results(count: number): Promise<readonly string[]> {
    return until('the records to be closed', 20_000, async () => {
      const rows = await system.query<{ readonly result: string | null }>(
        `select result from call_records where call_center = '7000' order by started_at desc limit $1`,
        [count],
      );
      const ended = rows.flatMap(({ result }) => (result === null ? [] : [result])).toReversed();
      return ended.length === count && ended;
    });
  }

  async function figures(): Promise<Readonly<Record<'answered' | 'abandoned' | 'lost', number>>> {
    interface Answer {
      readonly figures: Readonly<Record<'answered' | 'abandoned' | 'lost', number>>;
    }
    const { answered, abandoned, lost } = (await suzuki.get<Answer>('/api/call-centers/7000/figures')).body
      .figures;
    return { answered, abandoned, lost };
  }

  it('another agent answers, talks with the first alone, and gets the customer', async () => {
    const before = await figures();
    await consult();
    await takahashiIsReady();
    await colleague.answer();
    await takahashiShows('call_center_call');
    await expectHeard(colleague, ['agent']);
    await expectHeard(agent, ['second']);
    await expectHeard(customer, []);
    await agent.completeTransfer();
    await agent.ended();
    await status(null);
    await expectHeard(customer, ['second']);
    await expectHeard(colleague, ['customer']);
    await takahashiShows('internal_call');
    await customer.hangUp();
    await colleague.ended();
    await takahashiShows('after_call_work');
    expect(await results(1)).toEqual(['transferred']);
    expect(await figures()).toEqual({ ...before, answered: before.answered + 1 });
    const [{ numbers } = { numbers: [] }] = await system.query<{ readonly numbers: readonly string[] }>(
      `select array_agg(number order by joined_at, number) as numbers from call_parts
       where call_id = (select id from call_records where kind = 'internal' order by started_at desc limit 1)`,
    );
    expect(numbers).toEqual(['1001', '1005', '1002']);
  });

  it('the agent gives up while waiting, and talks with the customer again', async () => {
    const before = await figures();
    await consult();
    await agent.hangUp();
    await agent.ended();
    await status('on_hold');
    await agent.resume();
    await status('internal_call');
    await expectHeard(customer, ['agent']);
    await expectHeard(agent, ['customer']);
    expect(await results(1)).toEqual(['abandoned']);
    expect(await figures()).toEqual({ ...before, abandoned: before.abandoned + 1 });
  });

  it('the agent hands the customer over while nobody has answered: the customer waits there, and counts once', async () => {
    const before = await figures();
    await consult();
    await agent.completeTransfer();
    await agent.ended();
    await status(null);
    await hearMusic(customer);
    await takahashiIsReady();
    await colleague.answer();
    await takahashiShows('call_center_call');
    await expectHeard(customer, ['second']);
    await expectHeard(colleague, ['customer']);
    await customer.hangUp();
    await takahashiShows('after_call_work');
    expect(await results(2)).toEqual(['transferred', 'answered']);
    expect(await figures()).toEqual({ ...before, answered: before.answered + 1 });
  });
});
