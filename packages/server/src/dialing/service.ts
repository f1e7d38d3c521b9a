import { AgentError } from '../agents/errors.ts';
import { MonitoringError } from '../monitoring/errors.ts';
import { shownStatus } from '../agents/rules.ts';
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

/** Performs dial operations. What it answers is committed already; it never throws. */
export class DialService {
  readonly #options: DialServiceOptions;

  constructor(options: DialServiceOptions) {
    this.#options = options;
  }

  async perform(operation: DialOperation, caller: DialCaller): Promise<SpokenOutcome> {
    const { onOutcome, onFault } = this.#options;
    try {
      const outcome = await this.#perform(operation, caller);
      onOutcome(operation.kind, caller, outcome.kind);
      return outcome;
    } catch (error) {
      if (error instanceof AgentError || error instanceof MonitoringError) {
        onOutcome(operation.kind, caller, error.code);
      } else {
        onOutcome(operation.kind, caller, 'error');
        onFault(error, caller);
      }
      return { kind: 'error' };
    }
  }

  async #perform(operation: DialOperation, caller: DialCaller): Promise<SpokenOutcome> {
    const known = await this.#options.credentials.check({
      credentials: operation.credentials,
      phone: caller.phone,
      needsAgent: operation.kind !== 'monitor',
    });
    if (known === undefined) return { kind: 'cannot_sign_in' };
    return this.#asKnown(operation, known, caller);
  }

  async #asKnown(operation: DialOperation, known: Known, caller: DialCaller): Promise<SpokenOutcome> {
    const { agents, seatingEnabled } = this.#options;
    const origin = { door: caller.door, byAccountId: null };
    switch (operation.kind) {
      case 'sign_in': {
        if (operation.seat !== null && !seatingEnabled()) throw new AgentError('SEATING_NOT_ENABLED');
        const request = {
          phone: operation.extension ?? known.signInPhone ?? caller.phone,
          status: operation.status,
          ...(operation.seat === null ? {} : { seat: operation.seat }),
        };
        const state = await agents.signIn(known.accountId, request, origin, known.agent);
        const seated = operation.seat === null ? [] : (['seated'] as const);
        return { kind: 'done', prompts: ['signed-in', ...seated, statusPrompt(state.baseStatus)] };
      }
      case 'change_status': {
        const state = await agents.changeStatus(known.accountId, operation.status, origin, known.agent);
        if (state.baseStatus === 'signed_off') return { kind: 'done', prompts: ['signed-out'] };
        return { kind: 'done', prompts: ['status-changed', statusPrompt(state.baseStatus)] };
      }
      case 'sign_out':
        await agents.changeStatus(known.accountId, 'signed_off', origin, known.agent);
        return { kind: 'done', prompts: ['signed-out'] };
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
