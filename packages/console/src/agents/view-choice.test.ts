import { expect, test } from 'vitest';
import { FIRST_CHOICE, readChoice, toggled, type ViewChoice } from './view-choice.ts';

test('what was kept is read again', () => {
  const choice: ViewChoice = {
    columns: ['agent', 'status', 'call', 'seat'],
    sorting: { column: 'talk', descending: true },
    statuses: ['call_center_call', 'on_hold'],
    callCenter: '7000',
  };
  expect(readChoice(JSON.stringify(choice))).toEqual(choice);
});

test.each([null, '', '{', '[]', '7', '{"columns":7,"sorting":{"column":"age"},"statuses":null}'])(
  'what cannot be understood is as if nothing was kept: %j',
  (kept) => expect(readChoice(kept)).toEqual(FIRST_CHOICE),
);

test('unknown columns and statuses are left out, agent and status are always there', () => {
  const { columns, statuses } = readChoice('{"columns":["seat","age"],"statuses":["ready","asleep"]}');
  expect(columns).toEqual(['agent', 'status', 'seat']);
  expect(statuses).toEqual(['ready']);
});

test('an entry is added and taken away', () => {
  expect(toggled(['a'], 'b')).toEqual(['a', 'b']);
  expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
});
