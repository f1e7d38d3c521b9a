import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Floor, TONES } from './kit/floor.ts';
import type { Phone } from './kit/phone.ts';
import { SUZUKI, TAKAHASHI, TANAKA } from './kit/system.ts';
import { until } from './kit/wait.ts';

/** The seed's rows for monitoring from a phone: 0070 listens, 0071 whispers, in the same call, for this call only. */

let floor: Floor;
let mobile: Phone;

beforeAll(async () => {
  floor = await Floor.open();
  mobile = await floor.system.phone('1004', { toneHz: TONES.second });
  // A user without the agent switch's need, with a right on the extension and none on a call center.
  await floor.system.apply(
    'site: 1\naccounts:\n  - { loginName: takahashi, displayName: 高橋 健, role: user, agent: false, grants: [{ phone: "1000", level: edit }] }\n',
  );
});
afterAll(async () => floor.system.close());
afterEach(async () => {
  await mobile.hangUpAll();
  await floor.clear();
});

const keyed = ({ dialId, dialPassword }: typeof SUZUKI): string => `${dialId}#${dialPassword}#`;
const inOne = ({ dialId, dialPassword }: typeof SUZUKI): string => `*${dialId}*${dialPassword}`;

/** How the last session from a dial stands in the audit. */
async function audit(): Promise<
  { supervisor_name: string; target_name: string; reason: string | null } | undefined
> {
  const rows = await floor.system.query<{
    supervisor_name: string;
    target_name: string;
    reason: string | null;
  }>(
    "select supervisor_name, target_name, reason from monitoring_sessions where door = 'dial' order by started_at desc limit 1",
  );
  return rows[0];
}

async function count(): Promise<number> {
  const rows = await floor.system.query<{ count: string }>('select count(*) from monitoring_sessions');
  return Number(rows[0]?.count);
}

describe('with the extension in the string', () => {
  it('0070 listens in the same call, without a callback, and ends with the call [A38] [A45] [A61] [B20] [B54] [B67]', async () => {
    const { agent, supervisor } = floor;
    await agent.call('1001');
    await supervisor.call(`0070${inOne(SUZUKI)}*1000`);
    await floor.reaches('listening');
    expect(await floor.hear()).toEqual({
      agent: ['customer'],
      customer: ['agent'],
      supervisor: ['agent', 'customer'],
    });
    await agent.hangUp();
    await supervisor.ended();
    expect(await floor.lastSession()).toMatchObject({ reason: 'call_ended', door: 'dial', mode: 'listen' });
    expect(await audit()).toMatchObject({ supervisor_name: '鈴木 花子', target_name: '1000' });
  });

  it('0071 whispers to the agent only [A46] [A62]', async () => {
    const { agent, supervisor } = floor;
    await agent.call('1001');
    await supervisor.call(`0071${inOne(SUZUKI)}*1000`);
    await floor.reaches('whispering');
    expect(await floor.hear(800)).toEqual({
      agent: ['customer', 'supervisor'],
      customer: ['agent'],
      supervisor: ['agent', 'customer'],
    });
    await supervisor.hangUp();
    await agent.hangUp();
  });

  it('needs neither the call center plan nor an option: 内線 alone will do [B02] [B53] [B58] [B59]', async () => {
    const { agent, supervisor, system } = floor;
    const options = (on: boolean): string =>
      `site: 1\nsettings: { callCenterPlan: ${String(on)}, seatViewOption: ${String(on)}, outboundOption: ${String(on)} }\n`;
    await system.apply(options(false));
    await agent.call('1001');
    await supervisor.call(`0070${inOne(SUZUKI)}*1000`);
    await floor.reaches('listening');
    expect((await floor.hear()).supervisor).toEqual(['agent', 'customer']);
    await supervisor.hangUp();
    await agent.hangUp();
    await system.apply(options(true));
  });

  it('any role may, with 編集 on the extension and without the agent switch; whoever uses it [B56] [B57] [B60] [B101]', async () => {
    const { customer, supervisor } = floor;
    // The extension is used by the other party of an inside call now, and by nobody who is signed in as an agent of a call center.
    await customer.dial('1000');
    await floor.agent.answer();
    await supervisor.call(`0070${inOne(TAKAHASHI)}*1000`);
    await floor.reaches('listening');
    expect((await floor.hear()).supervisor).toEqual(['agent', 'customer']);
    await supervisor.hangUp();
    await floor.agent.hangUp();
  });
});

describe('asked for step by step', () => {
  it('0070: ID, password, extension, each with # [B61] [B64] [B65] [B66]', async () => {
    const { agent, supervisor } = floor;
    await agent.call('1001');
    await supervisor.call('0070');
    await supervisor.keys(`${keyed(SUZUKI)}1000#`);
    await floor.reaches('listening');
    expect((await floor.hear()).supervisor).toEqual(['agent', 'customer']);
    await supervisor.hangUp();
    await agent.hangUp();
  });

  it('0071 with ID and password in the string, then the extension [B68] [B71] [B73]', async () => {
    const { agent, supervisor } = floor;
    await agent.call('1001');
    await supervisor.call(`0071${inOne(SUZUKI)}`);
    await supervisor.keys('1000#');
    await floor.reaches('whispering');
    expect((await floor.hear(800)).agent).toEqual(['customer', 'supervisor']);
    await supervisor.hangUp();
    await agent.hangUp();
  });

  it('0070 with ID and password in the string, then the extension [B72]', async () => {
    const { agent, supervisor } = floor;
    await agent.call('1001');
    await supervisor.call(`0070${inOne(SUZUKI)}`);
    await supervisor.keys('1000#');
    await floor.reaches('listening');
    expect((await floor.hear()).supervisor).toEqual(['agent', 'customer']);
    await supervisor.hangUp();
    await agent.hangUp();
  });

  it('80070 and 80071 from a mobile phone, which has no one-shot [B62] [B69] [B74]', async () => {
    const { agent } = floor;
    await agent.call('1001');
    await mobile.call('80070');
    await mobile.keys(`${keyed(SUZUKI)}1000#`);
    await floor.reaches('listening');
    expect(await floor.heardBy(mobile)).toEqual(['agent', 'customer']);
    await mobile.hangUp();
    await until('the session to be over', 20_000, async () => (await floor.sessions()).length === 0);
    await mobile.ended();
    await mobile.call('80071');
    await mobile.keys(`${keyed(SUZUKI)}1000#`);
    await floor.reaches('whispering');
    expect(await floor.heardBy(agent)).toEqual(['customer', 'second']);
    await mobile.hangUp();
    await mobile.ended();
    const before = await count();
    await mobile.call(`0070${inOne(SUZUKI)}*1000`);
    await mobile.ended();
    expect(await count()).toBe(before);
    await agent.hangUp();
  });
});

describe('what is refused, with nothing started', () => {
  it.each([
    ['a wrong password [B75]', `0070*${SUZUKI.dialId}*11223344*1000`],
    [
      'an extension that is in no call: a dial waits for none, there is no shortcut [B37] [B76]',
      `0070${inOne(SUZUKI)}*1002`,
    ],
    ['an extension that does not exist [B76]', `0071${inOne(SUZUKI)}*3999`],
    ['an extension on which the account has no right [B54]', `0070${inOne(TAKAHASHI)}*1001`],
    ['an account without any right [B60]', `0070${inOne(TANAKA)}*1000`],
    ['one’s own phone', `0070${inOne(SUZUKI)}*1003`],
  ])('%s', async (_what, dialled) => {
    const { agent, supervisor } = floor;
    const before = await count();
    await agent.call('1001');
    await supervisor.call(dialled);
    await supervisor.ended();
    expect(await count()).toBe(before);
    expect(await floor.sessions()).toEqual([]);
    await agent.hangUp();
  });
});
