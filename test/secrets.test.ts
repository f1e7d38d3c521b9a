import { readFile, readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Api, PASSWORD } from './kit/api.ts';
import { Switchboard } from './kit/caller.ts';
import { LiveFeed } from './kit/feed.ts';
import { SATO, SIP_PASSWORD, System, TANAKA } from './kit/system.ts';
import { until } from './kit/wait.ts';

/** Digits that are right nowhere and keyed everywhere: they stand for a password that somebody mistyped. */
const MISTYPED = '7351942608';
/** Keys that a caller presses while talking, as the digits of a card. */
const KEYED_IN_A_CALL = '49573162840';
const WRONG_CONSOLE_PASSWORD = 'not the password of anybody 5521';
const PACE = { pressMs: 60, gapMs: 60 };

let system: System;
let switchboard: Switchboard;
let admin: Api;
let feed: LiveFeed;
const channels: string[] = [];

beforeAll(async () => {
  system = await System.start();
  switchboard = await Switchboard.open(system.sipPort);
  admin = await Api.signIn(system, 'admin');
  feed = await LiveFeed.open(system, admin);
}, 120_000);

afterAll(async () => {
  await switchboard.close();
  await system.close();
});

/** Dials, keys, and looks meanwhile at how the call is called where people look at channels. */
async function dial(text: string, keys = '', number = '1001'): Promise<void> {
  const caller = await switchboard.dial({ number, password: SIP_PASSWORD, dial: text });
  await caller.answered.catch(() => undefined);
  channels.push(JSON.stringify(await system.askAsterisk('channels')));
  if (keys !== '') await caller.keys(keys, PACE);
  channels.push(JSON.stringify(await system.askAsterisk('channels')));
  await caller.hangUp();
}

it('no dial password, keyed digit, SIP password, console password or token is in any log, file, event, record, table or process list', async () => {
  const { dialId, dialPassword } = SATO;
  // What works, what is refused, what is no code at all, from a fixed phone and from a mobile one.
  await dial(`0009*${dialId}*${dialPassword}*1001`);
  await dial(`0009*${dialId}*${MISTYPED}*1001`);
  await dial(`0099*${dialId}*${dialPassword}`);
  await dial(`0009*${dialId}*${dialPassword}*1004`, '', '1004');
  await dial(`0070*${TANAKA.dialId}*${TANAKA.dialPassword}*1000`);
  await dial(`9${dialId}*${MISTYPED}`);
  await dial('0010', `${dialId}#${MISTYPED}#`);
  await dial('0013', `${dialId}#${dialPassword}#0#`);
  // A talk with keys, and a transfer to a string that holds a password.
  const [agent, customer] = await Promise.all([
    system.phone('1000'),
    system.phone('1003', { autoAnswer: true }),
  ]);
  await agent.call('1003');
  await agent.keys(KEYED_IN_A_CALL);
  await agent.transfer(`0009*${dialId}*${dialPassword}*1000`);
  await agent.event('TRANSFER_FAILED', 10_000).catch(() => undefined);
  channels.push(JSON.stringify(await system.askAsterisk('channels')));
  await agent.hangUpAll();
  await customer.ended();
  // A phone with a wrong password, a console sign-in with another, a token that is misused.
  const intruder = await switchboard.dial({ number: '1001', password: MISTYPED, dial: '1003' });
  await intruder.ended;
  await fetch(`${system.baseUrl}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: system.baseUrl },
    body: JSON.stringify({ loginName: 'admin', password: WRONG_CONSOLE_PASSWORD }),
  });
  const issued = await admin.post<{ token: string }>('/api/tokens', { name: 'crm', scope: 'full' });
  const { token } = issued.body;
  await Api.withToken(system, token).get(`/api/agents?token=${token}`);
  await until('the calls to be written', 30_000, async () => (await system.metric('sasayaki_calls')) === 0);

  const secrets = new Map([
    ['the dial password', dialPassword],
    ["another's dial password", TANAKA.dialPassword],
    ['a mistyped password', MISTYPED],
    ['keys of a talk', KEYED_IN_A_CALL],
    ["a phone's SIP password", SIP_PASSWORD],
    ['a console password', PASSWORD],
    ['a mistyped console password', WRONG_CONSOLE_PASSWORD],
    ['a token', token],
  ]);
  expect(token.length).toBeGreaterThan(20);
  const told = new Map<string, string>([
    ['the output', system.output],
    ['the live feed', JSON.stringify(feed.messages)],
    ["Asterisk's channels", channels.join('\n')],
    ['processes', await processes()],
    ['tables', await tables()],
  ]);
  for (const path of [
    'history/calls',
    'history/activity',
    'history/monitoring',
    'audit',
    'agents',
    'tokens',
  ]) {
    told.set(path, (await admin.text(`/api/${path}`)).body);
  }
  for (const [path, content] of await system.files()) told.set(path, content.toString('latin1'));
  const found: string[] = [];
  for (const [where, text] of told) {
    for (const [what, secret] of secrets) if (text.includes(secret)) found.push(`${what} in ${where}`);
  }
  // Asterisk has to know what phones authenticate with; that file is its own.
  const phones = new RegExp('SIP password in .*/asterisk/etc/pjsip\\.d/phones\\.conf$');
  expect(found.filter((line) => !phones.test(line))).toEqual([]);
  expect(found.filter((line) => phones.test(line))).toHaveLength(1);
});

/** Every row of every table, as text. */
async function tables(): Promise<string> {
  const names = await system.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public'",
  );
  const rows = await Promise.all(
    names.map(async ({ name }) => system.query<{ line: string }>(`select t::text as line from "${name}" t`)),
  );
  return rows
    .flat()
    .map(({ line }) => line)
    .join('\n');
}

/** Arguments and environment of the processes of this system. */
async function processes(): Promise<string> {
  const texts = (await readdir('/proc'))
    .filter((name) => /^\d+$/.test(name))
    .map(async (pid) => {
      const read = ['cmdline', 'environ'].map(async (file) =>
        readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => ''),
      );
      return (await Promise.all(read)).join('\n');
    });
  const ours = (await Promise.all(texts)).filter((text) => text.includes(system.dataDir));
  expect(ours.length).toBeGreaterThan(3);
  return ours.join('\n');
}
