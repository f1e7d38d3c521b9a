import { readFile } from 'node:fs/promises';
import type { Part, System } from '../../test/kit/system.ts';

export const PARTS: readonly Part[] = ['postgres', 'asterisk', 'server'];

export interface Usage {
  /** Proportional set size: shared pages of PostgreSQL's processes are counted once, bytes. */
  readonly memory: number;
  /** Processor time so far, s. */
  readonly seconds: number;
}

/** Of a process and its children. */
export async function usage(pid: number): Promise<Usage> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'))
    .trim()
    .split(' ')
    .filter(Boolean);
  let [memory, ticks] = [0, 0];
  for (const id of [String(pid), ...children]) {
    const rollup = await readFile(`/proc/${id}/smaps_rollup`, 'utf8');
    memory += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1_024;
    const stat = await readFile(`/proc/${id}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Also what its ended children used: PostgreSQL's connections come and go.
    for (const field of fields.slice(11, 15)) ticks += Number(field);
  }
  return { memory, seconds: ticks / 100 };
}

/** Of the three parts, since {@link watch} was called. */
export interface Watch {
  /** @returns what each part uses: memory now, and the share of one core's time since the watch began */
  end(): Promise<readonly { readonly part: Part; readonly megabytes: number; readonly percent: number }[]>;
}

export async function watch(system: System): Promise<Watch> {
  const pids = await Promise.all(PARTS.map(async (part) => (await system.part(part))?.pid ?? 0));
  const before = await Promise.all(pids.map(usage));
  const begun = performance.now();
  return {
    end: async () => {
      const after = await Promise.all(pids.map(usage));
      const seconds = (performance.now() - begun) / 1_000;
      return PARTS.map((part, index) => {
        const used = (after[index]?.seconds ?? 0) - (before[index]?.seconds ?? 0);
        return { part, megabytes: (after[index]?.memory ?? 0) / 1e6, percent: (used / seconds) * 100 };
      });
    },
  };
}
