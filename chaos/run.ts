/** One run: trades in flight, a disturbance among them, and the judgement of both books at its end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { hashText, Random } from '../gateway/market/random.js';
import {
  NOTHING_ALLOWED,
  type Allowance,
  type Disturbance,
  type Stage,
} from './disturb/disturbance.js';
import type { Finding } from './judge/finding.js';
import { judgeTrades } from './judge/judge.js';
import type { RunPlan } from './plan.js';
import type { ChaosStack } from './stack/stack.js';
import { live, type LivedTrade } from './traffic/live.js';
import { listed, planTrades } from './traffic/plan.js';
import { TradeWatch } from './traffic/watch.js';

export interface RunResult {
  readonly plan: RunPlan;
  readonly tookMs: number;
  readonly findings: readonly Finding[];
  readonly useful: number;
  readonly wanted: number;
  /** Trades at each step when a disturbance hit them, by `disturbance × step`. */
  readonly struck: ReadonlyMap<string, number>;
  /** Disturbances whose event came. */
  readonly happened: ReadonlySet<string>;
  /** From the last hit until each trade that was in flight then was settled. */
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
  const lives = planned.map((trade) => live({ stack, watch, startedAtMs, deadlineMs }, trade));
  const strikes = plan.disturbances.map((disturbance, index) =>
    strike(ownStage(stage, plan, disturbance), disturbance, startedAtMs + plan.strikeAtMs[index]!),
  );
  const [struckAt, lived] = await allOrBroken(strikes, lives);
  await watch.stop();
  const happened = await healAll(stage, plan.disturbances);
  // What did not happen excuses nothing.
  const took = plan.disturbances.filter(({ name }) => happened.has(name));
  const hits = struckAt.filter(({ name }) => happened.has(name));
  const allows = together([NOTHING_ALLOWED, ...took.map((each) => each.allows)]);
  const { ledger, ...judged } = await judgeTrades(stack, lived, before, allows);
  const asked = plan.disturbances.flatMap((each) => each.judge?.(stage, ledger) ?? []);
  return {
    plan,
    tookMs: Date.now() - startedAtMs,
    ...judged,
    findings: [...judged.findings, ...asked],
    struck: stepsOf(hits, watch, planned.length),
    happened,
    resolveMs: hits.length === 0 ? [] : resolveTimes(watch, lived, lastOf(hits)),
  };
}

/** Waits for all of them, whichever fail: nothing of a broken run may go on behind the next one. */
async function allOrBroken<A, B>(
  first: readonly Promise<A>[],
  second: readonly Promise<B>[],
): Promise<[A[], B[]]> {
  await Promise.allSettled([...first, ...second]);
  return [await Promise.all(first), await Promise.all(second)];
}

/** A disturbance draws by itself: what another one draws at the same time changes nothing. */
function ownStage(stage: Stage, plan: RunPlan, { name }: Disturbance): Stage {
  return { ...stage, random: new Random(hashText(name, plan.seed)) };
}

/** When a disturbance happened: where it waits for an event, when that came. */
interface Hit {
  readonly name: string;
  readonly atMs: number;
}

const lastOf = (hits: readonly Hit[]) => Math.max(...hits.map(({ atMs }) => atMs));

/** Waits for its moment, and strikes. */
async function strike(stage: Stage, disturbance: Disturbance, atMs: number): Promise<Hit> {
  await sleep(Math.max(0, atMs - Date.now()));
  const struckAtMs = Date.now();
  const hitAtMs = (await disturbance.strike(stage)) ?? struckAtMs;
  return { name: disturbance.name, atMs: hitAtMs };
}

/** At which step each trade was when it was hit, by `disturbance × step`. */
function stepsOf(hits: readonly Hit[], watch: TradeWatch, trades: number): Map<string, number> {
  const struck = new Map<string, number>();
  for (const { name, atMs } of hits) {
    const states = watch.statesAt(atMs);
    const unseen = Array<string>(trades - states.length).fill('before');
    for (const step of [...states, ...unseen]) {
      const key = `${name} × ${step}`;
      struck.set(key, (struck.get(key) ?? 0) + 1);
    }
  }
  return struck;
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

/** What two disturbances at a time may cost: each what it may, and no more. */
function together(allowances: readonly Allowance[]): Allowance {
  return {
    repairWithinMs: Math.max(...allowances.map(({ repairWithinMs }) => repairWithinMs)),
    killsChildren: allowances.some(({ killsChildren }) => killsChildren),
    worksWhole: allowances.some(({ worksWhole }) => worksWhole),
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
