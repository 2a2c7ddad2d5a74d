/** What the gateway tells of fills: execDetails, commissionReport, and the end of a listing. */
import { text } from '../../domain/money.js';
import type { CommissionView, ExecutionView } from '../exchange/api.js';
import { replyContract } from './account-messages.js';
import { UNSET_DOUBLE, fieldText } from './fields.js';
import { REPLY } from './message-ids.js';
import { unzonedText, zonedText } from './time-texts.js';
import { GATE } from './versions.js';

/** The request id of fills that nobody asked for. */
export const LIVE_REQ_ID = -1;

/** execDetails (11). */
export function execution(reqId: number, view: ExecutionView, version: number): string[] {
  const zoned = version >= GATE.INSTRUMENT_TIME_ZONE;
  const fields = [
    REPLY.EXECUTION,
    reqId,
    view.orderId,
    ...replyContract(view.contract, view.contract.exchange),
    view.execId,
    zoned ? zonedText(view.timeMs) : unzonedText(view.timeMs),
    view.account,
    view.exchange,
    view.side,
    view.shares,
    view.price,
    view.permId,
    view.clientId,
    '0',
    view.cumQty,
    view.avgPrice,
    view.orderRef,
    '',
    '',
    '',
    view.lastLiquidity,
  ].map(fieldText);
  if (version >= GATE.PENDING_PRICE_REVISION) fields.push('0');
  return fields;
}

/** execDetailsEnd (55). */
export function executionsEnd(reqId: number): string[] {
  return [REPLY.EXECUTIONS_END, 1, reqId].map(fieldText);
}

/** commissionReport (59); an opening trade has no realized P&L and gets the unset double. */
export function commission(report: CommissionView): string[] {
  return [
    REPLY.COMMISSION,
    1,
    report.execId,
    report.commission,
    report.currency,
    report.realizedPnl === undefined ? UNSET_DOUBLE : text(report.realizedPnl),
    UNSET_DOUBLE,
    '',
  ].map(fieldText);
}
