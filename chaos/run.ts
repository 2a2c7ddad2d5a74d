/** One run: trades in flight, a disturbance among them, and the judgement of both books at its end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../gateway/market/random.js';
import {
  NOTHING_ALLOWED,
  REPAIR_WINDOW_MS,
  type Allowance,
  type Disturbance,
  type Stage,
} from './disturb/disturbance.js';
import { bookFindings, type BooksOfRun } from './judge/compare.js';
import { isSettled } from './judge/engine-books.js';
import type { Finding } from './judge/finding.js';
import { judgeTrades } from './judge/judge.js';
import type { RunPlan } from './plan.js';
import type { ChaosStack } from './stack/stack.js';
import { live, type LivedTrade } from './traffic/live.js';
import { listed, planTrades, type PlannedTrade } from './traffic/plan.js';
import { TradeWatch } from './traffic/watch.js';

export interface RunResult {
  readonly plan: RunPlan;
  readonly tookMs: number;
  readonly findings: readonly Finding[];
  readonly useful: number;
  readonly wanted: number;
  /** Trades at each step when a disturbance struck, by `disturbance × step`. */
  readonly struck: ReadonlyMap<string, number>;
  /** Disturbances whose event came. */
  readonly happened: ReadonlySet<string>;
  /** From the last strike until each trade that was in flight then was settled. */
  readonly resolveMs: readonly number[];
}

/** Look-ups wait 15 s between two reads, twice at worst; what takes longer is lost. */
const RUN_LIMIT_MS = 80_000;
/** Enough symbols for every trade, few enough that their quotes stay warm. */
const SYMBOLS = 24;

/** Plays the run on a stack that is up. The stack is whole again afterwards, unless the run failed. */
export async function playRun(stack: ChaosStack, plan: RunPlan): Promise<RunResult> {
  const random = new Random(plan.seed);
  const all = Object.keys(await stack.gateway.prices()).sort();
  const planned = planTrades(random, plan.run, all.slice(0, SYMBOLS));
  await stack.gateway.listSignals(planned.map(listed));
  const before = await stack.gateway.ledger();
  const startedAtMs = Date.now();
  const deadlineMs = startedAtMs + RUN_LIMIT_MS;
  const watch = new TradeWatch(stack.books);
  const stage: Stage = {
    stack,
    random,
    symbols: [...new Set(planned.map(({ symbol }) => symbol))],
    foreignSymbol: all[SYMBOLS]!,
  };
  const struck = new Map<string, number>();
  const lives = planned.map((trade) => live({ stack, watch, startedAtMs, deadlineMs }, trade));
  const strikes = plan.disturbances.map((disturbance, index) =>
    strike(stage, disturbance, startedAtMs + plan.strikeAtMs[index]!, { watch, struck, planned }),
  );
  const struckAtMs = Math.max(...(await Promise.all(strikes)));
  const lived = await Promise.all(lives);
  await watch.stop();
  const happened = await healAll(stage, plan.disturbances);
  const judged = await judge(stage, plan, lived, before);
  return {
    plan,
    tookMs: Date.now() - startedAtMs,
    ...judged,
    struck,
    happened,
    resolveMs: resolveTimes(watch, lived, struckAtMs),
  };
}

/** As the referee is told of it before it is submitted; its references follow when it has an id. */
function listed({ name, symbol, side, quantity }: PlannedTrade) {
  return { signal: name, symbol, side, quantity: String(quantity), orderRefPrefix: name };
}

interface Notes {
  readonly watch: TradeWatch;
  readonly struck: Map<string, number>;
  readonly planned: readonly PlannedTrade[];
}

/** Waits for its moment, notes at which step each trade is, and strikes; gives when that was. */
async function strike(
  stage: Stage,
  disturbance: Disturbance,
  atMs: number,
  { watch, struck, planned }: Notes,
): Promise<number> {
  await sleep(Math.max(0, atMs - Date.now()));
  const states = watch.all().map(({ state }) => state);
  const unseen = planned.length - states.length;
  for (const step of [...states, ...Array<string>(unseen).fill('before')]) {
    const key = `${disturbance.name} × ${step}`;
    struck.set(key, (struck.get(key) ?? 0) + 1);
  }
  const struckAtMs = Date.now();
  return (await disturbance.strike(stage)) ?? struckAtMs;
}

/** Takes the disturbances back and gives the names of those that really happened. */
async function healAll(stage: Stage, disturbances: readonly Disturbance[]): Promise<Set<string>> {
  await stage.stack.heal();
  const happened = new Set<string>();
  for (const disturbance of disturbances) {
    const hits = (await disturbance.hits?.(stage)) ?? 1;
    if (hits > 0) happened.add(disturbance.name);
    await disturbance.heal?.(stage);
  }
  return happened;
}

async function judge(
  stage: Stage,
  plan: RunPlan,
  lived: readonly LivedTrade[],
  before: Ledger,
): Promise<Pick<RunResult, 'findings' | 'useful' | 'wanted'>> {
  const { stack } = stage;
  await sleep(SETTLE_DOWN_MS);
  const allows = together([
    ...plan.disturbances.map((disturbance) => disturbance.allows),
    ofSwitches(stack),
  ]);
  const books = await booksOf(stack, lived);
  const unwatched = new Set<string>();
  for (const [name, trade] of books.trades) {
    if (!isSettled(trade) && !(await stack.frontDoor.isWatched(trade.id))) unwatched.add(name);
  }
  const { trades, orders } = books;
  const outcome = outcomeOf({ lived, trades, orders, unwatched, allows });
  const findings = [
    ...outcome.findings,
    ...verdictFindings(before, books.ledger, allows.repairWithinMs).map((finding) =>
      withEnding(finding, lived),
    ),
    ...bookFindings(books),
    ...plan.disturbances.flatMap((disturbance) => disturbance.judge?.(stage, books.ledger) ?? []),
  ];
  return { findings, useful: outcome.useful, wanted: outcome.wanted };
}

async function booksOf(stack: ChaosStack, lived: readonly LivedTrade[]): Promise<BooksOfRun> {
  const ids = lived.flatMap(({ tradeId }) => (tradeId === null ? [] : [tradeId]));
  const rows = await stack.books.trades(ids);
  const trades = new Map(
    lived.flatMap(({ plan, tradeId }) => {
      const row = tradeId === null ? undefined : rows.get(tradeId);
      return row ? [[plan.name, row] as const] : [];
    }),
  );
  return {
    trades,
    orders: await stack.books.orders(ids),
    executions: await stack.books.executions([...rows.values()].map(({ symbol }) => symbol)),
    positions: await stack.books.positions(),
    ledger: await stack.gateway.ledger(),
    orderRefPrefix: stack.frontDoor.orderRefPrefix,
  };
}

/**
 * A broker whose children wake only when the parent is filled whole leaves what fills before without a stop:
 * no engine can prevent that, it can only cut it short.
 */
function ofSwitches({ switches }: ChaosStack): Allowance {
  const gap = switches.children === 'on_complete_fill';
  return { ...NOTHING_ALLOWED, repairWithinMs: gap ? REPAIR_WINDOW_MS : 0 };
}

/** A breach is of a contract: how the trades in it were to end tells which defect it may be. */
function withEnding(finding: Finding, lived: readonly LivedTrade[]): Finding {
  const endings = lived
    .filter(({ plan }) => plan.symbol === finding.subject)
    .map(({ plan }) => `${plan.name}: ${plan.ending}`);
  if (endings.length === 0) return finding;
  return { ...finding, detail: `${finding.detail} (${endings.join(', ')})` };
}

/** What two disturbances at a time may cost: each what it may, and no more. */
function together(allowances: readonly Allowance[]): Allowance {
  return {
    repairWithinMs: Math.max(...allowances.map(({ repairWithinMs }) => repairWithinMs)),
    denials: allowances.flatMap(({ denials }) => denials),
    unfilled: allowances.some(({ unfilled }) => unfilled),
  };
}

function resolveTimes(
  watch: TradeWatch,
  lived: readonly LivedTrade[],
  struckAtMs: number,
): number[] {
  return lived.flatMap(({ tradeId }) => {
    const settledAtMs = tradeId === null ? undefined : watch.settledAtMs(tradeId);
    return settledAtMs !== undefined && settledAtMs > struckAtMs ? [settledAtMs - struckAtMs] : [];
  });
}
