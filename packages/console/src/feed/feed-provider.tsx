import { createContext, useCallback, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { useSessionDoubt } from '../session/use-session.ts';
import { lastSecond, subscribeToClock } from '../shell/clock.ts';
import { FeedConnection, feedUrl } from './connection.ts';
import type { FeedState } from './rules.ts';
import { ServerClock } from './server-clock.ts';

interface Feed {
  readonly connection: FeedConnection;
  readonly clock: ServerClock;
}

const Context = createContext<Feed | null>(null);

/** Keeps one live feed for everything below it, as long as it is mounted. */
export function FeedProvider({ children }: { readonly children: ReactNode }) {
  const onSessionDoubt = useSessionDoubt();
  const [feed] = useState(() => {
    const connection = new FeedConnection({ url: feedUrl(window.location), onSessionDoubt });
    return { connection, clock: new ServerClock(connection) };
  });
  useEffect(() => {
    feed.connection.start();
    return () => feed.connection.stop();
  }, [feed]);
  return <Context value={feed}>{children}</Context>;
}

function useContextFeed(): Feed {
  const feed = useContext(Context);
  if (feed === null) throw new Error('The feed is used outside of FeedProvider');
  return feed;
}

/**
 * A part of the feed's state; the component is drawn again only when that part changes, for on a large floor the state does with each frame.
 * @param select gives what is in the state, or a plain value, never a new object
 */
export function useFeed<Part>(select: (feed: FeedState) => Part): Part {
  const { connection } = useContextFeed();
  return useSyncExternalStore(connection.subscribe, () => select(connection.getState()));
}

/** As {@link useFeed}, of what also the second on this machine's clock (ms) makes different. */
export function useFeedAt<Part>(select: (feed: FeedState, now: number) => Part): Part {
  const { connection } = useContextFeed();
  const subscribe = useCallback(
    (listener: () => void) => {
      const leaveFeed = connection.subscribe(listener);
      const leaveClock = subscribeToClock(listener);
      return () => {
        leaveFeed();
        leaveClock();
      };
    },
    [connection],
  );
  return useSyncExternalStore(subscribe, () => select(connection.getState(), lastSecond()));
}

/** The server's clock in ms, in whole seconds; the component is drawn again when a second is over, and not with each message. */
export function useServerClock(): number {
  const { clock } = useContextFeed();
  return useSyncExternalStore(clock.subscribe, clock.getSecond);
}
