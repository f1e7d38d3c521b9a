import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { reachableAgents, requireReach, type AgentAction } from '../access/rights.ts';
import type { Db } from '../database/pool.ts';
import type { AgentView } from '../http/contract.ts';
import type { Api } from '../http/forms.ts';
import type { Session } from '../http/server.ts';
import { AgentError } from './errors.ts';
import { agentForm, agentParams, agentSignInForm, agentStatusForm } from './forms.ts';
import type { AgentService, Origin } from './service.ts';
import { readAgentAccount } from './store.ts';

export interface AgentRoutesOptions {
  readonly db: Db;
  readonly agents: AgentService;
  /** The board's rows of these agents. */
  readonly views: (ids: readonly number[]) => Promise<readonly AgentView[]>;
  readonly seatingEnabled: () => boolean;
}

interface Asked {
  readonly target: number;
  readonly origin: Origin;
  /** サインイン端末 of the target. */
  readonly signInPhone: string | null;
}

/**
 * `/api/agents`: status, sign-in and sign-out from pages and from other software; the same operations as by dial. `me` is the account itself;
 * another agent needs a right on one of its call centers.
 */
export function registerAgentRoutes(app: Api, session: Session, options: AgentRoutesOptions): void {
  const { db, agents, views, seatingEnabled } = options;

  async function asked(request: FastifyRequest, account: 'me' | number, action: AgentAction): Promise<Asked> {
    const { account: caller, door } = await session.requireIdentity(request);
    const target = account === 'me' ? caller.id : account;
    await requireReach(db, caller.id, action, target);
    const agent = await readAgentAccount(db, target);
    if (agent === undefined) throw new AgentError('AGENT_UNKNOWN');
    return { target, origin: { door, byAccountId: target === caller.id ? null : caller.id }, ...agent };
  }

  async function view(target: number): Promise<AgentView> {
    const [found] = await views([target]);
    if (found === undefined) throw new AgentError('AGENT_UNKNOWN');
    return found;
  }

  app.get(
    '/api/agents',
    {
      config: { summary: 'The agents whom the account may see, and itself when it is one.' },
      schema: { response: { 200: z.strictObject({ agents: z.array(agentForm) }) } },
    },
    async (request) => {
      const { id } = await session.requireAccount(request);
      const seen = await reachableAgents(db, id, 'see_agent');
      return { agents: [...(await views([...new Set([id, ...seen])]))] };
    },
  );

  app.get(
    '/api/agents/:account',
    {
      config: { summary: 'One agent: status, phone, seat.' },
      schema: { params: agentParams, response: { 200: agentForm } },
    },
    async (request) => {
      const { target } = await asked(request, request.params.account, 'see_agent');
      return view(target);
    },
  );

  app.put(
    '/api/agents/:account/status',
    {
      config: { summary: 'Changes the status; refused in 通話中 and in ログオフ.' },
      schema: { params: agentParams, body: agentStatusForm, response: { 200: agentForm } },
    },
    async (request) => {
      const { target, origin } = await asked(request, request.params.account, 'change_agent_status');
      await agents.changeStatus(target, request.body.status, origin);
      return view(target);
    },
  );

  app.post(
    '/api/agents/:account/sign-in',
    {
      config: { summary: 'Signs in at a phone and takes a seat if one is named: all or nothing.' },
      schema: { params: agentParams, body: agentSignInForm, response: { 200: agentForm } },
    },
    async (request) => {
      const { target, origin, signInPhone } = await asked(
        request,
        request.params.account,
        'change_agent_status',
      );
      const { phone = signInPhone, status, seat } = request.body;
      if (phone === null) throw new AgentError('PHONE_UNKNOWN');
      if (seat !== undefined && !seatingEnabled()) throw new AgentError('SEATING_NOT_ENABLED');
      await agents.signIn(target, { phone, status, ...(seat === undefined ? {} : { seat }) }, origin);
      return view(target);
    },
  );

  app.post(
    '/api/agents/:account/sign-out',
    {
      config: { summary: 'Signs out: the phone and the seat are free.' },
      schema: { params: agentParams, response: { 200: agentForm } },
    },
    async (request) => {
      const { target, origin } = await asked(request, request.params.account, 'change_agent_status');
      await agents.changeStatus(target, 'signed_off', origin);
      return view(target);
    },
  );
}
