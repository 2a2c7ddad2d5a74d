/** Adding an order row that was just created to a book that is already loaded. */
import type { Order } from '../generated/client.js';
import { legOf, type OrderRow, type TradeBook } from './load.js';

/** Gives the row as the book keeps it; the book now has its leg too. */
export function orderRowWithLeg(book: TradeBook, created: Order): OrderRow {
  const row: OrderRow = { ...created, incarnations: [], executions: [] };
  (book.rows as Map<string, OrderRow>).set(row.id, row);
  book.legs.set(row.id, legOf(row));
  return row;
}
