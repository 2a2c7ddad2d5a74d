/** Reconciliations, notifications and the audit log, as the document has them. */
import { z } from 'zod';
import type {
  AuditCheck,
  AuditView,
  ChannelView,
  ComparedView,
  DeliveryView,
  DifferenceView,
  NotificationView,
  ReconciliationView,
  ScheduleRunView,
  ScheduleView,
} from '../../contract/views.js';
import { decimal, instant, json, orNull, text, uuid, viewOf } from './view.js';

const compared = viewOf<ComparedView>()({
  contracts: z.int(),
  held_contracts: z.int(),
  external_contracts: z.int(),
  trades: z.int(),
  orders_in_books: z.int(),
  own_orders_at_broker: z.int(),
  foreign_orders: z.int(),
  executions: z.int(),
  unknown_orders_over: z.int(),
});

const difference = viewOf<DifferenceView>()({
  kind: text,
  symbol: orNull(text),
  trade_ids: z.array(uuid),
  books: orNull(text),
  broker: orNull(text),
  difference: orNull(decimal),
  value: orNull(decimal),
  summary: text,
  step: text,
  why: text,
  done: text,
});

export const reconciliation = viewOf<ReconciliationView>()({
  reconciliation_id: uuid,
  account_id: text,
  trigger: text,
  started_at: instant,
  picture_at: orNull(instant),
  finished_at: orNull(instant),
  outcome: orNull(text),
  reason: orNull(text),
  compared: orNull(compared),
  unexplained_value: orNull(decimal),
  findings: z.array(difference),
  more_findings: z.int(),
}).meta({ id: 'Reconciliation' });

const delivery = viewOf<DeliveryView>()({
  channel: text,
  state: z.enum(['pending', 'sent', 'given_up']),
  attempts: z.int(),
  last_error: orNull(text),
  next_at: orNull(instant),
  done_at: orNull(instant),
});

export const notification = viewOf<NotificationView>()({
  id: uuid,
  kind: text,
  trade_id: orNull(uuid),
  summary: text,
  detail: json,
  created_at: instant,
  routed_at: orNull(instant),
  deliveries: z.array(delivery),
}).meta({ id: 'Notification' });

export const channel = viewOf<ChannelView>()({
  name: text,
  silent_ms: z.number(),
  failures: z.int(),
  last_error: orNull(text),
  last_sent_at: orNull(instant),
  pending: z.int(),
  oldest_ms: orNull(z.number()),
  given_up: z.int(),
}).meta({ id: 'Channel' });

export const auditEntry = viewOf<AuditView>()({
  id: text,
  at: instant,
  actor: text,
  action: text,
  subject: text,
  body: json,
  hash: text,
}).meta({ id: 'AuditEntry' });

export const auditCheck = viewOf<AuditCheck>()({
  entries: text,
  head: orNull(text),
  broken: orNull(
    z.object({
      id: orNull(text),
      at: orNull(instant),
      wrong: z.enum(['hash', 'previous', 'end', 'head']),
      why: text,
    }),
  ),
}).meta({ id: 'AuditCheck' });

const scheduleRun = viewOf<ScheduleRunView>()({
  workflow_id: text,
  due_at: instant,
  started_at: instant,
  status: text,
  day: orNull(text),
  done: orNull(z.boolean()),
  summary: orNull(text),
});

export const schedule = viewOf<ScheduleView>()({
  job: text,
  account_id: text,
  schedule_id: text,
  next_at: orNull(instant),
  next_at_new_york: orNull(text),
  is_paused: z.boolean(),
  note: text,
  last: orNull(scheduleRun),
}).meta({ id: 'Schedule' });
