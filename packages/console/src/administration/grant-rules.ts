import type { GrantChangesRequest, GrantsAnswer } from '../../../server/src/http/contract.ts';

export type GrantKind = 'call_center' | 'phone';
export type Level = 'none' | 'view' | 'edit' | 'manage';
export const LEVELS = ['none', 'view', 'edit', 'manage'] as const satisfies readonly Level[];

export type Levels = ReadonlyMap<string, Level>;

const keyOf = (accountId: number, kind: string, resource: string): string =>
  `${accountId} ${kind} ${resource}`;

/** Every right by account and resource; what is not there is none. */
export function levelsOf(grants: GrantsAnswer['grants']): Levels {
  return new Map(
    grants.map(({ accountId, kind, resource, level }) => [keyOf(accountId, kind, resource), level]),
  );
}

export function levelIn(
  levels: Levels,
  accountId: number,
  kind: GrantKind,
  resource: string,
): Level | undefined {
  return levels.get(keyOf(accountId, kind, resource));
}

/** The draft with one more choice; a choice of what holds already is none. */
export function choose(
  draft: Levels,
  kept: Levels,
  {
    accountId,
    kind,
    resource,
  }: { readonly accountId: number; readonly kind: GrantKind; readonly resource: string },
  level: Level,
): Levels {
  const key = keyOf(accountId, kind, resource);
  const next = new Map(draft);
  if ((kept.get(key) ?? 'none') === level) next.delete(key);
  else next.set(key, level);
  return next;
}

/** The draft as the server takes it. */
export function changesOf(draft: Levels): GrantChangesRequest['changes'] {
  return [...draft].map(([key, level]) => {
    const [accountId, kind, resource = ''] = key.split(' ');
    return {
      accountId: Number(accountId),
      kind: kind === 'phone' ? 'phone' : 'call_center',
      resource,
      level: level === 'none' ? null : level,
    };
  });
}
