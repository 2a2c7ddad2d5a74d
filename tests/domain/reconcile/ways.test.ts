/** What a person reads of a finding names the way out of it: the command, and what it needs (TRD-11, REC-2). */
import { expect, test } from '@jest/globals';
import { compare } from '../../../domain/reconcile/compare.js';
import type { Finding, FindingKind } from '../../../domain/reconcile/finding.js';
import { healthy, pairOf, position, type Side } from './pair.js';

function found(kind: FindingKind, side: Side, known: readonly Side[] = [side]): Finding {
  const { books, snapshot } = pairOf([side], known);
  const one = compare(books, snapshot).findings.find((each) => each.kind === kind);
  if (one === undefined) throw new Error(`no ${kind} was found`);
  return one;
}

const side = healthy(1, 0);
/** As `healthy`, with another quantity at the broker. */
const holding = (quantity: number, cost?: string): Side => ({
  ...side,
  positions: [position(1, quantity, cost)],
});
const contract = { ...side.contract, managed: '0', newestTradeId: 'trade-9' };
const nobodys: Side = { ...holding(-5), contract, trades: [], orders: [] };
const noExits: Side = {
  ...holding(200, '10'),
  trades: side.trades.map((trade) => ({ ...trade, stopPrice: null, legs: [] })),
  orders: [],
};
const moved: Side = { ...side, contract: { ...side.contract, managed: '5', external: '15' } };
const unsent: Side = { ...side, orders: [] };

test.each<[FindingKind, Finding, readonly string[]]>([
  [
    'unexplained_position',
    found('unexplained_position', nobodys),
    ['"ballast resolve difference trade-9"', '"ballast resolve position SYM1"'],
  ],
  [
    'corporate_action',
    found('corporate_action', noExits),
    [
      '"ballast resolve split TRADE"',
      '"ballast resolve difference TRADE"',
      '"ballast resolve quarantine SYMBOL"',
    ],
  ],
  ['position_less', found('position_less', holding(7)), ['"ballast resolve difference"']],
  ['position_more', found('position_more', holding(27)), ['"ballast resolve difference"']],
  ['position_gone', found('position_gone', holding(-5)), ['the next comparison names']],
  ['books_differ', found('books_differ', moved), ['"ballast trade TRADE"']],
  ['order_missing', found('order_missing', unsent), ['resolve order TRADE ORDER --absent']],
  ['unknown_reference', found('unknown_reference', side, []), ['"ballast resume"']],
])('[TRD-11] %s names the way', (_, { why }, ways) => {
  for (const way of ways) expect(why).toContain(way);
});

test('[TRD-11] what could not be booked names where it is told why', () => {
  const { books, snapshot } = pairOf([side]);
  const { findings } = compare({ ...books, knownExecutions: new Set() }, snapshot);
  const one = findings.find(({ kind }) => kind === 'execution_unbooked');
  expect(one?.why).toContain('facts_stuck');
});
