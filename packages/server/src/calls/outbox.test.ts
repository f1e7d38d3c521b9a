import { beforeEach, expect, it, vi } from 'vitest';
import { Outbox } from './outbox.ts';

interface Change {
  readonly key: string;
  readonly value: string;
}

interface Write extends Change {
  readonly done: () => void;
  readonly fail: () => void;
}

let written: Write[];
let faults: unknown[];
let outbox: Outbox<Change>;

beforeEach(() => {
  written = [];
  faults = [];
  outbox = new Outbox<Change>({
    keyOf: ({ key }) => key,
    merge: (waiting, next) => ({ ...next, value: waiting.value + next.value }),
    write: async (change) =>
      new Promise<void>((resolve, reject) => {
        written.push({ ...change, done: resolve, fail: () => reject(new Error('away')) });
      }),
    onFault: (error) => void faults.push(error),
    limit: 5,
  });
});

const add = (...changes: readonly string[]): void => {
  for (const change of changes) outbox.add({ key: change.charAt(0), value: change.slice(1) });
};
const begun = (): readonly string[] => written.map(({ key, value }) => key + value);
const settled = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('writes two keys side by side, and never one key twice at a time', async () => {
  add('a1', 'a2', 'b1', 'a3', 'c1');
  expect(begun()).toEqual(['a1', 'b1']);
  written[1]?.done();
  await settled();
  // What waits for its key is merged meanwhile; another key goes first.
  expect(begun()).toEqual(['a1', 'b1', 'c1']);
  written[0]?.done();
  await settled();
  expect(begun()).toEqual(['a1', 'b1', 'c1', 'a23']);
});

it('keeps what could not be written, in order with what came later, and says it once', async () => {
  add('a1', 'b1');
  written[0]?.fail();
  written[1]?.fail();
  await settled();
  add('a2');
  await vi.waitFor(() => expect(begun().slice(2).toSorted()).toEqual(['a12', 'b1']), 20_000);
  expect(faults).toHaveLength(1);
});

it('gives up what is more than may wait, and stops when what is being written is written', async () => {
  add('a1', 'b1', 'c1', 'd1', 'e1', 'f1', 'g1', 'h1');
  expect(faults).toHaveLength(1);
  expect(outbox.size).toBe(5);
  const stopping = outbox.stop();
  for (let round = 0; round < 8; round += 1) {
    written[round]?.done();
    await settled();
  }
  await stopping;
  expect(begun()).toEqual(['a1', 'b1', 'c1', 'd1', 'e1', 'f1', 'g1']);
});
