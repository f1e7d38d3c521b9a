import { expect, test } from 'vitest';
import { changesOf, choose, levelIn, levelsOf } from './grant-rules.ts';

const kept = levelsOf([{ accountId: 2, kind: 'phone', resource: '1000', level: 'edit' }]);
const phone = { accountId: 2, kind: 'phone', resource: '1000' } as const;

test('what is not there is no right', () => {
  expect(levelIn(kept, 2, 'phone', '1000')).toBe('edit');
  expect(levelIn(kept, 3, 'phone', '1000')).toBeUndefined();
});

test('only what differs from what holds is a change', () => {
  const changed = choose(new Map(), kept, phone, 'none');
  expect(changesOf(changed)).toEqual([{ ...phone, level: null }]);
  expect(changesOf(choose(changed, kept, phone, 'edit'))).toEqual([]);
  expect(
    changesOf(
      choose(new Map(), kept, { ...phone, accountId: 3, kind: 'call_center', resource: '7000' }, 'manage'),
    ),
  ).toEqual([{ accountId: 3, kind: 'call_center', resource: '7000', level: 'manage' }]);
});
