/** `npm run bench`: sets up what is missing, then measures. Arguments choose benches by name. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { home, requireNode, requirePackages } from './common.mjs';

requireNode();
requirePackages();
const { build } = await import('./build.mjs');
await build();
const esbuild = await import('esbuild');
const outfile = join(home, 'bench/out/main.mjs');
await esbuild.build({
  entryPoints: [join(home, 'bench/src/main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  alias: { '@sasayaki/engine': join(home, 'packages/engine/src/index.ts') },
});
const run = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], {
  cwd: home,
  stdio: 'inherit',
  env: { ...process.env, SASAYAKI_HOME: home },
});
process.exitCode = run.status ?? 1;
