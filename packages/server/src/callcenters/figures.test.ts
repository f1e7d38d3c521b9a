import { describe, expect, it } from 'vitest';
import { dayOf, figuresOf, type Counts } from './figures.ts';

const NOTHING: Counts = {
  waiting: 0,
  waitingSince: null,
  answered: 0,
  abandoned: 0,
  overflowed: 0,
  lost: 0,
  answeredInTime: 0,
  answerMs: 0,
  talked: 0,
  talkMs: 0,
};

describe('the day of a place', () => {
  it.each([
    ['Tokyo in the morning', '2026-11-20T22:00:00Z', 'Asia/Tokyo', '2026-11-20T15:00:00Z', 24],
    ['Tokyo at midnight', '2026-11-21T15:00:00Z', 'Asia/Tokyo', '2026-11-21T15:00:00Z', 24],
    ['Tokyo just before midnight', '2026-11-21T14:59:59.999Z', 'Asia/Tokyo', '2026-11-20T15:00:00Z', 24],
    ['a zone of half hours', '2026-11-21T12:00:00Z', 'Asia/Kolkata', '2026-11-20T18:30:00Z', 24],
    ['clocks put forward', '2026-03-29T12:00:00Z', 'Europe/Berlin', '2026-03-28T23:00:00Z', 23],
    ['clocks put back', '2026-10-25T12:00:00Z', 'Europe/Berlin', '2026-10-24T22:00:00Z', 25],
    ['a day that begins at one', '2026-03-29T12:00:00Z', 'Asia/Beirut', '2026-03-28T22:00:00Z', 23],
    ['UTC', '2026-01-01T00:00:00Z', 'UTC', '2026-01-01T00:00:00Z', 24],
  ])('%s', (_name, at, zone, from, hours) => {
    const day = dayOf(new Date(at), zone);
    expect(day.from.toISOString()).toBe(new Date(from).toISOString());
    expect((day.to.getTime() - day.from.getTime()) / 3_600_000).toBe(hours);
  });

  it('is the same at each of its moments, and the next begins where it ends', () => {
    for (const zone of ['Europe/Berlin', 'Australia/Lord_Howe']) {
      let day = dayOf(new Date('2026-01-01T12:00:00Z'), zone);
      for (let count = 0; count < 366; count += 1) {
        expect(dayOf(day.from, zone)).toEqual(day);
        expect(dayOf(new Date(day.to.getTime() - 1), zone)).toEqual(day);
        const next = dayOf(day.to, zone);
        expect(next.from).toEqual(day.to);
        day = next;
      }
    }
  });
});

describe('the figures of a call center', () => {
  it('have no rates while no wait is over', () => {
    expect(figuresOf({ ...NOTHING, waiting: 2, waitingSince: new Date(0) })).toEqual({
      waiting: 2,
      waitingSince: '1970-01-01T00:00:00.000Z',
      answered: 0,
      abandoned: 0,
      overflowed: 0,
      lost: 0,
      answerRate: null,
      abandonRate: null,
      serviceLevel: null,
      averageAnswerSeconds: null,
      averageTalkSeconds: null,
    });
  });

  it('are shares of all calls whose wait is over, and averages of those that they are about', () => {
    const figures = figuresOf({
      ...NOTHING,
      answered: 6,
      abandoned: 2,
      overflowed: 3,
      lost: 1,
      answeredInTime: 4,
      answerMs: 45_000,
      talked: 5,
      talkMs: 611_000,
    });
    expect(figures).toMatchObject({
      answerRate: 0.5,
      abandonRate: 0.1667,
      serviceLevel: 0.3333,
      averageAnswerSeconds: 7.5,
      averageTalkSeconds: 122.2,
    });
  });
});
