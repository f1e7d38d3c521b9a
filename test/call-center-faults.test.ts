import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CallCenterFloor } from './kit/call-center.ts';
import { cutOff } from './kit/cut-off.ts';
import { until } from './kit/wait.ts';

let floor: CallCenterFloor;

beforeAll(async () => {
  floor = await CallCenterFloor.open();
  // No ring ends while a test looks elsewhere.
  await floor.system.apply(
    'site: 1\ncallCenters: [{ number: "7000", name: お客様窓口, ringSeconds: 120 }]\n',
  );
}, 120_000);
afterAll(async () => floor.system.close());
beforeEach(async () => floor.clear());

/** Kills a part. @returns what waits until it is back */
async function kill(part: 'server' | 'asterisk'): Promise<() => Promise<void>> {
  const pid = (await floor.system.part(part))?.pid ?? 0;
  await floor.system.kill(part);
  return async () => floor.system.restarted(part, pid);
}

/** sato talks with caller one, tanaka's phone rings for caller two, caller three waits. */
async function everything(): Promise<void> {
  const { sato, tanaka } = floor.agents;
  await floor.turn('sato', 'ready');
  await floor.wait('one');
  await sato.answer();
  await floor.expectTalk('sato', 'one');
  await floor.turn('tanaka', 'ready');
  await floor.wait('two');
  await tanaka.event('CALL_INCOMING');
  await floor.wait('three');
  await floor.waiting(2);
  await until('the ring to be written down', 20_000, async () => {
    return (await floor.waitingRows()).map(({ state }) => state).join(' ') === 'offering waiting';
  });
}

async function since(): Promise<readonly string[]> {
  const rows = await floor.system.query<{ readonly at: string }>(
    `select caller || ' ' || entered_at::text as at from waiting_calls order by entered_at`,
  );
  return rows.map(({ at }) => at);
}

describe('the server is killed while callers talk, ring and wait', () => {
  it('nobody hears anything of it, who waits keeps its place, and all are served', async () => {
    await everything();
    const places = await since();
    const back = await kill('server');
    await floor.expectTalk('sato', 'one');
    await floor.expectMusic('three');
    await back();
    await floor.expectTalk('sato', 'one');
    await floor.expectMusic('two');
    await floor.expectMusic('three');
    await floor.waiting(2);
    expect(await since()).toEqual(places);
    await floor.agents.tanaka.acceptNow();
    await floor.expectTalk('tanaka', 'two');
    await floor.callers.one.hangUp();
    await floor.shows('sato', 'after_call_work');
    await floor.turn('sato', 'ready');
    await floor.agents.sato.answer();
    await floor.expectTalk('sato', 'three');
    await floor.callers.two.hangUp();
    await floor.callers.three.hangUp();
    expect(await floor.results('7000', 3)).toEqual(['answered', 'answered', 'answered']);
  });

  it('what they do meanwhile is done when there is a server: an answer, a talk that ends, a caller who gives up', async () => {
    await everything();
    const back = await kill('server');
    await floor.callers.one.hangUp();
    await floor.callers.three.hangUp();
    await floor.agents.tanaka.acceptNow();
    await back();
    await floor.agents.sato.ended();
    await floor.shows('sato', 'after_call_work');
    await floor.expectTalk('tanaka', 'two');
    await floor.shows('tanaka', 'call_center_call');
    await floor.waiting(0);
    await floor.callers.two.hangUp();
    await floor.shows('tanaka', 'after_call_work');
    expect(await floor.results('7000', 3)).toEqual(['abandoned', 'answered', 'answered']);
  });

  it('a ring that ends meanwhile is a miss, and the caller goes on waiting for the next agent', async () => {
    await floor.turn('tanaka', 'ready');
    await floor.wait('one', '7010');
    await floor.agents.tanaka.event('CALL_INCOMING');
    const back = await kill('server');
    await floor.agents.tanaka.ended();
    await back();
    await until('the miss to be counted', 20_000, async () => {
      const [row] = await floor.system.query<{ readonly misses: number }>(
        'select misses from agent_states where account_id = $1',
        [floor.ids.tanaka],
      );
      return row?.misses === 1;
    });
    await floor.turn('tanaka', 'on_break');
    await floor.turn('sato', 'ready');
    await floor.agents.sato.answer();
    await floor.expectTalk('sato', 'one');
  });

  it('no agent is left in a call whose end nobody saw, nor in one that never was', async () => {
    await floor.turn('sato', 'ready');
    await floor.wait('one');
    await floor.agents.sato.answer();
    await floor.shows('sato', 'call_center_call');
    await floor.system.query(
      `update agent_states set call_status = 'call_center_call', call_since = now() where account_id = $1`,
      [floor.ids.takahashi],
    );
    const back = await kill('server');
    await floor.callers.one.hangUp();
    await floor.agents.sato.hangUp();
    await back();
    await floor.shows('sato', 'after_call_work');
    await floor.shows('takahashi', 'on_break');
    expect(await floor.results('7000')).toEqual(['answered']);
  });
});

describe('the connection to Asterisk breaks while both live, callers talk, ring and wait', () => {
  it('what they did meanwhile is done after the reconnection: an answer, a talk that ends, a caller who gives up', async () => {
    await everything();
    const back = await cutOff(floor.system);
    await floor.callers.one.hangUp();
    await floor.callers.three.hangUp();
    await floor.agents.tanaka.acceptNow();
    await floor.agents.tanaka.event('CALL_ESTABLISHED');
    await back();
    await soon(async () => {
      await floor.shows('sato', 'after_call_work');
      await floor.shows('tanaka', 'call_center_call');
      await floor.waiting(0);
    });
    await floor.agents.sato.ended();
    await floor.expectTalk('tanaka', 'two');
    await floor.callers.two.hangUp();
    await floor.shows('tanaka', 'after_call_work');
    expect(await floor.results('7000', 3)).toEqual(['abandoned', 'answered', 'answered']);
  });

  it('nobody hears it; an agent who refused meanwhile is free, and its caller goes on waiting in its place', async () => {
    await everything();
    const places = await since();
    const back = await cutOff(floor.system);
    await floor.agents.tanaka.hangUp();
    await floor.expectTalk('sato', 'one');
    await floor.expectMusic('three');
    await back();
    await soon(async () => {
      await floor.shows('tanaka', 'ready');
      await floor.waiting(2);
      // Until then the next in the line would be given to whoever is ready.
      await until('both to wait', 20_000, async () => {
        return (await floor.waitingRows()).map(({ state }) => state).join(' ') === 'waiting waiting';
      });
      await floor.turn('takahashi', 'ready');
      await floor.agents.takahashi.event('CALL_INCOMING');
    });
    expect(await since()).toEqual(places);
    await floor.expectTalk('sato', 'one');
    await floor.expectMusic('three');
    await floor.agents.takahashi.acceptNow();
    await floor.expectTalk('takahashi', 'two');
  });
});

/** Fails unless what follows a reconnection takes at most 2 s, with as much again for a machine that does other things too. */
async function soon(all: () => Promise<void>): Promise<void> {
  const from = Date.now();
  await all();
  expect(Date.now() - from).toBeLessThan(4_000);
}

describe('Asterisk is killed while callers talk, ring and wait', () => {
  it('the records are closed, nobody waits, the agents are free, and the next caller is served', async () => {
    await everything();
    const back = await kill('asterisk');
    await back();
    await floor.waiting(0);
    await floor.shows('sato', 'after_call_work');
    await floor.shows('tanaka', 'ready');
    await floor.free('tanaka');
    expect((await floor.results('7000', 3)).toSorted()).toEqual(['answered', 'lost', 'lost']);
    const all = [...Object.values(floor.agents), ...Object.values(floor.callers)];
    for (const phone of all) await phone.hangUpAll();
    for (const phone of all) phone.forget();
    await floor.wait('two');
    // Asterisk may ask the phone only after 15 s whether it is there.
    await floor.agents.tanaka.event('CALL_INCOMING', 30_000);
    await floor.agents.tanaka.acceptNow();
    await floor.expectTalk('tanaka', 'two');
  });
});

describe('the database hangs while a caller talks and another waits', () => {
  it('nobody hears it; the end of the talk is written down later, and who waits is served when it is back', async () => {
    const { sato } = floor.agents;
    await floor.turn('sato', 'ready');
    await floor.wait('one');
    await sato.answer();
    await floor.wait('two');
    await floor.expectTalk('sato', 'one');
    await floor.system.freeze('postgres', true);
    await floor.expectTalk('sato', 'one');
    await floor.callers.one.hangUp();
    await sato.ended();
    // Longer than a statement may take, so that what is written fails and is written again.
    await floor.callers.two.listen(7_000);
    await floor.expectMusic('two');
    await floor.system.freeze('postgres', false);
    await floor.shows('sato', 'after_call_work', 30_000);
    await floor.turn('sato', 'ready');
    await sato.answer();
    await floor.expectTalk('sato', 'two');
    await floor.callers.two.hangUp();
    expect(await floor.results('7000', 2)).toEqual(['answered', 'answered']);
  });
});
