/**
 * `npm test`: sets up what is missing, checks (format, lint, types, arrows), then runs every test. Arguments go to Vitest, and skip the
 * checks.
 */
import { spawnSync } from 'node:child_process';
import { home, requireNode, requirePackages, say } from './common.mjs';

requireNode();
requirePackages();
const { build } = await import('./build.mjs');
await build();

const args = process.argv.slice(2);
const steps = [
  ...(args.length > 0
    ? []
    : [
        ['format', ['prettier', '--check', '--log-level=warn', '.']],
        ['lint', ['eslint', '.', '--max-warnings', '0']],
        ['types', ['tsc', '-p', 'tsconfig.json', '--noEmit']],
        ['arrows', ['depcruise', '--config', '.dependency-cruiser.cjs', 'packages', 'test']],
      ]),
  ['tests', ['vitest', 'run', ...args]],
];
for (const [name, [program, ...rest]] of steps) {
  say(name);
  const run = spawnSync('npx', ['--no-install', program, ...rest], {
    cwd: home,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (run.status !== 0) {
    say(name + ' failed');
    process.exit(run.status ?? 1);
  }
}
