/**
 * Which fills an account's values show already (RSK-2). A broker may tell values that are minutes old: money that a
 * fill has spent and the values still show must not be spent again. Only two things prove a fill shown:
 *
 *  1. Time. Values that were asked for `VALUES_LAG_MAX_MS` after the fill was told show it, whatever they are.
 *  2. The amount. Total cash has moved, since it last showed exactly the fills that count as shown, by what the
 *     oldest others came to, to the cent: then they are in it. A deposit, interest or a stranger's trade in between
 *     leaves no such sum, and the fills wait for the time.
 *
 * The sums are what is guarded, not which of two equal fills the broker reckoned first: never is more let go than
 * the values have moved by. An amount that another movement makes by chance, to the cent, is taken for the fill.
 */
import { decimal, sum, type Decimal, type DecimalText } from '../money.js';
import type { EpochMs, Side } from '../vocabulary.js';

/** TWS API, Account Summary: values are told anew every three minutes. */
export const VALUES_LAG_MAX_MS = 180_000;

/** An execution that no values have shown yet. */
export interface UnseenFill {
  readonly id: string;
  readonly side: Side;
  readonly quantity: DecimalText;
  readonly price: DecimalText;
  /** Null while the broker has not told it. */
  readonly commission: DecimalText | null;
  /** Base currency per unit; null where there is no rate. */
  readonly rate: DecimalText | null;
  /** The same of the commission's. */
  readonly commissionRate: DecimalText | null;
  /** No execution that was corrected, inferred or of no trade: what it did to the cash is not known to the cent. */
  readonly isPlain: boolean;
  readonly receivedAtMs: EpochMs;
}

export interface ToldCash {
  readonly totalCash: DecimalText;
  /** When it was asked for. */
  readonly atMs: EpochMs;
}

export interface Shown {
  readonly ids: readonly string[];
  /** The cash that shows exactly what counts as shown from now on; null: nobody can tell. */
  readonly matchedCash: DecimalText | null;
}

/** What is told in cents is rounded by half of one, for each amount that is in it. */
const CENT = decimal('0.01');
/** Between a fill in another currency and the rate that values are told at, the rate moves. */
const RATE_SLACK = decimal('0.001');

/**
 * What these values show. `matchedCash` is that of the values before; `fills` are all that none has shown, the
 * oldest first.
 */
export function shownBy(
  matchedCash: DecimalText | null,
  told: ToldCash,
  fills: readonly UnseenFill[],
): Shown {
  const isDue = ({ receivedAtMs }: UnseenFill) => told.atMs - receivedAtMs >= VALUES_LAG_MAX_MS;
  const due = fills.filter(isDue);
  const young = fills.filter((fill) => !isDue(fill));
  const matching = matchingOf(matchedCash, told, due, young);
  const ids = [...due, ...young.slice(0, matching ?? 0)].map(({ id }) => id);
  if (matching !== null || young.length === 0) return { ids, matchedCash: told.totalCash };
  // Values that no sum explains may show a fill whose commission is still to come: the next may explain it.
  return { ids, matchedCash: due.length === 0 ? matchedCash : null };
}

/** How few of the young, with all that are due, explain the cash; null when no number of them does. */
function matchingOf(
  matchedCash: DecimalText | null,
  told: ToldCash,
  due: readonly UnseenFill[],
  young: readonly UnseenFill[],
): number | null {
  if (matchedCash === null || !due.every(isExact)) return null;
  const moved = decimal(told.totalCash).sub(decimal(matchedCash));
  let [expected, slack] = [sum(due.map(cashOf)), CENT.add(sum(due.map(slackOf)))];
  for (const [count, next] of [...young, null].entries()) {
    if (moved.sub(expected).abs().lte(slack)) return count;
    if (next === null || !isExact(next)) return null;
    expected = expected.add(cashOf(next));
    slack = slack.add(slackOf(next));
  }
  return null;
}

function isExact({ isPlain, commission, rate, commissionRate }: UnseenFill): boolean {
  return isPlain && commission !== null && rate !== null && commissionRate !== null;
}

/** What it does to the account's cash, in its base currency: a purchase takes, a commission always. */
function cashOf({ side, commission, commissionRate, ...fill }: UnseenFill): Decimal {
  const value = valueOf(fill);
  const paid = decimal(commission!).mul(commissionRate!);
  return (side === 'BUY' ? value.neg() : value).sub(paid);
}

function valueOf({ quantity, price, rate }: Pick<UnseenFill, 'quantity' | 'price' | 'rate'>) {
  return decimal(quantity).mul(price).mul(rate!);
}

function slackOf(fill: UnseenFill): Decimal {
  return decimal(fill.rate!).eq(1) ? CENT : CENT.add(valueOf(fill).mul(RATE_SLACK));
}
