import { useEffect, useState } from 'react';
import type { RefObject } from 'react';

/** Lists up to this long are drawn whole. */
const WHOLE = 120;
/** Rows above and below what is seen, so that a quick scroll does not show the gap. */
const SPARE = 15;
const GUESS_PX = 40;

export interface VisibleRows {
  readonly first: number;
  /** After the last. */
  readonly end: number;
  /** Heights of what is not drawn, in px. */
  readonly above: number;
  readonly below: number;
}

/** Which rows of a long list are to be drawn: those in the window, and some more. All rows of a list are about as high as each other. */
export function useVisibleRows(body: RefObject<HTMLElement | null>, count: number): VisibleRows {
  const [span, setWindow] = useState({ first: 0, end: WHOLE, height: GUESS_PX });
  const isLong = count > WHOLE;
  useEffect(() => {
    if (!isLong) return undefined;
    const look = (): void => {
      const element = body.current;
      if (element === null) return;
      const rows = element.querySelectorAll<HTMLElement>('[data-row]');
      const [first, second] = rows;
      const height =
        first === undefined || second === undefined ? GUESS_PX : second.offsetTop - first.offsetTop;
      const { top } = element.getBoundingClientRect();
      const from = Math.max(0, Math.floor(-top / height) - SPARE);
      const end = from + Math.ceil(window.innerHeight / height) + 2 * SPARE;
      setWindow((before) =>
        before.first === from && before.end === end && before.height === height
          ? before
          : { first: from, end, height },
      );
    };
    look();
    window.addEventListener('scroll', look, { passive: true });
    window.addEventListener('resize', look);
    return () => {
      window.removeEventListener('scroll', look);
      window.removeEventListener('resize', look);
    };
  }, [body, isLong, count]);
  if (!isLong) return { first: 0, end: count, above: 0, below: 0 };
  const first = Math.min(span.first, Math.max(0, count - 1));
  const end = Math.min(count, span.end);
  return { first, end, above: first * span.height, below: (count - end) * span.height };
}
