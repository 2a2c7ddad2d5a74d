/**
 * Positions: what the broker holds of each contract, beside what the strategies hold and what is counted as
 * external. A difference is corrected only where something proves it; what may be a lost fill of ours waits
 * for a person (REC-2, REC-5).
 */
import type { Snapshot } from '../broker/snapshot.js';
import { decimal, sum, text, ZERO, type Decimal, type DecimalText } from '../money.js';
import { isRatioSure, ratioSeen, splitRatio, type Holding } from '../trade/corporate-action.js';
import type { EpochMs } from '../vocabulary.js';
import type { Leg } from '../trade/book.js';
import type { GuardedTrade } from '../trade/guard.js';
import { isOpen, placing } from '../trade/incarnation.js';
import type { AccountBooks, BookedContract } from './books.js';
import type { Finding, FindingKind, Step } from './finding.js';
import { finding } from './finding.js';
import { hidesSplit, NAME_THE_RATIO, proposedExits } from './split.js';

/** One contract with both sides of it. */
interface Pair {
  readonly contract: BookedContract;
  readonly shown: Decimal;
  readonly brokerCost: string | null;
  readonly trades: readonly GuardedTrade[];
  readonly pictureAtMs: EpochMs;
}

/** Compares the positions of the account; a contract gives at most one finding of its quantity. */
export function comparePositions(books: AccountBooks, snapshot: Snapshot): Finding[] {
  return pairsOf(books, snapshot).flatMap((pair) => [...ofQuantity(pair), ...ofTrades(pair)]);
}

function pairsOf({ account, contracts, trades }: AccountBooks, snapshot: Snapshot): Pair[] {
  const positions = snapshot.positions.filter((row) => row.account === account);
  const booked = new Map(contracts.map((contract) => [contract.brokerContractId, contract]));
  const shown = grouped(positions);
  const held = grouped(trades.filter(({ brokerContractId }) => brokerContractId !== null));
  // What only trades count is of no position: the books differ, and no row of either side says so.
  const only = new Map([...held].filter(([, of]) => of.some(isHolding)));
  return [...new Set([...booked.keys(), ...shown.keys(), ...only.keys()])].map((contractId) => {
    const rows = shown.get(contractId) ?? [];
    const { symbol } = rows[0] ?? only.get(contractId)?.[0] ?? { symbol: '' };
    return {
      contract: booked.get(contractId) ?? unknownContract(contractId, symbol),
      shown: sum(rows.map(({ quantity }) => decimal(quantity))),
      brokerCost: rows[0]?.averageCost ?? null,
      trades: held.get(contractId) ?? [],
      pictureAtMs: snapshot.startedAtMs,
    };
  });
}

function grouped<T extends { readonly brokerContractId: number | null }>(
  rows: readonly T[],
): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const id = row.brokerContractId!;
    const group = groups.get(id);
    if (group) group.push(row);
    else groups.set(id, [row]);
  }
  return groups;
}

function isHolding({ held }: GuardedTrade): boolean {
  return !decimal(held).isZero();
}

function unknownContract(brokerContractId: number, symbol: string): BookedContract {
  return {
    ...{ brokerContractId, symbol, managed: '0', external: '0' },
    ...{ averageCost: null, lastPrice: null, hasOwnOrders: false },
  };
}

function ofQuantity(pair: Pair): Finding[] {
  const { contract, shown, pictureAtMs } = pair;
  const managed = decimal(contract.managed);
  const expected = managed.add(decimal(contract.external));
  const isSame = shown.eq(expected);
  if (isSame && !isClosedByOthers(managed, shown)) return [];
  const ratio = isSame || managed.isZero() ? null : ratioOf(pair, expected);
  const verdict = isSame ? CLOSED_OUTSIDE : verdictOf(pair, managed, expected, ratio);
  const [kind, step, why, mayBeSplit = false] = verdict;
  // No missing exit explains more shares, or fewer, by a split's ratio.
  const isSettled = !isInDoubt(pair.trades, ratio === null ? pictureAtMs : Infinity);
  const difference = shown.sub(expected);
  const priced = priceOf(pair);
  const value = priced === null ? null : text(difference.abs().mul(decimal(priced)));
  return [
    {
      ...{ kind, subject: `${contract.symbol}/${contract.brokerContractId}` },
      ...{ symbol: contract.symbol, brokerContractId: contract.brokerContractId },
      tradeIds: pair.trades.map(({ tradeId }) => tradeId).sort(),
      ...{ books: text(expected), broker: text(shown), difference: text(difference) },
      ...{ price: priced, value, isUnexplained: isSettled && UNEXPLAINED.has(kind) },
      ...(isSettled ? { step, why } : { step: 'wait', why: IN_DOUBT }),
      ...(isSettled && mayBeSplit ? { mayBeSplit } : {}),
      summary:
        kind === 'corporate_action' && ratio !== null
          ? splitSummary(pair, managed, ratio)
          : summaryOf(pair, managed),
    },
  ];
}

type Verdict = readonly [kind: FindingKind, step: Step, why: string, mayBeSplit?: boolean];

const IN_DOUBT =
  'an order in this contract is in flight or of unknown fate ("ballast doctor" names it where it waits for a person), and may explain it';

const CLOSED_OUTSIDE: Verdict = [
  'closed_outside',
  'book_outside',
  'what executions of somebody else tell is booked to the trades, whose exits then go; shares that none tells of are in the books twice: "ballast resolve difference TRADE" takes them out of the trade that has none',
];

/** The broker is not what the books say: what kind of difference it is, and what follows. */
function verdictOf(
  pair: Pair,
  managed: Decimal,
  expected: Decimal,
  ratio: DecimalText | null,
): Verdict {
  const { contract, shown, trades } = pair;
  if (managed.isZero()) {
    return contract.hasOwnOrders
      ? ['unexplained_position', 'quarantine', nobodysOf(contract)]
      : ['external_position', 'count_external', 'no order of ours was ever sent in it'];
  }
  if (ratio !== null && isSureOf(pair, expected, ratio)) {
    const proposal = proposedExits(trades, ratio);
    const fitting = proposal === '' ? '' : `; ${TAKE_OVER} ${proposal}`;
    return ['corporate_action', 'quarantine', `${ACROSS_A_SPLIT}${fitting}`];
  }
  if (shown.isZero() || shown.isNeg() !== managed.isNeg()) {
    return ['position_gone', 'book_outside', shown.isZero() ? GONE : TURNED];
  }
  const isLess = managed.gt(0) ? shown.lt(expected) : shown.gt(expected);
  const verdict = isLess ? LESS : MORE;
  const mayBeSplit = ratio !== null || hidesSplit(contract, trades);
  const isSeen = (contract.splitSeen ?? null) !== null;
  return mayBeSplit || isSeen ? [verdict[0], 'quarantine', NAME_THE_RATIO, mayBeSplit] : verdict;
}

/** Why nothing is done about shares that no trade holds, where orders were sent, and the way to them. */
function nobodysOf({ symbol, newestTradeId }: BookedContract): string {
  const first = `"ballast resolve difference ${newestTradeId ?? 'TRADE'}" (a trade in ${symbol}, over or not)`;
  return `it may be a lost fill of ours, or a hand's: compare the broker's own list of executions; then ${first} counts it as external, and "ballast resolve position ${symbol}" adopts it with a stop, or it is traded away in TWS`;
}

const LESS: Verdict = [
  'position_less',
  'book_outside',
  'what executions of somebody else prove is booked; the rest is declared with "ballast resolve difference"',
];

const MORE: Verdict = [
  'position_more',
  'quarantine',
  'it may be a fill of ours that nobody told: a person must look; a hand\'s is declared with "ballast resolve difference"',
];

const GONE =
  'the broker holds nothing of it: unless an order awaits its executions, the close is booked and the exits are cancelled';

/** Exits of before could only open more of what is there now. */
const TURNED =
  'the broker holds the other direction: unless an order awaits its executions, the close is booked and the exits are ' +
  "cancelled; what is held there is no trade's, and the next comparison names the commands for it";

const ACROSS_A_SPLIT =
  'exits at prices of before would fill at once or protect too little, so nothing is sent across a split: ' +
  '"ballast resolve split TRADE" carries all trades across it; only where nothing was split, "ballast resolve difference TRADE" ' +
  'is for what a hand did, and then "ballast resolve quarantine SYMBOL"';

const TAKE_OVER = '"ballast resolve split TRADE" takes over what is proposed:';

/** By how much the broker holds more than is expected, when it looks like a split's; else null. */
function ratioOf(pair: Pair, expected: Decimal): DecimalText | null {
  return splitRatio(...holdingsOf(pair, expected), pair.contract.lastPrice);
}

/** Whether it is to be taken over as it is; else a hand may have traded, and a person names the ratio. */
function isSureOf(pair: Pair, expected: Decimal, ratio: DecimalText): boolean {
  const seen = ratioSeen(pair.contract.splitSeen ?? null);
  return isRatioSure(ratio, ...holdingsOf(pair, expected), seen);
}

/** By the books, and at the broker. */
function holdingsOf(
  { contract, shown, brokerCost }: Pair,
  expected: Decimal,
): readonly [Holding, Holding] {
  return [
    { quantity: text(expected), averageCost: contract.averageCost },
    { quantity: text(shown), averageCost: brokerCost },
  ];
}

/** Differences that neither an order in flight, nor an execution, nor a split explains. */
const UNEXPLAINED: ReadonlySet<FindingKind> = new Set([
  'unexplained_position',
  'position_gone',
  'position_less',
  'position_more',
]);

/** The sum is right, and yet the strategies hold more than there is: the rest is others' short. */
function isClosedByOthers(managed: Decimal, shown: Decimal): boolean {
  if (managed.isZero()) return false;
  return managed.gt(0) ? shown.lt(managed) : shown.gt(managed);
}

/** Pictures prove within this what became of an order that they lack, where they can at all. */
const PROOF_MAX_MS = 60_000;

/** An order of which nobody knows what it is, or that pictures have lacked for a moment (`Infinity`: that says nothing). */
function isInDoubt(trades: readonly GuardedTrade[], pictureAtMs: EpochMs): boolean {
  return trades.some(({ legs }) =>
    legs.some(
      (leg) =>
        leg.incarnations.some(isOpen) ||
        leg.status === 'UNKNOWN' ||
        leg.status === 'CANCEL_PENDING' ||
        isJustMissed(leg, pictureAtMs),
    ),
  );
}

function isJustMissed(leg: Leg, pictureAtMs: EpochMs): boolean {
  const missed = placing(leg)?.missed ?? null;
  return missed !== null && pictureAtMs - missed.atMs < PROOF_MAX_MS;
}

/** The last price, or what the shares cost. */
function priceOf({ contract, brokerCost }: Pair): string | null {
  const known = [contract.lastPrice, brokerCost, contract.averageCost];
  return known.find((price) => price !== null && decimal(price).gt(ZERO)) ?? null;
}

function summaryOf({ contract, shown }: Pair, managed: Decimal): string {
  const { symbol, external } = contract;
  const others = decimal(external).isZero() ? '' : ` and ${external} external`;
  const said = `${symbol}: the broker holds ${text(shown)}, the books say ${text(managed)} of trades${others}`;
  const isMore = isClosedByOthers(managed, shown) && shown.eq(managed.add(decimal(external)));
  return isMore ? `${said}: together the trades count ${tooMany(managed, shown)}` : said;
}

/** For people: `10 more than there are`. */
function tooMany(managed: Decimal, shown: Decimal): string {
  const there = shown.isNeg() === managed.isNeg() ? shown.abs() : ZERO;
  return `${text(managed.abs().sub(there))} more than there are`;
}

/** What makes it look like a split: the shares and what each of them cost have changed the opposite way. */
function splitSummary(pair: Pair, managed: Decimal, ratio: DecimalText): string {
  const { averageCost } = pair.contract;
  const costs =
    averageCost === null || pair.brokerCost === null
      ? ''
      : `, at a cost of ${pair.brokerCost} a share instead of ${averageCost}`;
  return `${summaryOf(pair, managed)}: ${ratio} times as many${costs}, as a split makes it`;
}

/** The books beside themselves: what the open trades hold is what their strategies hold. */
function ofTrades({ contract, trades }: Pair): Finding[] {
  const held = sum(
    trades.map(({ side, held }) => (side === 'BUY' ? decimal(held) : decimal(held).neg())),
  );
  if (held.eq(decimal(contract.managed))) return [];
  const { symbol, brokerContractId, managed } = contract;
  return [
    finding({
      ...{
        kind: 'books_differ',
        subject: `${symbol}/${brokerContractId}`,
        symbol,
        brokerContractId,
      },
      tradeIds: trades.map(({ tradeId }) => tradeId).sort(),
      ...{ books: managed, broker: text(held), step: 'ask' },
      summary: `${symbol}: the open trades hold ${text(held)}, their strategies' positions say ${managed}`,
      why: 'both are in the database, and nothing tells which is right, so nothing is changed: compare the fills that "ballast trade TRADE" shows with the broker\'s own list',
    }),
  ];
}
