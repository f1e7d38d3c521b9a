import { useEffect, useState } from 'react';
import type { RefObject } from 'react';
import { flushSync } from 'react-dom';

/** Lists up to this long are drawn whole. */
export const WHOLE = 120;
/** So many rows more than are seen are drawn, so that a quick scroll does not show what is not drawn; most of them where it goes. */
const SPARE = 24;
const BEHIND = 4;
/** The part that is drawn moves by so many rows at once: a little scrolling changes nothing. */
const STEP = 4;
const GUESS_PX = 40;
/** So long after the last movement a list stands still, ms. */
const STILL_MS = 100;

export interface VisibleRows {
  readonly first: number;
  /** After the last. */
  readonly end: number;
  /** Heights of what is not drawn, in px. */
  readonly above: number;
  readonly below: number;
  /** Whether the list is being scrolled. */
  readonly moving: boolean;
}

interface Span {
  readonly first: number;
  readonly size: number;
  readonly height: number;
  readonly moving: boolean;
}

/**
 * Which rows of a long list are to be drawn: those in the window, and some more, always as many.
 * @param pitch how far each row is below the one before, px; null when rows are to be measured, which are all about as high as each other
 */
export function useVisibleRows(
  body: RefObject<HTMLElement | null>,
  count: number,
  pitch: number | null,
): VisibleRows {
  const [span, setSpan] = useState<Span>({ first: 0, size: WHOLE, height: GUESS_PX, moving: false });
  const isLong = count > WHOLE;
  useEffect(() => {
    if (!isLong) return undefined;
    let height = 0;
    let still: number | undefined;
    let before = 0;
    let above = SPARE / 2;
    const look = (moving: boolean): void => {
      if (body.current === null) return;
      const { top } = body.current.getBoundingClientRect();
      if (moving && top !== before) above = top < before ? BEHIND : SPARE - BEHIND;
      before = top;
      const seen = Math.floor(-top / height / STEP) * STEP;
      const size = Math.ceil(window.innerHeight / height) + STEP + SPARE;
      const first = Math.max(0, Math.min(seen - above, count - size));
      const next = { first, size, height, moving };
      setSpan((span) => (isSame(span, next) ? span : next));
    };
    const measure = (): void => {
      const [first, second] = body.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [];
      height =
        pitch ??
        (first === undefined || second === undefined ? GUESS_PX : second.offsetTop - first.offsetTop);
      look(false);
    };
    const scrolled = (): void => {
      window.clearTimeout(still);
      still = window.setTimeout(look, STILL_MS, false);
      // At once, so that the frame which shows the new place shows its rows too.
      flushSync(() => look(true));
    };
    const pressed = ({ key }: KeyboardEvent): void => {
      // The tabulator goes by the order in the document.
      if (key === 'Tab') flushSync(() => look(false));
    };
    measure();
    window.addEventListener('keydown', pressed);
    window.addEventListener('scroll', scrolled, { passive: true });
    window.addEventListener('resize', measure);
    return () => {
      window.clearTimeout(still);
      window.removeEventListener('keydown', pressed);
      window.removeEventListener('scroll', scrolled);
      window.removeEventListener('resize', measure);
    };
  }, [body, isLong, count, pitch]);
  if (!isLong) return { first: 0, end: count, above: 0, below: 0, moving: false };
  const { height, size, moving } = span;
  const first = Math.max(0, Math.min(span.first, count - size));
  const end = Math.min(count, first + size);
  return { first, end, above: first * height, below: (count - end) * height, moving };
}

function isSame(one: Span, other: Span): boolean {
  return (
    one.first === other.first &&
    one.size === other.size &&
    one.height === other.height &&
    one.moving === other.moving
  );
}
