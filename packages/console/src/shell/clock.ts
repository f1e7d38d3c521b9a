import { useSyncExternalStore } from 'react';

/** One clock for the whole page: everything that counts seconds turns over at the same moment, with one timer. */
const listeners = new Set<() => void>();
let timer: number | undefined;
let now = Date.now();

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
  // Aimed a little past the full second: timers may fire early by a fraction of a millisecond.
  timer = window.setTimeout(tick, 1_010 - (now % 1_000));
}

/** For those who count by the second: told at each full second of this machine. */
export function subscribeToClock(listener: () => void): () => void {
  if (listeners.size === 0) tick();
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.clearTimeout(timer);
  };
}

/** As {@link useNow}, outside of components. */
export function lastSecond(): number {
  return now;
}

/** This machine's time in ms as of the last full second; the component is drawn again each second. */
export function useNow(): number {
  return useSyncExternalStore(subscribeToClock, lastSecond);
}
