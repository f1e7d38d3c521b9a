import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import cookie from '@fastify/cookie';
import fastifyStatic from '@fastify/static';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { AccessError } from '../access/errors.ts';
import { registerAccessRoutes, SESSION_COOKIE } from '../access/routes.ts';
import { mayEnter } from '../access/rules.ts';
import type { AccessService } from '../access/service.ts';
import type { Identity, SessionAccount } from '../access/store.ts';
import { SiteError } from '../site/parse.ts';
import { CLOSE_NOT_ALLOWED, type FeedHub } from './feed.ts';
import { codeOf, errorAnswer } from './errors.ts';
import { useForms, type Api, type FormTypes } from './forms.ts';
import { ApiDocument } from './openapi.ts';
import type { SipSockets } from './sip-socket.ts';

export interface HttpOptions {
  readonly access: AccessService;
  readonly feed: FeedHub;
  readonly sip: SipSockets;
  readonly consoleDir: string;
  readonly log: Logger;
  readonly metrics: Registry;
  /** Which part is not well; empty when all are. */
  readonly ailing: () => Promise<readonly string[]>;
  readonly version: string;
  /** Routes of the features; each asks `requireAccount` who calls. */
  readonly routes: readonly ((app: Api, session: Session) => void)[];
}

export interface Session {
  /**
   * The account that a cookie or an API token belongs to. Asked before every route of the API that is not public, so inside a route it is
   * known already.
   * @throws AccessError SESSION_NONE, TOKEN_INVALID, PASSWORD_MUST_CHANGE
   */
  requireAccount(request: FastifyRequest): Promise<SessionAccount>;
  /** Also says by which door it came. @throws as requireAccount */
  requireIdentity(request: FastifyRequest): Promise<Identity>;
}

const HEADERS = {
  'content-security-policy':
    "default-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A page of another site may make the browser send our cookie, but not our origin. */
function sameOrigin(headers: IncomingMessage['headers']): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return false;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}

/** The one origin: pages, API, live feed, and SIP of the softphone. */
export async function createHttpServer(options: HttpOptions): Promise<Api> {
  const { access, log, metrics } = options;
  // Requests are not logged one by one: their addresses and bodies may hold what must not be written down.
  const logger: FastifyBaseLogger = log;
  const app: Api = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 256 * 1024,
    trustProxy: 'loopback',
  }).withTypeProvider<FormTypes>();
  useForms(app);
  const document = new ApiDocument(app, options.version);
  await app.register(cookie);

  const session = createSession(access);
  app.addHook('onRequest', async (request) => {
    // What carries a token was not sent by a browser for another site's page; a token beside a cookie wins.
    const byToken = request.headers.authorization !== undefined;
    if (!byToken && !SAFE.has(request.method) && !sameOrigin(request.headers)) {
      throw new AccessError('ORIGIN_REFUSED');
    }
    if (request.routeOptions.url?.startsWith('/api/') !== true) return;
    const { area = 'own', sessionOnly = false, secret = false } = request.routeOptions.config;
    if (area === 'public') return;
    const { account, door, scope } = await session.requireIdentity(request);
    if (sessionOnly && door !== 'console') throw new AccessError('SESSION_NEEDED');
    if (scope === 'read' && (secret || !SAFE.has(request.method))) throw new AccessError('TOKEN_READS_ONLY');
    if (!mayEnter(account.role, area)) throw new AccessError('NOT_ALLOWED');
  });
  app.addHook('onSend', async (_request, reply) => void reply.headers(HEADERS));
  app.setErrorHandler((error, request, reply) => {
    const code = codeOf(error);
    if (code === 'INTERNAL') log.error({ err: error, route: request.routeOptions.url }, 'a request failed');
    if (error instanceof AccessError && error.waitMs !== undefined) {
      void reply.header('retry-after', Math.ceil(error.waitMs / 1_000));
    }
    const { status, body } = errorAnswer(code);
    if (error instanceof SiteError) {
      return reply.status(status).send({ error: { ...body.error, problems: error.problems } });
    }
    return reply.status(status).send(body);
  });

  app.get('/healthz', async (_request, reply) => {
    const ailing = await options.ailing();
    return reply
      .status(ailing.length === 0 ? 200 : 503)
      .send({ status: ailing.length === 0 ? 'ok' : 'ailing', ailing });
  });
  app.get('/metrics', async (request, reply) => {
    // Figures tell how busy a floor is, so they are for this machine's own collector.
    if (!['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.ip)) throw new AccessError('NOT_ALLOWED');
    return reply.type(metrics.contentType).send(await metrics.metrics());
  });
  app.get(
    '/api/openapi.json',
    {
      config: { summary: 'This document.' },
      schema: { response: { 200: z.record(z.string(), z.unknown()) } },
    },
    () => document.json,
  );
  registerAccessRoutes(app, access, session);
  for (const register of options.routes) register(app, session);

  await app.register(fastifyStatic, {
    root: join(options.consoleDir),
    // What the build compressed (scripts/build.mjs).
    preCompressed: true,
    // File names of the build hold a hash of their content, except the page's own.
    setHeaders: (reply, path) => {
      void reply.header(
        'cache-control',
        path.endsWith('.html') ? 'no-cache' : 'public, max-age=31536000, immutable',
      );
    },
  });
  app.setNotFoundHandler(async (request, reply) => {
    if (request.method === 'GET' && !request.url.startsWith('/api/') && !/\.[a-z0-9]+$/.test(request.url)) {
      return reply.sendFile('index.html');
    }
    const { status, body } = errorAnswer('NOT_FOUND');
    return reply.status(status).send(body);
  });

  serveSockets(app, options);
  return app;
}

/** Reads who calls once for each request. */
function createSession(access: AccessService): Session {
  const known = new WeakMap<FastifyRequest, Identity>();
  const session: Session = {
    async requireIdentity(request) {
      const identity = known.get(request) ?? (await identify(access, request));
      known.set(request, identity);
      return identity;
    },
    async requireAccount(request) {
      return (await session.requireIdentity(request)).account;
    },
  };
  return session;
}

async function identify(access: AccessService, request: FastifyRequest): Promise<Identity> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const identity = await access.token(bearer(authorization));
    if (identity === undefined) throw new AccessError('TOKEN_INVALID');
    return identity;
  }
  const identity = await access.session(request.cookies[SESSION_COOKIE]);
  if (identity === undefined) throw new AccessError('SESSION_NONE');
  if (identity.account.mustChangePassword) throw new AccessError('PASSWORD_MUST_CHANGE');
  return identity;
}

/** The token of the header; something that is no token when it is of another form. */
function bearer(authorization: string): string {
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '';
}

/** WebSockets are for pages of this origin with a session: the live feed, and SIP of the softphone. The feed is also for tokens. */
function serveSockets(app: Api, { access, feed, sip, log }: HttpOptions): void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4_096, perMessageDeflate: false });
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refuse = (line: string): void => void socket.end(`HTTP/1.1 ${line}\r\nConnection: close\r\n\r\n`);
    socket.on('error', () => socket.destroy());
    const path = new URL(request.url ?? '/', 'http://host').pathname;
    if (path !== '/api/feed' && path !== '/sip') {
      refuse('404 Not Found');
      return;
    }
    const { authorization, cookie: cookies } = request.headers;
    const byToken = authorization !== undefined && path === '/api/feed';
    if (!byToken && !sameOrigin(request.headers)) {
      refuse('403 Forbidden');
      return;
    }
    const token = byToken ? bearer(authorization) : app.parseCookie(cookies ?? '')[SESSION_COOKIE];
    (byToken && token !== undefined ? access.token(token) : access.session(token)).then(
      (identity) => {
        if (identity === undefined || token === undefined) {
          refuse('401 Unauthorized');
          return;
        }
        const mustChange = !byToken && identity.account.mustChangePassword;
        if (path === '/sip') {
          if (mustChange) refuse('403 Forbidden');
          else sip.open(request, socket, head, token, refuse);
        } else {
          sockets.handleUpgrade(request, socket, head, (ws) => {
            if (mustChange) ws.close(CLOSE_NOT_ALLOWED);
            else feed.add(ws, identity);
          });
        }
      },
      (error: unknown) => {
        log.error({ err: error }, 'a WebSocket could not be opened');
        refuse('503 Service Unavailable');
      },
    );
  });
  app.addHook('onClose', async () => {
    feed.stop();
    sip.stop();
    sockets.close();
  });
}
