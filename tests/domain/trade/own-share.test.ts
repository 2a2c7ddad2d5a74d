/** What of the broker's net position is a trade's own: what others hold is not sold with it. */
import { describe, expect, test } from '@jest/globals';
import type { BrokerPosition } from '../../../domain/broker/snapshot.js';
import type { Side } from '../../../domain/vocabulary.js';
import { excessAtBroker, type GuardedTrade } from '../../../domain/trade/guard.js';
import {
  contractRows,
  isAnyHeld,
  netOf,
  rowsAfterAction,
  shareOf,
  symbolRows,
} from '../../../domain/trade/own-share.js';
import { claimedBook, report, ACCOUNT, CONTRACT_ID, placedIn, T0 } from './books.js';
import { applyFact } from '../../../domain/trade/fact.js';

const row = (change: Partial<BrokerPosition> = {}): BrokerPosition => ({
  ...{ account: ACCOUNT, symbol: 'AAA', securityType: 'STK', brokerContractId: CONTRACT_ID },
  ...{ quantity: '100', averageCost: '100', ...change },
});

describe('[TRD-13] [REC-2] the share of a trade that holds 100', () => {
  test.each<[string, string, Side, string, string, string, string]>([
    ['alone', '100', 'BUY', '100', '0', '0', '100'],
    ['beside another trade of 100', '100', 'BUY', '200', '100', '0', '100'],
    [
      'half of what two hold is gone: nothing is undisputed',
      '100',
      'BUY',
      '100',
      '100',
      '-100',
      '0',
    ],
    ['beside external shares', '100', 'BUY', '200', '0', '100', '100'],
    ['its own are gone, the external ones are there', '100', 'BUY', '100', '0', '100', '0'],
    ['a hand sold some of them: nobody gets more', '100', 'BUY', '60', '0', '-40', '60'],
    ['a short beside another and external ones', '100', 'SELL', '-250', '100', '-50', '-100'],
    ['a short, and external shares the other way', '100', 'SELL', '-60', '0', '40', '-60'],
    ['overfilled beside another', '-20', 'BUY', '80', '100', '0', '-20'],
    ['overfilled, and a hand bought it back', '-20', 'BUY', '0', '0', '20', '0'],
  ])('%s', (_name, held, side, net, byTrades, external, expected) => {
    expect(shareOf({ side, held }, net, { byTrades, external })).toBe(expected);
  });

  test('options of its symbol are no shares', () => {
    const { instrument } = claimedBook().book;
    const calls = row({ securityType: 'OPT', brokerContractId: 99, quantity: '-2' });
    const positions = [row(), calls, row({ account: 'DU2', quantity: '5' })];
    expect(netOf(contractRows(positions, ACCOUNT, instrument))).toBe('100');
    expect(netOf(contractRows([calls], ACCOUNT, instrument))).toBe('0');
  });

  test('shares under another contract are a matter of corporate actions alone', () => {
    const { instrument } = claimedBook().book;
    const positions = [row({ brokerContractId: 8, quantity: '200' })];
    expect(netOf(contractRows(positions, ACCOUNT, instrument))).toBe('0');
    expect(netOf(symbolRows(positions, ACCOUNT, instrument))).toBe('200');
  });

  test('a row of none is what is held no more', () => {
    expect(isAnyHeld([])).toBe(false);
    expect(isAnyHeld([row({ quantity: '0' })])).toBe(false);
    expect(isAnyHeld([row({ quantity: '0' }), row({ quantity: '-1' })])).toBe(true);
  });
});

describe('[TRD-3] [REC-2] exits of all trades of a contract against what the broker holds', () => {
  const guarded = (change: Partial<GuardedTrade> = {}): GuardedTrade => {
    const { book, group } = claimedBook();
    const shown = placedIn(group).reduce((now, order) => {
      const seen = report(order, { status: 'ACCEPTED' });
      return applyFact(now, { kind: 'order', report: seen, receivedAtMs: T0, listed: true }).book;
    }, book);
    return {
      ...{ tradeId: book.id, account: ACCOUNT, symbol: 'AAA', brokerContractId: CONTRACT_ID },
      ...{ side: 'BUY', held: '100', stopPrice: '95', unarmedSinceMs: null, securityType: 'STK' },
      legs: shown.legs.filter(({ role }) => role !== 'ENTRY'),
      ...change,
    };
  };

  test.each<[string, string, string, string[]]>([
    ['the trade’s own', '100', '0', []],
    ['external ones beside it', '200', '100', []],
    ['the external ones alone: the trade’s are gone', '100', '100', ['100']],
    ['less, as a hand sold some', '60', '-40', ['40']],
    ['a short beside it', '-50', '-150', ['100']],
  ])('%s', (_name, quantity, external, expected) => {
    const found = excessAtBroker([guarded({ external })], [row({ quantity })]);
    expect(found.map(({ shares }) => shares)).toEqual(expected);
  });

  test('an entry of another trade that rests there hides no hand', () => {
    const entering = guarded({
      ...{ tradeId: 'entering', held: '0' },
      legs: claimedBook().book.legs.filter(({ role }) => role === 'ENTRY'),
    });
    const found = excessAtBroker([guarded(), entering], []);
    expect(found.map(({ tradeId }) => tradeId)).toEqual([guarded().tradeId]);
    expect(excessAtBroker([guarded(), entering], [row()])).toEqual([]);
    const partly = { ...entering, held: '40' };
    expect(excessAtBroker([guarded(), partly], [row()])).toHaveLength(1);
    expect(excessAtBroker([guarded(), partly], [row({ quantity: '140' })])).toEqual([]);
  });

  test('a stop that outlived its shares is no matter of a hand: its book says so', () => {
    expect(excessAtBroker([guarded({ held: '0' })], [])).toEqual([]);
    expect(excessAtBroker([guarded({ held: '40' })], [row({ quantity: '40' })])).toEqual([]);
    expect(excessAtBroker([guarded({ held: '40' })], [row({ quantity: '39' })])).toHaveLength(1);
  });
});

test('[REC-5] another listing of the symbol is no split; a contract that took the shares over is', () => {
  const [own, toronto] = [row(), row({ brokerContractId: 99, averageCost: '68' })];
  expect(rowsAfterAction([own, toronto], CONTRACT_ID)).toEqual([own]);
  expect(rowsAfterAction([toronto], CONTRACT_ID)).toEqual([toronto]);
});
