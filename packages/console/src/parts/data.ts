import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  QueryClient,
  UseInfiniteQueryResult,
  UseMutationResult,
  UseQueryResult,
} from '@tanstack/react-query';
import { ApiError, send } from '../api/client.ts';
import type { Method } from '../api/client.ts';

/** A change at the server, in the words of HTTP. */
export interface Change {
  readonly method: Exclude<Method, 'GET'>;
  readonly path: string;
  readonly body?: object;
}

/** A refusal that says that the session is over is for the page as a whole: it asks again who is signed in. */
async function doubt(client: QueryClient, error: unknown): Promise<void> {
  if (error instanceof ApiError && ['SESSION_NONE', 'PASSWORD_MUST_CHANGE'].includes(error.code)) {
    await client.invalidateQueries({ queryKey: ['session'] });
  }
}

async function read<Answer>(client: QueryClient, path: string): Promise<Answer> {
  try {
    return await send<Answer>('GET', path);
  } catch (error) {
    await doubt(client, error);
    throw error;
  }
}

/** Who does not answer at all may do so in a moment; what was refused is refused. */
const retry = (failures: number, error: ApiError): boolean => error.status === 0 && failures < 2;

interface Asking {
  /** Asks again after so long, for what changes by itself. */
  readonly everyMs?: number;
  /** Asked once and not kept: what is looked up is written down at the server, and no secret stays in memory. */
  readonly secret?: boolean;
}

/** What the server answers at this path, kept for as long as the page is shown. */
export function useAnswer<Answer>(
  path: string,
  { everyMs, secret = false }: Asking = {},
): UseQueryResult<Answer, ApiError> {
  const client = useQueryClient();
  return useQuery<Answer, ApiError>({
    queryKey: [secret ? 'secret' : 'api', path],
    queryFn: () => read<Answer>(client, path),
    retry,
    refetchInterval: everyMs ?? false,
    networkMode: 'always',
    ...(secret && { gcTime: 0, staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false }),
  });
}

interface Pages<Answer> {
  readonly pages: Answer[];
}

/** A long list, newest first, one page after the other. `path` holds the filters. */
export function usePages<Answer extends { readonly next: string | number | null }>(
  path: string,
): UseInfiniteQueryResult<Pages<Answer>, ApiError> {
  const client = useQueryClient();
  return useInfiniteQuery<Answer, ApiError, Pages<Answer>, readonly string[], string | number | null>({
    queryKey: ['api', path],
    queryFn: ({ pageParam }) =>
      read<Answer>(client, pageParam === null ? path : withQuery(path, { cursor: String(pageParam) })),
    initialPageParam: null,
    getNextPageParam: ({ next }) => next,
    retry,
    networkMode: 'always',
  });
}

/** Changes something; what is shown of these paths (by their beginnings) is then asked anew. */
export function useChange<Answer = unknown>(
  touched: readonly string[],
): UseMutationResult<Answer, ApiError, Change> {
  const client = useQueryClient();
  return useMutation<Answer, ApiError, Change>({
    mutationFn: ({ method, path, body }) => send<Answer>(method, path, body),
    // Not waited for: who asked for the change is told at once, before what is shown anew takes the asking part away.
    onSuccess: () => {
      void client.invalidateQueries({
        predicate: ({ queryKey: [kind, path] }) =>
          kind === 'api' && typeof path === 'string' && touched.some((begin) => path.startsWith(begin)),
      });
    },
    onError: (error) => doubt(client, error),
    networkMode: 'always',
  });
}

/** The path with what is not empty as its query. */
export function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  if (given.length === 0) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(given).toString()}`;
}
