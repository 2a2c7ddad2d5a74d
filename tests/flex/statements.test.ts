/** Statements that were written by hand, as the broker writes them, and what is refused. */
import { describe, expect, test } from '@jest/globals';
import { FlexError } from '../../flex/error.js';
import { readStatements } from '../../flex/statements.js';
import { readXml } from '../../flex/xml.js';
import { cash, element, file, statement, trades } from './documents.js';

const ZONE = 'America/New_York';
const read = (xml: string, zone = ZONE) => readStatements(xml, zone);
const one = (sections: string) => read(file(statement(sections)))[0]!;
const refused = (xml: string) => {
  try {
    readStatements(xml, ZONE);
  } catch (error) {
    if (error instanceof FlexError) return error.message;
    throw error;
  }
  throw new Error('it was taken');
};

describe('[REC-6] a statement', () => {
  test('has executions with their ids, costs above zero, and times in its zone', () => {
    const reference = 'ab12cd34-0123456789abcdef01234567';
    const { executions, ...rest } = one(trades({ orderReference: reference, symbol: 'A&amp;B' }));
    expect(executions).toEqual([
      {
        ...{ executionId: '0000e0d5.69dd7411.01.01', executionKey: '0000e0d5.69dd7411.01' },
        ...{ correction: 1, clientOrderId: reference, brokerOrderId: '2049164217' },
        ...{ symbol: 'A&B', brokerContractId: 1, side: 'BUY', quantity: '10', price: '100.5' },
        ...{ commission: '1.25', commissionCurrency: 'USD', isCancel: false },
        executedAtMs: Date.parse('2026-11-20T14:31:05Z'),
      },
    ]);
    expect(rest).toEqual({
      ...{ account: 'DU1', fromDay: '2026-11-20', toDay: '2026-11-20', movements: null },
      generatedAtMs: Date.parse('2026-11-21T09:15:00Z'),
      coversFromMs: Date.parse('2026-11-20T05:00:00Z'),
      coversUntilMs: Date.parse('2026-11-21T01:00:00Z'),
      leftOut: ['it has no section Cash Transactions: no movement was recorded'],
    });
  });

  test('sells with a quantity below zero, and rebates are commissions below zero', () => {
    const sold = { buySell: 'SELL', quantity: '-2.5', ibCommission: '0.0200', orderReference: 'x' };
    expect(one(trades(sold)).executions).toMatchObject([
      { side: 'SELL', quantity: '2.5', commission: '-0.02', clientOrderId: 'x' },
    ]);
  });

  test('has cash by kind; totals that repeat it, and nothing, are left out', () => {
    const { movements, executions, leftOut } = one(
      cash(
        { transactionID: '1', type: 'Deposits/Withdrawals', amount: '5000' },
        { transactionID: '2', type: 'Deposits &amp; Withdrawals', amount: '-40.5' },
        { transactionID: '3', type: 'Withholding Tax', amount: '-1.85' },
        { transactionID: '4', type: 'Broker Interest Paid', amount: '-3' },
        { transactionID: '5', type: 'Other Fees', amount: '-10' },
        { transactionID: '6', type: 'Payment In Lieu Of Dividends', amount: '2' },
        { transactionID: '7', type: 'Price Adjustments', amount: '0.01' },
        { transactionID: '8', amount: '0' },
        { transactionID: '1', levelOfDetail: 'SUMMARY', amount: '5000', dateTime: '' },
        { transactionID: '', currency: 'BASE_SUMMARY', amount: '9' },
      ),
    );
    const kinds = movements?.map(({ kind, amount }) => `${kind} ${amount}`);
    expect(kinds).toEqual([
      ...['deposit 5000', 'withdrawal -40.5', 'tax -1.85', 'interest -3', 'fee -10'],
      ...['dividend 2', 'other 0.01'],
    ]);
    expect(movements?.[6]?.description).toBe('Price Adjustments: AAA CASH DIVIDEND');
    expect(executions).toBeNull();
    expect(leftOut).toContain('2 totals of cash, which repeat its details');
  });

  test('of several accounts, and of several days of one, comes apart', () => {
    const other = { accountId: 'DU2', transactionID: '2' };
    const next = { fromDate: '2026-11-23', toDate: '2026-11-23', whenGenerated: undefined };
    const found = read(
      file(statement(trades({}), 'DU1'), statement(cash(other), 'DU2'), statement('', 'DU1', next)),
    );
    expect(
      found.map(({ account, fromDay, executions, movements }) => [
        ...[account, fromDay, executions?.length, movements?.length],
      ]),
    ).toEqual([
      ['DU1', '2026-11-20', 1, undefined],
      ['DU2', '2026-11-20', undefined, 1],
      ['DU1', '2026-11-23', undefined, undefined],
    ]);
    expect(found[2]?.generatedAtMs).toBeNull();
  });

  test('without executions proves nothing: rows of orders alone are no section', () => {
    const order = element('Order', { symbol: 'AAA', quantity: '10' });
    const orders = one(`<Trades>${order}</Trades>`);
    expect(orders.executions).toBeNull();
    expect(orders.leftOut).toContain(
      'the section Trades has no executions: tick "Execution" in the query',
    );
    expect(one(trades({ levelOfDetail: 'ORDER' })).executions).toBeNull();
    expect(one('<Trades></Trades>').executions).toEqual([]);
    const mixed = one(trades({}, { ibExecID: '', transactionType: 'BookTrade' }));
    expect(mixed.executions).toHaveLength(1);
    expect(mixed.leftOut[0]).toBe('1 trades without an execution id, which no exchange made');
  });

  test('takes executions back by their type, side or code', () => {
    const rows = one(
      trades(
        { transactionType: 'TradeCancel' },
        { ibExecID: 'b.01', buySell: 'BUY (Ca.)' },
        { ibExecID: 'c.01', notes: 'P;Ca' },
        { ibExecID: 'd.01', notes: 'Cx;O' },
      ),
    ).executions;
    expect(rows?.map(({ isCancel }) => isCancel)).toEqual([true, true, true, false]);
  });
});

describe('[REC-6] refused with the place and the remedy is', () => {
  test.each([
    [
      'a comma in a decimal',
      trades({ tradePrice: '1,000.50' }),
      /tradePrice="1,000.50" is no decimal with a point/,
    ],
    ['a decimal comma', trades({ ibCommission: '-1,25' }), /ibCommission="-1,25" is no decimal/],
    ['an exponent', cash({ amount: '1E5' }), /amount="1E5" is no decimal/],
    [
      'a field that the query lacks',
      trades({ ibExecID: undefined }),
      /Trade 1 of account DU1: it has no ibExecID: add the field "IB Execution ID"/,
    ],
    [
      'a movement without an id',
      cash({ transactionID: '' }),
      /CashTransaction 1 of account DU1: transactionID=""/,
    ],
    ['a time without its time', trades({ dateTime: '20261120' }), /dateTime has no time/],
    ['another way to write a day', cash({ dateTime: '11/20/2026' }), /set yyyyMMdd and HHmmss/],
    ['a day that is none', cash({ dateTime: '20260230' }), /dateTime="20260230" is no date/],
    ['a quantity of 0', trades({ quantity: '0' }), /its quantity is 0/],
    ['a side that is none', trades({ buySell: 'LEND' }), /buySell="LEND" is neither BUY nor SELL/],
    [
      'a row of another account',
      trades({ accountId: 'DU2' }),
      /Trade 1 of account DU1: its own account is "DU2"/,
    ],
    ['a rate of 0', cash({ currency: 'EUR', fxRateToBase: '0' }), /fxRateToBase=0 is no rate/],
  ])('%s', (_what, sections, message) => {
    expect(refused(file(statement(sections)))).toMatch(message);
  });

  test('what is no Flex statement, or one of another kind', () => {
    expect(refused('<html></html>')).toMatch(/its first element is html/);
    expect(refused(file().replace('"AF"', '"TCF"'))).toMatch(/make an Activity Flex Query/);
    expect(refused(file())).toMatch(/no FlexStatement/);
    const failure =
      '<FlexStatementResponse><Status>Fail</Status><ErrorCode>1012</ErrorCode><ErrorMessage>Token has expired.</ErrorMessage></FlexStatementResponse>';
    expect(refused(failure)).toMatch(
      /1012 Token has expired.: the token has expired: make another/,
    );
  });

  test('what is not well formed: a file that was cut off, bare signs, repeated fields', () => {
    const whole = file(statement(trades({})));
    expect(refused(whole.slice(0, -30))).toMatch(/^line \d+: this is no well-formed XML/);
    expect(refused(file(statement(trades({ symbol: 'A&B' }))))).toMatch(/no well-formed XML/);
    const twice = whole.replace('symbol="AAA"', 'symbol="AAA" symbol="BBB"');
    expect(refused(twice)).toMatch(/no well-formed XML/);
    expect(refused('')).toMatch(/no well-formed XML/);
  });

  test('a document type, with whatever it declares', () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>';
    expect(refused(file(statement(trades({ symbol: '&b;' }))).replace('?>', `?>${bomb}`))).toMatch(
      /declares a document type/,
    );
    expect(refused(file(statement(trades({ symbol: '&b;' }))))).toMatch(/no well-formed XML/);
  });

  test('what is beyond a bound', () => {
    const deep = '<a>'.repeat(20) + '</a>'.repeat(20);
    expect(() => readXml(deep, { open: () => undefined })).toThrow(/deeper than 16/);
    const long = file(statement(trades({ symbol: 'A'.repeat(10_001) })));
    expect(refused(long)).toMatch(/more than 10000 characters/);
    const years = file(statement('', 'DU1', { fromDate: '19000101' }));
    expect(refused(years)).toMatch(/more than 370 days/);
    const many = file(...Array.from({ length: 1_201 }, () => statement('')));
    expect(refused(many)).toMatch(/more than 1200 statements/);
  });
});

test('[REC-6] outside words come as one line without control characters', () => {
  const [movement] = one(cash({ description: 'A&#10;B\u009B31m&#x202E;C' })).movements!;
  expect(movement?.description).toBe('Dividends: A B 31m C');
  const account = statement(trades({ quantity: '0' }), 'DU1\u009B31m');
  expect(refused(file(account.replaceAll('accountId="DU1"', '')))).not.toMatch(/\p{Cc}/u);
});
