import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Distributor } from './distributor.ts';

it('who asks in the very moment in which a look ends is looked for too', async () => {
  let asked = 0;
  const distributor = new Distributor({
    // Not asked while nobody waits.
    db: undefined as never,
    callers: () => {
      asked += 1;
      // Once at the beginning of a look and once at its end: this comes right after the end.
      if (asked === 2) queueMicrotask(() => distributor.look());
      return [];
    },
    priorityOf: () => 1,
    isPhoneFree: () => true,
    holdMs: () => 0,
    onReserved: () => undefined,
    onFault: () => undefined,
    now: Date.now,
  });
  distributor.look();
  await setImmediate();
  expect(asked).toBe(4);
  await distributor.stop();
});
