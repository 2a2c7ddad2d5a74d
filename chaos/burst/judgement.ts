/** Everything that a burst is held against, and its numbers. */
import { decimal } from '../../domain/money.js';
import { allowedBy } from '../disturb/disturbance.js';
import { bookFindings } from '../judge/compare.js';
import {
  decisionReadings,
  replayFindings,
  sequenceFindings,
  type DecisionRow,
} from '../judge/decisions.js';
import type { TradeRow } from '../judge/engine-books.js';
import type { Finding } from '../judge/finding.js';
import { capsOf, laxest, limitFindings, readingsOf, type Reading } from '../judge/gauges.js';
import { ledgerReadings } from '../judge/ledger-use.js';
import { verdictFindings } from '../judge/verdicts.js';
import type { Ledger } from '../stack/gateway-control.js';
import type { Burst, Standstill } from './burst.js';
import { approvedTrades } from './record.js';
import { lagLine, readingLines, sumLines, timeLine, verdictLines } from './report.js';

interface Ends {
  /** Of the account at the start. */
  readonly cash: string;
  /** After the last decision, and after the last trade. */
  readonly calm: Standstill;
  readonly ended: Standstill;
}

export async function burstFindings(
  burst: Burst,
  { cash, calm, ended }: Ends,
  tell: (line: string) => void,
): Promise<readonly Finding[]> {
  const { stack } = burst;
  const decisions = await stack.books.decisions();
  const rows = await burst.rows();
  await nameQuantities(burst, decisions);
  const ledger = await stack.gateway.ledger();
  const reservations = await stack.books.reservations();
  const released = reservations.filter(({ phase }) => phase === 'RELEASED');
  const sources = readingsBySource(burst, decisions, ledger, cash);
  const took = [...burst.tradeIds.values()].map(
    (id) => (burst.watch.decidedAtMs(id) ?? Infinity) - burst.startedAtMs,
  );
  const lines = [
    ...verdictLines(decisions),
    ...sources.flatMap(({ source, readings }) => readingLines(source, readings)),
    timeLine(took),
    lagLine(decisions),
    ...sumLines('after the last decision', calm.sums),
    ...sumLines('after the last trade', ended.sums),
  ];
  for (const line of lines) tell(line);
  return [
    ...sources.flatMap(({ source, readings }) => limitFindings(source, readings)),
    ...replayFindings(decisions),
    ...sequenceFindings(decisions, { released: new Set(released.map(({ tradeId }) => tradeId)) }),
    ...ended.findings,
    ...(await signalFindings(burst)),
    ...unlessBoth(decisions),
    ...refereeFindings(burst, ledger),
    ...(await booksOf(burst, rows, ledger)),
  ];
}

function readingsBySource(
  { stack, watch }: Burst,
  decisions: readonly DecisionRow[],
  ledger: Ledger,
  cash: string,
): { readonly source: string; readonly readings: readonly Reading[] }[] {
  const approvals = decisions.filter(({ plan }) => plan !== null);
  if (approvals.length === 0) return [];
  const caps = laxest(approvals.map(({ inputs }) => capsOf(inputs)));
  const { limits } = approvals[0]!.inputs;
  const count = (value: number) => decimal(String(value));
  const account = {
    ...{ caps, cash: decimal(cash) },
    tradesPerDay: count(limits.maxTradesPerDay ?? Number.MAX_SAFE_INTEGER),
    ordersPerMinute: count(limits.maxOrdersPerMinute),
  };
  const looks = watch.looks.flatMap(({ atMs, reservations }) => {
    const holdings = reservations.map(({ tradeId, strategyId, exposure, openRisk }) => ({
      ...{ tradeId, strategyId },
      ...{ value: decimal(exposure), risk: decimal(openRisk) },
    }));
    return readingsOf(holdings, caps, atMs);
  });
  const trades = approvedTrades(decisions, stack.frontDoor);
  return [
    { source: 'decisions', readings: decisionReadings(decisions) },
    { source: 'reservations', readings: looks },
    { source: 'ledger', readings: ledgerReadings(ledger, trades, account) },
  ];
}

/** The referee holds fills against what was approved, and knows then that nothing may fill of a denied one. */
async function nameQuantities(
  { stack, signals, tradeIds }: Burst,
  decisions: readonly DecisionRow[],
): Promise<void> {
  const newest = new Map(decisions.map((row) => [row.tradeId, row]));
  const listed = signals.map(({ id, symbol }) => {
    const plan = newest.get(tradeIds.get(id) ?? '')?.plan;
    return { signal: id, symbol, side: 'BUY' as const, quantity: plan?.quantity ?? '0' };
  });
  await stack.gateway.listSignals(listed);
}

/** Each signal is one trade, and it is decided. */
async function signalFindings({ stack, signals }: Burst): Promise<Finding[]> {
  const rows = new Map((await stack.books.signals()).map((row) => [row.signal, row]));
  return signals.flatMap(({ id }): Finding[] => {
    const row = rows.get(id);
    if (row?.trades === 1 && row.decided === 1) return [];
    const told = row ? `${row.trades} trades, ${row.decided} decided` : 'it is not there';
    return [{ kind: 'lost', subject: id, detail: told }];
  });
}

/** A burst of approvals alone, or of denials alone, has shown nothing. */
function unlessBoth(decisions: readonly DecisionRow[]): Finding[] {
  return ['approved', 'denied']
    .filter((verdict) => !decisions.some((row) => row.verdict === verdict))
    .map((verdict) => ({
      kind: 'unreached',
      subject: verdict,
      detail: 'no decision came to this',
    }));
}

function refereeFindings({ stack, before }: Burst, ledger: Ledger): Finding[] {
  const { repairWithinMs, killsChildren, worksWhole } = allowedBy(stack.switches);
  return verdictFindings(before, ledger, repairWithinMs, { killsChildren, worksWhole });
}

async function booksOf(
  { stack, signals, tradeIds }: Burst,
  rows: readonly TradeRow[],
  ledger: Ledger,
): Promise<Finding[]> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const named = signals.flatMap(({ id }) => {
    const row = byId.get(tradeIds.get(id) ?? '');
    return row ? [[id, row] as const] : [];
  });
  const symbols = [...new Set(rows.map(({ symbol }) => symbol))];
  return bookFindings({
    trades: new Map(named),
    orders: await stack.books.orders([...byId.keys()]),
    executions: await stack.books.executions(symbols),
    positions: await stack.books.positions(),
    ledger,
    orderRefPrefix: stack.frontDoor.orderRefPrefix,
  });
}
