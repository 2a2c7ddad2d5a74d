/**
 * The metrics of the installation as a whole (OPS-4), for all users together: read from the database when somebody asks,
 * each group no more often than its cost allows. What can't be read now is left out and said, never shown as it was.
 */
import { haltFilesOf, isHaltFile } from '../config/halt-file.js';
import { limitsFrom } from '../config/risk.js';
import { decimal, ZERO, type Decimal } from '../domain/money.js';
import {
  listUsed,
  metricsEver,
  metricsNow,
  filledToStop,
  sentToAcknowledged,
  signalToSent,
  type MetricRow,
} from '../store/reads.js';
import { userIds } from '../store/users.js';
import type { Distribution, Found, Sample } from '../telemetry/metric.js';
import { SYSTEM_METRICS, type SystemMetric } from '../telemetry/system-metrics.js';
import { metricsText } from '../telemetry/text.js';
import { healthReader } from './health.js';
import { schedulesOf } from './schedules.js';
import type { SharedApp } from './users.js';
import { within } from './within.js';

type Values = Partial<Record<SystemMetric, Found>>;

interface Group {
  /** As the label of `ballast_metrics_read_failed`. */
  readonly name: string;
  /** Asked again within this, it gives what it found. */
  readonly keptMs: number;
  read(): Promise<Values>;
}

/** Two servers that scrape cost one read. */
const NOW_KEPT_MS = 1_000;
/** A few sums for each account. */
const LIMITS_KEPT_MS = 10_000;
/** It looks at every row there ever was: half a second for 100,000 orders, on a busy machine of two cores. */
const EVER_KEPT_MS = 60_000;
/** It asks Temporal some fifteen times for each account. */
const SCHEDULES_KEPT_MS = 60_000;
/** A group that takes longer is left out: Prometheus waits 10 s for the whole answer. */
const READ_WITHIN_MS = 5_000;
const SECOND_MS = 1_000;

/**
 * Makes the reader of one process. It never fails: what could not be read is said in the text.
 * @param env the environment, for which files halt
 * @param version of what answers, as in package.json
 * @returns gives the text, in Prometheus' format
 */
export function systemMetrics(
  shared: SharedApp,
  env: NodeJS.ProcessEnv,
  version: string,
): () => Promise<string> {
  const { db } = shared;
  const groups: readonly Group[] = [
    { name: 'now', keptMs: NOW_KEPT_MS, read: async () => byName(await metricsNow(db)) },
    { name: 'since the beginning', keptMs: EVER_KEPT_MS, read: () => readEver(shared) },
    { name: 'limits', keptMs: LIMITS_KEPT_MS, read: () => readLimits(shared) },
    { name: 'schedules', keptMs: SCHEDULES_KEPT_MS, read: () => readSchedules(shared) },
  ];
  const readers = groups.map(({ name, ...group }) => ({ name, read: kept(group) }));
  const health = healthReader(shared);
  return async () => {
    const [{ parts }, ...found] = await Promise.all([
      health(),
      ...readers.map(({ read }) => read()),
    ]);
    const failed = readers.map(({ name: group }, index) => ({
      ...{ labels: { group }, value: found[index] === null ? 1 : 0 },
    }));
    return metricsText<SystemMetric>(SYSTEM_METRICS, {
      ...merged(found),
      ballast_build_info: [{ labels: { version }, value: 1 }],
      ballast_part_up: parts.map(({ name: part, state }) => ({
        ...{ labels: { part }, value: state === 'up' ? 1 : 0 },
      })),
      ballast_halt_file: [{ value: haltFilesOf(env).files.some(isHaltFile) ? 1 : 0 }],
      ballast_metrics_read_failed: failed,
    });
  };
}

/** Null where it can't be read now; one read at a time, however many ask. */
function kept({ keptMs, read }: Omit<Group, 'name'>): () => Promise<Values | null> {
  let newest: { readonly atMs: number; readonly found: Promise<Values | null> } | null = null;
  return () => {
    if (newest !== null && Date.now() - newest.atMs < keptMs) return newest.found;
    const late = () => new Error('no answer in time');
    const found = within(read(), READ_WITHIN_MS, late).catch(() => {
      newest = null; // the next one who asks tries again
      return null;
    });
    newest = { atMs: Date.now(), found };
    return found;
  };
}

function merged(found: readonly (Values | null)[]): Values {
  return found.reduce<Values>((all, values) => ({ ...all, ...values }), {});
}

function byName(rows: readonly MetricRow[]): Values {
  const found: Partial<Record<string, Sample[]>> = {};
  for (const { name, labels, value } of rows) (found[name] ??= []).push({ labels, value });
  return found;
}

async function readEver({ db }: SharedApp): Promise<Values> {
  const bounds = (name: keyof typeof SYSTEM_METRICS) => SYSTEM_METRICS[name].buckets ?? [];
  const [rows, sent, acknowledged, delay] = await Promise.all([
    metricsEver(db),
    signalToSent(db, bounds('ballast_signal_sent_seconds')) satisfies Promise<Distribution>,
    sentToAcknowledged(db, bounds('ballast_sent_acknowledged_seconds')),
    filledToStop(db, bounds('ballast_stop_delay_seconds')),
  ]);
  return {
    ...byName(rows),
    ballast_signal_sent_seconds: sent,
    ballast_sent_acknowledged_seconds: acknowledged,
    ballast_stop_delay_seconds: delay,
  };
}

/** Of all accounts the one that is nearest to its limit: no account stands in a label. */
async function readLimits({ db, config }: SharedApp): Promise<Values> {
  const limits = limitsFrom(config);
  const ratios: Decimal[] = [];
  for (const userId of await userIds(db)) {
    const accounts = await listUsed(db, userId, limits, Date.now());
    for (const { limit, used, allowed } of accounts.flatMap((account) => account.used)) {
      if (limit !== 'DAILY_LOSS_LIMIT' || allowed === null || !decimal(allowed).gt(0)) continue;
      ratios.push(decimal(used).div(decimal(allowed)));
    }
  }
  if (ratios.length === 0) return {};
  const worst = ratios.reduce((most, ratio) => (ratio.gt(most) ? ratio : most), ZERO);
  return { ballast_daily_loss_ratio: [{ value: worst.toNumber() }] };
}

async function readSchedules({ config, temporal }: SharedApp): Promise<Values> {
  const views = await schedulesOf({ config, temporal });
  const instants = new Map<string, { last: number[]; next: number[] }>();
  for (const { job, last, next_at: next } of views) {
    const of = instants.get(job) ?? { last: [], next: [] };
    if (last !== null) of.last.push(secondsOf(last.due_at));
    if (next !== null) of.next.push(secondsOf(next));
    instants.set(job, of);
  }
  const earliest = (which: 'last' | 'next'): Sample[] =>
    [...instants].flatMap(([job, of]) =>
      of[which].length === 0 ? [] : [{ labels: { schedule: job }, value: Math.min(...of[which]) }],
    );
  return {
    ballast_schedule_last_run_seconds: earliest('last'),
    ballast_schedule_next_run_seconds: earliest('next'),
  };
}

function secondsOf(iso: string): number {
  return Date.parse(iso) / SECOND_MS;
}
