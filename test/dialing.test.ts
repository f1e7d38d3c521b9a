import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SATO, System, TAKAHASHI, TANAKA } from './kit/system.ts';
import type { Phone } from './kit/phone.ts';
import { recordingsDespiteLoss } from './kit/recordings.ts';
import { until } from './kit/wait.ts';

let system: System;
let desk: Phone;
let second: Phone;
let third: Phone;
let mobile: Phone;

beforeAll(async () => {
  system = await System.start();
  [desk, second, third, mobile] = await Promise.all([
    system.phone('1000'),
    system.phone('1001'),
    system.phone('1002'),
    system.phone('1004'),
  ]);
});

afterAll(async () => system.close());

/** Dials a one-shot string and waits for the call's end. */
async function oneShot(text: string, phone = desk): Promise<void> {
  await phone.call(text);
  await phone.ended();
}

async function guided(code: string, keys: string, phone = desk): Promise<void> {
  await phone.call(code);
  await phone.keys(keys);
  await phone.ended();
}

/** Runs beside the other lanes of its group, with an agent and a phone of its own; its tests come one after the other. */
function lane(name: string, tests: () => void): void {
  describe.concurrent(name, () => {
    describe('in this order', { concurrent: false }, tests);
  });
}

describe('guided dial', () => {
  lane('at a desk', () => {
    it('0010 signs in with ID and password at the account’s own phone: 受付可 [A01] [A03] [A06] [A09]', async () => {
      await guided('0010', `${SATO.dialId}#${SATO.dialPassword}#`);
      expect(await system.agent('sato')).toMatchObject({ base_status: 'ready', phone: '1000' });
    });

    it('0013 changes the status by its number [A16] [A20] [A24]', async () => {
      await guided('0013', `${SATO.dialId}#${SATO.dialPassword}#2#`);
      expect((await system.agent('sato')).base_status).toBe('on_break');
    });

    it('0014 speaks the status and changes nothing [A27]', async () => {
      const before = await system.agent('sato');
      await guided('0014', `${SATO.dialId}#${SATO.dialPassword}#`);
      expect(await system.agent('sato')).toEqual(before);
    });

    it('0015 signs out: ログオフ [A29] [A31]', async () => {
      await guided('0015', `${SATO.dialId}#${SATO.dialPassword}#`);
      expect(await system.agent('sato')).toMatchObject({ base_status: 'signed_off', phone: null });
    });
  });

  lane('at a desk that is nobody’s', () => {
    it('0010 binds the phone that dials when the account has no phone of its own', async () => {
      await guided('0010', `${TAKAHASHI.dialId}#${TAKAHASHI.dialPassword}#`, third);
      expect(await system.agent('takahashi')).toMatchObject({ base_status: 'ready', phone: '1002' });
    });

    it('may be tried again after a wrong password, three times in all', async () => {
      await guided('0013', `${TAKAHASHI.dialId}#${TAKAHASHI.dialPassword}#3#`, third);
      expect((await system.agent('takahashi')).base_status).toBe('away');
      await third.call('0013');
      await third.keys(`${TAKAHASHI.dialId}#11223344#`);
      await third.keys('0#');
      // The caller hears サインインできません and the question again; a key interrupts it. What is keyed before that, while it is checked, is not taken.
      await until('「サインインできません」', 20_000, async () => {
        const { samples } = await third.heard(3_000);
        return recordingsDespiteLoss(samples, ['cannot-sign-in']).length > 0;
      });
      await third.keys(`${TAKAHASHI.dialId}#${TAKAHASHI.dialPassword}#0#`);
      await third.ended();
      expect((await system.agent('takahashi')).base_status).toBe('ready');
    });
  });

  lane('by an agent on the way', () => {
    it('0012 binds the extension keyed and gives 受付可 [A10] [A12] [A13]', async () => {
      await guided('0012', `${TANAKA.dialId}#${TANAKA.dialPassword}#1003#`, second);
      expect(await system.agent('tanaka')).toMatchObject({ base_status: 'ready', phone: '1003' });
    });

    it('works from a mobile phone with 8 before it, and only so [A08] [A17]', async () => {
      await guided('80010', `${TANAKA.dialId}#${TANAKA.dialPassword}#`, mobile);
      expect(await system.agent('tanaka')).toMatchObject({ base_status: 'ready', phone: '1001' });
      await guided('80013', `${TANAKA.dialId}#${TANAKA.dialPassword}#3#`, mobile);
      expect((await system.agent('tanaka')).base_status).toBe('away');
    });
  });
});

describe('one-shot dial', () => {
  lane('of an agent who signs in', () => {
    it('0009 signs in to 受付可, 0008 to 後作業, at the extension given [A49] [A50] [A51]', async () => {
      await oneShot(`0009*${SATO.dialId}*${SATO.dialPassword}*1001`);
      expect(await system.agent('sato')).toMatchObject({ base_status: 'ready', phone: '1001' });
      await oneShot(`0008*${SATO.dialId}*${SATO.dialPassword}*1000`);
      expect(await system.agent('sato')).toMatchObject({ base_status: 'after_call_work', phone: '1000' });
    });

    it('0015 speaks the status and signs nobody out [A60] [A65]', async () => {
      const before = await system.agent('sato');
      await oneShot(`0015*${SATO.dialId}*${SATO.dialPassword}`);
      expect(await system.agent('sato')).toEqual(before);
    });

    it('0016 signs in and takes a seat, all or nothing [A33] [A52] [A53] [A54]', async () => {
      await oneShot(`0016*${SATO.dialId}*${SATO.dialPassword}*1000*1*101`);
      expect(await system.agent('sato')).toMatchObject({
        base_status: 'after_call_work',
        phone: '1000',
        seat: '101',
      });
      const before = await system.agent('sato');
      await oneShot(`0016*${SATO.dialId}*${SATO.dialPassword}*1001*0*999`);
      expect(await system.agent('sato')).toEqual(before);
    });
  });

  lane('of an agent who is signed in', () => {
    it.each([
      ['0010', 'ready'],
      ['0011', 'after_call_work'],
      ['0012', 'on_break'],
      ['0013', 'away'],
    ])(
      '%s changes the status to %s, whatever follows the password [A55] [A56] [A57] [A58] [A64]',
      async (code, status) => {
        await oneShot(`${code}*${TAKAHASHI.dialId}*${TAKAHASHI.dialPassword}*1000`, third);
        expect(await system.agent('takahashi')).toMatchObject({ base_status: status, phone: '1002' });
      },
    );
  });

  it.concurrent('a wrong password signs nobody in, and five of them lock out the right one too', async () => {
    const { dialId, dialPassword } = TANAKA;
    await oneShot(`0019*${dialId}*${dialPassword}`, second);
    for (let attempt = 0; attempt < 5; attempt += 1) await oneShot(`0009*${dialId}*11223344*1003`, second);
    await oneShot(`0009*${dialId}*${dialPassword}*1003`, second);
    expect((await system.agent('tanaka')).base_status).toBe('signed_off');
    // The lock is on this ID from this phone: another phone is not locked.
    await oneShot(`0009*${dialId}*${dialPassword}*1003`, await system.phone('1003'));
    expect((await system.agent('tanaka')).base_status).toBe('ready');
  });
});

describe('one-shot dial of one agent after the other', () => {
  it('signs off the agent whose extension is taken over, and both histories say so', async () => {
    await oneShot(`0009*${TAKAHASHI.dialId}*${TAKAHASHI.dialPassword}*1000`);
    expect(await system.agent('takahashi')).toMatchObject({ base_status: 'ready', phone: '1000' });
    expect(await system.agent('sato')).toMatchObject({ base_status: 'signed_off', phone: null, seat: null });
    const history = await system.query<{ cause: string; door: string }>(
      `select cause, door from agent_activity join accounts on accounts.id = account_id
       where login_name = 'sato' order by agent_activity.id desc limit 1`,
    );
    expect(history).toEqual([{ cause: 'taken_over', door: 'one_shot_dial' }]);
  });

  it('0019 signs out, and a change in ログオフ is refused [A26] [A59] [A67]', async () => {
    await oneShot(`0019*${TAKAHASHI.dialId}*${TAKAHASHI.dialPassword}`);
    expect((await system.agent('takahashi')).base_status).toBe('signed_off');
    await oneShot(`0010*${TAKAHASHI.dialId}*${TAKAHASHI.dialPassword}`);
    expect((await system.agent('takahashi')).base_status).toBe('signed_off');
  });

  it('cannot be used from a mobile phone [A35] [A47]', async () => {
    await oneShot(`0009*${SATO.dialId}*${SATO.dialPassword}*1004`, mobile);
    expect((await system.agent('sato')).base_status).toBe('signed_off');
  });
});

it('no dial password or keyed ID is in any file, output or table', async () => {
  const secrets = [SATO, TANAKA, TAKAHASHI].map(({ dialPassword }) => dialPassword);
  const dump = await system.query<{ line: string }>('select accounts::text as line from accounts');
  const locks = await system.query<{ line: string }>('select dial_locks::text as line from dial_locks');
  const found: string[] = [];
  for (const [path, content] of await system.files()) {
    for (const secret of secrets) if (content.includes(secret)) found.push(path);
  }
  const told = `${system.output}${[...dump, ...locks].map(({ line }) => line).join('\n')}`;
  for (const secret of secrets) if (told.includes(secret)) found.push('output or database');
  expect(found).toEqual([]);
});
