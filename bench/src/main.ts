import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { board } from './board.ts';
import { calls } from './calls.ts';
import { consolePage } from './console.ts';
import { footprint } from './footprint.ts';
import { grammar } from './grammar.ts';
import { hangUps } from './hang-ups.ts';
import { monitoringCost } from './monitoring-cost.ts';
import { monitoring } from './monitoring.ts';
import { oneShot } from './one-shot.ts';
import { queue } from './queue.ts';
import { isMissed, lineOf, machine, Report } from './report.ts';
import { shiftStart } from './shift-start.ts';

const BENCHES: Readonly<Record<string, (report: Report) => Promise<void>>> = {
  footprint,
  grammar,
  'one-shot': oneShot,
  'shift-start': shiftStart,
  board,
  'hang-ups': hangUps,
  calls,
  queue,
  monitoring,
  'monitoring-cost': monitoringCost,
  console: consolePage,
};

const out = join(process.env['SASAYAKI_HOME'] ?? process.cwd(), 'bench/out');
mkdirSync(out, { recursive: true });
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => BENCHES[name] === undefined);
if (unknown.length > 0) {
  throw new Error(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}.`);
}
const summary: string[] = [];
for (const [name, run] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`\n${name}\n`);
  const taken = machine();
  const report = new Report(name);
  await run(report);
  writeFileSync(
    join(out, `${name}.json`),
    `${JSON.stringify({ name, ...taken, figures: report.figures }, undefined, 2)}\n`,
  );
  summary.push(`\n${name} (${Object.values(taken).join(', ')})`, ...report.figures.map(lineOf));
  if (report.figures.some(isMissed)) process.exitCode = 1;
}
process.stdout.write(`\nSummary\n${summary.join('\n')}\n`);
writeFileSync(join(out, 'summary.txt'), `${summary.join('\n')}\n`);
