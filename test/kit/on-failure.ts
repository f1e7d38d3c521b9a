import { afterEach } from 'vitest';
import { System } from './system.ts';

const LINES = 40;

/** A test that failed on another machine can only be understood by what the system wrote down meanwhile; its folder is gone by then. */
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const system of System.running) {
    process.stderr.write(`${task.name}: the server's last lines\n${await system.lastWords(LINES)}\n`);
  }
});
