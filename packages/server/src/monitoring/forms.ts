import { z } from 'zod';
import { extension, id, time } from '../http/forms.ts';

const mode = z.enum(['listen', 'whisper']);
const pageDoor = z.enum(['realtime_monitor', 'seat_view', 'job_monitor']);
const door = z.enum([...pageDoor.options, 'dial']);
const reason = z.enum([
  'supervisor_hung_up',
  'no_answer',
  'busy',
  'offline',
  'failed',
  'call_ended',
  'stopped',
  'permission_lost',
  'engine_lost',
  'lost',
]);

export const monitoringStartForm = z
  .strictObject({
    accountId: id,
    mode,
    door: pageDoor,
    /** Who is called back; null is the shortcut, which calls the account's own phone and starts in any status. */
    phone: extension.nullable(),
  })
  .refine((form) => form.door !== 'seat_view' || form.phone !== null, 'the seat view has no shortcut');

export type MonitoringStartRequest = z.infer<typeof monitoringStartForm>;

export const monitoringChangeForm = z.strictObject({ mode });
export type MonitoringChangeRequest = z.infer<typeof monitoringChangeForm>;
export const monitoringParams = z.strictObject({ id: z.uuid() });

export const monitoringForm = z.strictObject({
  id: z.uuid(),
  supervisor: z.strictObject({ accountId: z.int(), name: z.string(), phone: z.string() }),
  /** `accountId` is null when nobody is signed in at the extension that a dial listens to. */
  target: z.strictObject({
    accountId: z.int().nullable(),
    name: z.string(),
    phone: z.string().nullable(),
  }),
  mode,
  door,
  continuous: z.boolean(),
  /** 呼出中, 受話待ち, 次の通話を待機中, モニタリング中, ささやき中, 保留中. */
  state: z.enum(['calling', 'ringing', 'waiting', 'listening', 'whispering', 'target_on_hold', 'ended']),
  startedAt: time,
  /** Whom the supervisor hears now. */
  heardBySupervisor: z.array(z.enum(['agent', 'customer'])).readonly(),
  /** Who hears the supervisor now: the agent or nobody, never the customer. */
  hearsSupervisor: z.array(z.literal('agent')).readonly(),
});
export type MonitoringView = z.infer<typeof monitoringForm>;

/** A session that has just ended, for the supervisor whose it was. */
export interface MonitoringEnd {
  readonly id: string;
  readonly supervisor: number;
  /** The name of the agent, or the extension. */
  readonly target: string;
  readonly reason: z.infer<typeof reason>;
}
export const monitoringAnswer = z.strictObject({ sessions: z.array(monitoringForm) });

const historyFilters = z.strictObject({
  supervisor: id.optional(),
  target: id.optional(),
  from: time.optional(),
  to: time.optional(),
  door: door.optional(),
});
export type MonitoringFilters = z.output<typeof historyFilters>;
export const monitoringHistoryCsvQuery = historyFilters;
export const monitoringHistoryQuery = historyFilters.extend({
  limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(100),
  /** `next` of the page before. */
  cursor: z.string().max(100).optional(),
});

export const monitoringRecordForm = z.strictObject({
  id: z.uuid(),
  supervisorAccount: z.int().nullable(),
  supervisorName: z.string(),
  supervisorPhone: z.string(),
  targetAccount: z.int().nullable(),
  targetName: z.string(),
  targetPhone: z.string().nullable(),
  /** The mode at the end; `calls` says each. */
  mode,
  door,
  shortcut: z.boolean(),
  continuous: z.boolean(),
  startedAt: time,
  /** When the supervisor answered; null when nobody did. */
  answeredAt: time.nullable(),
  /** Null while it runs. */
  endedAt: time.nullable(),
  reason: reason.nullable(),
  /** How many times it was joined to a call, or changed its mode there. */
  calls: z.int(),
});
export type MonitoringRecord = z.infer<typeof monitoringRecordForm>;

export const monitoringHistoryAnswer = z.strictObject({
  sessions: z.array(monitoringRecordForm),
  /** Names the next, older page; null at the end. */
  next: z.string().nullable(),
});
export type MonitoringHistoryAnswer = z.infer<typeof monitoringHistoryAnswer>;
