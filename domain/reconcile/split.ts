/** What a split asks of a person: exits that would fit the shares as they are now. Shown, never sent (REC-5). */
import { decimal, text, type DecimalText } from '../money.js';
import { isPricedAcross } from '../trade/corporate-action.js';
import { hasLiveExit, type GuardedTrade } from '../trade/guard.js';
import { opposite } from '../vocabulary.js';
import type { BookedContract } from './books.js';
import type { Finding } from './finding.js';

/** Prices are proposed in cents: whoever takes them over sets them on the contract's own increment. */
const PRICE_DECIMALS = 2;

/** For people: the exits of each trade with quantity and prices rescaled by the ratio; empty when none has any. */
export function proposedExits(trades: readonly GuardedTrade[], ratio: DecimalText): string {
  return trades
    .filter(({ held }) => decimal(held).gt(0))
    .flatMap((trade) => proposalOf(trade, ratio))
    .join('; ');
}

function proposalOf(trade: GuardedTrade, ratio: DecimalText): string[] {
  const { side, held, stopPrice, targetPrice = null } = trade;
  const rescaled = (price: DecimalText): string =>
    `${text(decimal(price).div(decimal(ratio)).toDecimalPlaces(PRICE_DECIMALS))} (was ${price})`;
  const prices = [
    ...(stopPrice === null ? [] : [`stop ${rescaled(stopPrice)}`]),
    ...(targetPrice === null ? [] : [`target ${rescaled(targetPrice)}`]),
  ];
  if (prices.length === 0) return [];
  const quantity = text(decimal(held).mul(decimal(ratio)));
  return [`${opposite(side)} ${quantity} (was ${held}), ${prices.join(', ')}`];
}

/**
 * Whether it may be a split though no ratio shows, for a hand has traded since: the exits of all who hold shares are
 * gone, and the last price is where the own course of one of them does not leave it. Asked of a position that does
 * not add up.
 */
export function hidesSplit(
  { averageCost, lastPrice }: Pick<BookedContract, 'averageCost' | 'lastPrice'>,
  trades: readonly GuardedTrade[],
): boolean {
  const holding = trades.filter(({ held }) => decimal(held).gt(0));
  if (lastPrice === null || holding.some(hasLiveExit)) return false;
  return holding.some(({ side, stopPrice, targetPrice = null }) =>
    isPricedAcross(side, { stopPrice, targetPrice, averageCost }, lastPrice),
  );
}

/** Why nothing is booked, and what a person may say. */
export const NAME_THE_RATIO =
  'shares of before and of after a split do not add up, so nothing is booked: "ballast resolve split TRADE --ratio NEW:OLD" ' +
  'carries the trades across it; where there was none, what a hand did is declared with "ballast resolve difference"';

/**
 * Shares without a stop after a split are nobody's to repair: prices of before would sell at once, so the
 * trade waits, and a person is asked.
 */
export function unarmedBySplit(findings: readonly Finding[]): Finding[] {
  const split = new Set(
    findings
      .filter(({ kind, mayBeSplit = false }) => kind === 'corporate_action' || mayBeSplit)
      .map((found) => found.brokerContractId),
  );
  return findings.map((found) =>
    found.kind === 'unprotected' && split.has(found.brokerContractId)
      ? { ...found, step: 'ask', why: NOTHING_SENT }
      : found,
  );
}

const NOTHING_SENT =
  'a split ended its exits, and none is sent at prices of before: "ballast resolve split" places new ones, or close the shares at the broker';
