import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Api } from './kit/api.ts';
import type { Phone } from './kit/phone.ts';
import { SATO, System } from './kit/system.ts';
import { until } from './kit/wait.ts';

const AGENT = 500;
const CUSTOMER = 900;
const SUPERVISOR = 1_300;
const SECOND = 1_700;
/** Louder than this a tone is there; it is sent at -12 dBFS. */
const HEARD = -20;
/** 40 dB under what was sent: not there. */
const ABSENT = -52;

let system: System;
let agent: Phone;
let customer: Phone;
let supervisor: Phone;
let suzuki: Api;
let satoId: number;

beforeAll(async () => {
  system = await System.start();
  agent = await system.phone('1000', { toneHz: AGENT });
  customer = await system.phone('1001', { toneHz: CUSTOMER, autoAnswer: true });
  supervisor = await system.phone('1003', { toneHz: SUPERVISOR });
  await signIn(agent, SATO, '1000');
  suzuki = await Api.signIn(system, 'suzuki');
  satoId = Number(
    (await system.query<{ id: string }>("select id from accounts where login_name = 'sato'"))[0]?.id,
  );
}, 60_000);
afterAll(async () => system.close());
afterEach(async () => {
  await until('all sessions and calls to be over', 10_000, async () => {
    const left = await Promise.all(
      ['sasayaki_calls', 'sasayaki_monitoring_sessions', 'sasayaki_legs'].map(async (name) =>
        system.metric(name),
      ),
    );
    return left.every((count) => count === 0);
  });
});

async function signIn(phone: Phone, who: typeof SATO, extension: string): Promise<void> {
  await phone.dial(`0009*${who.dialId}*${who.dialPassword}*${extension}`);
  await phone.ended();
}

interface View {
  readonly id: string;
  readonly state: string;
  readonly mode: string;
  readonly heardBySupervisor: readonly string[];
  readonly hearsSupervisor: readonly string[];
}

async function start(mode: 'listen' | 'whisper', phone: string | null = '1003'): Promise<View> {
  const { status, body } = await suzuki.post<View>('/api/monitoring', {
    accountId: satoId,
    mode,
    door: 'realtime_monitor',
    phone,
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body;
}

async function sessions(): Promise<readonly View[]> {
  return (await suzuki.get<{ sessions: readonly View[] }>('/api/monitoring')).body.sessions;
}

async function reaches(state: string): Promise<View> {
  return until(`the session to be ${state}`, 5_000, async () => {
    const [session] = await sessions();
    return session?.state === state && session;
  });
}

/** Which of the tones each party hears now; tones of the start are over. */
async function hear(ms = 500): Promise<Record<'agent' | 'customer' | 'supervisor', readonly number[]>> {
  const [atAgent, atCustomer, atSupervisor] = await Promise.all([
    agent.listen(ms),
    customer.listen(ms),
    supervisor.listen(ms),
  ]);
  const of = (heard: typeof atAgent): readonly number[] =>
    [AGENT, CUSTOMER, SUPERVISOR, SECOND].filter((tone) => {
      const level = heard.level(tone);
      if (level > ABSENT && level < HEARD)
        throw new Error(`${tone} Hz is neither heard nor absent: ${level} dB`);
      return level >= HEARD;
    });
  return { agent: of(atAgent), customer: of(atCustomer), supervisor: of(atSupervisor) };
}

describe('from the realtime monitor', () => {
  it('the chosen phone is called from 9999, and hears both parties, who hear nothing of it [B03] [B29]', async () => {
    await agent.call('1001');
    const view = await start('listen');
    expect(view).toMatchObject({ state: 'calling', heardBySupervisor: [], hearsSupervisor: [] });
    const incoming = await supervisor.event('CALL_INCOMING');
    expect(incoming.peeruri).toContain('9999');
    await supervisor.acceptNow();
    expect(await reaches('listening')).toMatchObject({
      heardBySupervisor: ['agent', 'customer'],
      hearsSupervisor: [],
    });
    expect(await hear()).toEqual({ agent: [CUSTOMER], customer: [AGENT], supervisor: [AGENT, CUSTOMER] });
    await supervisor.hangUp();
    await agent.hangUp();
  });

  it('a whisper reaches the agent only; the customer hears neither supervisor nor tone [B04] [B05]', async () => {
    await agent.call('1001');
    await start('whisper');
    await supervisor.answer();
    await reaches('whispering');
    expect(await hear(800)).toEqual({
      agent: [CUSTOMER, SUPERVISOR],
      customer: [AGENT],
      supervisor: [AGENT, CUSTOMER],
    });
    await agent.hangUp();
    await supervisor.hangUp();
  });

  it('listening becomes whispering and back, from the page and by keys, while the sound goes on', async () => {
    await agent.call('1001');
    const { id } = await start('listen');
    await supervisor.answer();
    await reaches('listening');
    expect((await suzuki.patch<View>(`/api/monitoring/${id}`, { mode: 'whisper' })).body).toMatchObject({
      state: 'whispering',
      hearsSupervisor: ['agent'],
    });
    expect((await hear(800)).agent).toEqual([CUSTOMER, SUPERVISOR]);
    await supervisor.keys('4');
    await reaches('listening');
    expect(await hear()).toEqual({ agent: [CUSTOMER], customer: [AGENT], supervisor: [AGENT, CUSTOMER] });
    await supervisor.keys('5');
    await reaches('whispering');
    expect((await hear(800)).customer).toEqual([AGENT]);
    await suzuki.delete(`/api/monitoring/${id}`);
    await supervisor.ended();
    expect((await agent.listen(300)).level(CUSTOMER)).toBeGreaterThan(HEARD);
    await agent.hangUp();
  });

  it('the supervisor stays when the call ends, and hears the next one by itself [B13] [B14] [B15]', async () => {
    await agent.call('1001');
    await start('listen');
    await supervisor.answer();
    await reaches('listening');
    await agent.hangUp();
    await reaches('waiting');
    await agent.ended();
    await agent.call('1001');
    await reaches('listening');
    expect((await hear()).supervisor).toEqual([AGENT, CUSTOMER]);
    await agent.hangUp();
    await reaches('waiting');
    await supervisor.hangUp();
  });
});
