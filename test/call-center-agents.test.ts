import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { release, reserve } from '../packages/server/src/callcenters/store.ts';
import { openDatabase } from '../packages/server/src/database/pool.ts';
import { CALLERS, CallCenterFloor, NOBODY, type AgentName } from './kit/call-center.ts';
import { Switchboard, type Caller } from './kit/caller.ts';
import { recordingsDespiteLoss } from './kit/recordings.ts';
import { SATO, SIP_PASSWORD } from './kit/system.ts';
import { unregister } from './kit/unregister.ts';
import { until } from './kit/wait.ts';

/** Agents of call centers whose phones come, go and dial, and many callers at once. */

/** What a change to 受付可 is told with. */
const RESULT = ['status-changed', 'status-ready'] as const;

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

describe('an agent whose phone', () => {
  it('vanishes while it rings loses the call to the next agent: known at once or found by the ring time', async () => {
    const { takahashi } = floor.agents;
    await takahashi.close();
    for (const transport of ['tcp', 'udp'] as const) {
      const phone = await floor.newPhone('takahashi', transport);
      await floor.turn('takahashi', 'ready');
      await floor.wait('one', '7010');
      await phone.event('CALL_INCOMING');
      const rung = Date.now();
      await floor.turn('tanaka', 'ready');
      const gone = Date.now();
      await phone.vanish();
      await answer('tanaka');
      // A connection that breaks is noticed, silence is not: that ring lasts its 5 s.
      if (transport === 'tcp') expect(Date.now() - gone).toBeLessThan(3_500);
      else expect(Date.now() - rung).toBeGreaterThan(4_000);
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

describe('an agent who dials', () => {
  it('the sign-in while callers wait hears the result to its end, and is rung after it', async () => {
    await floor.wait('one');
    await floor.waiting(1);
    const { sato } = floor.agents;
    await sato.dial(`0010*${SATO.dialId}*${SATO.dialPassword}`);
    await floor.shows('sato', 'ready');
    // A ring before the end of the dial would be passed over here, and nothing would be left to answer.
    await sato.ended();
    await until('the result to be heard', 20_000, async () => {
      const { samples } = await sato.heard(6_000);
      return recordingsDespiteLoss(samples, RESULT).length === RESULT.length;
    });
    expect(await floor.waitingRows()).toHaveLength(1);
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
      const held = new Date(at.getTime() + 60_000);
      const calls = Array.from({ length: 60 }, () => randomUUID());
      const given = await Promise.all(
        calls.map(async (callId) => reserve(db, { callId, agents, at, until: held })),
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
