/** Accounts, positions and results, as the document has them. */
import { z } from 'zod';
import type {
  ConnectionView,
  DayView,
  EquityView,
  MovementView,
  PositionTrade,
  PositionView,
  StandingView,
} from '../../contract/views.js';
import { decimal, instant, json, orNull, text, uuid, viewOf } from './view.js';

const positionTrade = viewOf<PositionTrade>()({
  trade_id: uuid,
  state: text,
  held_quantity: decimal,
  stop_price: orNull(decimal),
  target_price: orNull(decimal),
  is_protected: z.boolean(),
  regular_hours_only: z.boolean(),
  excess_exits: orNull(decimal),
});

export const position = viewOf<PositionView>()({
  account_id: text,
  strategy_id: orNull(text),
  symbol: text,
  quantity: decimal,
  average_cost: decimal,
  closing_price: orNull(decimal),
  quote_at: orNull(instant),
  unrealized_pnl: orNull(decimal),
  trades: z.array(positionTrade),
}).meta({ id: 'Position' });

export const account = viewOf<StandingView>()({
  account_id: text,
  broker: text,
  connection_id: uuid,
  is_paper: z.boolean(),
  mode: text,
  base_currency: text,
  net_liquidation: orNull(decimal),
  available_funds: orNull(decimal),
  buying_power: orNull(decimal),
  values_at: orNull(instant),
  is_tradeable: z.boolean().meta({ description: 'Something may be opened on it now.' }),
  denied_by: z
    .array(text)
    .meta({ description: 'The reason codes that any entry would be denied with now.' }),
}).meta({ id: 'Account' });

export const connection = viewOf<ConnectionView>()({
  id: uuid,
  host: text,
  port: z.int(),
  client_id: z.int(),
  lease_holder: orNull(text),
  lease_epoch: z.int(),
  lease_left_ms: orNull(z.int()),
  stand_bys: z.array(text),
  down_since: orNull(instant),
  parked_reason: orNull(text),
  parked_until: orNull(instant),
  picture_at: orNull(instant),
  age_ms: z.int(),
  generation: z.int(),
  is_ready: z.boolean(),
  last_message_at: orNull(instant),
  clock_skew_ms: orNull(z.int()),
  health: json,
}).meta({ id: 'Connection' });

export const accountDay = viewOf<DayView>()({
  account_id: text,
  currency: text,
  day: text,
  measured_from: orNull(decimal),
  measured_at: orNull(instant),
  net_flows: decimal,
  net_liquidation: orNull(decimal),
  values_at: orNull(instant),
  result: orNull(decimal),
  loss_reached: z.boolean(),
}).meta({ id: 'AccountDay' });

export const equity = viewOf<EquityView>()({
  account_id: text,
  currency: text,
  at: instant,
  day: text,
  kind: z.enum(['intraday', 'close']),
  net_liquidation: decimal,
  total_cash: decimal,
  net_flows: decimal,
  realized_pnl: decimal,
  unrealized_pnl: orNull(decimal),
}).meta({ id: 'Equity' });

export const movement = viewOf<MovementView>()({
  account_id: text,
  reference: text,
  kind: text,
  amount: decimal,
  currency: text,
  told_amount: orNull(decimal),
  told_currency: orNull(text),
  at: instant,
  source: text,
  same_as: orNull(text),
  note: orNull(text),
  actor: text,
  recorded_at: instant,
}).meta({ id: 'CashMovement' });
