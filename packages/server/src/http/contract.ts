/**
 * What the console and the server say to each other. Types only: the console imports them, the routes answer them.
 * Times are ISO 8601 in UTC. Every error answer is an {@link ErrorAnswer} with a stable code (docs/engineer/errors.md).
 */

import type { CallCenterLive } from '../callcenters/figures-forms.ts';
import type { SiteProblem } from '../site/parse.ts';
import type { MonitoringEnd, MonitoringView } from '../monitoring/forms.ts';

export type { CallCenterLive, MonitoringEnd, MonitoringView };

export type Role = 'system_administrator' | 'supervisor' | 'user';
export type Language = 'ja' | 'en';

/** Chosen by people; the numbers are those of the dial operations (0, 1, 2, 3, 9). */
export type BaseStatus = 'ready' | 'after_call_work' | 'on_break' | 'away' | 'signed_off';
/** Follows the phone's real calls. */
export type CallStatus =
  'ringing' | 'call_center_call' | 'external_call' | 'outgoing_call' | 'internal_call' | 'on_hold';
export type Status = BaseStatus | CallStatus;

export interface ErrorAnswer {
  readonly error: {
    readonly code: string;
    readonly message: string;
    /** With SITE_INVALID: where the file is wrong. */
    readonly problems?: readonly SiteProblem[];
  };
}

/** `GET /api/session` (200, or 401 SESSION_NONE), `POST /api/session` {@link SignInRequest}, `DELETE /api/session` (204). */
export interface SessionAnswer {
  readonly account: {
    readonly id: number;
    readonly loginName: string;
    readonly displayName: string;
    readonly role: Role;
    readonly language: Language;
    /** The account's own extension (サインイン端末). */
    readonly signInPhone: string | null;
  };
  /** True after a one-time password: only `POST /api/session/password` is allowed until it is changed. */
  readonly mustChangePassword: boolean;
}

/**
 * 401 SIGN_IN_FAILED (wrong name or password, same words, same time), 429 SIGN_IN_THROTTLED with `Retry-After`. 401 SECOND_FACTOR_NEEDED: the
 * same again with the code; SECOND_FACTOR_WRONG: with another one.
 */
export interface SignInRequest {
  readonly loginName: string;
  readonly password: string;
  readonly code?: string;
}

/** `POST /api/session/password` (204): 400 PASSWORD_TOO_WEAK, 401 SIGN_IN_FAILED. */
export interface ChangePasswordRequest {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/** One row of the board. */
export interface AgentView {
  readonly accountId: number;
  readonly loginName: string;
  readonly displayName: string;
  readonly status: Status;
  /** When the shown status began. */
  readonly since: string;
  readonly baseStatus: BaseStatus;
  /** The extension that the agent is signed in at, else null. */
  readonly phone: string | null;
  /** Whether that phone is registered now; null without a phone, or while Asterisk's answer is unknown. */
  readonly phoneRegistered: boolean | null;
  /** The seat that the agent took, else null. */
  readonly seat: string | null;
  /** Numbers of the call centers that the agent belongs to. */
  readonly callCenters: readonly string[];
  /** The call that the agent's phone is in, also while it rings; null without one. */
  readonly call: AgentCallView | null;
}

/** A call as it is from the agent's phone. */
export interface AgentCallView {
  readonly direction: 'in' | 'out';
  /** The other party, or what was dialled while there is none. */
  readonly number: string;
  /** Number of the call center whose call it is, else null. */
  readonly callCenter: string | null;
  /** When the agent began to talk; null while it rings. */
  readonly answeredAt: string | null;
  /** How long it was held before the hold that lasts, ms. */
  readonly heldMs: number;
  /** When the hold that lasts began, else null. */
  readonly heldSince: string | null;
}

/**
 * `GET /api/feed`, a WebSocket of JSON messages. First a snapshot with a number, then deltas whose numbers rise by one; a gap means the
 * client asks again by reconnecting. A heartbeat comes every 5 s: without any message for 12 s what is shown is old.
 * Closed with 4401 when the session ends and with 4403 when the account may not see agents.
 */
export type FeedMessage =
  | {
      readonly type: 'snapshot';
      readonly number: number;
      readonly serverTime: string;
      readonly engine: EngineState;
      readonly agents: readonly AgentView[];
      readonly monitoring: readonly MonitoringView[];
      /** The call centers that the account may see; none while the plan is off. */
      readonly callCenters: readonly CallCenterLive[];
      /** As in a delta: a snapshot may come in place of one. */
      readonly ended?: readonly MonitoringEnd[];
    }
  | {
      readonly type: 'delta';
      readonly number: number;
      readonly serverTime: string;
      readonly engine?: EngineState;
      /** Agents that are new or changed, whole rows. */
      readonly agents: readonly AgentView[];
      /** Account ids that are no longer to be shown. */
      readonly gone: readonly number[];
      /** When sessions changed: all that the account may know, in place of what was said before. */
      readonly monitoring?: readonly MonitoringView[];
      /** Call centers whose figures or waiting callers changed, whole; those that are not here are as they were. */
      readonly callCenters?: readonly CallCenterLive[];
      /** The account's own sessions that ended, with the reason. */
      readonly ended?: readonly MonitoringEnd[];
    }
  | { readonly type: 'heartbeat'; readonly number: number; readonly serverTime: string };

/** Whether the server is connected to Asterisk; `down` makes phone registration and call statuses old. */
export type EngineState = 'up' | 'down';

/** `GET /api/phones` -> `{ phones: PhoneView[] }` (system administrators and supervisors). */
export interface PhoneView {
  readonly number: string;
  readonly name: string;
  readonly kind: 'desk' | 'browser' | 'mobile';
  /** Guidance language; null takes the system's. */
  readonly language: Language | null;
  readonly registered: boolean | null;
}

/**
 * `GET /api/softphone` -> {@link SoftphoneAnswer}: with what the page registers over the WebSocket `/sip` of the same origin. Null when the
 * account's own phone (サインイン端末) is none or is not of kind `browser`.
 */
export interface SoftphoneAnswer {
  readonly phone: { readonly number: string; readonly name: string; readonly sipPassword: string } | null;
}

/**
 * Monitoring and whispering. `POST /api/monitoring` {@link MonitoringStartRequest} -> 201 {@link MonitoringView}; `PATCH` and `DELETE
 * /api/monitoring/:id`; `GET /api/monitoring`; `GET /api/history/monitoring` and `.csv`. Refusals are MONITORING_* of docs/engineer/errors.md.
 */
export type {
  MonitoringChangeRequest,
  MonitoringHistoryAnswer,
  MonitoringRecord,
  MonitoringStartRequest,
} from '../monitoring/forms.ts';

/** The forms of the newer parts are zod schemas; `GET /api/openapi.json` says which route takes and answers which. */
export type {
  ApiTokenView,
  AuditAnswer,
  AuditQuery,
  ConsoleSessionView,
  EnrolmentAnswer,
  IssuedTokenAnswer,
  NewTokenRequest,
  RecoveryCodesAnswer,
  SecondFactorView,
} from '../access/forms.ts';
export type {
  ActivityAnswer,
  ActivityQuery,
  ActivityView,
  AgentSignInRequest,
  AgentStatusRequest,
} from '../agents/forms.ts';
export type {
  AccountChangeRequest,
  AccountView,
  CreatedAccountAnswer,
  GrantChangesRequest,
  GrantsAnswer,
  ImportAnswer,
  ImportRequest,
  NewAccountRequest,
  OneTimePasswordAnswer,
} from '../access/account-forms.ts';
export type { DialCredentialsAnswer, DialCredentialsChange, DialLockView } from '../dialing/forms.ts';
export type {
  CallCenterChangeRequest,
  CallCenterView,
  MembersRequest,
  NewCallCenterRequest,
} from '../callcenters/forms.ts';
/** `GET /api/call-centers/:number/figures` and `/waiting`: 403 CALL_CENTER_NOT_ENABLED while the plan is off. */
export type {
  CallCenterFigures,
  FiguresAnswer,
  WaitingAnswer,
  WaitingView,
} from '../callcenters/figures-forms.ts';
/** `GET /api/history/calls` and `.csv`. */
export type { CallQuery, CallsAnswer, CallView } from '../calls/history-forms.ts';
export type { NewPhoneRequest, PhoneChangeRequest, SipCredentialsAnswer } from '../phones/forms.ts';
/** `/api/campaigns`: 403 OUTBOUND_NOT_ENABLED while the option is off. */
export type { CampaignMembersRequest, CampaignRequest, CampaignView } from '../outbound/forms.ts';
export type { PracticeAnswer } from '../practice/forms.ts';
export type { FloorRequest, FloorView, SeatViewAnswer } from '../seating/forms.ts';
export type { Settings } from '../settings/service.ts';
export type { SiteRequest } from '../site/routes.ts';
