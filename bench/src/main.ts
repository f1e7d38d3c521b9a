import { footprint } from './footprint.ts';

const BENCHES: Readonly<Record<string, () => Promise<void>>> = { footprint };

const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`\n${name}\n`);
  await run();
}
