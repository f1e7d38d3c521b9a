import { describe, expect, test } from 'vitest';
import type { AgentView } from '../../../server/src/http/contract.ts';
import { countByStatus, elapsedSince, filterAgents, formatSince, heldFor } from './rules.ts';

const agent = (loginName: string, changes: Partial<AgentView> = {}): AgentView => ({
  accountId: 1,
  loginName,
  displayName: loginName,
  status: 'ready',
  since: '2026-01-15T00:00:00Z',
  baseStatus: 'ready',
  phone: null,
  phoneRegistered: null,
  seat: null,
  callCenters: [],
  call: null,
  ...changes,
});

test('counts stand in the order of interest, without empty ones', () => {
  const agents = [
    agent('a'),
    agent('b', { status: 'signed_off' }),
    agent('c'),
    agent('d', { status: 'on_hold' }),
  ];
  expect(countByStatus(agents)).toEqual([
    { status: 'on_hold', count: 1 },
    { status: 'ready', count: 2 },
    { status: 'signed_off', count: 1 },
  ]);
  expect(countByStatus([], ['away'])).toEqual([{ status: 'away', count: 0 }]);
});

describe('filtering', () => {
  const agents = [
    agent('sato', {
      displayName: '佐藤 一郎',
      phone: '1000',
      callCenters: ['7000'],
      call: {
        direction: 'in',
        number: '0312345678',
        callCenter: '7000',
        answeredAt: null,
        heldMs: 0,
        heldSince: null,
      },
    }),
    agent('tanaka', { displayName: '田中 美咲', status: 'away', seat: '101' }),
  ];
  const wordsOf = (number: string): string => (number === 'anonymous' ? '非通知' : number);
  const found = (text: string, ...statuses: AgentView['status'][]) =>
    filterAgents(agents, { text, statuses: new Set(statuses), callCenter: null, wordsOf }).map(
      ({ loginName }) => loginName,
    );

  test('by name, login name, phone and seat, however it is typed', () => {
    expect(found('')).toEqual(['sato', 'tanaka']);
    expect(found('美咲')).toEqual(['tanaka']);
    expect(found('ＳＡＴＯ ')).toEqual(['sato']);
    expect(found('1000')).toEqual(['sato']);
    expect(found('101')).toEqual(['tanaka']);
  });
  test('by the number of the other party, and by call center', () => {
    expect(found('0312')).toEqual(['sato']);
    const members = filterAgents(agents, { text: '', statuses: new Set(), callCenter: '7000', wordsOf });
    expect(members.map(({ loginName }) => loginName)).toEqual(['sato']);
  });
  test('by the word for a number that was kept back', () => {
    const [sato] = agents;
    if (sato?.call == null) throw new Error('no call');
    const filter = { statuses: new Set<never>(), callCenter: null, wordsOf };
    const withheld = [{ ...sato, call: { ...sato.call, number: 'anonymous' } }];
    expect(filterAgents(withheld, { ...filter, text: '非通知' })).toEqual(withheld);
    expect(filterAgents(withheld, { ...filter, text: 'anonymous' })).toEqual([]);
    expect(found('非通知')).toEqual([]);
  });
  test('by status, and both together', () => {
    expect(found('', 'away')).toEqual(['tanaka']);
    expect(found('sato', 'away')).toEqual([]);
    expect(found('', 'away', 'ready')).toEqual(['sato', 'tanaka']);
  });
});

describe('time in status', () => {
  const since = '2026-01-15T00:00:00.000Z';
  const after = (ms: number): number => Date.parse(since) + ms;

  test.each([
    [0, 0, '00:00:00'],
    [999, 0, '00:00:00'],
    [1_000, 0, '00:00:01'],
    [61_000, 0, '00:01:01'],
    [86_399_000, 0, '23:59:59'],
    [86_400_000, 1, '00:00:00'],
    [30 * 86_400_000 + 3_661_000, 30, '01:01:01'],
  ])('%i ms later', (ms, days, clock) => {
    expect(elapsedSince(since, after(ms))).toEqual({ days, clock });
  });
  test('a clock that is behind shows zero', () => {
    expect(elapsedSince(since, after(-5_000))).toEqual({ days: 0, clock: '00:00:00' });
  });
});

describe('how long a call was held', () => {
  const now = Date.parse('2026-01-15T00:01:00Z');
  test.each([
    [0, null, ''],
    [999, null, ''],
    [61_000, null, '00:01:01'],
    [0, '2026-01-15T00:00:59Z', '00:00:01'],
    [61_000, '2026-01-15T00:00:30Z', '00:01:31'],
    [61_000, '2026-01-15T00:02:00Z', '00:01:01'],
  ])('%i ms before, and since %s', (heldMs, heldSince, clock) => {
    expect(heldFor({ heldMs, heldSince }, now)).toBe(clock);
  });
});

describe('when a status began', () => {
  test('the time of day, with the date when it was another day there', () => {
    const since = '2026-01-14T14:30:00Z';
    expect(formatSince(since, Date.parse('2026-01-14T14:59:00Z'), 'ja', 'Asia/Tokyo')).toBe('23:30');
    expect(formatSince(since, Date.parse('2026-01-14T15:01:00Z'), 'ja', 'Asia/Tokyo')).toBe('1/14 23:30');
    expect(formatSince(since, Date.parse('2026-01-14T15:01:00Z'), 'en', 'Asia/Tokyo')).toBe('14 Jan, 23:30');
  });
});
