/** What is kept from other trades, against what can still be held or bought by the broker's ledger. Pure. */
import { decimal, sum, text, ZERO, type Decimal } from '../../domain/money.js';
import type { BracketPlan } from '../../domain/risk/plan.js';
import type { Ledger } from '../stack/gateway-control.js';
import type { Finding } from './finding.js';

/** A reservation as its row has it. */
export interface ReservationRow {
  readonly tradeId: string;
  readonly accountId: string;
  readonly strategyId: string;
  readonly phase: string;
  readonly cash: string;
  readonly restingCash: string;
  readonly exposure: string;
  readonly openRisk: string;
}

/** An approved trade, with the references of its orders. */
export interface Approved {
  readonly tradeId: string;
  readonly accountId: string;
  readonly plan: BracketPlan;
  readonly entries: ReadonlySet<string>;
  readonly exits: ReadonlySet<string>;
}

/** Both sides of an account, once everything is calm. */
export interface AccountSums {
  readonly accountId: string;
  readonly reserved: string;
  readonly open: string;
  readonly restingCash: string;
  readonly canBeBought: string;
}

const LIVE = new Set(['PendingSubmit', 'PreSubmitted', 'Submitted', 'PendingCancel']);
/** What the column keeps. */
const CASH_DECIMALS = 8;

interface Wanted {
  readonly exposure: Decimal;
  readonly restingCash: Decimal;
}

const NOTHING: Wanted = { exposure: ZERO, restingCash: ZERO };

/** Of what is open or may fill: its plan's exposure, and its plan's cash for the share that is not bought yet. */
function wantedFor({ plan, entries, exits }: Approved, ledger: Ledger): Wanted {
  const shares = (references: ReadonlySet<string>) =>
    sum(
      ledger.executions
        .filter(({ orderRef }) => references.has(orderRef))
        .map((execution) => decimal(execution.shares)),
    );
  const held = shares(entries).sub(shares(exits));
  const resting = sum(
    ledger.orders
      .filter(({ orderRef, status }) => entries.has(orderRef) && LIVE.has(status))
      .map(({ remaining }) => decimal(remaining)),
  );
  if (held.eq(0) && resting.eq(0)) return NOTHING;
  const { cash, exposure } = plan.reservation;
  const restingCash = decimal(cash).mul(resting).div(plan.quantity);
  return {
    exposure: decimal(exposure),
    restingCash: restingCash.toDecimalPlaces(CASH_DECIMALS),
  };
}

/** Trade by trade, to the last decimal: too little breaks a limit later, too much denies for nothing. */
export function reservedFindings(
  rows: readonly ReservationRow[],
  trades: readonly Approved[],
  ledger: Ledger,
): Finding[] {
  const byTrade = new Map(rows.map((row) => [row.tradeId, row]));
  const known = new Set(trades.map(({ tradeId }) => tradeId));
  const strays = rows.filter(({ tradeId, phase }) => !known.has(tradeId) && phase !== 'RELEASED');
  return [
    ...trades.flatMap((trade) => {
      const wanted = wantedFor(trade, ledger);
      const kept = keptBy(byTrade.get(trade.tradeId));
      const differs = (name: keyof Wanted) => !kept[name].eq(wanted[name]);
      return (['exposure', 'restingCash'] as const)
        .filter(differs)
        .map((name) =>
          wrong(trade.tradeId, `${name} ${text(kept[name])}, the broker's ${text(wanted[name])}`),
        );
    }),
    ...strays.map(({ tradeId }) => wrong(tradeId, 'is kept for a trade that was not approved')),
  ];
}

function keptBy(row: ReservationRow | undefined): Wanted {
  if (!row || row.phase === 'RELEASED') return NOTHING;
  return { exposure: decimal(row.exposure), restingCash: decimal(row.restingCash) };
}

/** The same, summed up by account. */
export function accountSums(
  rows: readonly ReservationRow[],
  trades: readonly Approved[],
  ledger: Ledger,
): AccountSums[] {
  return [...new Set(trades.map(({ accountId }) => accountId))].map((accountId) => {
    const kept = rows.filter((row) => row.accountId === accountId).map(keptBy);
    const wanted = trades
      .filter((trade) => trade.accountId === accountId)
      .map((trade) => wantedFor(trade, ledger));
    const total = (all: readonly Wanted[], name: keyof Wanted) =>
      text(sum(all.map((each) => each[name])));
    return {
      accountId,
      reserved: total(kept, 'exposure'),
      open: total(wanted, 'exposure'),
      restingCash: total(kept, 'restingCash'),
      canBeBought: total(wanted, 'restingCash'),
    };
  });
}

function wrong(tradeId: string, detail: string): Finding {
  return { kind: 'limit', subject: tradeId, detail: `reserved ${detail}` };
}
