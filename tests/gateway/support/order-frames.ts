/** Order messages as bytes are sent and read by hand: placeOrder at version 193, and what comes back. */

export interface OrderFields {
  symbol?: string;
  action?: 'BUY' | 'SELL';
  quantity?: string | number;
  type?: string;
  limit?: string | number;
  aux?: string | number;
  trailStop?: string | number;
  trailPercent?: string | number;
  tif?: string;
  ocaGroup?: string;
  ocaType?: number;
  ref?: string;
  transmit?: 0 | 1 | '';
  parentId?: number;
  outsideRth?: 0 | 1;
  whatIf?: 1;
  eTradeOnly?: 1;
  account?: string;
}

const FIELD_COUNT = 118;
const UNSET_INT = '2147483647';
const ACCOUNT = 'DU1000001';

/** placeOrder as a client writes it: empty fields for all that is unset. */
export function orderFrame(orderId: number, fields: OrderFields = {}): (string | number)[] {
  const { symbol = 'AAPL', action = 'BUY', quantity = 10, type = 'LMT' } = fields;
  const values = new Array<string | number>(FIELD_COUNT).fill('');
  values[0] = 3;
  values[1] = orderId;
  values.splice(2, 12, 0, symbol, 'STK', '', 0, '', '', 'SMART', '', 'USD', '', '');
  values.splice(16, 5, action, quantity, type, fields.limit ?? '', fields.aux ?? '');
  values[21] = fields.tif ?? '';
  values[22] = fields.ocaGroup ?? '';
  values[23] = fields.account ?? ACCOUNT;
  values[26] = fields.ref ?? '';
  values[27] = fields.transmit ?? 1;
  values[28] = fields.parentId ?? '';
  values[33] = fields.outsideRth ?? '';
  values[46] = fields.ocaType ?? '';
  values[52] = fields.eTradeOnly ?? '';
  values[68] = fields.trailStop ?? '';
  values[69] = fields.trailPercent ?? '';
  values[84] = fields.whatIf ?? '';
  values[117] = UNSET_INT;
  return values;
}

/** reqMktData of a stock, streaming or as a snapshot. */
export function marketDataFrame(reqId: number, symbol: string, snapshot: 0 | 1 = 0) {
  const contract = [0, symbol, 'STK', '', 0, '', '', 'SMART', '', 'USD', '', ''];
  return [1, 11, reqId, ...contract, 0, '', snapshot, 0, ''];
}

/** One message in short: `open 3`, `status 3 Submitted`, `exec -1 3 BOT 10@101.5`, `error 3 202`. */
export function inShort(fields: readonly string[]): string {
  const at = (index: number): string => fields[index] ?? '';
  switch (fields[0]) {
    case '3':
      return `status ${at(1)} ${at(2)}${at(10) ? ` (${at(10)})` : ''}`;
    case '4':
      return `error ${at(2)} ${at(3)}`;
    case '5':
      return `open ${at(1)}`;
    case '11':
      return `exec ${at(1)} ${at(2)} ${at(18)} ${at(19)}@${at(20)}`;
    case '59':
      return 'commission';
    default:
      return `message ${at(0)}`;
  }
}
