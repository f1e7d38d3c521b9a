import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type {
  ChangePasswordRequest,
  SessionAnswer,
  SignInRequest,
} from '../../../server/src/http/contract.ts';
import { ApiError, send } from '../api/client.ts';

/** `ended`: a session was there and is over without the person having signed out, which deserves a word. */
export type SessionState =
  | { readonly kind: 'in'; readonly session: SessionAnswer }
  | { readonly kind: 'out'; readonly ended: boolean };

const SESSION = ['session'];

function keep(client: QueryClient, state: SessionState): void {
  client.setQueryData(SESSION, state);
}

/** The session of this browser. Asked again whenever the page is looked at again. */
export function useSession() {
  const client = useQueryClient();
  return useQuery({
    queryKey: SESSION,
    queryFn: async (): Promise<SessionState> => {
      try {
        return { kind: 'in', session: await send<SessionAnswer>('GET', '/api/session') };
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 401) throw error;
        const before = client.getQueryData<SessionState>(SESSION);
        return { kind: 'out', ended: before !== undefined && (before.kind === 'in' || before.ended) };
      }
    },
    retry: true,
    retryDelay: (failures) => Math.min(5_000, 500 * 2 ** failures),
    refetchOnWindowFocus: 'always',
    // The browser's own idea of being online is often wrong for a server in the same building.
    networkMode: 'always',
  });
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation<SessionAnswer, ApiError, SignInRequest>({
    mutationFn: (request) => send<SessionAnswer>('POST', '/api/session', request),
    onSuccess: (session) => keep(client, { kind: 'in', session }),
    networkMode: 'always',
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useMutation<unknown, ApiError>({
    mutationFn: () => send('DELETE', '/api/session'),
    onSuccess: async () => {
      // An answer that is still on its way would sign the person in again, on this page only.
      await client.cancelQueries();
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION[0] });
      keep(client, { kind: 'out', ended: false });
    },
    onError: () => client.invalidateQueries({ queryKey: SESSION }),
    networkMode: 'always',
  });
}

export function useChangePassword() {
  const client = useQueryClient();
  return useMutation<unknown, ApiError, ChangePasswordRequest>({
    mutationFn: (request) => send('POST', '/api/session/password', request),
    onSuccess: () => client.invalidateQueries({ queryKey: SESSION }),
    onError: async ({ code }) => {
      if (code === 'SESSION_NONE') await client.invalidateQueries({ queryKey: SESSION });
    },
    networkMode: 'always',
  });
}

/** For those who notice that the session may be over: asks the server again. */
export function useSessionDoubt(): () => void {
  const client = useQueryClient();
  return useCallback(() => void client.invalidateQueries({ queryKey: SESSION }), [client]);
}
