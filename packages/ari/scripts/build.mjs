/**
 * Makes `dist/`, the package as it is published: compiled, and with a package.json of its own, because the workspace imports the source.
 *
 *   npm run build -w @sasayaki/ari && npm publish ./packages/ari/dist
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(home, 'dist');
rmSync(dist, { recursive: true, force: true });
const { status } = spawnSync('npx', ['--no-install', 'tsc', '-p', 'tsconfig.build.json'], {
  cwd: home,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

const { publishConfig, ...described } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
delete described.scripts;
delete described.devDependencies;
const { access, exports } = publishConfig;
const published = { ...described, exports, publishConfig: { access } };
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
copyFileSync(join(home, 'README.md'), join(dist, 'README.md'));
copyFileSync(join(home, '../../LICENSE'), join(dist, 'LICENSE'));
