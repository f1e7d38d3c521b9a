import { createContext, useCallback, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { useSessionDoubt } from '../session/use-session.ts';
import { lastSecond, subscribeToClock } from '../shell/clock.ts';
import { FeedConnection, feedUrl } from './connection.ts';
import { serverNow } from './rules.ts';
import type { FeedState } from './rules.ts';

const Connection = createContext<FeedConnection | null>(null);

/** Keeps one live feed for everything below it, as long as it is mounted. */
export function FeedProvider({ children }: { readonly children: ReactNode }) {
  const onSessionDoubt = useSessionDoubt();
  const [connection] = useState(() => new FeedConnection({ url: feedUrl(window.location), onSessionDoubt }));
  useEffect(() => {
    connection.start();
    return () => connection.stop();
  }, [connection]);
  return <Connection value={connection}>{children}</Connection>;
}

function useConnection(): FeedConnection {
  const connection = useContext(Connection);
  if (connection === null) throw new Error('The feed is used outside of FeedProvider');
  return connection;
}

/** The feed's state; the component is drawn again whenever it changes. */
export function useFeed(): FeedState {
  const connection = useConnection();
  return useSyncExternalStore(connection.subscribe, connection.getState);
}

/** The server's clock in ms, in whole seconds; the component is drawn again when a second is over, and not with each message. */
export function useServerClock(): number {
  const connection = useConnection();
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
  return useSyncExternalStore(subscribe, () => {
    const now = serverNow(connection.getState(), lastSecond());
    return now - (now % 1_000);
  });
}
