import { useState } from 'react';
import type { AgentView } from '../../../server/src/http/contract.ts';
import { useNow } from '../shell/clock.ts';
import { inOrder, sortAgents, type CountListeners, type NameOrder, type Sorting } from './order.ts';

interface Settled {
  readonly at: number;
  readonly sorting: Sorting;
  readonly names: NameOrder;
  readonly accounts: readonly number[];
}

/**
 * The agents in the order asked for. What a row says is always of now, but rows change their places at most once a second, and not while the
 * list is scrolled: on a large floor they would jump so often that nobody could read or click them, or find where one was.
 */
export function useSettledOrder(
  agents: readonly AgentView[],
  sorting: Sorting,
  names: NameOrder,
  listeners: CountListeners,
  moving: boolean,
): readonly AgentView[] {
  const at = useNow();
  const [settled, setSettled] = useState<Settled | null>(null);
  const isCurrent =
    settled !== null &&
    (moving || settled.at === at) &&
    settled.sorting === sorting &&
    settled.names === names;
  const kept = isCurrent ? inOrder(agents, settled.accounts) : null;
  if (kept !== null) return kept;
  const rows = sortAgents(agents, sorting, names, listeners);
  setSettled({ at, sorting, names, accounts: rows.map(({ accountId }) => accountId) });
  return rows;
}
