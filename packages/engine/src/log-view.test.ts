import { expect, it } from 'vitest';
import { humanLine } from './log-view.ts';

it('a line names time, level, part, what happened, and what it is about', () => {
  const line = JSON.stringify({
    level: 40,
    time: new Date(2026, 10, 21, 9, 5, 7).getTime(),
    part: 'server',
    phone: '1000',
    call: 'c-1',
    attempts: 3,
    err: { message: 'the reason', stack: 'not shown' },
    msg: 'a leg could not be hung up',
  });
  expect(humanLine(line)).toBe(
    '09:05:07 WARN  server a leg could not be hung up phone=1000 call=c-1 attempts=3 (the reason)',
  );
});

it.each(['plain words', '', '5', 'null', '"text"', '[1]', '{"half":', '{"level":30}'])(
  'what is no entry stays as it is: %j',
  (line) => {
    expect(humanLine(line)).toBe(line);
  },
);
