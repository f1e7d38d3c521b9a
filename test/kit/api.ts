import { hashPassword } from '../../packages/server/src/access/passwords.ts';
import type { System } from './system.ts';

/** The password that accounts have when a test signs in as them, by the API or in a browser. */
export const PASSWORD = 'kit console password 1';
let hash: Promise<string> | undefined;

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** The API as the console uses it (a cookie, and the origin of the page), or as other software does (a token). */
export class Api {
  readonly #system: System;
  /** What says who asks. */
  readonly headers: Readonly<Record<string, string>>;

  private constructor(system: System, headers: Readonly<Record<string, string>>) {
    this.#system = system;
    this.headers = headers;
  }

  /** Other software. */
  static withToken(system: System, token: string): Api {
    return new Api(system, { authorization: `Bearer ${token}` });
  }

  /** Somebody who has nothing to show. */
  static stranger(system: System): Api {
    return new Api(system, { origin: system.baseUrl });
  }

  /** Signs in as this account, with a password of the kit's own from then on. */
  static async signIn(system: System, loginName: string): Promise<Api> {
    await givePassword(system, loginName);
    return Api.again(system, loginName);
  }

  /** One more session of an account that {@link Api.signIn} has signed in before. */
  static async again(system: System, loginName: string, password = PASSWORD): Promise<Api> {
    return new Api(system, {
      cookie: await cookieOf(system, loginName, password),
      origin: system.baseUrl,
    });
  }

  async get<Body = unknown>(path: string): Promise<Answer<Body>> {
    return this.ask('GET', path);
  }

  async post<Body = unknown>(path: string, body: unknown): Promise<Answer<Body>> {
    return this.ask('POST', path, body);
  }

  async patch<Body = unknown>(path: string, body: unknown): Promise<Answer<Body>> {
    return this.ask('PATCH', path, body);
  }

  async put<Body = unknown>(path: string, body: unknown): Promise<Answer<Body>> {
    return this.ask('PUT', path, body);
  }

  async delete<Body = unknown>(path: string): Promise<Answer<Body>> {
    return this.ask('DELETE', path);
  }

  /** The answer as text. */
  async text(path: string): Promise<Answer<string>> {
    const answer = await fetch(this.#system.baseUrl + path, { headers: this.headers });
    return { status: answer.status, body: await answer.text() };
  }

  async ask<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const answer = await fetch(this.#system.baseUrl + path, {
      method,
      headers: {
        ...this.headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as Body };
  }
}

/** Straight into the database: an operator's command and a change of password take a second of the processor for each account. */
async function givePassword(system: System, loginName: string): Promise<void> {
  hash ??= hashPassword(PASSWORD);
  const changed = await system.query(
    'update accounts set password_hash = $2, must_change_password = false where login_name = $1 returning id',
    [loginName, await hash],
  );
  if (changed.length === 0) throw new Error(`There is no account ${loginName}.`);
}

async function cookieOf(system: System, loginName: string, password: string): Promise<string> {
  const answer = await fetch(`${system.baseUrl}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: system.baseUrl },
    body: JSON.stringify({ loginName, password }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
  if (answer.status !== 200 || cookie === undefined) {
    throw new Error(`${loginName} could not sign in: ${answer.status}`);
  }
  return cookie;
}
