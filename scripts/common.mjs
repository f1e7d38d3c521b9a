/**
 * What every command of the project does first. Written in syntax that old versions of Node.js parse, so that they can say that they are
 * too old.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const home = dirname(dirname(fileURLToPath(import.meta.url)));

export function say(text) {
  process.stderr.write('sasayaki: ' + text + '\n');
}

export function fail(exitCode, code, text) {
  process.stderr.write('\nsasayaki: ' + code + ': ' + text + '\n');
  process.exit(exitCode);
}

export function requireNode() {
  const parts = process.versions.node.split('.').map(Number);
  if (parts[0] < 20 || (parts[0] === 20 && parts[1] < 19)) {
    fail(10, 'NODE_TOO_OLD', 'Node.js 20.19 or newer is needed; this is ' + process.versions.node + '.');
  }
}

/** Installs the packages when the lock file is not the one they were installed from. */
export function requirePackages() {
  const lock = readFileSync(join(home, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  const stamp = join(home, 'node_modules', '.sasayaki-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('installing packages (npm ci)');
  const run = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: home,
    stdio: ['ignore', 2, 2],
  });
  if (run.error) fail(28, 'PACKAGES_FAILED', 'npm could not be run: ' + run.error.message);
  if (run.status !== 0) {
    fail(
      28,
      'PACKAGES_FAILED',
      'npm ci failed; what it said is above. Check the network and the npm registry in use.',
    );
  }
  writeFileSync(stamp, wanted);
}
