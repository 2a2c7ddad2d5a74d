/** Trades, their orders and executions, as the document has them. */
import { z } from 'zod';
import {
  TRADE_STATES,
  type CommandView,
  type DecisionView,
  type ExecutionView,
  type FindingView,
  type IncarnationView,
  type ListedOrder,
  type OrderView,
  type PlanView,
  type PriceBarsView,
  type PriceBarView,
  type SignalView,
  type SizingView,
  type TermsView,
  type TimelineEntry,
  type TradeDetail,
  type TradeSummary,
} from '../../contract/views.js';
import {
  decimal,
  instant,
  json,
  jsonObject,
  orNull,
  side,
  text,
  uuid,
  viewOf,
  word,
} from './view.js';

/** Where a trade stands. */
export const tradeState = z.enum(TRADE_STATES);
const tradeId = uuid.meta({ description: 'The trade.' });

const summaryShape = {
  id: tradeId,
  signal_id: text,
  strategy_id: text,
  account_id: text,
  symbol: text,
  side,
  state: tradeState,
  planned_quantity: orNull(decimal),
  filled_quantity: decimal,
  held_quantity: decimal,
  reference_price: orNull(decimal),
  average_entry: orNull(decimal),
  average_exit: orNull(decimal),
  stop_price: orNull(decimal),
  target_price: orNull(decimal),
  is_protected: z.boolean(),
  exit_reason: orNull(text),
  denial_codes: z.array(text),
  failure: orNull(text),
  gross_pnl: orNull(decimal),
  commission: orNull(decimal),
  realized_pnl: orNull(decimal),
  r_multiple: orNull(decimal),
  doubt: orNull(text),
  created_at: instant,
  opened_at: orNull(instant),
  closed_at: orNull(instant),
  updated_at: instant,
};
export const tradeSummary = viewOf<TradeSummary>()(summaryShape).meta({ id: 'Trade' });
/** In the order of a table's columns. */
export const SUMMARY_FIELDS = Object.keys(summaryShape) as (keyof TradeSummary)[];

export const termsShape = {
  side,
  order_type: word<TermsView['order_type']>(),
  quantity: decimal,
  limit_price: orNull(decimal),
  stop_price: orNull(decimal),
  trail_amount: orNull(decimal),
  trail_fraction: orNull(decimal),
  time_in_force: word<TermsView['time_in_force']>(),
  oca_group: orNull(text),
  oca_type: orNull(z.int()),
};
const terms = viewOf<TermsView>()(termsShape);

const incarnation = viewOf<IncarnationView>()({
  n: z.int(),
  kind: z.enum(['place', 'modify', 'cancel']),
  terms: orNull(terms),
  session_order_id: z.int(),
  client_id: z.int(),
  broker_order_id: orNull(text),
  outcome: text,
  sending_at: instant,
  written_at: orNull(instant),
});

const orderShape = {
  ...termsShape,
  id: uuid,
  role: word<OrderView['role']>(),
  sequence: z.int(),
  client_order_id: text,
  broker_order_id: orNull(text),
  session_order_id: orNull(z.int()),
  incarnations: z.array(incarnation),
  is_read_back: z.boolean(),
  intent: text,
  status: word<OrderView['status']>(),
  broker_status: orNull(text),
  why_held: text,
  filled_quantity: decimal,
  average_price: orNull(decimal),
  error: orNull(z.object({ code: z.int(), message: text })),
  acknowledged_at: orNull(instant),
  created_at: instant,
  updated_at: instant,
};
const order = viewOf<OrderView>()(orderShape);

export const listedOrder = viewOf<ListedOrder>()({
  ...orderShape,
  trade_id: tradeId,
  symbol: text,
  account_id: text,
  strategy_id: text,
}).meta({ id: 'Order' });

const execution = viewOf<ExecutionView>()({
  execution_id: text,
  role: orNull(word<NonNullable<ExecutionView['role']>>()),
  side,
  quantity: decimal,
  price: decimal,
  commission: orNull(decimal),
  commission_currency: orNull(text),
  broker_order_id: orNull(text),
  correction: z.int(),
  is_superseded: z.boolean(),
  is_inferred: z.boolean(),
  executed_at: instant,
  received_at: instant,
});

const finding = viewOf<FindingView>()({ code: text, measured: text, limit: text });

export const sizing = viewOf<SizingView>()({
  inputs: z.record(text, orNull(text)),
  raw_quantity: decimal,
  caps: z.record(text, text),
  bound_by: orNull(text),
  approved: z.boolean(),
  quantity: decimal,
  refusal: orNull(text),
  risk_amount: orNull(decimal),
  risk_percent: orNull(decimal),
  position_value: orNull(decimal),
  reward_risk: orNull(decimal),
});

const decision = viewOf<DecisionView>()({
  id: uuid,
  kind: text,
  verdict: z.enum(['approved', 'denied']),
  codes: z.array(text),
  findings: z.array(finding),
  sizing: orNull(sizing),
  // What was approved, bracket and reservation; it grows with what can be planned.
  plan: jsonObject.nullable() as unknown as z.ZodType<PlanView | null>,
  inputs: json,
  decided_at: instant,
});

const command = viewOf<CommandView>()({
  key: text,
  kind: text,
  verdict: z.enum(['pending', 'accepted', 'refused']),
  reason: orNull(text),
  actor: text,
  created_at: instant,
  done_at: orNull(instant),
});

export const timelineEntry = viewOf<TimelineEntry>()({
  id: text,
  at: instant,
  kind: text,
  summary: text,
  detail: json,
});

export const tradeDetail = viewOf<TradeDetail>()({
  ...summaryShape,
  signal: jsonObject,
  decisions: z.array(decision),
  orders: z.array(order),
  executions: z.array(execution),
  commands: z.array(command),
  timeline: z.array(timelineEntry),
  entry_slippage: orNull(decimal),
  stop_delay_ms: orNull(z.number().int()),
}).meta({ id: 'TradeWhole' });

const priceBar = viewOf<PriceBarView>()({
  ...{ at: instant, open: decimal, high: decimal, low: decimal, close: decimal },
});

export const priceBars = viewOf<PriceBarsView>()({
  trade_id: tradeId,
  bar_ms: z.int(),
  bars: z.array(priceBar).meta({ description: 'By the middle between bid and ask.' }),
}).meta({ id: 'PriceBars' });

export const signalView = viewOf<SignalView>()({
  id: text,
  received_at: instant,
  signal: jsonObject,
  trade: tradeSummary,
}).meta({ id: 'SignalTaken' });
