import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CALLERS, CallCenterFloor, holds, isMusic, NOBODY, type AgentName } from './kit/call-center.ts';
import { Switchboard, type Caller } from './kit/caller.ts';
import { Heard } from './kit/phone.ts';
import { SIP_PASSWORD } from './kit/system.ts';
import { until } from './kit/wait.ts';

/** Samples in a second. */
const RATE = 8_000;

let floor: CallCenterFloor;
let switchboard: Switchboard;

beforeAll(async () => {
  floor = await CallCenterFloor.open();
  switchboard = await Switchboard.open(floor.system.sipPort);
}, 120_000);
afterAll(async () => {
  await switchboard.close();
  await floor.system.close();
});
beforeEach(async () => floor.clear());

/** Somebody who dials a call center and keeps what is heard there. */
async function dial(callCenter: string): Promise<Caller> {
  return switchboard.dial({ number: NOBODY, password: SIP_PASSWORD, dial: callCenter, listens: true });
}

/** The agents' phones ring, one after the other, and are answered. */
async function answer(...names: readonly AgentName[]): Promise<void> {
  for (const name of names) await floor.agents[name].answer();
}

describe('a call to a call center', () => {
  it('waits with music, rings at an agent who gets ready, is talked, and leaves the agent in 後作業 until that is ended by hand', async () => {
    const { sato } = floor.agents;
    const caller = await floor.wait('one');
    await floor.waiting(1);
    await floor.expectMusic('one');
    await floor.turn('sato', 'ready');
    await sato.event('CALL_INCOMING');
    await floor.shows('sato', 'ringing');
    await floor.expectMusic('one');
    await sato.acceptNow();
    await floor.shows('sato', 'call_center_call');
    await floor.expectTalk('sato', 'one');
    await floor.waiting(0);
    await caller.hangUp();
    await sato.ended();
    await floor.shows('sato', 'after_call_work');
    expect(await floor.results('7000')).toEqual(['answered']);
    await floor.turn('sato', 'ready');
  });

  it('rings at the agents of the first priority, who is idle longest first, and then at the others; each gets one call', async () => {
    await floor.turn('takahashi', 'ready');
    await floor.turn('tanaka', 'ready');
    await floor.turn('sato', 'ready');
    await floor.wait('one');
    await answer('tanaka');
    await floor.wait('two');
    await answer('sato');
    await floor.wait('three');
    await answer('takahashi');
    await floor.expectTalk('tanaka', 'one');
    await floor.expectTalk('sato', 'two');
    await floor.expectTalk('takahashi', 'three');
  });

  it('goes to the call center of the higher priority first when two share an agent, though the other caller waits longer', async () => {
    await floor.wait('one', '7000');
    await floor.wait('two', '7001');
    await floor.turn('sato', 'ready');
    await floor.agents.sato.event('CALL_INCOMING');
    await until('the caller of 7001 to be offered', 20_000, async () => {
      const rows = await floor.waitingRows();
      return rows.find(({ call_center }) => call_center === '7001')?.state === 'offering';
    });
    expect(await floor.waitingRows()).toEqual([
      { caller: CALLERS.one, call_center: '7000', state: 'waiting', agent: null },
      { caller: CALLERS.two, call_center: '7001', state: 'offering', agent: 'sato' },
    ]);
    await floor.agents.sato.acceptNow();
    await floor.expectTalk('sato', 'two');
    await floor.callers.two.hangUp();
    await floor.shows('sato', 'after_call_work');
    await floor.turn('sato', 'ready');
    await answer('sato');
    await floor.expectTalk('sato', 'one');
  });

  it('goes on to the next agent after the ring time, and who missed as many in a row as the call center says is 離席中', async () => {
    await floor.turn('sato', 'ready');
    await floor.turn('tanaka', 'ready');
    await floor.wait('one', '7010');
    await floor.agents.sato.event('CALL_INCOMING');
    await floor.agents.sato.ended();
    await answer('tanaka');
    await floor.expectTalk('tanaka', 'one');
    expect((await floor.agent('sato')).base_status).toBe('ready');
    await floor.callers.one.hangUp();
    await floor.shows('tanaka', 'after_call_work');
    await floor.wait('two', '7010');
    await floor.agents.sato.event('CALL_INCOMING');
    await floor.shows('sato', 'away');
    const causes = await floor.system.query<{ readonly cause: string }>(
      `select cause from agent_activity where account_id = $1 and to_status <> 'on_break' order by id desc limit 2`,
      [floor.ids.sato],
    );
    expect(causes.map(({ cause }) => cause)).toContain('misses');
    // Nobody is lost by that.
    await floor.expectMusic('two');
    await floor.turn('tanaka', 'ready');
    await answer('tanaka');
    await floor.expectTalk('tanaka', 'two');
  });

  it('goes on at once when the agent refuses, which counts as a miss', async () => {
    await floor.turn('sato', 'ready');
    await floor.turn('tanaka', 'ready');
    await floor.wait('one', '7010');
    await floor.agents.sato.event('CALL_INCOMING');
    const from = Date.now();
    await floor.agents.sato.hangUp();
    await answer('tanaka');
    expect(Date.now() - from).toBeLessThan(4_500);
    await floor.expectTalk('tanaka', 'one');
    await until('the miss to be counted', 20_000, async () => {
      const [row] = await floor.system.query<{ readonly misses: number }>(
        'select misses from agent_states where account_id = $1',
        [floor.ids.sato],
      );
      return row?.misses === 1;
    });
  });

  it('is followed by 受付可 by itself after the seconds of the call center, and the next caller is rung at once', async () => {
    await floor.turn('tanaka', 'ready');
    await floor.wait('one', '7008');
    await answer('tanaka');
    await floor.expectTalk('tanaka', 'one');
    await floor.wait('two', '7008');
    await floor.callers.one.hangUp();
    await answer('tanaka');
    await floor.expectTalk('tanaka', 'two');
    const [written] = await floor.system.query<{
      readonly from: string;
      readonly to: string;
      readonly ms: number;
    }>(
      `select from_status as from, to_status as to, lasted_ms::int as ms from agent_activity
       where account_id = $1 and to_status = 'ready' order by id desc limit 1`,
      [floor.ids.tanaka],
    );
    expect(written).toMatchObject({ from: 'after_call_work', to: 'ready' });
    expect(written?.ms).toBeGreaterThanOrEqual(2_000);
  });

  it('can be transferred to another call center, where the caller waits with music for an agent', async () => {
    await floor.turn('sato', 'ready');
    await floor.wait('one', '7001');
    await answer('sato');
    await floor.expectTalk('sato', 'one');
    await floor.agents.sato.transfer('7010');
    await floor.agents.sato.ended();
    await floor.shows('sato', 'after_call_work');
    await floor.expectMusic('one');
    await floor.turn('tanaka', 'ready');
    await answer('tanaka');
    await floor.expectTalk('tanaka', 'one');
    await floor.callers.one.hangUp();
    expect(await floor.results('7001')).toEqual(['transferred']);
    expect(await floor.results('7010')).toEqual(['answered']);
  });

  it('follows rules that are in the site file: what is exported is applied again, and is the same', async () => {
    const exported = await floor.system.command(['export']);
    expect(exported.code).toBe(0);
    expect(exported.output).toMatch(/overflowAction: call_center\n +overflowTarget: "7009"/);
    expect((await floor.system.command(['apply', '-'], exported.output)).output).not.toContain(
      'SITE_INVALID',
    );
    expect((await floor.system.command(['export'])).output).toBe(exported.output);
  });
});

describe('a wait', () => {
  it('has notices between the music; and ends by the rules: busy tone, notice, another call center, an extension; or at once where nobody belongs', async () => {
    const [notice, busy, sorry, onward, extension, gone, nobody] = await Promise.all(
      ['7002', '7003', '7004', '7005', '7006', '7007', '7009'].map(dial),
    ).then((callers) => callers as [Caller, Caller, Caller, Caller, Caller, Caller, Caller]);
    const takahashi = floor.agents.takahashi;
    await takahashi.answer();
    await takahashi.hangUp();
    for (const caller of [busy, sorry, onward, extension, gone, nobody]) await caller.ended;
    // The first notice comes after 10 s and is over before 18.
    await until('18 s of a wait', 30_000, () => notice.heard().length > 18 * RATE);
    expect(holds(new Heard(notice.heard().subarray(9 * RATE)), 'ja/waiting-notice')).toBe(true);
    expect(isMusic(new Heard(notice.heard()))).toBe(true);
    await notice.hangUp();
    // The busy tone of Japan; the music has nothing as loud there.
    expect(new Heard(busy.heard().subarray(-3 * RATE)).level(400)).toBeGreaterThan(-30);
    for (const caller of [sorry, gone, onward, nobody]) {
      expect(holds(new Heard(caller.heard().subarray(-10 * RATE)), 'ja/waiting-sorry')).toBe(true);
    }
    for (const number of ['7003', '7004', '7006', '7007']) {
      expect(await floor.results(number), number).toEqual(['overflowed']);
    }
    // 7005 and 7009 send their callers on to each other, once: who has been there is not sent round for ever.
    expect(await floor.results('7005', 2)).toEqual(['overflowed', 'overflowed']);
    expect(await floor.results('7009', 2)).toEqual(['overflowed', 'overflowed']);
    expect(await floor.results('7002')).toEqual(['abandoned']);
    const [inside] = await floor.system.query<{ readonly dialled: string; readonly result: string }>(
      `select dialled, result from call_records where kind = 'internal' order by started_at desc limit 1`,
    );
    expect(inside).toEqual({ dialled: '1002', result: 'answered' });
  });
});

describe('a caller who gives up', () => {
  it('while waiting is gone', async () => {
    await floor.wait('one');
    await floor.waiting(1);
    await floor.callers.one.hangUp();
    await floor.waiting(0);
    expect(await floor.results('7000')).toEqual(['abandoned']);
  });

  it('while an agent’s phone rings ends that, and costs the agent neither a miss nor its place', async () => {
    await floor.turn('sato', 'ready');
    await floor.turn('tanaka', 'ready');
    await floor.wait('one');
    await floor.agents.sato.event('CALL_INCOMING');
    await floor.callers.one.hangUp();
    await floor.agents.sato.ended();
    expect(await floor.results('7000')).toEqual(['abandoned']);
    await floor.free('sato');
    expect((await floor.agent('sato')).base_status).toBe('ready');
    await floor.wait('two');
    await answer('sato');
    await floor.expectTalk('sato', 'two');
  });

  it('at the moment of the answer leaves the agent free, whoever was first', async () => {
    const { sato } = floor.agents;
    for (const first of ['agent', 'caller', 'both'] as const) {
      await floor.turn('sato', 'ready');
      const caller = await floor.wait('one');
      await sato.event('CALL_INCOMING');
      if (first === 'agent') await sato.acceptNow();
      if (first === 'both') await Promise.all([sato.acceptNow(), caller.hangUp()]);
      else await caller.hangUp();
      // The ring may be over already.
      if (first === 'caller') await sato.acceptNow().catch(() => undefined);
      await sato.ended();
      await floor.waiting(0);
      await floor.free('sato');
      const [result = ''] = await floor.results('7000');
      expect(['answered', 'abandoned']).toContain(result);
      // What a talk of a moment leaves may be written only now.
      await floor.shows('sato', result === 'answered' ? 'after_call_work' : 'ready');
    }
  });
});
