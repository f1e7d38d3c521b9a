/** `npm start`: sets up what is missing, then starts everything and stays. With `-- --demo` somebody is there to listen to. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { home, requireNode, requirePackages } from './common.mjs';

requireNode();
requirePackages();
const { build } = await import('./build.mjs');
await build();
const { main } = await import(pathToFileURL(join(home, 'build/launcher.js')).href);
process.exitCode = await main(home, ['start', ...process.argv.slice(2)]);
