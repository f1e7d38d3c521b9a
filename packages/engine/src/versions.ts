import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from './errors.ts';
import { writeWhole } from './files.ts';

/**
 * Writes down which release uses a data directory.
 * @throws EngineError DATA_NEWER when a newer one has: it may hold what this one cannot read
 */
export async function checkRelease(dataDir: string, version: string): Promise<void> {
  const file = join(dataDir, 'VERSION');
  const used = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (used !== '' && compareVersions(used, version) > 0) {
    const detail = `${dataDir} was used by release ${used}, this is ${version}. Use the newer release, or another data directory.`;
    throw new EngineError('DATA_NEWER', detail);
  }
  if (used !== version) await writeWhole(file, `${version}\n`, 0o644);
}

/** Negative, zero or positive, as a is older, the same or newer. */
export function compareVersions(a: string, b: string): number {
  const numbers = (text: string): readonly number[] =>
    text.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const [left, right] = [numbers(a), numbers(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
