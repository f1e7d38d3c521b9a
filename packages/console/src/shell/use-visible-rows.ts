import { useEffect, useState } from 'react';
import type { RefObject } from 'react';

/** Lists up to this long are drawn whole. */
const WHOLE = 120;
/** Rows above and below what is seen, so that a quick scroll does not show the gap. */
const SPARE = 12;
const GUESS_PX = 40;

export interface VisibleRows {
  readonly first: number;
  /** After the last. */
  readonly end: number;
  /** Heights of what is not drawn, in px. */
  readonly above: number;
  readonly below: number;
}

/** The part that is drawn moves by so many rows at once: a little scrolling changes nothing. */
const STEP = 4;

/** Which rows of a long list are to be drawn: those in the window, and some more. All rows of a list are about as high as each other. */
export function useVisibleRows(body: RefObject<HTMLElement | null>, count: number): VisibleRows {
  const [span, setSpan] = useState({ first: 0, end: WHOLE, height: GUESS_PX });
  const isLong = count > WHOLE;
  useEffect(() => {
    if (!isLong) return undefined;
    let height = 0;
    const measure = (): void => {
      const [first, second] = body.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [];
      height = first === undefined || second === undefined ? GUESS_PX : second.offsetTop - first.offsetTop;
      look();
    };
    const look = (): void => {
      if (body.current === null) return;
      const seen = Math.floor(-body.current.getBoundingClientRect().top / height / STEP) * STEP;
      const first = Math.max(0, seen - SPARE);
      const end = Math.max(0, seen) + Math.ceil(window.innerHeight / height) + STEP + SPARE;
      setSpan((before) =>
        before.first === first && before.end === end && before.height === height
          ? before
          : { first, end, height },
      );
    };
    measure();
    window.addEventListener('scroll', look, { passive: true });
    window.addEventListener('resize', measure);
    return () => {
      window.removeEventListener('scroll', look);
      window.removeEventListener('resize', measure);
    };
  }, [body, isLong, count]);
  if (!isLong) return { first: 0, end: count, above: 0, below: 0 };
  const first = Math.min(span.first, Math.max(0, count - 1));
  const end = Math.min(count, span.end);
  return { first, end, above: first * span.height, below: (count - end) * span.height };
}
