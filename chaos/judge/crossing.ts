/** A change of an exit that crossed a part fill of its sibling: an excess that nobody could foresee. Pure. */
import type { Ledger, LedgerBreach } from '../stack/gateway-control.js';

/** A change arrives within this of what its writer knew, on busy cores. */
const ON_THE_WAY_MS = 250;
/** The broker's own reduction is waited for for 500 ms, then corrected (TRD-4); twice that on busy cores. */
const CORRECTED_WITHIN_MS = 1_000;

/**
 * Whether the excess began with a change of an exit that came just after a part fill of its group: the fill
 * had reduced the order at the broker, and the change, which must name the whole quantity, undid that.
 * Whoever wrote it could not know of the fill; what counts is that it is corrected soon.
 */
export function isCrossing(breach: LedgerBreach, ledger: Ledger): boolean {
  const { kind, symbol, fromMs, toMs } = breach;
  if (kind !== 'excess' || (toMs ?? ledger.atMs) - fromMs > CORRECTED_WITHIN_MS) return false;
  const exits = ledger.orders.filter((order) => order.symbol === symbol && order.role === 'exit');
  const isChanged = exits.some(
    ({ clientId, orderId, firstAtMs }) =>
      firstAtMs < fromMs &&
      ledger.messages.orders.some(
        (message) =>
          message.kind === 'place' &&
          message.atMs === fromMs &&
          message.clientId === clientId &&
          message.orderId === orderId,
      ),
  );
  const references = new Set(exits.map(({ orderRef }) => orderRef));
  const isJustFilled = ledger.executions.some(
    ({ orderRef, atMs }) =>
      references.has(orderRef) && atMs <= fromMs && fromMs - atMs <= ON_THE_WAY_MS,
  );
  return isChanged && isJustFilled;
}
