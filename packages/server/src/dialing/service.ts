import { AgentError } from '../agents/errors.ts';
import { MonitoringError } from '../monitoring/errors.ts';
import { shownStatus, type AgentState } from '../agents/rules.ts';
import type { AgentService } from '../agents/service.ts';
import { statusPrompt } from '../guidance/rules.ts';
import type { CredentialCheck, Known } from './credentials.ts';
import type { SpokenOutcome } from './dialogue.ts';
import type { DialOperation, MonitorMode } from './rules.ts';

export interface DialCaller {
  /** The extension that dials. */
  readonly phone: string;
  readonly door: 'guided_dial' | 'one_shot_dial';
  /** The leg's id in Asterisk, for the log. */
  readonly call: string;
}

export interface MonitorRequest {
  readonly supervisor: number;
  readonly phone: string;
  readonly channel: string;
  readonly mode: MonitorMode;
  readonly target: string;
}

export interface DialServiceOptions {
  readonly agents: AgentService;
  readonly credentials: CredentialCheck;
  /** Whether seats may be taken (シートビューオプション). */
  readonly seatingEnabled: () => boolean;
  /** Starts monitoring in the caller's own call. @throws an error with a `code` when it is refused */
  readonly monitor: (request: MonitorRequest) => Promise<void>;
  /** Told of every operation and what became of it, never of what was keyed. */
  readonly onOutcome: (operation: DialOperation['kind'], caller: DialCaller, outcome: OutcomeLabel) => void;
  /** An operation failed for a reason that is ours: the database, a defect. */
  readonly onFault: (error: unknown, caller: DialCaller) => void;
}

/** `done`, `cannot_sign_in`, `error` (a fault), or the code of the refusal. */
export type OutcomeLabel = SpokenOutcome['kind'] | AgentError['code'] | MonitoringError['code'];

/** An outcome is told this much later, ms. */
const TELL_MS = 20;

/** Performs dial operations. What it answers is committed already; it never throws. */
export class DialService {
  readonly #options: DialServiceOptions;

  constructor(options: DialServiceOptions) {
    this.#options = options;
  }

  async perform(operation: DialOperation, caller: DialCaller): Promise<SpokenOutcome> {
    // The caller comes first: what is counted and logged waits until the result is heard.
    const tell = (label: OutcomeLabel): unknown =>
      setTimeout(() => this.#options.onOutcome(operation.kind, caller, label), TELL_MS);
    try {
      const outcome = await this.#perform(operation, caller);
      tell(outcome.kind);
      return outcome;
    } catch (error) {
      if (error instanceof AgentError || error instanceof MonitoringError) tell(error.code);
      else {
        tell('error');
        this.#options.onFault(error, caller);
      }
      return { kind: 'error' };
    }
  }

  async #perform(operation: DialOperation, caller: DialCaller): Promise<SpokenOutcome> {
    const { credentials } = this.#options;
    const remembered = credentials.recall(operation.credentials, caller.phone);
    const told = remembered === undefined ? undefined : await this.#atOnce(operation, remembered, caller);
    if (told !== undefined) return told;
    const known = await credentials.check({
      credentials: operation.credentials,
      phone: caller.phone,
      needsAgent: operation.kind !== 'monitor',
    });
    if (known === undefined) return { kind: 'cannot_sign_in' };
    return (await this.#atOnce(operation, known, caller)) ?? this.#asKnown(operation, known, caller);
  }

  /** The usual change in one statement, which holds only while all that it was decided from does. Undefined when it is another case. */
  async #atOnce(
    operation: DialOperation,
    { agent, signInPhone }: Known,
    caller: DialCaller,
  ): Promise<SpokenOutcome | undefined> {
    if (agent === undefined) return undefined;
    const { agents } = this.#options;
    const origin = { door: caller.door, byAccountId: null };
    switch (operation.kind) {
      case 'sign_in': {
        if (operation.seat !== null) return undefined;
        const request = {
          phone: operation.extension ?? signInPhone ?? caller.phone,
          status: operation.status,
        };
        const state = await agents.signInAtOnce(agent, request, origin);
        return state === undefined ? undefined : signedIn(state);
      }
      case 'change_status':
      case 'sign_out': {
        const to = operation.kind === 'sign_out' ? 'signed_off' : operation.status;
        const state = await agents.changeStatusAtOnce(agent, to, origin);
        return state === undefined ? undefined : changed(state);
      }
      case 'check_status':
      case 'monitor':
        return undefined;
    }
  }

  async #asKnown(operation: DialOperation, known: Known, caller: DialCaller): Promise<SpokenOutcome> {
    const { agents, seatingEnabled } = this.#options;
    const origin = { door: caller.door, byAccountId: null };
    switch (operation.kind) {
      case 'sign_in': {
        const { seat, status } = operation;
        if (seat !== null && !seatingEnabled()) throw new AgentError('SEATING_NOT_ENABLED');
        const phone = operation.extension ?? known.signInPhone ?? caller.phone;
        const request = { phone, status, ...(seat === null ? {} : { seat }) };
        const state = await agents.signIn(known.accountId, request, origin);
        return signedIn(state, seat === null ? [] : ['seated']);
      }
      case 'change_status':
        return changed(await agents.changeStatus(known.accountId, operation.status, origin));
      case 'sign_out':
        return changed(await agents.changeStatus(known.accountId, 'signed_off', origin));
      case 'check_status': {
        if (known.agent === undefined) throw new AgentError('AGENT_UNKNOWN');
        return { kind: 'done', prompts: ['status-is', statusPrompt(shownStatus(known.agent.state).status)] };
      }
      case 'monitor': {
        const { mode, target } = operation;
        const { phone, call: channel } = caller;
        await this.#options.monitor({ supervisor: known.accountId, phone, channel, mode, target });
        return { kind: 'handed_over' };
      }
    }
  }
}

function signedIn({ baseStatus }: AgentState, seated: readonly ['seated'] | readonly [] = []): SpokenOutcome {
  return { kind: 'done', prompts: ['signed-in', ...seated, statusPrompt(baseStatus)] };
}

function changed({ baseStatus }: AgentState): SpokenOutcome {
  if (baseStatus === 'signed_off') return { kind: 'done', prompts: ['signed-out'] };
  return { kind: 'done', prompts: ['status-changed', statusPrompt(baseStatus)] };
}
