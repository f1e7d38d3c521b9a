import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { System } from './system.ts';
import { copyFolder, TEMPLATE } from './template.ts';

/**
 * Before a run of tests: makes the data of a system with the kit's site once, by a real first start. Systems of tests begin with a copy of it,
 * which saves each a database's making and a site's application. First starts are tested by those that start without the kit's site.
 * @returns how to remove it
 */
export default async function makeTemplate(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'sasayaki-template-'));
  const remove = async (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const system = await System.start();
    await system.stop();
    // Processes, ports and logs are a system's own.
    for (const own of ['run', 'log']) await rm(join(system.dataDir, own), { recursive: true });
    await mkdir(join(folder, 'data'));
    await copyFolder(system.dataDir, join(folder, 'data'));
    await writeFile(join(folder, 'output'), system.output, { mode: 0o600 });
    await system.close();
  } catch (error) {
    await remove();
    throw error;
  }
  process.env[TEMPLATE] = folder;
  return remove;
}
