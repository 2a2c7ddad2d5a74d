/** From a protective action to committed intents and the writes that follow them. */
import { createHash } from 'node:crypto';
import { clientOrderId } from '../../domain/ids.js';
import type { ProtectiveAction } from '../../domain/trade/actions.js';
import { opposite, type Instrument, type LegRole, type Side } from '../../domain/vocabulary.js';
import type { OrderTerms } from '../../contract/orders.js';
import type { OrderToSend } from '../../contract/sending.js';
import { toJson, type Transaction } from '../../store/database.js';
import {
  readBackTerms,
  wantedTerms,
  type OrderRow,
  type TradeBook,
} from '../../store/book/load.js';
import { orderRowWithLeg } from '../../store/book/add-leg.js';
import { applyToLeg } from '../../store/order-facts.js';
import { orderToSend, startModification, startSending } from '../../store/sending.js';
import { addTradeEvent } from '../../store/timeline.js';
import { exitTerms, stopExit, targetExit } from '../../store/planning/legs.js';
import type { BrokerDeps } from '../deps.js';

/** One write to the broker, whose intent is committed. */
export type SendStep =
  | { readonly kind: 'cancel'; readonly orderRowId: string; readonly sessionOrderId: number }
  | { readonly kind: 'modify'; readonly orderRowId: string; readonly order: OrderToSend }
  | { readonly kind: 'exits'; readonly orders: readonly OrderToSend[] };

/** Records the action's intents in the book and gives the writes. */
export async function commitAction(
  tx: Transaction,
  deps: BrokerDeps,
  book: TradeBook,
  action: ProtectiveAction,
  instrument: Instrument,
  nowMs: number,
): Promise<SendStep[]> {
  const { userId, id: tradeId } = book.trade;
  await addTradeEvent(tx, { userId, tradeId }, 'protect', describe(book, action), { ...action });
  switch (action.kind) {
    case 'cancel':
      return commitCancel(tx, book, action.legId, nowMs);
    case 'modify':
      return commitModify(tx, book, action, instrument, nowMs);
    case 'place_exits':
      return placeExits(tx, deps, book, action, instrument, nowMs);
    case 'market_close': {
      const terms = exitTerms(action.side, action.quantity, null);
      const row = await newLeg(tx, deps, book, 'CLOSE', { ...terms, timeInForce: 'DAY' });
      return sendNew(tx, deps, book, [row], instrument, nowMs);
    }
  }
}

async function commitCancel(
  tx: Transaction,
  book: TradeBook,
  legId: string,
  nowMs: number,
): Promise<SendStep[]> {
  const row = book.rows.get(legId)!;
  applyToLeg(book, legId, { kind: 'cancelRequested' });
  row.pendingSince = new Date(nowMs);
  await tx.order.update({ where: { id: legId }, data: { pendingSince: row.pendingSince } });
  return [{ kind: 'cancel', orderRowId: legId, sessionOrderId: lastSessionOrderId(row) }];
}

async function commitModify(
  tx: Transaction,
  book: TradeBook,
  action: Extract<ProtectiveAction, { kind: 'modify' }>,
  instrument: Instrument,
  nowMs: number,
): Promise<SendStep[]> {
  const row = book.rows.get(action.legId)!;
  const { quantity, limitPrice, stopPrice } = action;
  const terms = { ...(readBackTerms(row) ?? wantedTerms(row)), quantity, limitPrice, stopPrice };
  await startModification(tx, book, row, terms, nowMs);
  const order = orderToSend(book, row, lastSessionOrderId(row), instrument, terms);
  return [{ kind: 'modify', orderRowId: row.id, order }];
}

async function placeExits(
  tx: Transaction,
  deps: BrokerDeps,
  book: TradeBook,
  action: Extract<ProtectiveAction, { kind: 'place_exits' }>,
  instrument: Instrument,
  nowMs: number,
): Promise<SendStep[]> {
  const side = opposite(book.trade.side as Side);
  const { quantity, stopPrice, targetPrice } = action;
  const isPair = stopPrice !== null && targetPrice !== null;
  const group = action.ocaGroup ?? (isPair ? newGroup(book) : null);
  const rows: OrderRow[] = [];
  if (stopPrice !== null) {
    rows.push(await newLeg(tx, deps, book, 'STOP', stopExit(side, quantity, stopPrice, group)));
  }
  if (targetPrice !== null) {
    rows.push(
      await newLeg(tx, deps, book, 'TARGET', targetExit(side, quantity, targetPrice, group)),
    );
  }
  return sendNew(tx, deps, book, rows, instrument, nowMs);
}

async function sendNew(
  tx: Transaction,
  deps: BrokerDeps,
  book: TradeBook,
  rows: readonly OrderRow[],
  instrument: Instrument,
  nowMs: number,
): Promise<SendStep[]> {
  const orders = await startSending(tx, book, rows, instrument, {
    lease: deps.link.lease(),
    sessionClientId: deps.link.sessionClientId,
    nextValidId: deps.link.port.state().nextValidId ?? 1,
    nowMs,
  });
  return [{ kind: 'exits', orders }];
}

/** A new leg of the trade: the next of its role. */
async function newLeg(
  tx: Transaction,
  deps: BrokerDeps,
  book: TradeBook,
  role: LegRole,
  terms: OrderTerms,
): Promise<OrderRow> {
  const { trade } = book;
  const sequence = 1 + Math.max(0, ...sequencesOf(book, role));
  const id = clientOrderId(deps.installationId, trade.id, role, sequence, (value) =>
    createHash('sha256').update(value).digest('hex'),
  );
  const created = await tx.order.create({
    data: {
      userId: trade.userId,
      accountId: trade.accountId,
      tradeId: trade.id,
      role,
      sequence,
      clientOrderId: id,
      terms: toJson(terms),
    },
  });
  deps.commits.learn(id, { tradeId: trade.id, orderRowId: created.id });
  return orderRowWithLeg(book, created);
}

function sequencesOf(book: TradeBook, role: LegRole): number[] {
  return [...book.rows.values()].filter((row) => row.role === role).map((row) => row.sequence);
}

/** A group name that no earlier group of this trade had. */
function newGroup(book: TradeBook): string {
  return `oca-${book.trade.id.slice(-12)}-${book.rows.size}`;
}

/** The id under which the broker knows the leg. @throws when it was never sent. */
export function lastSessionOrderId(row: OrderRow): number {
  const last = row.incarnations[row.incarnations.length - 1];
  if (!last) throw new Error(`order ${row.clientOrderId} was never sent`);
  return last.sessionOrderId;
}

function describe(book: TradeBook, action: ProtectiveAction): string {
  const role = 'legId' in action ? `${book.legs.get(action.legId)?.role ?? ''} ` : '';
  const quantity = 'quantity' in action ? ` ${action.quantity}` : '';
  return `${action.kind.replace('_', ' ')} ${role}${quantity}`.trim() + ` (${action.cause})`;
}
