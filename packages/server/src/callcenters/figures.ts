/** What a call center's day looks like in numbers (pure). What is counted is in `figures-store.ts`. */

/** From the first moment of a day up to before the first of the next. */
export interface Day {
  readonly from: Date;
  readonly to: Date;
}

const MINUTE_MS = 60_000;
/** A day is never longer: clocks are put back by an hour, and an hour is for who does more. */
const LONGEST_DAY_MINUTES = 26 * 60;

/** The day of a place at this moment; also those of 23 and 25 hours. */
export function dayOf(at: Date, timeZone: string): Day {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const now = Math.floor(at.getTime() / MINUTE_MS);
  const today = format.format(at);
  const isToday = (minute: number): boolean => format.format(minute * MINUTE_MS) === today;
  return {
    from: new Date(MINUTE_MS * firstWith(now - LONGEST_DAY_MINUTES, now, isToday)),
    to: new Date(MINUTE_MS * firstWith(now, now + LONGEST_DAY_MINUTES, (minute) => !isToday(minute))),
  };
}

/** The first for which it holds, of a range in which it begins to hold once; the last one does. */
function firstWith(from: number, last: number, holds: (value: number) => boolean): number {
  let [without, having] = [from, last];
  while (having - without > 1) {
    const middle = Math.floor((without + having) / 2);
    if (holds(middle)) having = middle;
    else without = middle;
  }
  return having;
}

/** What the database counted of one call center: calls that began in the day, and who waits now. */
export interface Counts {
  readonly waiting: number;
  /** Since when the one waits who waits longest; null when nobody does. */
  readonly waitingSince: Date | null;
  readonly answered: number;
  /** The caller hung up before an answer. */
  readonly abandoned: number;
  /** Sent elsewhere or away by the rules. */
  readonly overflowed: number;
  /** Ended unanswered while nobody could see how. */
  readonly lost: number;
  /** Answered within the seconds that the call center promises. */
  readonly answeredInTime: number;
  /** All waits of the answered together, ms. */
  readonly answerMs: number;
  /** Answered calls that are over, and how long they were talked together, holds included, ms. */
  readonly talked: number;
  readonly talkMs: number;
}

export interface Figures {
  readonly waiting: number;
  readonly waitingSince: string | null;
  readonly answered: number;
  readonly abandoned: number;
  readonly overflowed: number;
  readonly lost: number;
  /** Of the calls whose wait is over; from 0 to 1, and null when there are none. */
  readonly answerRate: number | null;
  readonly abandonRate: number | null;
  readonly serviceLevel: number | null;
  readonly averageAnswerSeconds: number | null;
  readonly averageTalkSeconds: number | null;
}

/** The figures that follow from the counts. */
export function figuresOf(counts: Counts): Figures {
  const { waiting, waitingSince, answered, abandoned, overflowed, lost } = counts;
  const over = answered + abandoned + overflowed + lost;
  return {
    waiting,
    waitingSince: waitingSince?.toISOString() ?? null,
    answered,
    abandoned,
    overflowed,
    lost,
    answerRate: ratio(answered, over, 4),
    abandonRate: ratio(abandoned, over, 4),
    serviceLevel: ratio(counts.answeredInTime, over, 4),
    averageAnswerSeconds: ratio(counts.answerMs / 1_000, answered, 1),
    averageTalkSeconds: ratio(counts.talkMs / 1_000, counts.talked, 1),
  };
}

function ratio(part: number, whole: number, digits: number): number | null {
  return whole === 0 ? null : Number((part / whole).toFixed(digits));
}
