/** The ledger as `GET /ledger` shows it; docs/gateway.md describes every field. */
import { ZERO, sum, text } from '../../domain/money.js';
import type { BookedExecution } from './executions.js';
import type { Ledger } from './ledger.js';
import { breachView } from './meter.js';
import { orderView } from './orders.js';
import { signalView } from './signals.js';
import type { Counts } from './verdicts.js';

function executionView({ fact, order, atMs, commission, corrected }: BookedExecution) {
  return { ...fact, order: order?.key ?? null, atMs, commission, corrected };
}

function verdicts(ledger: Ledger, counts: Counts) {
  const totals = [...ledger.contracts.values()].map((contract) => contract.totals);
  const signals = [...ledger.signals.values()];
  const overfilled = signals.filter((signal) => signal.overfilled.gt(ZERO));
  const overfilledShares = sum(overfilled.map((signal) => signal.overfilled));
  return {
    duplicateEntries: counts['duplicate-entry'],
    reReferencedEntries: counts['re-referenced-entry'],
    unlistedEntries: counts['unlisted-entry'],
    overfilledEntries: ledger.archive.overfilledEntries + overfilled.length,
    overfilledShares: text(ledger.archive.overfilledShares.add(overfilledShares)),
    unprotectedShareSeconds: text(sum(totals.map((total) => total.unprotected))),
    excessExitShareSeconds: text(sum(totals.map((total) => total.excess))),
    pacingViolations: ledger.messages.pacingViolations,
    stagedGroupsLeftBehind: ledger.staged.count(ledger.nowMs),
  };
}

/** The whole ledger at `nowMs` as plain JSON, decimals as text, times in epoch ms. */
export function ledgerReport(ledger: Ledger, nowMs: number) {
  ledger.advance(nowMs);
  ledger.countAll();
  ledger.judge();
  const { messages } = ledger;
  const { counts, findings } = ledger.verdicts.with(ledger.signals.values());
  return {
    atMs: ledger.nowMs,
    verdicts: verdicts(ledger, counts),
    findings,
    breaches: ledger.breaches.breaches.map(breachView),
    signals: [...ledger.signals.values()].map(signalView),
    contracts: [...ledger.contracts.values()].map((contract) => contract.view()),
    positions: [...ledger.contracts.values()]
      .filter((contract) => !contract.position.isZero())
      .map(({ account, symbol, position }) => ({ account, symbol, position: text(position) })),
    orders: ledger.orders.map(orderView),
    executions: ledger.executions.all().map(executionView),
    archivedOrders: ledger.archive.orders,
    stagedOrders: ledger.staged.all(),
    messages: {
      byId: messages.byId,
      connects: messages.connects,
      disconnects: messages.disconnects,
      orders: messages.orderMessages,
    },
  };
}

export type LedgerReport = ReturnType<typeof ledgerReport>;
