/** What IBKR says when it takes an order and keeps it back until the market opens. */
import type { OrderError } from '../port.js';
import { parseApiTime } from './api-time.js';

/** "Order message": usually, not always, that the market is closed; only the text tells. */
const ORDER_MESSAGE = 399;
const HELD = /will not be placed at the exchange until/i;
/** `2026-11-24 09:30:00 US/Eastern`, with or without a full stop behind it. */
const OPENS =
  /until\s+(\d{4})-?(\d{2})-?(\d{2})\s+(\d{2}:\d{2}:\d{2})(?:\s+([A-Za-z][A-Za-z_/]*))?/i;

/**
 * What an error on an order says of the market's open, to be laid into its report; nothing for any other.
 * @param fallbackZone the terminal's zone, for texts that name none
 */
export function heldBack(
  code: number,
  message: string,
  fallbackZone: string,
): Pick<OrderError, 'heldUntilOpen'> {
  if (code !== ORDER_MESSAGE || !HELD.test(message)) return {};
  const found = OPENS.exec(message);
  if (!found) return { heldUntilOpen: { opensMs: null } };
  const [, year, month, day, time, zone] = found;
  const stamp = `${year}${month}${day} ${time}${zone === undefined ? '' : ` ${zone}`}`;
  return { heldUntilOpen: { opensMs: parseApiTime(stamp, fallbackZone) } };
}
