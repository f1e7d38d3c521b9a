import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Phone } from './kit/phone.ts';
import { SATO, System, TANAKA } from './kit/system.ts';
import { until } from './kit/wait.ts';

const A_TONE = 500;
const B_TONE = 900;
/** Louder than this a tone is there; it is sent at -12 dBFS. */
const HEARD = -20;
/** Quieter than this a tone is not there: 40 dB under what was sent. */
const ABSENT = -52;

let system: System;
let a: Phone;
let b: Phone;

beforeAll(async () => {
  system = await System.start();
  a = await system.phone('1000', { toneHz: A_TONE });
  b = await system.phone('1001', { toneHz: B_TONE });
  await signIn(a, SATO, '1000');
  await signIn(b, TANAKA, '1001');
});
afterAll(async () => system.close());
afterEach(async () => {
  await until('all calls to be over', 30_000, async () => (await system.metric('sasayaki_calls')) === 0);
});

async function signIn(phone: Phone, who: typeof SATO, extension: string): Promise<void> {
  await phone.dial(`0009*${who.dialId}*${who.dialPassword}*${extension}`);
  await phone.ended();
}

async function status(login: string, wanted: string | null): Promise<void> {
  await until(
    `${login} to show ${wanted}`,
    20_000,
    async () => (await system.agent(login)).call_status === wanted,
  );
}

/** The first moments of a call are still on their way through the phones' buffers. */
async function hears(phone: Phone, tone: number): Promise<void> {
  await until(`${phone.number} to hear ${tone} Hz`, 20_000, async () => {
    return (await phone.listen(300)).level(tone) > HEARD;
  });
}

interface Record {
  readonly id: string;
  readonly kind: string;
  readonly caller: string;
  readonly dialled: string;
  readonly result: string | null;
  readonly answered: boolean;
  readonly ended: boolean;
}

/** Records that a test has looked at: the next to look for is another. */
const seen = new Set<string>();

async function lastRecord(): Promise<Record> {
  const [record] = await until('the record to be closed', 20_000, async () => {
    const found = await system.query<Record>(
      `select id, kind, caller, dialled, result, answered_at is not null as answered, ended_at is not null as ended
       from call_records order by started_at desc limit 1`,
    );
    return found[0]?.ended === true && !seen.has(found[0].id) && found;
  });
  if (record === undefined) throw new Error('There is no record.');
  seen.add(record.id);
  return record;
}

describe('a call between phones', () => {
  it('rings, is answered, is heard both ways and shows 着信中 and 内線通話 while it lasts', async () => {
    await a.dial('1001');
    await a.event('CALL_RINGING');
    await b.event('CALL_INCOMING');
    await status('sato', 'internal_call');
    await status('tanaka', 'ringing');
    await b.acceptNow();
    await a.event('CALL_ESTABLISHED');
    await status('tanaka', 'internal_call');
    await hears(a, B_TONE);
    await hears(b, A_TONE);
    // One packet that comes late breaks the other tone: in a short sound that would be heard at every frequency.
    expect((await b.listen(600)).level(B_TONE)).toBeLessThan(ABSENT);
    await a.hangUp();
    await b.ended();
    await status('sato', null);
    await status('tanaka', null);
    expect(await lastRecord()).toMatchObject({
      kind: 'internal',
      caller: '1000',
      dialled: '1001',
      result: 'answered',
      answered: true,
    });
    expect((await system.agent('sato')).base_status).toBe('ready');
  });

  it('is busy when the phone declines, and the caller hears so', async () => {
    await a.dial('1001');
    await b.event('CALL_INCOMING');
    await b.hangUp();
    await a.event('CALL_ESTABLISHED');
    await a.ended();
    expect(await lastRecord()).toMatchObject({ result: 'busy', answered: false });
    await status('tanaka', null);
  });

  it('is abandoned when the caller hangs up first, and the phone stops ringing', async () => {
    await a.dial('1001');
    await a.event('CALL_RINGING');
    await b.event('CALL_INCOMING');
    await a.hangUp();
    await b.ended();
    expect(await lastRecord()).toMatchObject({ result: 'abandoned', answered: false });
    await status('sato', null);
  });

  it('goes on while the server is dead, and one that is answered meanwhile is heard', async () => {
    await a.dial('1001');
    await b.event('CALL_INCOMING');
    const pid = (await system.part('server'))?.pid ?? 0;
    await system.kill('server');
    await b.acceptNow();
    await b.event('CALL_ESTABLISHED');
    await hears(b, A_TONE);
    await hears(a, B_TONE);
    await system.restarted('server', pid);
    await status('tanaka', 'internal_call');
    await b.hangUp();
    await a.ended();
    expect(await lastRecord()).toMatchObject({ result: 'answered', answered: true });
    await status('tanaka', null);
    await status('sato', null);
  });
});
