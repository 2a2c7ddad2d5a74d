/** The judge's own rules, on books made by hand: what is guilty, and what is not. */
import { describe, expect, test } from '@jest/globals';
import { NOTHING_ALLOWED, REPAIR_WINDOW_MS } from '../../chaos/disturb/disturbance.js';
import { bookFindings, type BooksOfRun } from '../../chaos/judge/compare.js';
import { isSettled, type TradeRow } from '../../chaos/judge/engine-books.js';
import { outcomeOf } from '../../chaos/judge/outcome.js';
import { verdictFindings } from '../../chaos/judge/verdicts.js';
import type { Ledger } from '../../chaos/stack/gateway-control.js';
import type { LivedTrade } from '../../chaos/traffic/live.js';

const T0 = 1_000_000;

function ledger(change: Partial<Ledger> = {}): Ledger {
  const none = { findings: [], breaches: [], contracts: [], orders: [], executions: [] };
  const more = { stagedOrders: [], messages: { connects: 0, orders: [] } };
  return { atMs: T0, verdicts: {}, ...none, ...more, ...change };
}

const CLOSED: TradeRow = {
  id: 't1',
  symbol: 'AAPL',
  side: 'BUY',
  state: 'CLOSED',
  heldQuantity: '0',
  filledQuantity: '10',
  averageEntry: '100',
  stopPrice: '97',
  targetPrice: '104',
  isProtected: false,
  verified: true,
  needsWork: false,
  denialCodes: [],
  exitReason: 'target',
  realizedPnl: '38',
  failure: null,
  reservation: 'RELEASED',
  createdAtMs: T0,
  closedAtMs: T0 + 1_000,
};

const execution = (execId: string, side: string, price: string, orderRef = 'own-1') => ({
  ...{ execId, orderRef, symbol: 'AAPL', side, shares: '10', price, commission: '1', atMs: T0 },
});

const row = (executionId: string, side: string, price: string) => ({
  ...{ executionId, tradeId: 't1', symbol: 'AAPL', side, quantity: '10', price, commission: '1' },
});

function books(change: Partial<BooksOfRun> = {}): BooksOfRun {
  const order = { tradeId: 't1', role: 'ENTRY', intent: 'SENT', status: 'EXECUTED' };
  return {
    trades: new Map([['trade-1', CLOSED]]),
    orders: [
      { ...order, clientOrderId: 'own-1' },
      { ...order, clientOrderId: 'own-2', role: 'TARGET' },
    ],
    executions: [row('e1', 'BUY', '100'), row('e2', 'SELL', '104')],
    positions: new Map([['AAPL', '0']]),
    ledger: ledger({
      executions: [execution('e1', 'BOT', '100'), execution('e2', 'SLD', '104', 'own-2')],
      contracts: [{ symbol: 'AAPL', position: '0' }],
    }),
    orderRefPrefix: 'own-',
    ...change,
  };
}

const details = (change: Partial<BooksOfRun>) =>
  bookFindings(books(change)).map(({ detail }) => detail);

describe('[PRF-2] books against ledger', () => {
  test('agree', () => {
    expect(bookFindings(books())).toEqual([]);
  });

  test('an execution that the database lacks, and one that it invented', () => {
    expect(details({ executions: [row('e1', 'BUY', '100')] })).toEqual([
      'execution e2 is not in the database',
    ]);
    const more = [...books().executions, row('e3', 'SELL', '104')];
    expect(details({ executions: more })).toEqual(['execution e3 is in no ledger']);
  });

  test('an execution that is booked to another trade, or to the other side', () => {
    const stray = [row('e1', 'BUY', '100'), { ...row('e2', 'SELL', '104'), tradeId: 't2' }];
    expect(details({ executions: stray })).toEqual(['trade: database t2, ledger t1']);
    const turned = [row('e1', 'BUY', '100'), row('e2', 'BUY', '104')];
    expect(details({ executions: turned })).toEqual(['side: database BUY, ledger SELL']);
  });

  test('a close by hand belongs to the trade that it closed, with all that is said of it', () => {
    const closed = (side: string, ours: string) => ({
      executions: [row('e1', 'BUY', '100'), row('e2', side === 'SLD' ? 'SELL' : 'BUY', ours)],
      ledger: ledger({
        executions: [execution('e1', 'BOT', '100'), execution('e2', side, '104', '')],
        contracts: [{ symbol: 'AAPL', position: '0' }],
      }),
    });
    expect(details(closed('SLD', '104'))).toEqual([]);
    expect(details(closed('SLD', '105'))).toEqual(['price: database 105, ledger 104']);
    expect(details(closed('BOT', '104'))).toContain("a hand's BUY is booked to a BUY trade");
    const losing = new Map([['trade-1', { ...CLOSED, realizedPnl: '37' }]]);
    expect(details({ ...closed('SLD', '104'), trades: losing })).toEqual([
      'P&L: database 37.00, ledger 38.00',
    ]);
    const external = { ...row('e2', 'SELL', '104'), tradeId: null };
    const unbooked = { ...closed('SLD', '104'), executions: [row('e1', 'BUY', '100'), external] };
    expect(details(unbooked)).toEqual(['P&L: database 38.00, ledger -1001.00']);
  });

  test('a price that is off by a tick', () => {
    const off = [row('e1', 'BUY', '100'), row('e2', 'SELL', '104.01')];
    expect(details({ executions: off })).toEqual(['price: database 104.01, ledger 104']);
  });

  test('P&L off by a cent, and not by a tenth of one', () => {
    const trade = (realizedPnl: string) => new Map([['trade-1', { ...CLOSED, realizedPnl }]]);
    expect(details({ trades: trade('38.01') })).toEqual(['P&L: database 38.01, ledger 38.00']);
    expect(details({ trades: trade('38.001') })).toEqual([]);
  });

  test('a position, a reservation, an order that outlives its trade', () => {
    expect(details({ positions: new Map([['AAPL', '10']]) })).toEqual([
      'position: database 10, broker 0',
    ]);
    const reserved = new Map([['trade-1', { ...CLOSED, reservation: 'EXPOSURE' }]]);
    expect(details({ trades: reserved })).toEqual(['over, but its reservation is EXPOSURE']);
    const stop = { orderRef: 'own-2', symbol: 'AAPL', orderType: 'STP', status: 'PreSubmitted' };
    const live = { ...books().ledger, orders: [stop] } as unknown as Ledger;
    expect(details({ ledger: live })[0]).toContain('still works');
  });
});

describe('[PRF-2] verdicts of the referee', () => {
  const breach = (lastedMs: number) => ({
    kind: 'unprotected' as const,
    ...{ symbol: 'AAPL', fromMs: T0 + 1, toMs: T0 + 1 + lastedMs, maxShares: '10' },
    shareSeconds: '1',
  });
  const naked = (lastedMs: number) =>
    ledger({ verdicts: { unprotectedShareSeconds: '5' }, breaches: [breach(lastedMs)] });

  test('what grew is guilty, what stayed is not', () => {
    const before = ledger({ verdicts: { duplicateEntries: 1 } });
    expect(verdictFindings(before, ledger({ verdicts: { duplicateEntries: 1 } }), 0)).toEqual([]);
    const after = ledger({ verdicts: { duplicateEntries: 2 } });
    expect(verdictFindings(before, after, 0)).toMatchObject([{ kind: 'duplicate' }]);
  });

  test('a breach is guilty without a window, within it not, beyond it again', () => {
    expect(verdictFindings(ledger(), naked(80), 0)).toMatchObject([{ kind: 'unprotected' }]);
    expect(verdictFindings(ledger(), naked(9_000), REPAIR_WINDOW_MS)).toEqual([]);
    expect(verdictFindings(ledger(), naked(11_000), REPAIR_WINDOW_MS)).toHaveLength(1);
  });

  test('an excess by a change that crossed a part fill is none, if it is corrected within a second', () => {
    const fromMs = T0 + 500;
    const key = { clientId: 1, orderId: 7, orderRef: 'own-2' };
    const exit = { ...key, symbol: 'AAPL', role: 'exit', firstAtMs: T0 };
    const fill = { symbol: 'AAPL', orderRef: 'own-2', atMs: fromMs - 48 };
    const change = { ...key, kind: 'place', atMs: fromMs };
    const found = (lastedMs: number, parts: object = {}) => {
      const excess = { ...breach(lastedMs), kind: 'excess', fromMs, toMs: fromMs + lastedMs };
      const all = {
        ...{ verdicts: { excessExitShareSeconds: '5' }, breaches: [excess], orders: [exit] },
        ...{ executions: [fill], messages: { connects: 1, orders: [change] }, ...parts },
      };
      return verdictFindings(ledger(), ledger(all as unknown as Partial<Ledger>), 0);
    };
    expect(found(495)).toEqual([]);
    expect(found(1_100)).toHaveLength(1);
    expect(found(495, { executions: [] })).toHaveLength(1);
    expect(found(495, { executions: [{ ...fill, atMs: fromMs - 900 }] })).toHaveLength(1);
    expect(found(495, { messages: { connects: 1, orders: [] } })).toHaveLength(1);
    // A new exit is no change of one.
    expect(found(495, { orders: [{ ...exit, firstAtMs: fromMs }] })).toHaveLength(1);
  });

  test('a stop that a broker kills with the rest of its entry may be missing for a second, and only there', () => {
    const fromMs = T0 + 500;
    const key = { clientId: 1, orderId: 6, orderRef: 'own-1' };
    const entry = { ...key, symbol: 'AAPL', role: 'entry', filled: '40', firstAtMs: T0 };
    const cancel = { ...key, kind: 'cancel', atMs: fromMs - 3 };
    const found = (lastedMs: number, parts: object = {}, killsChildren = true) => {
      const gap = { ...breach(lastedMs), fromMs, toMs: fromMs + lastedMs };
      const all = {
        ...{ verdicts: { unprotectedShareSeconds: '5' }, breaches: [gap], orders: [entry] },
        ...{ messages: { connects: 1, orders: [cancel] }, ...parts },
      };
      const after = ledger(all as unknown as Partial<Ledger>);
      return verdictFindings(ledger(), after, 0, { killsChildren, worksWhole: false });
    };
    expect(found(403)).toEqual([]);
    expect(found(403, {}, false)).toHaveLength(1);
    expect(found(1_100)).toHaveLength(1);
    const messages = (atMs: number, kind = 'cancel') => ({
      messages: { connects: 1, orders: [{ ...cancel, atMs, kind }] },
    });
    expect(found(403, messages(fromMs - 900))).toHaveLength(1);
    expect(found(403, messages(fromMs + 1))).toHaveLength(1);
    expect(found(403, messages(fromMs - 3, 'place'))).toHaveLength(1);
    // It is the entry that was cancelled, of this contract, and it had bought something.
    expect(found(403, { orders: [{ ...entry, role: 'exit' }] })).toHaveLength(1);
    expect(found(403, { orders: [{ ...entry, symbol: 'IBM' }] })).toHaveLength(1);
    expect(found(403, { orders: [{ ...entry, filled: '0' }] })).toHaveLength(1);
  });

  test('exits that a broker leaves whole with the rest of their entry cancelled may be too large for a second', () => {
    const fromMs = T0 + 500;
    const key = { clientId: 1, orderId: 6, orderRef: 'own-1' };
    const entry = { ...key, symbol: 'AAPL', role: 'entry', filled: '40', firstAtMs: T0 };
    const found = (lastedMs: number, worksWhole: boolean, kind = 'excess') => {
      const all = {
        verdicts: { excessExitShareSeconds: '5', unprotectedShareSeconds: '5' },
        breaches: [{ ...breach(lastedMs), kind, fromMs, toMs: fromMs + lastedMs }],
        orders: [entry],
        messages: { connects: 1, orders: [{ ...key, kind: 'cancel', atMs: fromMs }] },
      };
      const after = ledger(all as unknown as Partial<Ledger>);
      const broker = { killsChildren: false, worksWhole };
      return verdictFindings(ledger(), after, 0, broker).filter((finding) => finding.kind === kind);
    };
    expect(found(24, true)).toEqual([]);
    expect(found(24, false)).toHaveLength(1);
    expect(found(1_100, true)).toHaveLength(1);
    expect(found(24, true, 'unprotected')).toHaveLength(1);
  });

  test('an exit of whole size that fills before its entry may oversell until the entry has, and only so', () => {
    const [fromMs, toMs] = [T0 + 500, T0 + 879];
    const orders = [
      { symbol: 'AAPL', role: 'entry', orderRef: 'own-1' },
      { symbol: 'AAPL', role: 'exit', orderRef: 'own-2' },
    ];
    const executions = [
      { orderRef: 'own-2', atMs: fromMs },
      { orderRef: 'own-1', atMs: toMs },
    ];
    const found = (change: object = {}, endMs = toMs, worksWhole = true) => {
      const all = {
        ...{ verdicts: { unprotectedShareSeconds: '5' }, orders, executions },
        breaches: [{ ...breach(1), fromMs, toMs: endMs }],
        ...{ messages: { connects: 1, orders: [] }, ...change },
      };
      const after = ledger(all as unknown as Partial<Ledger>);
      return verdictFindings(ledger(), after, 0, { killsChildren: false, worksWhole });
    };
    expect(found()).toEqual([]);
    expect(found({}, toMs, false)).toHaveLength(1);
    expect(found({}, toMs + 1)).toHaveLength(1);
    expect(found({ executions: [executions[0]] })).toHaveLength(1);
    expect(found({ executions: [executions[1]] })).toHaveLength(1);
    expect(found({ orders: [orders[0], { ...orders[1], role: 'entry' }] })).toHaveLength(1);
  });

  test('a repair that holds for a moment is none: breaches of one contract share the window', () => {
    const again = { ...breach(6_000), fromMs: T0 + 6_010, toMs: T0 + 12_010 };
    const breaches = [breach(6_000), again];
    const after = ledger({ verdicts: { unprotectedShareSeconds: '9' }, breaches });
    expect(verdictFindings(ledger(), after, REPAIR_WINDOW_MS)).toHaveLength(2);
  });

  test('a total that grew though no breach is on record is guilty, window or not', () => {
    const after = ledger({ verdicts: { unprotectedShareSeconds: '5' } });
    expect(verdictFindings(ledger(), after, REPAIR_WINDOW_MS)).toHaveLength(1);
  });
});

describe('[PRF-2] outcomes', () => {
  const plan = {
    ...{ symbol: 'AAPL', side: 'BUY' as const, quantity: 10, ending: 'target' as const },
    ...{ submitAtMs: 0, holdMs: 0 },
  };
  const lived: LivedTrade[] = [{ plan: { name: 'trade-1', ...plan }, tradeId: 't1' }];
  const judge = (trade: Partial<TradeRow>, allows = NOTHING_ALLOWED, unwatched: string[] = []) =>
    outcomeOf({
      ...{ lived, allows, orders: [], unwatched: new Set(unwatched) },
      trades: new Map([['trade-1', { ...CLOSED, ...trade }]]),
    });

  test('a trade that was filled and closed is useful', () => {
    expect(judge({})).toMatchObject({ findings: [], useful: 1, wanted: 1 });
  });

  test('one that was filled in part, or ended otherwise than it was driven to, is not', () => {
    expect(judge({ filledQuantity: '9' })).toMatchObject({ findings: [], useful: 0 });
    expect(judge({ exitReason: 'flatten' })).toMatchObject({ findings: [], useful: 0 });
  });

  test('one that still holds is lost, and it is said when nobody watches it', () => {
    const open = { state: 'OPEN', heldQuantity: '10', realizedPnl: null };
    const { findings } = judge(open, NOTHING_ALLOWED, ['trade-1']);
    expect(findings).toMatchObject([{ kind: 'lost' }]);
    expect(findings[0]?.detail).toContain('no workflow runs for it');
  });

  test('a denial is just only for a reason that the disturbance gives', () => {
    const denied = { state: 'DENIED', filledQuantity: '0', denialCodes: ['TRADING_HALTED'] };
    expect(judge(denied).findings).toMatchObject([{ kind: 'denied' }]);
    const allows = { ...NOTHING_ALLOWED, denials: ['TRADING_HALTED'] };
    expect(judge(denied, allows)).toMatchObject({ findings: [], useful: 0 });
  });

  test('a trade that ended without a fill', () => {
    const abandoned = { state: 'ABANDONED', filledQuantity: '0', realizedPnl: null };
    expect(judge(abandoned).findings).toMatchObject([{ kind: 'unfilled' }]);
    expect(judge(abandoned, { ...NOTHING_ALLOWED, unfilled: true }).findings).toEqual([]);
  });

  test('settled means flat, final and booked', () => {
    expect(isSettled(CLOSED)).toBe(true);
    expect(isSettled({ ...CLOSED, heldQuantity: '10' })).toBe(false);
    expect(isSettled({ ...CLOSED, realizedPnl: null })).toBe(false);
    expect(isSettled({ ...CLOSED, state: 'CLOSING' })).toBe(false);
  });
});
