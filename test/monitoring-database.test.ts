import { afterAll, beforeAll, expect, it } from 'vitest';
import { Floor, TONES } from './kit/floor.ts';
import { OutsideDatabase } from './kit/outside-database.ts';

let database: OutsideDatabase;
let floor: Floor;

beforeAll(async () => {
  database = await OutsideDatabase.start();
  floor = await Floor.open({ env: { DATABASE_URL: database.url } });
}, 120_000);

afterAll(async () => {
  await floor.system.close();
  await database.close();
});

it('while the database is away a running session goes on, a new call is not joined; when it is back, it is', async () => {
  const { agent, customer, supervisor, system } = floor;
  await agent.call('1001');
  await floor.monitor('whisper');
  await database.end();
  // What was allowed when it began goes on: nobody hears that the database went.
  expect(await floor.hear(800)).toEqual({
    agent: ['customer', 'supervisor'],
    customer: ['agent'],
    supervisor: ['agent', 'customer'],
  });
  await agent.hangUp();
  await agent.ended();
  await agent.call('1001');
  // Nobody can say that this call may be listened to.
  expect([await floor.heardBy(agent), await floor.heardBy(customer)]).toEqual([['customer'], ['agent']]);
  // The notice and the music of a waiting supervisor have a little of every frequency.
  const heard = await supervisor.listen(1_000);
  for (const tone of [TONES.agent, TONES.customer]) expect(heard.level(tone)).toBeLessThan(-40);
  await database.begin();
  await system.healthy();
  await floor.reaches('whispering');
  expect(await floor.hear(800)).toEqual({
    agent: ['customer', 'supervisor'],
    customer: ['agent'],
    supervisor: ['agent', 'customer'],
  });
  await supervisor.hangUp();
  await agent.hangUp();
  expect(await floor.lastSession()).toMatchObject({ reason: 'supervisor_hung_up', answered: true });
});
