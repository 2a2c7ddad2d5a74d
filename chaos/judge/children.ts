/** What a broker does to exits of an entry that is filled in part: moments that nobody can prevent. Pure. */
import type { Ledger, LedgerBreach } from '../stack/gateway-control.js';

/** The broker acts on an entry's children within this of the cancel. */
const TAKEN_ALONG_MS = 250;
/** Their ends are booked, a turn to write comes, exits are acknowledged: a tenth of it on idle cores. */
const MENDED_WITHIN_MS = 1_000;

/** How the broker was, at some time of a run, with the children of a part-filled entry that is cancelled. */
export interface BrokerKind {
  /** It ended them: a stop beside them could have filled twice, so another comes only after them. */
  readonly killsChildren: boolean;
  /**
   * They worked at their whole size from the first fill on. Cut before the cancel of the rest they would lack what
   * fills until then, and one that fills before the entry has sells more than there is.
   */
  readonly worksWhole: boolean;
}

/**
 * Whether the breach is of that kind (TRD-4): it began with the cancel of the remainder of a part-filled entry, or
 * with an exit that filled before its entry had, and ended with the entry's rest. The engine can't know which broker
 * it has; what counts is that it is mended soon.
 */
export function isOfChildren(
  breach: LedgerBreach,
  ledger: Ledger,
  { killsChildren, worksWhole }: BrokerKind,
): boolean {
  const { kind, fromMs, toMs } = breach;
  if ((toMs ?? ledger.atMs) - fromMs > MENDED_WITHIN_MS) return false;
  if (kind === 'excess') return worksWhole && followsCancel(breach, ledger);
  return (
    (killsChildren && followsCancel(breach, ledger)) || (worksWhole && isOversold(breach, ledger))
  );
}

/** An exit's fill began it, and the fill of an entry ended it. */
function isOversold({ symbol, fromMs, toMs }: LedgerBreach, ledger: Ledger): boolean {
  const fills = (role: string, atMs: number | null): boolean =>
    ledger.executions.some(
      (execution) =>
        execution.atMs === atMs &&
        ledger.orders.some(
          (order) =>
            order.orderRef === execution.orderRef && order.role === role && order.symbol === symbol,
        ),
    );
  return fills('exit', fromMs) && fills('entry', toMs);
}

function followsCancel({ symbol, fromMs }: LedgerBreach, ledger: Ledger): boolean {
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
