/**
 * `npm test`: sets up what is missing, then runs every test, and beside them, in the time that they wait, the checks (format, lint, types,
 * arrows). Arguments go to Vitest, and leave the checks out.
 */
import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { home, requireNode, requirePackages, say } from './common.mjs';

requireNode();
requirePackages();
const { build } = await import('./build.mjs');
await build();

const CHECKS = {
  types: ['tsc', '-p', 'tsconfig.json', '--noEmit'],
  lint: ['eslint', '.', '--max-warnings', '0'],
  format: ['prettier', '--check', '--log-level=warn', '.'],
  arrows: ['depcruise', '--config', '.dependency-cruiser.cjs', 'packages', 'test'],
};
/** The weakest claim to the processor: a check never takes it from a test. */
const LAST_IN_LINE = 19;

/** @returns what a program of the packages said, unless it says it by itself, and how it ended */
async function run(args, { quietly }) {
  const child = spawn('npx', ['--no-install', ...args], {
    cwd: home,
    stdio: ['ignore', quietly ? 'pipe' : 'inherit', quietly ? 'pipe' : 'inherit'],
  });
  let said = '';
  if (quietly) {
    setPriority(child.pid, LAST_IN_LINE);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  }
  const code = await new Promise((resolve) => child.once('close', (exit) => resolve(exit ?? 1)));
  return { code, said };
}

/** One after the other. @returns the names of those that failed */
async function check() {
  const failed = [];
  for (const [name, args] of Object.entries(CHECKS)) {
    const { code, said } = await run(args, { quietly: true });
    say(code === 0 ? name + ': nothing to complain of' : name + ' failed\n' + said);
    if (code !== 0) failed.push(name);
  }
  return failed;
}

// Ctrl-C reaches the programs too; this one ends when they have.
process.on('SIGINT', () => undefined);
const args = process.argv.slice(2);
const [tests, failed] = await Promise.all([
  run(['vitest', 'run', ...args], { quietly: false }),
  args.length > 0 ? [] : check(),
]);
if (tests.code !== 0) failed.push('tests');
for (const name of failed) say(name + ' failed');
process.exitCode = failed.length === 0 ? 0 : 1;
