import type { System } from './system.ts';

const PASSWORD = 'kit console password 1';

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** The API as the console uses it: a cookie, and the origin of the page. */
export class Api {
  readonly #system: System;
  readonly #cookie: string;

  private constructor(system: System, cookie: string) {
    this.#system = system;
    this.#cookie = cookie;
  }

  /** Signs in as this account, with a password of the kit's own from then on. */
  static async signIn(system: System, loginName: string): Promise<Api> {
    const { output } = await system.command(['reset-password', loginName]);
    const oneTime = new RegExp(`^${loginName}: (\\S+)`, 'm').exec(output)?.[1] ?? '';
    const first = new Api(system, await cookieOf(system, loginName, oneTime));
    const changed = await first.post('/api/session/password', {
      currentPassword: oneTime,
      newPassword: PASSWORD,
    });
    if (changed.status !== 204) throw new Error(`The password could not be changed: ${changed.status}`);
    return new Api(system, await cookieOf(system, loginName, PASSWORD));
  }

  async get<Body = unknown>(path: string): Promise<Answer<Body>> {
    return this.#ask('GET', path);
  }

  async post<Body = unknown>(path: string, body: unknown): Promise<Answer<Body>> {
    return this.#ask('POST', path, body);
  }

  async patch<Body = unknown>(path: string, body: unknown): Promise<Answer<Body>> {
    return this.#ask('PATCH', path, body);
  }

  async delete<Body = unknown>(path: string): Promise<Answer<Body>> {
    return this.#ask('DELETE', path);
  }

  async #ask<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const answer = await fetch(this.#system.baseUrl + path, {
      method,
      headers: {
        cookie: this.#cookie,
        origin: this.#system.baseUrl,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as Body };
  }
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
