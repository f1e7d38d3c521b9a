import { afterEach } from 'vitest';
import { System } from './system.ts';
import { totalLevel } from './tones.ts';

const LINES = 40;
const SECONDS = 8;
/** 100 ms. */
const MOMENT = 800;

/** A test that failed on another machine can only be understood by what the system wrote down meanwhile; its folder is gone by then. */
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const system of System.running) {
    const told = [
      [`the server's last lines`, await system.lastWords(LINES)],
      [`Asterisk's last lines`, await system.lastWords(LINES, 'asterisk')],
      ['how loud it was at its phones in their last calls, dBFS every 100 ms', await soundsAt(system)],
    ];
    for (const [what, text] of told) process.stderr.write(`${task.name}: ${what}\n${text}\n`);
  }
});

/** Gaps, silence and what came late look different. */
async function soundsAt(system: System): Promise<string> {
  const lines = Array.from(system.phones, async (phone) => {
    const { samples } = await phone.heard(SECONDS * 1_000);
    const levels: string[] = [];
    for (let from = 0; from + MOMENT <= samples.length; from += MOMENT) {
      levels.push(totalLevel(samples.subarray(from, from + MOMENT)).toFixed(0));
    }
    return `${phone.number}: ${levels.join(' ')}`;
  });
  return (await Promise.all(lines)).join('\n');
}
