import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import type { SoftphoneAnswer } from '../../../server/src/http/contract.ts';
import { send } from '../api/client.ts';

/** Loaded only for those who have a browser phone: it is as large as half of the other pages together. */
const SoftphoneDock = lazy(() => import('./softphone-dock.tsx'));

/** The account's browser phone, if it has one. */
export function SoftphoneDoor() {
  const { data } = useQuery({
    queryKey: ['softphone'],
    queryFn: async () => send<SoftphoneAnswer>('GET', '/api/softphone'),
    staleTime: Infinity,
    networkMode: 'always',
  });
  const phone = data?.phone ?? null;
  if (phone === null) return null;
  return (
    <Suspense>
      <SoftphoneDock key={phone.number} phone={phone} />
    </Suspense>
  );
}
