import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { useSessionDoubt } from '../session/use-session.ts';
import { FeedConnection, feedUrl } from './connection.ts';
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

/** The feed's state; the component is drawn again whenever it changes. */
export function useFeed(): FeedState {
  const connection = useContext(Connection);
  if (connection === null) throw new Error('useFeed outside of FeedProvider');
  return useSyncExternalStore(connection.subscribe, connection.getState);
}
