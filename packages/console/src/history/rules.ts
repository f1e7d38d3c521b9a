import type { CallView } from '../../../server/src/http/contract.ts';

/** How long the caller waited for an answer or for nothing, and how long it was talked; null while it is not known. */
export function timesOf({ startedAt, answeredAt, endedAt }: CallView): {
  readonly waitedMs: number | null;
  readonly talkedMs: number | null;
} {
  const waitEnd = answeredAt ?? endedAt;
  return {
    waitedMs: waitEnd === null ? null : Date.parse(waitEnd) - Date.parse(startedAt),
    talkedMs: answeredAt === null || endedAt === null ? null : Date.parse(endedAt) - Date.parse(answeredAt),
  };
}

/** Who was on the called side, each once: agents by their names, others by their numbers. */
export function talkersOf({ parts }: CallView): string[] {
  return [
    ...new Set(
      parts
        .filter(({ side }) => side === 'callee')
        .map(({ agent, number }) => (agent === null ? number : agent.displayName)),
    ),
  ];
}
