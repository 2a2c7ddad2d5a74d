/** A trade's life, told bit by bit: each reading gives what is new, in order, once. */
import { expect, test } from '@jest/globals';
import { isFinished, Life } from '../../cli/life.js';
import { Turns } from '../../cli/demo/turns.js';
import type {
  IncarnationView,
  OrderView,
  TimelineEntry,
  TradeDetail,
} from '../../contract/views.js';

const START = Date.parse('2026-11-20T14:30:00.000Z');
const at = (afterMs: number) => new Date(START + afterMs).toISOString();

const RECEIVED: TradeDetail = {
  id: '6a1b2c3d-0000-4000-8000-000000000000',
  signal_id: 'life-1',
  strategy_id: 'tests',
  account_id: 'DU1000001',
  symbol: 'IBM',
  side: 'BUY',
  state: 'RECEIVED',
  planned_quantity: null,
  filled_quantity: '0',
  held_quantity: '0',
  reference_price: null,
  average_entry: null,
  average_exit: null,
  stop_price: null,
  target_price: null,
  is_protected: false,
  exit_reason: null,
  denial_codes: [],
  failure: null,
  gross_pnl: null,
  commission: null,
  realized_pnl: null,
  r_multiple: null,
  doubt: null,
  created_at: at(0),
  opened_at: null,
  closed_at: null,
  updated_at: at(0),
  signal: { order_type: 'LMT', entry_price: '181.62', stop_loss_pct: '0.005' },
  decisions: [],
  orders: [],
  executions: [],
  commands: [],
  timeline: [],
  ...{ entry_slippage: null, stop_delay_ms: null },
};

function order(role: OrderView['role'], change: Partial<OrderView> = {}): OrderView {
  return {
    id: role,
    role,
    sequence: 1,
    client_order_id: `ref-${role}`,
    broker_order_id: null,
    session_order_id: 7,
    incarnations: [],
    side: role === 'ENTRY' ? 'BUY' : 'SELL',
    order_type: role === 'STOP' ? 'STP' : 'LMT',
    quantity: '100',
    limit_price: role === 'STOP' ? null : '181.62',
    stop_price: role === 'STOP' ? '180.6' : null,
    trail_amount: null,
    trail_fraction: null,
    time_in_force: 'GTC',
    oca_group: null,
    oca_type: null,
    is_read_back: true,
    intent: 'SENT',
    status: 'PENDING',
    broker_status: null,
    why_held: '',
    filled_quantity: '0',
    average_price: null,
    error: null,
    acknowledged_at: null,
    created_at: at(50),
    updated_at: at(60),
    ...change,
  };
}

let eventId = 0;
function event(afterMs: number, kind: string, summary: string, detail = {}): TimelineEntry {
  eventId += 1;
  return { id: String(eventId), at: at(afterMs), kind, summary, detail };
}

const texts = (life: Life, trade: TradeDetail) =>
  life.update(trade, START + 1_000).map(({ kind, text }) => `${kind} ${text}`.trim());

test('[CLI-1] each reading tells only what is new', () => {
  const life = new Life();
  expect(texts(life, RECEIVED)).toStrictEqual([
    'signal BUY IBM · limit 181.62 · stop 0.5 % away',
    'signal life-1 of strategy tests, account DU1000001',
  ]);
  expect(texts(life, RECEIVED)).toStrictEqual([]);
});

test('[CLI-1] a bracket is told entry first, each leg once the broker has named it', () => {
  const life = new Life();
  life.update(RECEIVED, START);
  const stop = order('STOP', { broker_order_id: '2' });
  expect(texts(life, { ...RECEIVED, orders: [order('ENTRY'), stop] })).toStrictEqual([]);
  const entry = order('ENTRY', { broker_order_id: '1' });
  expect(texts(life, { ...RECEIVED, orders: [entry, stop] })).toStrictEqual([
    'entry BUY 100 LMT 181.62 GTC · permId 1 · order id 7 · ref ref-ENTRY',
    'stop SELL 100 STP 180.60 GTC · permId 2 · order id 7 · ref ref-STOP',
  ]);
  const moved = { ...stop, stop_price: '180.7' };
  expect(texts(life, { ...RECEIVED, orders: [entry, moved] })).toStrictEqual([
    'stop SELL 100 STP 180.60 GTC → SELL 100 STP 180.70 GTC',
  ]);
});

function write(n: number, afterMs: number, change: Partial<IncarnationView>): IncarnationView {
  return {
    ...{ n, kind: 'modify', session_order_id: 7, client_id: 17, broker_order_id: null },
    ...{ outcome: 'SHOWN', sending_at: at(afterMs), written_at: at(afterMs), terms: null },
    ...change,
  };
}

test('[TRD-8] an amendment does not rewrite what was placed before it, read at once or bit by bit', () => {
  const entry = order('ENTRY', { broker_order_id: '1' });
  const stop = order('STOP', { broker_order_id: '2' });
  const placed = write(1, 50, { kind: 'place', broker_order_id: '2', terms: stop });
  const amended = write(2, 90, { terms: { ...stop, stop_price: '180.7' } });
  const refused = write(3, 95, { outcome: 'REFUSED', terms: { ...stop, stop_price: '199' } });
  const timeline = [event(70, 'fill', 'ENTRY: BUY 100 at 181.62')];
  const before = { ...RECEIVED, orders: [entry, { ...stop, incarnations: [placed] }], timeline };
  const incarnations = [placed, amended, refused];
  const orders = [entry, { ...stop, stop_price: '180.7', incarnations }];
  const after = { ...RECEIVED, orders, timeline };
  const story = [
    'stop SELL 100 STP 180.60 GTC · permId 2 · order id 7 · ref ref-STOP',
    'fill ENTRY: BUY 100 at 181.62',
    'stop SELL 100 STP 180.60 GTC → SELL 100 STP 180.70 GTC',
  ];
  const told = (lines: string[]) => lines.filter((line) => /^(stop|fill) /.test(line));
  expect(told(texts(new Life(), after))).toStrictEqual(story);
  const life = new Life();
  expect(told([...texts(life, before), ...texts(life, after)])).toStrictEqual(story);
});

test('[CLI-1] an order whose fate is unknown, or that was refused, is told without an id', () => {
  const refused = { status: 'REJECTED', error: { code: 201, message: 'no' } } as const;
  expect(texts(new Life(), { ...RECEIVED, orders: [order('ENTRY', refused)] })).toContain(
    'entry BUY 100 LMT 181.62 GTC · REJECTED · 201 no',
  );
  const unknown = order('ENTRY', { status: 'UNKNOWN' });
  expect(texts(new Life(), { ...RECEIVED, orders: [unknown] }).join()).toContain('UNKNOWN');
});

test('[CLI-1] the timeline is told in order of time, without what other lines say', () => {
  const life = new Life();
  life.update(RECEIVED, START);
  const timeline = [
    event(90, 'order_status', 'STOP: HELD → ACCEPTED'),
    event(70, 'fill', 'ENTRY: BUY 100 at 181.62'),
    event(71, 'order_status', 'STOP: PENDING → HELD (child)'),
    event(95, 'order_status', 'TARGET: ACCEPTED → CANCEL_PENDING'),
    event(96, 'broker_message', 'TARGET: 202 Order Canceled', { code: 202 }),
    event(97, 'broker_message', 'STOP: 399 a warning', { code: 399 }),
    event(98, 'settled', 'done'),
  ];
  expect(texts(life, { ...RECEIVED, timeline })).toStrictEqual([
    'fill ENTRY: BUY 100 at 181.62',
    'stop HELD → ACCEPTED',
    'broker STOP: 399 a warning',
  ]);
});

test('[CLI-1] shares without a stop are shouted about', () => {
  const life = new Life();
  const open = { ...RECEIVED, state: 'OPEN', held_quantity: '100' } as const;
  life.update({ ...open, is_protected: true }, START);
  const lines = life.update({ ...open, is_protected: false }, START);
  expect(lines).toMatchObject([{ kind: 'protected', tone: 'bad' }]);
  expect(lines[0]!.text).toContain('UNPROTECTED: 100 shares');
});

test('[CLI-1] a closed trade ends once its result is known, or after a bounded wait', () => {
  const closed = {
    ...RECEIVED,
    state: 'CLOSED',
    filled_quantity: '100',
    closed_at: at(500),
    opened_at: at(100),
    exit_reason: 'max_holding',
    average_exit: '182.9',
  } as const;
  expect(isFinished(closed, START + 1_000)).toBe(false);
  expect(isFinished({ ...closed, realized_pnl: '126' }, START + 1_000)).toBe(true);
  expect(isFinished(closed, START + 120_000)).toBe(true);
  expect(isFinished({ ...RECEIVED, state: 'DENIED' }, START)).toBe(true);
  const told = texts(new Life(), { ...closed, realized_pnl: '126', commission: '2' });
  expect(told).toContain('exit max holding at 182.90, held for 0.400 s');
  expect(told).toContain('P&L 126.00 net · commissions 2.00');
  const doubt = '10 of the shares had been closed by hand';
  const doubtful = { ...closed, realized_pnl: '126', commission: '2', doubt };
  expect(texts(new Life(), doubtful)).toContain(`doubt ${doubt}`);
});

test('[CLI-1] several stories are told one after the other, none of their lines lost', () => {
  let out = '';
  const turns = new Turns(3, (text) => (out += text));
  turns.tell(0, 'a');
  turns.tell(2, 'z');
  turns.tell(1, 'm');
  turns.end(1);
  turns.tell(0, 'b');
  turns.end(0);
  turns.tell(2, 'y');
  turns.end(2);
  expect(out).toBe('abmzy');
});
