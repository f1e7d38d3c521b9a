import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Switchboard, type Caller } from './kit/caller.ts';
import { OutsideDatabase } from './kit/outside-database.ts';
import { recordingsIn } from './kit/recordings.ts';
import { SATO, SIP_PASSWORD, System, TAKAHASHI, TANAKA } from './kit/system.ts';
import { until } from './kit/wait.ts';

const ENDINGS = ['signed-in', 'status-ready', 'error-occurred', 'cannot-sign-in'] as const;
const SIGN_IN = `0009*${SATO.dialId}*${SATO.dialPassword}*1000`;
const OUT_MS = 30_000;

let database: OutsideDatabase;
let system: System;
let switchboard: Switchboard;
let session: pg.Client;

beforeAll(async () => {
  database = await OutsideDatabase.start();
  system = await System.start({ env: { DATABASE_URL: database.url } });
  switchboard = await Switchboard.open(system.sipPort);
});

afterAll(async () => {
  await switchboard.close();
  await system.close();
  await database.close();
});

beforeEach(async () => {
  session = new pg.Client({ connectionString: database.url });
  // One of these tests stops the database.
  session.on('error', () => undefined);
  await session.connect();
  await session.query("update agent_states set base_status = 'signed_off', phone = null, seat = null");
});

afterEach(async () => session.end().catch(() => undefined));

async function dial(text: string, number = '1000'): Promise<Caller> {
  return switchboard.dial({ number, password: SIP_PASSWORD, dial: text, listens: true });
}

function heardAt(caller: Caller): readonly string[] {
  return recordingsIn(caller.heard(), ENDINGS);
}

/** Settles when the server waits in the database for what the test's session holds. */
async function serverWaits(event: 'transactionid' | 'tuple' | 'advisory'): Promise<void> {
  await until(`the server to wait for the ${event}`, 30_000, async () => {
    const rows = await system.query(
      "select 1 from pg_stat_activity where application_name = 'sasayaki' and wait_event_type = 'Lock' and wait_event = $1",
      [event],
    );
    return rows.length > 0;
  });
}

async function killServer(): Promise<number> {
  const pid = (await system.part('server'))?.pid ?? 0;
  await system.kill('server');
  return pid;
}

describe('the server is killed while a caller signs in', () => {
  it('before the commit: nothing is there, the caller hears エラーが発生しました and the end', async () => {
    await session.query('begin');
    await session.query('select 1 from agent_states for update');
    const caller = await dial(SIGN_IN);
    await serverWaits('transactionid');
    const pid = await killServer();
    await session.query('rollback');
    await system.restarted('server', pid);
    await caller.ended;
    expect(heardAt(caller)).toEqual(['error-occurred']);
    expect(await system.agent('sato')).toMatchObject({ base_status: 'signed_off', phone: null });
    expect(await system.query('select 1 from agent_activity')).toEqual([]);
  });

  it('between commit and confirmation: what was committed is there, the caller hears a definite end', async () => {
    // A commit waits for the test; while the server is stopped it cannot learn that the commit is done.
    await session.query(`create function wait_for_the_test() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock(42); return null; end $$`);
    await session.query(`create constraint trigger wait_for_the_test after update on agent_states
      deferrable initially deferred for each row execute function wait_for_the_test()`);
    await session.query('select pg_advisory_lock(42)');
    const caller = await dial(SIGN_IN);
    await serverWaits('advisory');
    await system.freeze('server', true);
    await session.query('select pg_advisory_unlock(42)');
    await until('the commit', 20_000, async () => (await system.agent('sato')).base_status === 'ready');
    expect(heardAt(caller)).toEqual([]);
    const pid = await killServer();
    await session.query('drop function wait_for_the_test cascade');
    await system.restarted('server', pid);
    await caller.ended;
    expect(heardAt(caller)).toEqual(['error-occurred']);
    expect(await system.agent('sato')).toMatchObject({ base_status: 'ready', phone: '1000' });
    expect(await system.query('select cause from agent_activity')).toEqual([{ cause: 'sign_in' }]);
  });

  it('while the confirmation is spoken: what was heard is there', async () => {
    const caller = await dial(SIGN_IN);
    await until('the first sound', 20_000, () => caller.firstSoundAt !== undefined);
    const pid = await killServer();
    expect(await system.agent('sato')).toMatchObject({ base_status: 'ready', phone: '1000' });
    await system.restarted('server', pid);
    await caller.ended;
    expect(heardAt(caller)).toContain('signed-in');
    expect(await system.agent('sato')).toMatchObject({ base_status: 'ready', phone: '1000' });
  });
});

describe('something changes in the moment between the check of the password and the commit', () => {
  const toTheBoard = "update agent_states set base_status = 'ready', phone = $2 where account_id = $1";

  async function idOf(loginName: string): Promise<number> {
    const { rows } = await session.query<{ id: number }>('select id from accounts where login_name = $1', [
      loginName,
    ]);
    return Number(rows[0]?.id);
  }

  it('the agent is signed off: the status change is refused, nothing is written', async () => {
    const sato = await idOf('sato');
    await session.query(toTheBoard, [sato, '1000']);
    await session.query('begin');
    await session.query(
      "update agent_states set base_status = 'signed_off', phone = null where account_id = $1",
      [sato],
    );
    const caller = await dial(`0012*${SATO.dialId}*${SATO.dialPassword}`);
    await serverWaits('transactionid');
    await session.query('commit');
    await caller.ended;
    expect(heardAt(caller)).toEqual(['error-occurred']);
    expect(await system.agent('sato')).toMatchObject({ base_status: 'signed_off', phone: null });
  });

  it('エージェント利用 is taken away: the sign-in is refused, nothing is written', async () => {
    const sato = await idOf('sato');
    await session.query('begin');
    await session.query('select from agent_states where account_id = $1 for update', [sato]);
    const caller = await dial(SIGN_IN);
    await serverWaits('transactionid');
    await session.query('update accounts set agent_enabled = false where id = $1', [sato]);
    await session.query('commit');
    await caller.ended;
    await session.query('update accounts set agent_enabled = true where id = $1', [sato]);
    expect(heardAt(caller)).toEqual(['error-occurred']);
    expect(await system.agent('sato')).toMatchObject({ base_status: 'signed_off', phone: null });
  });

  it('somebody else takes the phone: the later sign-in has it, the earlier agent is signed off', async () => {
    await session.query('begin');
    await session.query(toTheBoard, [await idOf('tanaka'), '1000']);
    const caller = await dial(SIGN_IN);
    await serverWaits('transactionid');
    await session.query('commit');
    await caller.ended;
    expect(heardAt(caller)).toContain('signed-in');
    expect(await system.agent('sato')).toMatchObject({ base_status: 'ready', phone: '1000' });
    expect(await system.agent('tanaka')).toMatchObject({ base_status: 'signed_off', phone: null });
  });
});

it('Asterisk is killed: sign-ins, seats and statuses are exact at once, and after it is back [A14] [A15]', async () => {
  const said = [
    `0016*${SATO.dialId}*${SATO.dialPassword}*1000*0*101`,
    `0008*${TANAKA.dialId}*${TANAKA.dialPassword}*1001`,
    `0009*${TAKAHASHI.dialId}*${TAKAHASHI.dialPassword}*1002`,
    `0012*${TAKAHASHI.dialId}*${TAKAHASHI.dialPassword}`,
  ];
  for (const text of said) await (await dial(text)).ended;
  const names = ['sato', 'tanaka', 'takahashi'];
  const confirmed = await Promise.all(names.map(async (name) => system.agent(name)));
  expect(confirmed).toMatchObject([
    { base_status: 'ready', phone: '1000', seat: '101' },
    { base_status: 'after_call_work', phone: '1001' },
    { base_status: 'on_break', phone: '1002' },
  ]);
  const pid = (await system.part('asterisk'))?.pid ?? 0;
  await system.kill('asterisk');
  expect(await Promise.all(names.map(async (name) => system.agent(name)))).toEqual(confirmed);
  await system.restarted('asterisk', pid);
  expect(await Promise.all(names.map(async (name) => system.agent(name)))).toEqual(confirmed);
});

it('the database is stopped for 30 s: callers hear エラーが発生しました, nothing is half done, service returns by itself', async () => {
  await (
    await dial(SIGN_IN)
  ).ended;
  const before = await system.agent('sato');
  const server = await system.part('server');
  await database.end();
  const backAt = performance.now() + OUT_MS;
  let callers = 0;
  while (performance.now() < backAt) {
    const caller = await dial(`0012*${SATO.dialId}*${SATO.dialPassword}`);
    await caller.ended;
    expect(heardAt(caller)).toEqual(['error-occurred']);
    callers += 1;
  }
  expect(callers).toBeGreaterThan(3);
  expect((await fetch(`${system.baseUrl}/healthz`)).status).toBe(503);
  await database.begin();
  await system.healthy();
  expect(await system.part('server')).toEqual(server);
  expect(await system.agent('sato')).toEqual(before);
  const caller = await dial(`0012*${SATO.dialId}*${SATO.dialPassword}`);
  await caller.ended;
  expect((await system.agent('sato')).base_status).toBe('on_break');
});
