import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Names the folder of the template to the workers of a run. */
export const TEMPLATE = 'SASAYAKI_TEST_TEMPLATE';

/**
 * Begins a data directory with the data of a system that has the kit's site (`make-template.ts`).
 * @returns what was printed when that was made; undefined when there is no template, as outside of tests
 */
export async function copyTemplate(dataDir: string): Promise<string | undefined> {
  const folder = process.env[TEMPLATE];
  if (folder === undefined) return undefined;
  await copyFolder(join(folder, 'data'), dataDir);
  return readFile(join(folder, 'output'), 'utf8');
}

/** Copies what is in a folder, with owners and rights, which Node.js does not copy. */
export async function copyFolder(from: string, to: string): Promise<void> {
  const child = spawn('cp', ['-a', `${from}/.`, to], { stdio: 'inherit' });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${from} could not be copied: cp ended with ${code}.`);
}
