import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { release, reserve } from '../packages/server/src/callcenters/store.ts';
import { openDatabase } from '../packages/server/src/database/pool.ts';
import { CALLERS, CallCenterFloor, holds, isMusic, NOBODY, type AgentName } from './kit/call-center.ts';
import { Switchboard, type Caller } from './kit/caller.ts';
import { Heard } from './kit/phone.ts';
import { SIP_PASSWORD } from './kit/system.ts';
import { unregister } from './kit/unregister.ts';
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

/** How long 後作業 after a call of 7000 lasts from now on, s. */
async function wrapUp(seconds: number): Promise<void> {
  await floor.system.apply(
    `site: 1\ncallCenters: [{ number: "7000", name: お客様窓口, wrapUpSeconds: ${seconds} }]\n`,
  );
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
    await until('the caller of 7001 to be offered', 5_000, async () => {
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
    await floor.shows('sato', 'away', 15_000);
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
    const [row] = await floor.system.query<{ readonly misses: number }>(
      'select misses from agent_states where account_id = $1',
      [floor.ids.sato],
    );
    expect(row?.misses).toBe(1);
  });

  it('is followed by 受付可 by itself after the seconds of the call center, and the next caller is rung at once', async () => {
    await floor.turn('tanaka', 'ready');
    await floor.wait('one', '7008');
    await answer('tanaka');
    await floor.expectTalk('tanaka', 'one');
    await floor.wait('two', '7008');
    await floor.callers.one.hangUp();
    await floor.shows('tanaka', 'after_call_work');
    const from = Date.now();
    await floor.agents.tanaka.event('CALL_INCOMING');
    expect(Date.now() - from).toBeGreaterThan(1_500);
    await floor.agents.tanaka.acceptNow();
    await floor.expectTalk('tanaka', 'two');
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
  }, 60_000);
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
      expect(['answered', 'abandoned']).toContain((await floor.results('7000'))[0]);
      await until('the agent to be ready or to write up', 5_000, async () =>
        ['ready', 'after_call_work'].includes((await floor.agent('sato')).base_status),
      );
    }
  });
});

describe('an agent whose phone', () => {
  it('vanishes while it rings loses the call to the next agent: known at once or found by the ring time', async () => {
    const { takahashi } = floor.agents;
    await takahashi.close();
    for (const transport of ['tcp', 'udp'] as const) {
      const phone = await floor.newPhone('takahashi', transport);
      await floor.turn('takahashi', 'ready');
      await floor.wait('one', '7010');
      await phone.event('CALL_INCOMING');
      await floor.turn('tanaka', 'ready');
      const from = Date.now();
      await phone.vanish();
      await answer('tanaka');
      // A connection that breaks is noticed, silence is not: that ring lasts its 5 s.
      expect(Date.now() - from < 3_500).toBe(transport === 'tcp');
      await floor.expectTalk('tanaka', 'one');
      await floor.free('takahashi');
      await floor.callers.one.hangUp();
      await floor.shows('tanaka', 'after_call_work');
      await floor.turn('tanaka', 'on_break');
      await floor.turn('takahashi', 'on_break');
    }
    await floor.newPhone('takahashi');
  });

  it('signs off at Asterisk while it rings loses the call to the next agent at once', async () => {
    const { takahashi } = floor.agents;
    await floor.turn('takahashi', 'ready');
    await floor.wait('one', '7010');
    await takahashi.event('CALL_INCOMING');
    await floor.turn('tanaka', 'ready');
    const from = Date.now();
    await unregister(floor.system.sipPort, takahashi.number, SIP_PASSWORD);
    await answer('tanaka');
    expect(Date.now() - from).toBeLessThan(3_500);
    await takahashi.ended();
    await floor.expectTalk('tanaka', 'one');
    await takahashi.close();
    await floor.newPhone('takahashi');
  });

  it('is not registered is not called, and is as soon as it is', async () => {
    await floor.agents.takahashi.close();
    await floor.turn('takahashi', 'ready');
    const caller = await floor.wait('one');
    await floor.waiting(1);
    await caller.listen(1_500);
    await floor.expectMusic('one');
    expect(await floor.waitingRows()).toMatchObject([{ state: 'waiting' }]);
    await floor.newPhone('takahashi');
    await answer('takahashi');
    await floor.expectTalk('takahashi', 'one');
  });

  it('is in a call of its own is not called, and is when that is over', async () => {
    await floor.turn('sato', 'ready');
    await floor.agents.sato.dial(CALLERS.three);
    await floor.callers.three.answer();
    await floor.wait('one');
    await floor.waiting(1);
    await floor.callers.one.listen(1_200);
    expect(await floor.waitingRows()).toMatchObject([{ state: 'waiting' }]);
    await floor.callers.three.hangUp();
    await floor.agents.sato.ended();
    await answer('sato');
    await floor.expectTalk('sato', 'one');
  });
});

describe('a reservation', () => {
  it('gives each agent once, however many servers ask at the same moment', async () => {
    const db = openDatabase({ url: await floor.system.databaseUrl(), onIdleError: () => undefined });
    try {
      const names = ['sato', 'tanaka', 'takahashi'] as const;
      for (const name of names) await floor.turn(name, 'ready');
      const agents = names.map((name) => ({
        accountId: floor.ids[name],
        phone: floor.agents[name].number,
      }));
      const at = new Date();
      const until = new Date(at.getTime() + 60_000);
      const calls = Array.from({ length: 60 }, () => randomUUID());
      const given = await Promise.all(
        calls.map(async (callId) => reserve(db, { callId, agents, at, until })),
      );
      const winners = given.flatMap((agent) => (agent === undefined ? [] : [agent.accountId]));
      expect(winners.toSorted((one, other) => one - other)).toEqual(
        Object.values(floor.ids).toSorted((one, other) => one - other),
      );
      for (const callId of calls) await release(db, callId, null, null);
    } finally {
      await db.destroy();
    }
  });
});

describe('twenty callers at once', () => {
  it('are all served by three agents, of whom none ever has two calls', async () => {
    await wrapUp(1);
    const names = ['sato', 'tanaka', 'takahashi'] as const;
    for (const name of names) await floor.turn(name, 'ready');
    const callers = await Promise.all(Array.from({ length: 20 }, async () => dial('7000')));
    let served = 0;
    const waits = callers.map(async (caller) => caller.ended.then(() => (served += 1)));
    await Promise.all(
      names.map(async (name) => {
        const phone = floor.agents[name];
        while (served < callers.length) {
          const rings = phone.event('CALL_INCOMING', 30_000).then(
            () => true,
            () => false,
          );
          if (!(await Promise.race([rings, Promise.all(waits).then(() => false)]))) return;
          await phone.acceptNow();
          await phone.event('CALL_ESTABLISHED');
          await phone.hangUp();
          await phone.ended();
        }
      }),
    );
    expect(await floor.results('7000', 20)).toEqual(Array.from({ length: 20 }, () => 'answered'));
    const [crossed] = await floor.system.query<{ readonly count: number }>(
      `select count(*)::int from call_parts one join call_parts other
         on one.account_id = other.account_id and one.call_id < other.call_id
         and one.joined_at < other.left_at and other.joined_at < one.left_at`,
    );
    expect(crossed?.count).toBe(0);
    await wrapUp(0);
  }, 90_000);
});
