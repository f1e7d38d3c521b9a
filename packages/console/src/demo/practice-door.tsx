import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import type { PracticeAnswer } from '../../../server/src/practice/forms.ts';
import { send } from '../api/client.ts';

/** Loaded only where there is practice. */
const PracticeGuide = lazy(() => import('./practice-guide.tsx'));

const LOOK_AGAIN_MS = 2_000;

/** The guide, when the server was started with practice calls that this account may listen to. */
export function PracticeDoor({ accountId }: { readonly accountId: number }) {
  const { data } = useQuery({
    queryKey: ['practice'],
    queryFn: async () => send<PracticeAnswer>('GET', '/api/practice'),
    staleTime: Infinity,
    networkMode: 'always',
    // Nobody tells the page that its own phone is registered now.
    refetchInterval: ({ state }) => {
      const phone = state.data?.practice?.phone;
      return phone != null && phone.registered !== true ? LOOK_AGAIN_MS : false;
    },
  });
  const practice = data?.practice ?? null;
  if (practice === null) return null;
  return (
    <Suspense>
      <PracticeGuide practice={practice} accountId={accountId} />
    </Suspense>
  );
}
