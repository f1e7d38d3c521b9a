import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

/** The tables, as `migrations/` makes them. `timestamptz` is a `Date`, `bigint` a number (ids stay below 2^53). */

type Default<T> = ColumnType<T, T | undefined, T>;

export interface AccountsTable {
  readonly id: GeneratedAlways<number>;
  login_name: string;
  display_name: string;
  role: 'system_administrator' | 'supervisor' | 'user';
  /** 最上位アカウント: cannot be deleted or demoted. */
  built_in: Default<boolean>;
  /** エージェント利用. */
  agent_enabled: Default<boolean>;
  language: Default<'ja' | 'en'>;
  /** argon2id; null until a password is set. */
  password_hash: string | null;
  must_change_password: Default<boolean>;
  /** ダイヤル操作ID, 4 to 20 digits. */
  dial_id: string;
  /** ダイヤル操作パスワード, sealed by the vault under `dial:<dial_id owner's id>`. */
  dial_password: Buffer;
  /** サインイン端末: the phone that 0010 binds. */
  sign_in_phone: string | null;
  created_at: Generated<Date>;
}

export interface ConsoleSessionsTable {
  /** SHA-256 of the cookie's value; the value itself is never stored. */
  token_hash: Buffer;
  account_id: number;
  created_at: Generated<Date>;
  last_seen_at: Generated<Date>;
  expires_at: Date;
  user_agent: string;
  /** Names the session to people and to feeds. */
  id: Generated<string>;
}

export interface ApiTokensTable {
  id: Generated<string>;
  /** SHA-256 of the token; the token itself is shown once and never stored. */
  token_hash: Buffer;
  account_id: number;
  name: string;
  created_at: Generated<Date>;
  last_used_at: Default<Date | null>;
  /** Null does not expire. */
  expires_at: Default<Date | null>;
  revoked_at: Default<Date | null>;
  /** `read` changes nothing and sees no passwords. */
  scope: Default<'full' | 'read'>;
}

/** The second factor of a sign-in to the console: time-based codes (RFC 6238). */
export interface SecondFactorsTable {
  account_id: number;
  /** Sealed by the vault under `totp:<account id>`. */
  secret: Buffer;
  created_at: Generated<Date>;
  /** Null until a first code has shown that the person has the secret; until then nothing is asked for. */
  confirmed_at: Default<Date | null>;
  /** The time step of the last code that was taken: it and older ones are not taken again. */
  last_step: Default<number>;
}

/** Codes for whoever has lost the device; each is good once. */
export interface RecoveryCodesTable {
  account_id: number;
  /** Keyed hash. */
  code_hash: Buffer;
  used_at: Default<Date | null>;
}

export interface PhonesTable {
  /** Extension, 1000 to 3999. */
  number: string;
  name: string;
  kind: 'desk' | 'browser' | 'mobile';
  /** Guidance language; null takes the system's. */
  language: 'ja' | 'en' | null;
  /** Sealed by the vault under `sip:<number>`. */
  sip_password: Buffer;
}

export interface AgentStatesTable {
  account_id: number;
  base_status: 'ready' | 'after_call_work' | 'on_break' | 'away' | 'signed_off';
  base_since: Date;
  call_status:
    'ringing' | 'call_center_call' | 'external_call' | 'outgoing_call' | 'internal_call' | 'on_hold' | null;
  call_since: Date | null;
  /** The bound extension; null while signed off. Unique: one phone, one agent. */
  phone: string | null;
  /** The taken seat; null without one. Unique. */
  seat: string | null;
  /** Since when nothing kept the agent busy: the longest idle is called first. */
  idle_since: Default<Date>;
  /** When 後作業 ends by itself; null by hand. */
  ready_at: Default<Date | null>;
  /** Calls of call centers that rang in vain, in a row. */
  misses: Default<number>;
  /** The waiting call for which the agent's phone is to ring, and how long that holds when nobody ends it. */
  reserved_call: Default<string | null>;
  reserved_until: Default<Date | null>;
  /** No call center calls the agent before this: a ring in vain is not followed by the next at once. */
  rest_until: Default<Date | null>;
}

export interface AgentActivityTable {
  readonly id: GeneratedAlways<number>;
  account_id: number;
  at: Date;
  from_status: string;
  to_status: string;
  /** How long the status left had lasted, ms. */
  lasted_ms: number;
  /** What made the change: sign_in, status_change, sign_out, taken_over, seat_taken, call, after_call_work, misses. */
  cause: string;
  /** Where it came from: guided_dial, one_shot_dial, console, api, call, system. */
  door: string;
  phone: string | null;
  seat: string | null;
  /** Who did it, when not the agent. */
  by_account_id: number | null;
}

export interface DialLocksTable {
  /** `pair`, `id` or `phone`. */
  kind: 'pair' | 'id' | 'phone';
  /** HMAC of what is counted: a keyed ID may be a password keyed at the wrong prompt. */
  key: Buffer;
  /** The account the ID belongs to, when it is one. */
  account_id: number | null;
  phone: string | null;
  failures: Date[];
  locked_until: Date | null;
  /** How many locks in a row; the pair's lock doubles with each. */
  level: Default<number>;
  updated_at: Date;
}

export interface CallCentersTable {
  /** 7000 to 7999. */
  number: string;
  name: string;
  /** 1 is served first. */
  priority: Default<number>;
  ring_seconds: Default<number>;
  /** 0 is by hand. */
  wrap_up_seconds: Default<number>;
  /** Rings in vain, in a row, that make an agent 離席中; 0 is never. */
  max_misses: Default<number>;
  /** Between notices to a caller who waits; 0 is never. */
  notice_seconds: Default<number>;
  overflow_seconds: Default<number>;
  overflow_action: Default<'busy' | 'notice' | 'call_center' | 'extension'>;
  /** The call center or extension; null with the other actions. */
  overflow_target: Default<string | null>;
  service_level_seconds: Default<number>;
}

/** Callers who wait for an agent now. */
export interface WaitingCallsTable {
  call_id: string;
  node: string;
  channel: string;
  call_center: string;
  caller: string;
  entered_at: Date;
  /** `offering`: an agent's phone rings. `leaving`: the wait is over and the caller hears why. */
  state: 'waiting' | 'offering' | 'leaving';
  /** The agent whose phone rings. */
  account_id: number | null;
  /** Agents at whom it rang in vain, the latest last. */
  tried: number[];
  /** The call centers that it was in, this one last. */
  visited: string[];
}

export interface CallCenterMembersTable {
  call_center: string;
  account_id: number;
  /** 1 is served first. */
  priority: Default<number>;
}

export interface CampaignsTable {
  readonly id: GeneratedAlways<number>;
  name: string;
}

/** The agents who belong to a campaign. */
export interface CampaignMembersTable {
  campaign_id: number;
  account_id: number;
}

export interface FloorsTable {
  readonly id: GeneratedAlways<number>;
  name: string;
}

export interface SeatsTable {
  /** 1 to 6 digits, unique over all floors. */
  id: string;
  floor_id: number;
  name: string;
}

export interface GrantsTable {
  account_id: number;
  resource_kind: 'phone' | 'call_center' | 'campaign';
  /** The phone's or call center's number, or the campaign's id. */
  resource: string;
  level: 'view' | 'edit' | 'manage';
}

export interface SettingsTable {
  key: string;
  /** JSON. */
  value: ColumnType<unknown, string, string>;
}

export interface AuditLogTable {
  readonly id: GeneratedAlways<number>;
  at: Generated<Date>;
  /** Who; null for the system or the command line. */
  by_account_id: number | null;
  /** What, as `dial_password.looked_up`. */
  action: string;
  /** On whom or what, as `account:5`. */
  subject: string;
  /** Who, as the name was then; empty for the system or the command line. */
  by_name: Default<string>;
  /** What was changed, without any secret. */
  detail: Default<string>;
}

export interface CallRecordsTable {
  id: string;
  kind: 'internal' | 'incoming' | 'outgoing' | 'call_center';
  /** The number that called: an extension, or an outside number. */
  caller: string;
  /** The number that was called: an extension, a call center or an outside number; never a feature code. */
  dialled: string;
  call_center: string | null;
  trunk: string | null;
  started_at: Date;
  answered_at: Date | null;
  ended_at: Date | null;
  /** answered, no_answer, busy, offline, failed, abandoned, overflowed, transferred, lost; null while it goes on. */
  result: string | null;
  /** How long somebody held, ms. */
  held_ms: Default<number>;
  /** Whether the caller is outside, and the agent who was signed in at the caller's phone, when the call began. */
  caller_outside: Default<boolean>;
  caller_account_id: Default<number | null>;
}

/** Who talked in a call, from when to when. */
export interface CallPartsTable {
  call_id: string;
  channel: string;
  joined_at: Date;
  left_at: Date | null;
  side: 'caller' | 'callee';
  number: string;
  outside: boolean;
  /** The agent who was signed in at the phone when the part was first written. */
  account_id: number | null;
}

export interface MonitoringSessionsTable {
  id: string;
  supervisor_account: number | null;
  /** Names as they were, so that the audit still reads when an account is gone. */
  supervisor_name: string;
  supervisor_phone: string;
  target_account: number | null;
  target_name: string;
  target_phone: string | null;
  mode: 'listen' | 'whisper';
  door: 'realtime_monitor' | 'seat_view' | 'job_monitor' | 'dial';
  shortcut: boolean;
  continuous: boolean;
  started_at: Date;
  answered_at: Date | null;
  ended_at: Date | null;
  reason: string | null;
}

/** Each attachment of a session: to which call, in which mode. */
export interface MonitoringPartsTable {
  session_id: string;
  at: Date;
  call_id: string;
  mode: 'listen' | 'whisper';
}

export interface TrunksTable {
  /** Small letters, digits and `-`. */
  id: string;
  name: string;
  kind: 'registration' | 'address';
  host: string;
  port: number;
  transport: 'udp' | 'tcp';
  username: string | null;
  /** Sealed by the vault under `trunk:<id>`. */
  password: Buffer | null;
  /** Addresses and networks that its calls come from; empty when they come from the host. */
  sources: Default<string[]>;
  max_channels: number | null;
  enabled: Default<boolean>;
  caller_id: Default<'from' | 'asserted' | 'account'>;
}

/** Numbers that are called from outside; each leads to a phone or to a call center. */
export interface OutsideNumbersTable {
  number: string;
  phone: string | null;
  call_center: string | null;
  /** What is shown outside when the phone calls; null is the number itself. */
  presented: string | null;
}

export interface OutgoingRoutesTable {
  position: number;
  pattern: string;
  trunk: string;
  strip: Default<number>;
  prepend: Default<string>;
  caller_number: string | null;
}

export interface Database {
  trunks: TrunksTable;
  outside_numbers: OutsideNumbersTable;
  outgoing_routes: OutgoingRoutesTable;
  monitoring_sessions: MonitoringSessionsTable;
  monitoring_parts: MonitoringPartsTable;
  call_records: CallRecordsTable;
  call_parts: CallPartsTable;
  accounts: AccountsTable;
  console_sessions: ConsoleSessionsTable;
  api_tokens: ApiTokensTable;
  second_factors: SecondFactorsTable;
  recovery_codes: RecoveryCodesTable;
  phones: PhonesTable;
  agent_states: AgentStatesTable;
  agent_activity: AgentActivityTable;
  dial_locks: DialLocksTable;
  call_centers: CallCentersTable;
  waiting_calls: WaitingCallsTable;
  call_center_members: CallCenterMembersTable;
  campaigns: CampaignsTable;
  campaign_members: CampaignMembersTable;
  floors: FloorsTable;
  seats: SeatsTable;
  grants: GrantsTable;
  settings: SettingsTable;
  audit_log: AuditLogTable;
}
