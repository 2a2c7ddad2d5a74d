/** A trade across a split: the same value in another number of shares, and exits at prices of now (REC-5). */
import { expect, test } from '@jest/globals';
import type { ExecutionReport } from '../../../domain/broker/fact.js';
import { decimal, text } from '../../../domain/money.js';
import { awaitsExecutions } from '../../../domain/orders/machine.js';
import {
  afterSplit,
  dealtOut,
  exitsAfter,
  splitRefusal,
} from '../../../domain/trade/after-split.js';
import type { Book } from '../../../domain/trade/book.js';
import { newsOf } from '../../../domain/trade/news.js';
import { positionMoves } from '../../../domain/trade/executions.js';
import { applyFact } from '../../../domain/trade/fact.js';
import { finish } from '../../../domain/trade/finish.js';
import { needsOf, NOTHING_KNOWN } from '../../../domain/trade/needs.js';
import { heldAsTold } from '../../../domain/trade/overdue.js';
import { lotsOf } from '../../../domain/trade/settle.js';
import { viewOf } from '../../../domain/trade/view.js';
import { bustedSince } from '../../../store/book/busted.js';
import type { LegRole } from '../../../domain/vocabulary.js';
import { ACCOUNT, CLIENT, CONTRACT_ID, T0 } from './books.js';
import { legOf, openBook } from './open-book.js';

const DAY_MS = 86_400_000;
const NOW = T0 + DAY_MS;

function told(book: Book, role: LegRole, filled: string, status: 'CANCELLED' | 'EXECUTED'): Book {
  const { clientOrderId, incarnations, readBack, quantity } = legOf(book, role);
  const { sessionOrderId } = incarnations[0]!;
  const change = applyFact(book, {
    ...{ kind: 'order', listed: false, receivedAtMs: T0 },
    report: {
      ...{ clientOrderId, brokerOrderId: `perm-${sessionOrderId}`, sessionOrderId, status },
      ...{ sessionClientId: CLIENT, account: ACCOUNT, symbol: 'AAA', terms: readBack },
      ...{ brokerContractId: CONTRACT_ID, brokerStatus: status, whyHeld: '' },
      ...{ filledQuantity: filled, averageFillPrice: null, parentSessionOrderId: null },
      remainingQuantity: text(decimal(quantity).sub(decimal(filled))),
    },
  });
  return finish(book, change, T0).book;
}

function executed(book: Book, role: LegRole, change: Partial<ExecutionReport>): Book {
  const { clientOrderId, side, incarnations } = legOf(book, role);
  const { sessionOrderId } = incarnations[0]!;
  const report: ExecutionReport = {
    ...{ executionId: 'exit.01', executionKey: 'exit', correction: 1, clientOrderId, side },
    ...{ brokerOrderId: `perm-${sessionOrderId}`, sessionOrderId, sessionClientId: CLIENT },
    ...{ account: ACCOUNT, symbol: 'AAA', brokerContractId: CONTRACT_ID },
    ...{ quantity: '40', price: '110', executedAtMs: T0 + 1, ...change },
  };
  const fact = { kind: 'execution', receivedAtMs: T0, report } as const;
  return finish(book, applyFact(book, fact), T0).book;
}

/** 100 bought, by its status too; `sold` of them sold at the target; then the split has ended the exits. */
function beforeSplit(sold: string): Book {
  const entered = told(openBook(), 'ENTRY', '100', 'EXECUTED');
  const reduced = sold === '0' ? entered : executed(entered, 'TARGET', { quantity: sold });
  return told(told(reduced, 'TARGET', sold, 'CANCELLED'), 'STOP', '0', 'CANCELLED');
}

function carried(before: Book, from: string, to: string): Book {
  const exits = exitsAfter(before, { from, to }, '0.01');
  return finish(before, afterSplit(before, { from, to }, exits, 'me', NOW), NOW).book;
}

test.each([
  ['10:1', '0', '100', '1000', '1000', '10'],
  ['10:1 after a part was sold', '40', '60', '600', '600', '10'],
  ['3:2', '0', '100', '150', '150', '66.66666667'],
  ['1:10', '40', '60', '6', '6', '1000'],
  ['1:3', '40', '60', '20', '20', '300'],
])('[REC-5] %s: shares, average and exits are those of now', (_, sold, from, to, held, average) => {
  const before = beforeSplit(sold);
  expect(splitRefusal(before)).toBeNull();
  const after = carried(before, from, to);
  // Fewer shares of now are none that the broker has taken back.
  expect(bustedSince(before, after)).toEqual([]);
  expect(viewOf(after)).toMatchObject({ heldQuantity: held, state: 'OPEN', averageEntry: average });
  const moved = positionMoves(before, after).reduce(
    (all, { change }) => all.add(change),
    decimal('0'),
  );
  expect(text(moved)).toBe(text(decimal(to).sub(decimal(from))));
  expect(after.legs.filter(awaitsExecutions)).toEqual([]);
  expect(text(heldAsTold(after.legs, 'BUY'))).toBe(held);
  const [was, is] = [lotsOf(before)!, lotsOf(after)!];
  expect(Number(is.realizedPnl)).toBeCloseTo(Number(was.realizedPnl), 4);
  const stop = decimal(before.exits.stopPrice!).mul(decimal(from)).div(decimal(to));
  expect(Number(after.exits.stopPrice)).toBeCloseTo(stop.toNumber(), 1);
});

test('[REC-5] the exits are placed anew for the shares of now; nothing is sold for the time before', () => {
  const before = { ...beforeSplit('0'), unarmedSinceMs: T0 };
  const after = carried(before, '100', '1000');
  expect(after.unarmedSinceMs).toBe(NOW);
  const quote = { bid: '10', ask: '10.01', bidSize: '9', askSize: '9', halted: false, atMs: NOW };
  const world = {
    ...NOTHING_KNOWN,
    ...{ quote: { ...quote, kind: 'live' as const }, priceIncrement: '0.01' },
    link: { readySinceMs: 0, pictureAtMs: NOW },
  };
  const { actions } = needsOf(after, world, NOW + 1_000);
  expect(actions).toEqual([
    expect.objectContaining({ kind: 'place_exits', quantity: '1000', ...pricesOf(after) }),
  ]);
  const asked = { ...world, brokerNet: '1000', brokerNetAtMs: NOW + 1_000 };
  const sold = needsOf({ ...after, unarmedSinceMs: T0 }, asked, NOW + 1_000).actions;
  expect(sold.map(({ kind }) => kind)).toContain('market_close');
});

test('[NTF-1] [REC-5] a fill is told once, in whatever shares it counts', () => {
  const before = beforeSplit('0');
  const filledKeys = (was: Book, book: Book) =>
    newsOf(was, 'OPEN', book, viewOf(book))
      .filter(({ kind }) => kind === 'filled')
      .map(({ dedupeKey }) => dedupeKey);
  const keys = filledKeys(before, before);
  expect(keys).toHaveLength(1);
  const once = carried(before, '100', '200');
  expect(filledKeys(before, once)).toEqual(keys);
  const twice = carried(once, '200', '20');
  expect(filledKeys(once, twice)).toEqual(keys);
});

const pricesOf = ({ exits: { stopPrice, targetPrice } }: Book) => ({ stopPrice, targetPrice });

test('[REC-5] what the broker tells once more of before changes nothing', () => {
  const after = carried(beforeSplit('40'), '60', '6');
  expect(executed(after, 'TARGET', { quantity: '40' })).toEqual(after);
});

test('[REC-5] live exits of before are ended first, and a trail by an amount is not carried', () => {
  expect(splitRefusal(openBook())).toContain('the stop and target of trade');
  const trailing = beforeSplit('0');
  const plan = { ...trailing.plan!, trailing: { amount: '5' } };
  expect(splitRefusal({ ...trailing, plan })).toContain('trails by 5');
  const byFraction = { ...trailing.plan!, trailing: { fraction: '0.05' } };
  expect(splitRefusal({ ...trailing, plan: byFraction })).toBeNull();
});

test.each<[string, readonly string[], string, readonly string[] | null]>([
  ['3:2 of two fives', ['5', '5'], '15', ['8', '7']],
  [
    '3:2 of two fives beside one of nobody, a half paid out',
    ['5', '5', '1'],
    '16',
    ['7', '7', '2'],
  ],
  ['3:2 of shorts', ['-5', '-5'], '-15', ['-7', '-8']],
  ['whole anyway', ['10', '4', '3'], '170', ['100', '40', '30']],
  ['1:10 of which one comes to none', ['10', '2'], '1', null],
  ['not whole at the broker', ['5', '5'], '12.5', null],
])('[REC-5] exits are in whole shares: %s', (_, shares, to, dealt) => {
  const from = text(shares.reduce((all, each) => all.add(decimal(each)), decimal('0')));
  expect(dealtOut(shares, { from, to })).toEqual(dealt);
});
