import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Report } from './report.ts';

const STRINGS = 1_000_000;

/** A million odd strings thrown at the grammar of dialled strings: never an exception, never a wrong operation. */
export function grammar(report: Report): Promise<void> {
  const home = process.env['SASAYAKI_HOME'] ?? process.cwd();
  const begun = performance.now();
  const run = spawnSync(
    process.execPath,
    [
      join(home, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--project',
      'unit',
      'packages/server/src/dialing/rules.test.ts',
    ],
    { cwd: home, stdio: 'inherit', env: { ...process.env, SASAYAKI_PROPERTY_RUNS: String(STRINGS) } },
  );
  report.add('strings', STRINGS, '');
  report.add('seconds', (performance.now() - begun) / 1_000, 's');
  report.add('failed runs', run.status === 0 ? 0 : 1, '', 0);
  return Promise.resolve();
}
