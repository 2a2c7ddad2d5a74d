/** Statements as the broker writes them, by hand: attributes alone, in the order of a query. */

export const TRADE = {
  ...{ accountId: 'DU1', currency: 'USD', assetCategory: 'STK', symbol: 'AAA', conid: '1' },
  ...{ dateTime: '20261120;093105', tradeDate: '20261120', transactionType: 'ExchTrade' },
  ...{ quantity: '10', tradePrice: '100.5', buySell: 'BUY', notes: '', orderReference: '' },
  ...{ ibCommission: '-1.25', ibCommissionCurrency: 'USD', ibOrderID: '2049164217' },
  ...{ ibExecID: '0000e0d5.69dd7411.01.01', levelOfDetail: 'EXECUTION' },
};

export const CASH = {
  ...{ accountId: 'DU1', currency: 'USD', fxRateToBase: '1', type: 'Dividends' },
  ...{ description: 'AAA CASH DIVIDEND', dateTime: '20261120;202000', settleDate: '20261120' },
  ...{ amount: '12.34', transactionID: '900001', reportDate: '20261120', levelOfDetail: 'DETAIL' },
};

export type Fields = Readonly<Record<string, string | undefined>>;

/** An element without content; fields that are undefined are left out. */
export function element(name: string, fields: Fields): string {
  const attributes = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${value}"`);
  return `<${name}${attributes.join('')} />`;
}

export const trades = (...rows: Fields[]) =>
  `<Trades>${rows.map((row) => element('Trade', { ...TRADE, ...row })).join('\n')}</Trades>`;

export const cash = (...rows: Fields[]) =>
  `<CashTransactions>${rows.map((row) => element('CashTransaction', { ...CASH, ...row })).join('')}</CashTransactions>`;

/** One statement of a day, with the sections given. */
export function statement(sections: string, account = 'DU1', change: Fields = {}): string {
  const fields = {
    ...{ accountId: account, fromDate: '20261120', toDate: '20261120', period: 'LastBusinessDay' },
    whenGenerated: '20261121;041500',
    ...change,
  };
  return `${element('FlexStatement', fields).replace(' />', '>')}${sections}</FlexStatement>`;
}

/** A whole file. */
export function file(...statements: string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<FlexQueryResponse queryName="Ballast" type="AF">
<FlexStatements count="${statements.length}">
${statements.join('\n')}
</FlexStatements>
</FlexQueryResponse>`;
}
