/** What the gateway tells of accounts: values, portfolio, positions, summary, profit and loss. */
import { text } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { AccountValue, ContractSpec, PnlView, PositionView } from '../exchange/api.js';
import { fieldText } from './fields.js';
import type { FieldValue } from './fields.js';
import { REPLY } from './message-ids.js';

function message(...fields: FieldValue[]): string[] {
  return fields.map(fieldText);
}

/** Contract of positions and executions: 11 fields, with the exchange that the message is about. */
export function replyContract(contract: ContractSpec, exchange: string): FieldValue[] {
  return [
    contract.conId,
    contract.symbol,
    contract.secType,
    '',
    '0.0',
    '',
    '',
    exchange,
    contract.currency,
    contract.localSymbol,
    contract.tradingClass,
  ];
}

/** managedAccounts (15). */
export function managedAccounts(accounts: readonly string[]): string[] {
  return message(REPLY.MANAGED_ACCOUNTS, 1, accounts.join(','));
}

/** updateAccountValue (6). */
export function accountValue(value: AccountValue): string[] {
  return message(REPLY.ACCOUNT_VALUE, 2, value.tag, value.value, value.currency, value.account);
}

/** updatePortfolio (7). */
export function portfolioValue(position: PositionView): string[] {
  const { contract } = position;
  return message(
    REPLY.PORTFOLIO_VALUE,
    8,
    contract.conId,
    contract.symbol,
    contract.secType,
    '',
    '0.0',
    '0',
    '',
    contract.primaryExchange,
    contract.currency,
    contract.localSymbol,
    contract.tradingClass,
    position.position,
    position.marketPrice,
    position.marketValue,
    position.avgCost,
    position.unrealizedPnl,
    position.realizedPnl,
    position.account,
  );
}

/** updateAccountTime (8), `hh:mm`. */
export function accountTime(clock: string): string[] {
  return message(REPLY.ACCOUNT_TIME, 1, clock);
}

/** accountDownloadEnd (54). */
export function accountDownloadEnd(account: string): string[] {
  return message(REPLY.ACCOUNT_DOWNLOAD_END, 1, account);
}

/** position (61). */
export function position(view: PositionView): string[] {
  return message(
    REPLY.POSITION,
    3,
    view.account,
    ...replyContract(view.contract, ''),
    view.position,
    view.avgCost,
  );
}

/** positionEnd (62). */
export function positionsEnd(): string[] {
  return message(REPLY.POSITIONS_END, 1);
}

/** positionMulti (71). */
export function positionMulti(reqId: number, model: string, view: PositionView): string[] {
  return message(
    REPLY.POSITION_MULTI,
    1,
    reqId,
    view.account,
    ...replyContract(view.contract, ''),
    view.position,
    view.avgCost,
    model,
  );
}

/** positionMultiEnd (72). */
export function positionMultiEnd(reqId: number): string[] {
  return message(REPLY.POSITION_MULTI_END, 1, reqId);
}

/** accountUpdateMulti (73). */
export function accountUpdateMulti(reqId: number, model: string, value: AccountValue): string[] {
  return message(
    REPLY.ACCOUNT_UPDATE_MULTI,
    1,
    reqId,
    value.account,
    model,
    value.tag,
    value.value,
    value.currency,
  );
}

/** accountUpdateMultiEnd (74). */
export function accountUpdateMultiEnd(reqId: number): string[] {
  return message(REPLY.ACCOUNT_UPDATE_MULTI_END, 1, reqId);
}

/** accountSummary (63). */
export function accountSummary(reqId: number, value: AccountValue): string[] {
  return message(
    REPLY.ACCOUNT_SUMMARY,
    1,
    reqId,
    value.account,
    value.tag,
    value.value,
    value.currency,
  );
}

/** accountSummaryEnd (64). */
export function accountSummaryEnd(reqId: number): string[] {
  return message(REPLY.ACCOUNT_SUMMARY_END, 1, reqId);
}

/** pnl (94). */
export function pnl(reqId: number, view: PnlView): string[] {
  return message(REPLY.PNL, reqId, view.daily, view.unrealized, view.realized);
}

/** pnlSingle (95). */
export function pnlSingle(
  reqId: number,
  view: PnlView & { position: Decimal; value: Decimal },
): string[] {
  return message(
    REPLY.PNL_SINGLE,
    reqId,
    view.position,
    text(view.daily),
    view.unrealized,
    view.realized,
    view.value,
  );
}
