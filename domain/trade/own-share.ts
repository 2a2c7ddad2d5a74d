/**
 * What of an account's position may be one trade's. The broker knows no trades: it shows one net of a
 * contract, in which other trades and shares of nobody's (REC-2) are too. A trade that took all of it for
 * its own would sell theirs.
 */
import type { BrokerPosition } from '../broker/snapshot.js';
import { decimal, max, sum, text, ZERO, type Decimal, type DecimalText } from '../money.js';
import type { Instrument, Side } from '../vocabulary.js';
import { dealtShares, heldTogether, type Holder } from './dealt-shares.js';
import { signed } from './executions.js';

/** What others hold of the contract, by the books. */
export interface OthersHeld {
  /** By the account's other trades of the same direction. */
  readonly byTrades: DecimalText;
  /** Signed: in no trade's book. */
  readonly external: DecimalText;
}

export interface ShareOf {
  readonly side: Side;
  /** In the trade's direction; negative when it is overfilled. */
  readonly held: DecimalText;
}

/**
 * The net position less what others hold, signed. Shares that are missing at the broker are missing in each
 * trade's share: where it is less than the trade holds, they are dealt out (`dealtShare`).
 * Only what others hold in the trade's own direction counts: it never makes the share larger, so what a
 * hand sold is not sold again. For an overfill external shares don't count either: a hand may have bought
 * what it lacks.
 */
export function shareOf(
  { side, held }: ShareOf,
  net: DecimalText,
  { byTrades, external }: OthersHeld,
): DecimalText {
  const isHolding = decimal(held).gte(ZERO);
  const there = isHolding ? availableOf(side, net, external) : signed(side, net);
  const share = there.sub(max(ZERO, decimal(byTrades)));
  return text(signed(side, text(share)));
}

/** What of the net position is the trades', in their direction: without external shares of it. */
function availableOf(side: Side, net: DecimalText, external: DecimalText): Decimal {
  return signed(side, net).sub(max(ZERO, signed(side, external)));
}

/** Whether the broker holds too few for what the trade and the others hold: then nobody's share is undisputed. */
export function isShort({ side, held }: ShareOf, share: DecimalText): boolean {
  return decimal(held).gt(ZERO) && signed(side, share).lt(decimal(held));
}

export interface DealtShare {
  /** Signed: what of the net position the trade may exit. */
  readonly share: DecimalText;
  /** How many shares of all the trades together the broker does not have; '0' when fills explain it. */
  readonly missing: DecimalText;
}

/** The trade's part of what there is for all the contract's trades of its direction, of which it is one. */
export function dealtShare(
  tradeId: string,
  side: Side,
  holders: readonly Holder[],
  net: DecimalText,
  external: DecimalText,
): DealtShare {
  const available = max(ZERO, availableOf(side, net, external));
  const share = dealtShares(holders, available).get(tradeId) ?? ZERO;
  const missing = max(ZERO, decimal(heldTogether(holders)).sub(available));
  return { share: text(signed(side, text(share))), missing: text(missing) };
}

/** The account's rows of the contract of that id. */
export function rowsOf<Row extends Pick<BrokerPosition, 'account' | 'brokerContractId'>>(
  positions: readonly Row[],
  account: string,
  brokerContractId: number | null,
): Row[] {
  return positions.filter(
    (row) => row.account === account && row.brokerContractId === brokerContractId,
  );
}

/** The account's rows of the contract itself; while its id is unknown, those of `symbolRows`. */
export function contractRows(
  positions: readonly BrokerPosition[],
  account: string,
  instrument: Instrument,
): BrokerPosition[] {
  const { brokerContractId } = instrument;
  return brokerContractId === undefined
    ? symbolRows(positions, account, instrument)
    : rowsOf(positions, account, brokerContractId);
}

/**
 * The account's rows of the symbol in that kind of security, whatever their contract: a corporate action
 * may give shares another one. An option has its underlying's symbol, and is no share of it.
 */
export function symbolRows(
  positions: readonly BrokerPosition[],
  account: string,
  { symbol, securityType }: Pick<Instrument, 'symbol' | 'securityType'>,
): BrokerPosition[] {
  return positions.filter(
    (row) => row.account === account && row.symbol === symbol && row.securityType === securityType,
  );
}

/**
 * Whether nothing of a trade's shares is left: its contract is held no more, or the other way round, which exits of the
 * trade would only make more of, and no other contract of its symbol is held.
 */
export function isNoneLeft(
  side: Side,
  own: readonly BrokerPosition[],
  ofSymbol: readonly BrokerPosition[],
): boolean {
  if (signed(side, netOf(own)).gt(ZERO)) return false;
  const ids = new Set(own.map(({ brokerContractId }) => brokerContractId));
  return !isAnyHeld(ofSymbol.filter(({ brokerContractId }) => !ids.has(brokerContractId)));
}

/** Whether something is held by one of them; a row of 0 is what is held no more. */
export function isAnyHeld(rows: readonly BrokerPosition[]): boolean {
  return rows.some(({ quantity }) => !decimal(quantity).isZero());
}

/**
 * Of the rows of a symbol, those that the trade's shares are among: the contract's own, and only when there is
 * none, what a corporate action may have given another contract. Another listing of the symbol is no split.
 */
export function rowsAfterAction(
  ofSymbol: readonly BrokerPosition[],
  brokerContractId: number,
): readonly BrokerPosition[] {
  const own = ofSymbol.filter((row) => row.brokerContractId === brokerContractId);
  return own.length > 0 ? own : ofSymbol;
}

/** Their sum, signed. */
export function netOf(rows: readonly Pick<BrokerPosition, 'quantity'>[]): DecimalText {
  return text(sum(rows.map(({ quantity }) => decimal(quantity))));
}
