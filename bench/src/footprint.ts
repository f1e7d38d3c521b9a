import { setTimeout as delay } from 'node:timers/promises';
import { System } from '../../test/kit/system.ts';
import { PASSWORD, registerAll } from './registered.ts';
import type { Report } from './report.ts';
import { watch } from './usage.ts';

const IDLE_MS = 20_000;
const PHONES = 1_000;
/** Of single parts, and of all together, MB. */
const IDLE_AIM = 350;
const PHONES_AIMS = { asterisk: 150, server: 200, postgres: undefined };

/** What the three parts need, idle and with a thousand phones; and how soon they are ready. */
export async function footprint(report: Report): Promise<void> {
  const started = performance.now();
  const system = await System.start({ applySite: false });
  try {
    report.add('first start on new data', (performance.now() - started) / 1_000, 's');
    await system.stop();
    const again = performance.now();
    await system.launch();
    report.add('later start', (performance.now() - again) / 1_000, 's', 10);
    const ready = /.*Asterisk is ready after ([0-9.]+) s/s.exec(system.output)?.[1];
    report.add('Asterisk ready', Number(ready), 's', 1);
    await delay(3_000);
    const idle = await watch(system);
    await delay(IDLE_MS);
    let [memory, share] = [0, 0];
    for (const { part, megabytes, percent } of await idle.end()) {
      report.add(`idle: ${part}`, megabytes, 'MB');
      memory += megabytes;
      share += percent;
    }
    report.add('idle: all three', memory, 'MB', IDLE_AIM);
    report.add('idle: all three', share, '% of a core', 2);
    const numbers = Array.from({ length: PHONES }, (_value, index) => String(1_000 + index));
    const phones = numbers.map(
      (number) => `  - { number: "${number}", name: p${number}, kind: desk, sipPassword: ${PASSWORD} }`,
    );
    await system.apply(`site: 1\nphones:\n${phones.join('\n')}\n`);
    const end = await registerAll(system, numbers);
    // Every phone is asked once before the measure begins.
    await delay(16_000);
    const known = await watch(system);
    await delay(IDLE_MS);
    for (const { part, megabytes, percent } of await known.end()) {
      report.add(`1,000 phones registered: ${part}`, megabytes, 'MB', PHONES_AIMS[part]);
      report.add(`1,000 phones registered: ${part}`, percent, '% of a core');
    }
    await end();
  } finally {
    await system.close();
  }
}
