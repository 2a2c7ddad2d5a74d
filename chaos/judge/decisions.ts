/**
 * The record of decisions, judged: each follows from what stands in it, each saw what was decided before it,
 * and none took more than its limits left. Pure.
 */
import { brokerDayStart } from '../../domain/calendar.js';
import { isSame } from '../../domain/canonical.js';
import { decimal, sum } from '../../domain/money.js';
import type { OpenReservation, PlanContext } from '../../domain/risk/context.js';
import { decidePlan } from '../../domain/risk/decide.js';
import type { BracketPlan } from '../../domain/risk/plan.js';
import type { Finding } from './finding.js';
import { capsOf, readingsOf, type Gauge, type Holding, type Reading } from './gauges.js';

/** A decision as its row has it. */
export interface DecisionRow {
  /** The order of commits within an account, whose row is locked by each. */
  readonly serial: number;
  readonly accountId: string;
  readonly tradeId: string;
  readonly verdict: string;
  readonly codes: readonly string[];
  readonly findings: unknown;
  readonly sizing: unknown;
  /** With the defaults that were applied; null when it was denied. */
  readonly plan: (BracketPlan & { readonly appliedDefaults: unknown }) | null;
  readonly inputs: PlanContext;
}

const MINUTE_MS = 60_000;
/** More than any number of trades. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;

/** Decides each anew from its recorded inputs alone: verdict, findings, numbers and bracket must be the same. */
export function replayFindings(rows: readonly DecisionRow[]): Finding[] {
  return rows.flatMap((row) => {
    const anew = decidePlan(row.inputs);
    const plan =
      anew.verdict === 'approved' ? { ...anew.plan, appliedDefaults: anew.appliedDefaults } : null;
    const pairs = [
      ['verdict', row.verdict, anew.verdict],
      ['findings', row.findings, anew.findings],
      ['sizing', row.sizing, anew.sizing],
      ['plan', row.plan, plan],
    ] as const;
    return pairs
      .filter(([, ours, theirs]) => !isSame(ours, asJson(theirs)))
      .map(([what]) => wrong(row, `its ${what} does not follow from its inputs`));
  });
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

/** What is known of trades at the end. */
export interface Ended {
  /** Trades that keep nothing any more. */
  readonly released: ReadonlySet<string>;
}

/**
 * Rebuilds what each decision had to see from the decisions before it, and compares: every reservation made
 * before and not let go, no other, the trades of the day, and no fewer orders than those brackets had.
 */
export function sequenceFindings(rows: readonly DecisionRow[], ended: Ended): Finding[] {
  const accounts = new Set(rows.map(({ accountId }) => accountId));
  return [...accounts].flatMap((account) => {
    const own = rows.filter(({ accountId }) => accountId === account);
    const sequence = new Sequence(ended, own);
    return [...own].sort((a, b) => a.serial - b.serial).flatMap((row) => sequence.next(row));
  });
}

type Approved = DecisionRow & { readonly plan: BracketPlan };

class Sequence {
  /** The newest approval of each trade. */
  private readonly approved = new Map<string, Approved>();
  private readonly gone = new Set<string>();

  constructor(
    private readonly ended: Ended,
    private readonly rows: readonly DecisionRow[],
  ) {}

  next(row: DecisionRow): Finding[] {
    const { book, nowMs } = row.inputs;
    const seen = new Map(book.reservations.map((each) => [each.tradeId, each]));
    const others = [...this.approved.values()].filter(({ tradeId }) => tradeId !== row.tradeId);
    const dayStart = brokerDayStart(nowMs);
    const today = others.filter(({ inputs }) => inputs.nowMs >= dayStart).length;
    const recent = others.filter(({ inputs }) => inputs.nowMs > nowMs - MINUTE_MS);
    const legs = recent.reduce((total, { plan }) => total + legsOf(plan), 0);
    const findings = [
      ...others.flatMap((other) => this.compare(row, other, seen.get(other.tradeId))),
      ...[...seen.keys()]
        .filter((tradeId) => tradeId !== row.tradeId && !this.approved.has(tradeId))
        .map((tradeId) => wrong(row, `saw a reservation of ${tradeId}, which no decision made`)),
      ...(book.tradesToday === today
        ? []
        : [wrong(row, `counted ${book.tradesToday} trades of the day, ${today} were approved`)]),
      ...(book.ordersLastMinute >= legs
        ? []
        : [
            wrong(
              row,
              `counted ${book.ordersLastMinute} orders of a minute, at least ${legs} were`,
            ),
          ]),
    ];
    if (row.plan !== null) {
      this.approved.set(row.tradeId, { ...row, plan: row.plan });
      this.gone.delete(row.tradeId);
    }
    return findings;
  }

  private compare(row: DecisionRow, other: Approved, seen: OpenReservation | undefined): Finding[] {
    const { tradeId } = other;
    if (seen === undefined) {
      this.gone.add(tradeId);
      const isLetGo = this.ended.released.has(tradeId) || this.isPlannedAgain(other);
      return isLetGo ? [] : [wrong(row, `did not see the reservation of ${tradeId}`)];
    }
    if (this.gone.has(tradeId)) return [wrong(row, `saw ${tradeId} again after it was let go`)];
    const { reservation } = other.plan;
    const isWhole = decimal(seen.exposure).eq(reservation.exposure);
    const hasCash = decimal(seen.cash).lte(reservation.cash);
    const isOf = seen.strategyId === other.inputs.strategy.strategyId;
    return isWhole && hasCash && isOf
      ? []
      : [wrong(row, `saw another reservation of ${tradeId} than was made`)];
  }

  /** A plan that was withdrawn unsent is let go, and made anew later. */
  private isPlannedAgain({ tradeId, serial }: Approved): boolean {
    return this.rows.some((row) => row.tradeId === tradeId && row.serial > serial);
  }
}

function legsOf({ targetPrice }: BracketPlan): number {
  return targetPrice === null ? 2 : 3;
}

/**
 * Every limit right after each approval, from the amounts on record: by sums alone, without a rule of the engine.
 * An approval answers for its own position and strategy: others were measured by the equity of their time.
 */
export function decisionReadings(rows: readonly DecisionRow[]): Reading[] {
  return rows.flatMap(({ plan, tradeId, inputs }) =>
    plan === null ? [] : readingsAfter(plan, tradeId, inputs),
  );
}

function readingsAfter(plan: BracketPlan, tradeId: string, inputs: PlanContext): Reading[] {
  const { book, strategy, account, limits, nowMs: atMs } = inputs;
  const { strategyId } = strategy;
  const others = book.reservations.filter((each) => each.tradeId !== tradeId);
  const all = [...others, { tradeId, strategyId, phase: 'CASH', ...plan.reservation }];
  const gauge = (of: readonly (typeof all)[number][], ...gauges: readonly Gauge[]) => {
    const readings = readingsOf(of.map(holdingOf), capsOf(inputs), atMs);
    return readings.filter((reading) => gauges.includes(reading.gauge));
  };
  const count = (of: Gauge, measured: number, limit: number): Reading => ({
    ...{ gauge: of, atMs, subject: '' },
    ...{ measured: decimal(String(measured)), limit: decimal(String(limit)) },
  });
  const reserved = all.filter(({ phase }) => phase === 'CASH').map(({ cash }) => decimal(cash));
  const funds = account.kind === 'cash' ? 'settledCash' : 'availableFunds';
  const limit = decimal(account.values?.[funds] ?? '0');
  return [
    ...gauge(all, 'open positions', 'open risk'),
    ...gauge(
      all.filter((each) => each.strategyId === strategyId),
      'one strategy',
    ),
    ...gauge(
      all.filter((each) => each.tradeId === tradeId),
      'one position',
    ),
    { gauge: 'cash', atMs, subject: '', measured: sum(reserved), limit },
    count('trades today', book.tradesToday + 1, limits.maxTradesPerDay ?? UNLIMITED),
    count('orders a minute', book.ordersLastMinute + legsOf(plan), limits.maxOrdersPerMinute),
  ];
}

function holdingOf({
  tradeId,
  strategyId,
  exposure,
  openRisk,
}: Pick<OpenReservation, 'tradeId' | 'strategyId' | 'exposure' | 'openRisk'>): Holding {
  return { tradeId, strategyId, value: decimal(exposure), risk: decimal(openRisk) };
}

function wrong({ tradeId, serial }: DecisionRow, detail: string): Finding {
  return { kind: 'verdict', subject: tradeId, detail: `decision ${serial} ${detail}` };
}
