import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CallCenterFloor, isMusic } from './kit/call-center.ts';

let floor: CallCenterFloor;

beforeAll(async () => {
  floor = await CallCenterFloor.open();
}, 120_000);
afterAll(async () => floor.system.close());
beforeEach(async () => floor.clear());

describe('a call to a call center', () => {
  it('waits with music, rings at an agent who gets ready, is talked, and leaves the agent in 後作業 until that is ended by hand', async () => {
    const { sato } = floor.agents;
    const caller = await floor.wait('one');
    await floor.waiting(1);
    expect(isMusic(await caller.listen(500))).toBe(true);
    await floor.turn('sato', 'ready');
    await sato.event('CALL_INCOMING');
    await floor.shows('sato', 'ringing');
    expect(isMusic(await caller.listen(400))).toBe(true);
    await sato.acceptNow();
    await floor.shows('sato', 'call_center_call');
    await floor.expectTalk('sato', 'one');
    await floor.waiting(0);
    await caller.hangUp();
    await sato.ended();
    await floor.shows('sato', 'after_call_work');
    expect(await floor.lastResult('7000')).toBe('answered');
    await floor.turn('sato', 'ready');
  });
});
