import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  AccountView,
  AuditAnswer,
  ConsoleSessionView,
  EnrolmentAnswer,
  ErrorAnswer,
  RecoveryCodesAnswer,
  SecondFactorView,
} from '../packages/server/src/http/contract.ts';
import { Api } from './kit/api.ts';
import { codeOf, stepNow } from './kit/authenticator.ts';
import { openBrowser } from './kit/browser.ts';
import { System } from './kit/system.ts';
import { until } from './kit/wait.ts';

const PASSWORD = 'kit console password 1';

let system: System;
let admin: Api;
let sato: Api;
let satoId: number;
let secret: string;
let recoveryCodes: readonly string[];
/** Every code that was sent, to be looked for afterwards. */
const sent: string[] = [];

beforeAll(async () => {
  system = await System.start();
  [admin, sato] = await Promise.all([Api.signIn(system, 'admin'), Api.signIn(system, 'sato')]);
  const { body } = await sato.get<{ account: { id: number } }>('/api/session');
  satoId = body.account.id;
}, 240_000);

afterAll(async () => {
  await system.close();
}, 60_000);

interface SignIn {
  readonly status: number;
  readonly code: string | undefined;
  readonly cookie: string | undefined;
  readonly retryAfter: number;
}

let addresses = 0;

/** Signs in from an address of its own, so that failures there count for nobody else. */
async function signIn(about: {
  readonly name?: string;
  readonly password?: string;
  readonly code?: string;
  readonly address?: string;
}): Promise<SignIn> {
  const { name = 'sato', password = PASSWORD, code, address = `198.51.100.${(addresses += 1)}` } = about;
  if (code !== undefined) sent.push(code);
  const answer = await fetch(`${system.baseUrl}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: system.baseUrl, 'x-forwarded-for': address },
    body: JSON.stringify({ loginName: name, password, ...(code === undefined ? {} : { code }) }),
  });
  const body = (await answer.json()) as Partial<ErrorAnswer>;
  return {
    status: answer.status,
    code: body.error?.code,
    cookie: answer.headers.getSetCookie()[0],
    retryAfter: Number(answer.headers.get('retry-after') ?? 0),
  };
}

const at = (shift: number): string => codeOf(secret, stepNow() + shift);

/** Switches it on for somebody. @returns the secret */
async function enrol(api: Api): Promise<string> {
  const { body } = await api.post<EnrolmentAnswer>('/api/second-factor', { currentPassword: PASSWORD });
  const code = codeOf(body.secret, stepNow());
  expect((await api.post('/api/second-factor/confirm', { code })).status).toBe(200);
  return body.secret;
}

/** As if the codes that were used lay far back, so that a test need not wait for the clock. */
async function timeHasPassed(): Promise<void> {
  await system.query('update second_factors set last_step = 0');
}

describe('a second factor', () => {
  it('is off until a code of the app was confirmed; enrolling asks for the password', async () => {
    expect((await sato.get<SecondFactorView>('/api/second-factor')).body).toEqual({
      since: null,
      recoveryCodesLeft: 0,
    });
    expect(await sato.post('/api/second-factor', { currentPassword: 'not this one' })).toMatchObject({
      status: 401,
      body: { error: { code: 'SIGN_IN_FAILED' } },
    });
    const given = await sato.post<EnrolmentAnswer>('/api/second-factor', { currentPassword: PASSWORD });
    expect(given.status).toBe(201);
    secret = given.body.secret;
    expect(given.body.uri).toContain(`otpauth://totp/Sasayaki:sato?issuer=Sasayaki&secret=${secret}`);
    expect((await signIn({})).status).toBe(200);
    const wrong = { code: codeOf(secret, stepNow() - 1_000) };
    expect(await sato.post('/api/second-factor/confirm', wrong)).toMatchObject({
      status: 401,
      body: { error: { code: 'SECOND_FACTOR_WRONG' } },
    });
    expect((await signIn({})).status).toBe(200);
  });

  it('is switched on with a code, and ends the sessions that were opened without it', async () => {
    const other = await Api.again(system, 'sato');
    const confirmed = await sato.post<RecoveryCodesAnswer>('/api/second-factor/confirm', { code: at(0) });
    expect(confirmed.status).toBe(200);
    recoveryCodes = confirmed.body.recoveryCodes;
    expect(new Set(recoveryCodes).size).toBe(10);
    expect((await other.get('/api/session')).status).toBe(401);
    expect((await sato.get('/api/session')).status).toBe(200);
    const { body } = await sato.get<SecondFactorView>('/api/second-factor');
    expect(body).toEqual({ since: expect.any(String) as string, recoveryCodesLeft: 10 });
    expect(await sato.post('/api/second-factor', { currentPassword: PASSWORD })).toMatchObject({
      status: 409,
      body: { error: { code: 'SECOND_FACTOR_ON' } },
    });
  });

  it('is asked for once the password was right, and before that nothing is said of it', async () => {
    expect(await signIn({})).toMatchObject({ status: 401, code: 'SECOND_FACTOR_NEEDED', cookie: undefined });
    expect(await signIn({ password: 'not this one', code: at(1) })).toMatchObject({
      status: 401,
      code: 'SIGN_IN_FAILED',
    });
    expect(await signIn({ password: 'not this one' })).toMatchObject({ code: 'SIGN_IN_FAILED' });
    expect(await signIn({ name: 'tanaka', code: '123456' })).toMatchObject({ code: 'SIGN_IN_FAILED' });
  });

  it('lets in with a code, each only once and none older than the last', async () => {
    const code = at(1);
    const in1 = await signIn({ code });
    expect(in1).toMatchObject({ status: 200, cookie: expect.stringContaining('HttpOnly') as string });
    for (const used of [code, at(0), at(-1)]) {
      expect(await signIn({ code: used })).toMatchObject({ status: 401, code: 'SECOND_FACTOR_WRONG' });
    }
    await timeHasPassed();
    const same = at(0);
    const both = await Promise.all([signIn({ code: same }), signIn({ code: same }), signIn({ code: same })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
  });

  it('takes codes as people key them', async () => {
    await timeHasPassed();
    const code = at(0);
    expect((await signIn({ code: `${code.slice(0, 3)} ${code.slice(3)}` })).status).toBe(200);
    await timeHasPassed();
    const wide = at(0).replaceAll(/[0-9]/g, (digit) => String.fromCodePoint(0xff_10 + Number(digit)));
    expect((await signIn({ code: wide })).status).toBe(200);
  });

  it('lets in with a recovery code once, which is written down', async () => {
    const code = (recoveryCodes[0] ?? '').toLowerCase().replace('-', ' ');
    expect((await signIn({ code })).status).toBe(200);
    expect(await signIn({ code })).toMatchObject({ status: 401, code: 'SECOND_FACTOR_WRONG' });
    const { body } = await sato.get<SecondFactorView>('/api/second-factor');
    expect(body.recoveryCodesLeft).toBe(9);
    const log = await admin.get<AuditAnswer>(`/api/audit?subject=account:${satoId}&action=recovery_code`);
    expect(log.body.entries.map(({ action }) => action)).toEqual(['recovery_code.used']);
  });

  it('cannot be guessed: wrong codes make wait like wrong passwords do, also for the right one', async () => {
    const yamada = { loginName: 'yamada', displayName: '山田 翔', role: 'user' };
    expect((await admin.post('/api/accounts', yamada)).status).toBe(201);
    const guessed = await enrol(await Api.signIn(system, 'yamada'));
    const guess = { name: 'yamada', code: codeOf(guessed, 1_000), address: '192.0.2.40' };
    // The first waits may be over before this machine asks again.
    const last = await until('a wait of some seconds', 30_000, async () => {
      const answer = await signIn(guess);
      return answer.retryAfter > 2 && answer;
    });
    expect(last).toMatchObject({ status: 429, code: 'SIGN_IN_THROTTLED' });
    const right = codeOf(guessed, stepNow() + 1);
    expect(await signIn({ name: 'yamada', code: right })).toMatchObject({ status: 429 });
  });

  it('is taken away by system administrators from others, not from themselves, and that is written down', async () => {
    expect(await sato.post('/api/second-factor/remove', { code: recoveryCodes[0] })).toMatchObject({
      status: 401,
      body: { error: { code: 'SECOND_FACTOR_WRONG' } },
    });
    const { body: accounts } = await admin.get<{ accounts: AccountView[] }>('/api/accounts');
    expect(accounts.accounts.filter((each) => each.secondFactor).map((each) => each.loginName)).toEqual([
      'sato',
      'yamada',
    ]);
    expect((await admin.delete(`/api/accounts/${satoId}/second-factor`)).status).toBe(204);
    expect(await admin.delete(`/api/accounts/${satoId}/second-factor`)).toMatchObject({ status: 409 });
    const { body: me } = await admin.get<{ account: { id: number } }>('/api/session');
    expect((await admin.delete(`/api/accounts/${me.account.id}/second-factor`)).status).toBe(403);
    const log = await admin.get<AuditAnswer>(`/api/audit?subject=account:${satoId}&action=second_factor`);
    expect(log.body.entries.map(({ action, byName }) => `${action} ${byName}`)).toEqual([
      'second_factor.reset システム管理者',
      'second_factor.enabled 佐藤 一郎',
    ]);
  });

  it('goes with a code of one’s own, and with a new password of the command line', async () => {
    const tanaka = await Api.signIn(system, 'tanaka');
    const first = await enrol(tanaka);
    const removal = { code: codeOf(first, stepNow() + 1) };
    expect((await tanaka.post('/api/second-factor/remove', removal)).status).toBe(204);
    expect((await signIn({ name: 'tanaka' })).status).toBe(200);
    await enrol(tanaka);
    expect(await signIn({ name: 'tanaka' })).toMatchObject({ code: 'SECOND_FACTOR_NEEDED' });
    await system.command(['reset-password', 'tanaka']);
    const again = await Api.signIn(system, 'tanaka');
    expect((await again.get<SecondFactorView>('/api/second-factor')).body.since).toBeNull();
  });

  it('neither its secret nor a code of it is in a file, an output or a table', async () => {
    const secrets = [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replace('-', ''))];
    const rows = await system.query<{ line: string }>(
      `select second_factors::text as line from second_factors union all select recovery_codes::text from recovery_codes
       union all select audit_log::text from audit_log`,
    );
    const texts = [system.output, ...rows.map(({ line }) => line)];
    for (const content of (await system.files()).values()) texts.push(content.toString('latin1'));
    for (const needle of secrets) expect(texts.filter((text) => text.includes(needle))).toEqual([]);
    const log = await readFile(`${system.dataDir}/log/server.log`, 'utf8');
    // Six digits may be part of a time or a number; beside other digits they are none of ours.
    for (const code of sent) expect(new RegExp(`(?<![0-9])${code}(?![0-9])`).test(log)).toBe(false);
  });
});

describe('signing in to the console', () => {
  it('is slowed down by name and by address after some failures, ever longer, also for the right password', async () => {
    const name = 'suzuki';
    const wrong = { name, password: 'wrong', address: '192.0.2.10' };
    const first = await failUntilThrottled(wrong);
    // Three times as long again: then this machine may be late with what follows.
    for (let round = 0; round < 3; round += 1) {
      await until('the wait to end', 30_000, async () => (await signIn(wrong)).status === 401);
    }
    const later = await signIn(wrong);
    expect(later.status).toBe(429);
    expect(later.retryAfter).toBeGreaterThan(first.retryAfter);
    expect(await signIn({ name, address: '192.0.2.11' })).toMatchObject({ status: 429 });
    expect(await signIn({ name: 'takahashi', address: '192.0.2.10' })).toMatchObject({ status: 429 });
    expect(await signIn({ name: 'takahashi', address: '192.0.2.12' })).toMatchObject({ status: 401 });
  });

  it('takes as long for a name that does not exist as for a wrong password', async () => {
    const took = async (name: string): Promise<number> => {
      const begun = performance.now();
      expect(await signIn({ name, password: 'wrong' })).toMatchObject({ code: 'SIGN_IN_FAILED' });
      return performance.now() - begun;
    };
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let round = 0; round < 8; round += 1) {
      known.push(await took(round < 4 ? 'tanaka' : 'admin'));
      unknown.push(await took(`nobody${round}`));
    }
    // The quickest of each is blurred least by a machine that is busy.
    const ratio = Math.min(...unknown) / Math.min(...known);
    expect(ratio, JSON.stringify({ known, unknown })).toBeGreaterThan(0.3);
    expect(ratio, JSON.stringify({ known, unknown })).toBeLessThan(3.3);
  });

  it('names that do not exist are answered and slowed down like those that do', async () => {
    await failUntilThrottled({ name: 'nobody', password: 'wrong', address: '192.0.2.20' });
  });

  /** Five failures cost nothing, then each costs a wait: 1 s, 2 s and so on. */
  async function failUntilThrottled(wrong: {
    readonly name: string;
    readonly password: string;
    readonly address: string;
  }): Promise<SignIn> {
    let askedBefore = 0;
    for (let failures = 0; failures < 20; failures += 1) {
      const waitMs = failures < 5 ? 0 : 1_000 * 2 ** (failures - 5);
      const asked = Date.now();
      const answer = await signIn(wrong);
      if (answer.status === 429) {
        expect(failures).toBeGreaterThanOrEqual(5);
        expect(answer.retryAfter).toBeGreaterThanOrEqual(1);
        expect(answer.retryAfter).toBeLessThanOrEqual(waitMs / 1_000);
        return answer;
      }
      expect(answer.status).toBe(401);
      // Only on a machine so late that the wait was over.
      expect(Date.now() - askedBefore).toBeGreaterThanOrEqual(waitMs);
      askedBefore = asked;
    }
    throw new Error('Twenty failures cost nothing.');
  }

  it.each([
    ['short words', 'kort 12'],
    ['one sign again and again', 'aaaaaaaaaaaaaaaaaa'],
    ['four signs', 'abcdabcdabcdabcd'],
    ['the login name', 'my name is Sato, really'],
    ['the same again', PASSWORD],
  ])('a new password is refused: %s', async (_name, newPassword) => {
    const answer = await sato.post('/api/session/password', { currentPassword: PASSWORD, newPassword });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'PASSWORD_TOO_WEAK' } } });
  });

  it('a change of the password asks for the current one and ends the other sessions', async () => {
    const [here, there] = await Promise.all([Api.again(system, 'sato'), Api.again(system, 'sato')]);
    const newPassword = 'another long phrase 2';
    expect(
      await here.post('/api/session/password', { currentPassword: 'not this one', newPassword }),
    ).toMatchObject({ status: 401, body: { error: { code: 'SIGN_IN_FAILED' } } });
    expect((await there.get('/api/session')).status).toBe(200);
    const changed = await here.post('/api/session/password', { currentPassword: PASSWORD, newPassword });
    expect(changed.status).toBe(204);
    expect((await there.get('/api/session')).status).toBe(401);
    const { body } = await here.get<{ sessions: ConsoleSessionView[] }>('/api/sessions');
    expect(body.sessions.map(({ current }) => current)).toEqual([true]);
    expect(await signIn({ address: '192.0.2.30' })).toMatchObject({ status: 401 });
    expect(await signIn({ password: newPassword, address: '192.0.2.30' })).toMatchObject({ status: 200 });
  });
});

describe('pages', () => {
  it('every answer carries a content security policy that allows nothing inline and nobody else', async () => {
    for (const path of ['/', '/agents', '/healthz', '/api/session', '/api/nothing', '/nothing.js']) {
      const { headers } = await fetch(system.baseUrl + path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
      for (const part of ["object-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]) {
        expect(policy).toContain(part);
      }
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('what is put into a page is not run by a browser', async () => {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(system.baseUrl);
      const found = await page.evaluate(async () => {
        const refused: string[] = [];
        document.addEventListener('securitypolicyviolation', (event) =>
          refused.push(event.effectiveDirective),
        );
        const script = document.createElement('script');
        script.textContent = 'document.title = "taken over"';
        document.body.append(script);
        const style = document.createElement('style');
        style.textContent = 'body { display: none }';
        document.head.append(style);
        const frame = document.createElement('img');
        frame.src = 'http://127.0.0.1:9/away.png';
        document.body.append(frame);
        const deadline = Date.now() + 30_000;
        while (refused.length < 3 && Date.now() < deadline) {
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }
        return { refused: refused.sort(), title: document.title };
      });
      expect(found.refused).toEqual(['img-src', 'script-src-elem', 'style-src-elem']);
      expect(found.title).not.toBe('taken over');
    } finally {
      await browser.close();
    }
  });
});
