/**
 * A trade with its legs, as the domain sees it. Whoever wants to change a trade takes its book under the
 * row's lock, changes legs by the order machine, and saves it: one writer at a time, one way to derive.
 */
import type { BookedExecution, OrderLeg } from '../../domain/orders/leg.js';
import type { TradeLeg } from '../../domain/trade/leg.js';
import type { LegRole, OrderStatus } from '../../domain/vocabulary.js';
import type { OrderTerms } from '../../contract/orders.js';
import type { Account, Execution, Order, OrderIncarnation, Trade } from '../generated/client.js';
import { max, text, ZERO } from '../../domain/money.js';
import { fromRow, textFromRow, type Database, type Transaction } from '../database.js';

export type TradeRow = Trade;
export type AccountRow = Account;
export type OrderRow = Order & {
  readonly incarnations: readonly OrderIncarnation[];
  readonly executions: readonly Execution[];
};

export interface TradeBook {
  readonly trade: TradeRow;
  readonly account: AccountRow;
  /** Order rows by id, as loaded. */
  readonly rows: ReadonlyMap<string, OrderRow>;
  /** Legs by order row id, in order of creation; replaced as events are applied. */
  readonly legs: Map<string, TradeLeg>;
}

/** Loads a trade's book under its row lock, which is held until the transaction ends. */
export async function lockBook(tx: Transaction, tradeId: string): Promise<TradeBook> {
  await tx.$executeRaw`SELECT 1 FROM trades WHERE id = ${tradeId}::uuid FOR NO KEY UPDATE`;
  return loadBook(tx, tradeId);
}

/** Loads a trade's book without a lock, for reading. @throws when there is no such trade. */
export async function loadBook(tx: Transaction | Database, tradeId: string): Promise<TradeBook> {
  const { account, orders, ...trade } = await tx.trade.findUniqueOrThrow({
    where: { id: tradeId },
    include: {
      account: true,
      orders: {
        // The legs of a bracket are made at one instant: entry, stop, target.
        orderBy: [{ createdAt: 'asc' }, { role: 'asc' }, { sequence: 'asc' }],
        include: {
          incarnations: { orderBy: { sendingAt: 'asc' } },
          executions: { orderBy: { id: 'asc' } },
        },
      },
    },
  });
  return {
    trade,
    account,
    rows: new Map(orders.map((row) => [row.id, row])),
    legs: new Map(orders.map((row) => [row.id, legOf(row)])),
  };
}

/** The terms that this system wants for the leg. */
export function wantedTerms(row: Order): OrderTerms {
  return row.terms as unknown as OrderTerms;
}

/** The terms the broker last read back; null before it did. */
export function readBackTerms(row: Order): OrderTerms | null {
  return row.readBack as unknown as OrderTerms | null;
}

/** A row as the domain sees it. */
export function legOf(row: OrderRow): TradeLeg {
  const current = readBackTerms(row) ?? wantedTerms(row);
  const base: OrderLeg = {
    legId: row.id,
    role: row.role as LegRole,
    side: current.side,
    quantity: current.quantity,
    intent: row.intent as OrderLeg['intent'],
    status: row.status as OrderStatus,
    whyHeld: row.whyHeld,
    filledQuantity: textFromRow(row.filledQuantity),
    averagePrice: textFromRow(row.averagePrice),
    executions: executionsOf(row.executions),
    reported: row.reported as unknown as OrderLeg['reported'],
    error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorText ?? '' },
  };
  return {
    ...base,
    sequence: row.sequence,
    orderType: current.orderType,
    limitPrice: current.limitPrice,
    stopPrice: current.stopPrice,
    ocaGroup: current.ocaGroup,
    modificationInFlight: row.pendingTerms !== null,
    modificationRefused: row.modificationRefused,
    isDoubtful: row.status === 'UNKNOWN' && row.role !== 'ENTRY' && row.pendingSince !== null,
  };
}

function executionsOf(rows: readonly Execution[]): BookedExecution[] {
  return rows
    .filter((row) => !row.superseded)
    .map((row) => {
      const reports = rows.filter((other) => other.executionKey === row.executionKey);
      return {
        executionId: row.executionId,
        executionKey: row.executionKey,
        correction: row.correction,
        quantity: textFromRow(row.quantity),
        price: textFromRow(row.price),
        toldQuantity: text(max(ZERO, ...reports.map((report) => fromRow(report.quantity)))),
      };
    });
}
