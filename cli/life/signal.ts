/** A signal in words. */
import type { JsonObject, TradeDetail } from '../../contract/views.js';
import { percent, price, span } from '../print.js';
import { line, type LifeLine } from './line.js';

/** What came in, and from whom. */
export function signalLines(trade: TradeDetail): LifeLine[] {
  const { signal, created_at: at } = trade;
  const origin = `signal ${trade.signal_id} of strategy ${trade.strategy_id}, account ${trade.account_id}`;
  return [line(at, 'signal', wish(trade, signal)), line(at, '', origin, 'quiet')];
}

function wish(trade: TradeDetail, signal: JsonObject): string {
  const field = (name: string) => (typeof signal[name] === 'string' ? signal[name] : null);
  const parts = [`${trade.side} ${field('quantity') ?? ''} ${trade.symbol}`.replace(/ +/g, ' ')];
  parts.push(entryWish(field('order_type'), field('entry_price')));
  parts.push(exitWish('stop', field('stop_loss'), field('stop_loss_pct')));
  parts.push(exitWish('target', field('take_profit'), field('take_profit_pct')));
  const risk = field('risk_pct');
  const category = field('risk_category');
  if (risk) parts.push(`risk ${percent(risk)} of equity`);
  if (category) parts.push(`${category} risk`);
  const { max_holding: holdingMs } = signal;
  if (typeof holdingMs === 'number') parts.push(`at most ${span(holdingMs)}`);
  if (signal['close_at_session_end'] === true) parts.push('flat at the close');
  return parts.filter(Boolean).join(' · ');
}

function entryWish(orderType: string | null, entryPrice: string | null): string {
  if (orderType === 'LMT' && entryPrice) return `limit ${price(entryPrice)}`;
  const reference = entryPrice ? ` (seen at ${price(entryPrice)})` : '';
  return `market order${reference}`;
}

function exitWish(name: string, at: string | null, distance: string | null): string {
  if (at) return `${name} ${price(at)}`;
  return distance ? `${name} ${percent(distance)} away` : '';
}
