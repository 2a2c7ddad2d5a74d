/**
 * The metrics of an installation as a whole. They are read from the database by whoever is asked (`GET /metrics` of the
 * API), so that no restart of a worker sets one back.
 */
import type { MetricAbout } from './metric.js';

/** From a few milliseconds, as the hot path has them, to the age at which an entry is given up. */
const LATENCY_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const system = (
  kind: MetricAbout['kind'],
  help: string,
  more: Pick<MetricAbout, 'labels' | 'buckets'> = {},
): MetricAbout => ({ kind, from: 'system', help, ...more });

export const SYSTEM_METRICS = {
  // ── is everything there ──
  ballast_build_info: system('gauge', 'Always 1; the label says which version answers.', {
    labels: { version: 'as in package.json' },
  }),
  ballast_part_up: system('gauge', '1 while the part is up, else 0; as `GET /health` says it.', {
    labels: { part: 'database, temporal, trade worker, broker link' },
  }),
  ballast_metrics_read_failed: system(
    'gauge',
    '1 when the group could not be read for this answer, which then lacks its metrics.',
    { labels: { group: 'now, since the beginning, limits, schedules' } },
  ),
  ballast_links: system('gauge', 'Connections to brokers that accounts are reached by.', {
    labels: { state: 'ready, down' },
  }),
  ballast_link_down_seconds: system(
    'gauge',
    'How long the connection has been down that is down longest; 0 while all are ready.',
  ),
  ballast_link_silent_seconds: system(
    'gauge',
    'Since the last message of the broker on the ready connection that is silent longest.',
  ),
  ballast_clock_skew_seconds: system(
    'gauge',
    "The broker's clock less this machine's, of the connection where they differ most.",
  ),
  ballast_stand_bys: system('gauge', 'Broker workers that wait to take a connection over.'),
  // ── is it protected ──
  ballast_positions: system(
    'gauge',
    'Trades that hold shares, by whether armed stops cover them.',
    {
      labels: { stop: 'armed, missing' },
    },
  ),
  ballast_unarmed_seconds: system(
    'gauge',
    'How long the trade has held shares without enough armed stops that has so longest; 0 when none does.',
  ),
  ballast_unprotected_share_seconds_total: system(
    'counter',
    'Shares held without an armed stop, times seconds, as the guards of all connections counted them.',
  ),
  ballast_excess_share_seconds_total: system(
    'counter',
    'Shares that exits could fill beyond what was held, times seconds, as the guards counted them.',
  ),
  ballast_breaches_total: system('counter', 'Trades that a guard found in breach, each time anew.'),
  // ── what it does ──
  ballast_trades: system('gauge', 'Trades by the state that they are in.', {
    labels: { state: 'the states of a trade' },
  }),
  ballast_orders: system('gauge', 'Orders by what they are for and how they stand.', {
    labels: { role: 'ENTRY, STOP, TARGET, CLOSE', status: 'the statuses of an order' },
  }),
  ballast_writes_total: system(
    'counter',
    'Intended writes to the broker, committed before anything was sent.',
    { labels: { kind: 'place, modify, cancel' } },
  ),
  ballast_fills_total: system('counter', 'Executions that were booked.', {
    labels: { side: 'BUY, SELL', owner: 'ballast, external' },
  }),
  ballast_signals_total: system('counter', 'Signals that were taken in, each once.'),
  ballast_risk_denials_total: system(
    'counter',
    'Reasons for which plans were denied; a denial may have several.',
    { labels: { code: 'the reason codes (reference/reason-codes.md)' } },
  ),
  ballast_signal_sent_seconds: system(
    'histogram',
    'From the commit of a signal to the first byte of its entry at the broker, waits for people and opens included.',
    { buckets: LATENCY_SECONDS },
  ),
  ballast_sent_acknowledged_seconds: system(
    'histogram',
    "From the write of an order to the broker's first word of it.",
    { buckets: LATENCY_SECONDS },
  ),
  ballast_stop_delay_seconds: system(
    'histogram',
    'From the first fill of an entry to its acknowledged stop, where the broker knows no brackets.',
    { buckets: LATENCY_SECONDS },
  ),
  ballast_untold_trades: system(
    'gauge',
    'Trades with a committed change that their workflow was not told yet.',
  ),
  ballast_untold_seconds: system(
    'gauge',
    'Since the newest change of the trade that waits longest to be told to its workflow.',
  ),
  ballast_unstarted_signals: system('gauge', 'Signals whose workflow was not started yet.'),
  ballast_approvals_waiting: system('gauge', 'Trades that wait for the word of a person.'),
  // ── is something wrong ──
  ballast_mode: system('gauge', 'How many of a level are in a mode.', {
    labels: { level: 'installation, account, strategy', mode: 'ACTIVE, REDUCING, HALTED' },
  }),
  ballast_halt_file: system('gauge', '1 while a halt file that this process knows of is there.'),
  ballast_pauses: system('gauge', 'Pauses and quarantines in force.', {
    labels: { kind: 'the kinds of pauses; beyond 30 of them: other' },
  }),
  ballast_daily_loss_ratio: system(
    'gauge',
    'What the account has lost today that is nearest to its daily loss limit, as a share of the limit: at 1 it is reached.',
  ),
  ballast_reconciliation_age_seconds: system(
    'gauge',
    'Since the last complete reconciliation of the account that waits longest for one.',
  ),
  ballast_reconciliation_accounts: system(
    'gauge',
    'Accounts by how their newest reconciliation ended.',
    { labels: { outcome: 'clean, found, recovery, incomplete, never' } },
  ),
  ballast_reconciliation_differences: system(
    'gauge',
    'What the newest reconciliation of each account found to differ.',
    { labels: { kind: 'the kinds of findings (reconciliation.md)' } },
  ),
  ballast_outbox_pending: system('gauge', 'Messages to people that are not sent yet.', {
    labels: {
      channel: 'email, discord, telegram, webhook; unrouted: the notifier has not seen it',
    },
  }),
  ballast_outbox_oldest_seconds: system(
    'gauge',
    'How long the message has waited that waits longest.',
  ),
  ballast_outbox_given_up_total: system('counter', 'Messages that were given up.', {
    labels: { channel: 'email, discord, telegram, webhook' },
  }),
  ballast_schedule_last_run_seconds: system(
    'gauge',
    'When the newest run of a job was due, in seconds since 1970; of several accounts the oldest.',
    { labels: { schedule: 'the jobs of the day (schedules.md)' } },
  ),
  ballast_schedule_next_run_seconds: system(
    'gauge',
    'When a job is due next, in seconds since 1970; of several accounts the earliest.',
    { labels: { schedule: 'the jobs of the day (schedules.md)' } },
  ),
} as const satisfies Record<string, MetricAbout>;

export type SystemMetric = keyof typeof SYSTEM_METRICS;
