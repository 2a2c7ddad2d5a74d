/** Exits that the broker ended together with the rest of their entry: a gap that nobody can prevent. Pure. */
import type { Ledger, LedgerBreach } from '../stack/gateway-control.js';

/** The broker takes an entry's children along within this of the cancel. */
const TAKEN_ALONG_MS = 250;
/** Their ends are booked, a turn to write comes, new exits are acknowledged: a tenth of it on idle cores. */
const REPLACED_WITHIN_MS = 1_000;

/**
 * Whether the shares lost their stop by the cancel of their entry's remainder, at a broker that kills
 * children with their parent (TRD-4). The engine can't know which kind of broker it has, and a stop beside
 * those children could fill twice; what counts is that it stands soon after them.
 */
export function isOrphaned(breach: LedgerBreach, ledger: Ledger): boolean {
  const { kind, symbol, fromMs, toMs } = breach;
  if (kind !== 'unprotected' || (toMs ?? ledger.atMs) - fromMs > REPLACED_WITHIN_MS) return false;
  const entries = ledger.orders.filter(
    (order) => order.symbol === symbol && order.role === 'entry',
  );
  return entries.some(({ clientId, orderId, filled }) =>
    ledger.messages.orders.some(
      (message) =>
        message.kind === 'cancel' &&
        message.clientId === clientId &&
        message.orderId === orderId &&
        message.atMs <= fromMs &&
        fromMs - message.atMs <= TAKEN_ALONG_MS &&
        Number(filled) > 0,
    ),
  );
}
