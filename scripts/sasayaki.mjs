/** `npm run sasayaki -- COMMAND` and `npm stop`: with what is built already, so that nothing changes under a running system. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { home, requireNode, requirePackages } from './common.mjs';

requireNode();
if (!existsSync(join(home, 'build/launcher.js'))) {
  requirePackages();
  const { build } = await import('./build.mjs');
  await build();
}
const { main } = await import(pathToFileURL(join(home, 'build/launcher.js')).href);
process.exitCode = await main(home, process.argv.slice(2));
