/**
 * What every command of the project does first. Written in syntax that old versions of Node.js parse, so that they can say that they are
 * too old.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

const SETTING_UP = join(home, '.setting-up');
const LOOK_EVERY_MS = 200;
const LONGEST_SET_UP_MS = 900000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function otherSettingUp() {
  try {
    const pid = Number(readFileSync(SETTING_UP, 'utf8'));
    // A file that is just being written is empty for a moment.
    return pid === 0 || (pid !== process.pid && isAlive(pid));
  } catch {
    return false;
  }
}

/** Of several commands in one clone one sets up at a time, so that none takes away what another is making. @returns how to let go */
export function setUpAlone() {
  const until = Date.now() + LONGEST_SET_UP_MS;
  for (let told = false; ;) {
    try {
      writeFileSync(SETTING_UP, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST')
        fail(28, 'PACKAGES_FAILED', 'this folder cannot be written: ' + error.message);
    }
    if (!otherSettingUp()) {
      rmSync(SETTING_UP, { force: true });
    } else if (Date.now() > until) {
      fail(
        28,
        'PACKAGES_FAILED',
        'another command has been setting up for too long; its process is in ' + SETTING_UP,
      );
    } else {
      if (!told) say('another command is setting up; waiting for it');
      told = true;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_EVERY_MS);
    }
  }
  const letGo = () => rmSync(SETTING_UP, { force: true });
  process.once('exit', letGo);
  return () => {
    process.removeListener('exit', letGo);
    letGo();
  };
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(home, 'package-lock.json')))
    .digest('hex');
}

function isInstalled(wanted) {
  const stamp = join(home, 'node_modules', '.sasayaki-lock');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

/** Installs the packages when the lock file is not the one they were installed from. */
export function requirePackages() {
  if (isInstalled(lockHash())) return;
  const letGo = setUpAlone();
  const wanted = lockHash();
  if (!isInstalled(wanted)) install(wanted);
  letGo();
}

function install(wanted) {
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
  writeFileSync(join(home, 'node_modules', '.sasayaki-lock'), wanted);
}
