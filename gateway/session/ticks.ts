/** Streaming prices: each change of a subscribed instrument, merged for clients that read slowly. */
import { ZERO, text } from '../../domain/money.js';
import type { Decimal } from '../../domain/money.js';
import type { QuoteView } from '../exchange/api.js';
import {
  DELAYED_TICK,
  TICK,
  snapshotEnd,
  tickGeneric,
  tickPrice,
  tickSize,
  tickString,
} from '../protocol/market-messages.js';
import type { Hub } from './hub.js';
import type { Session, TickSubscription } from './session.js';

/** How often slow clients are looked at again and snapshots without a quote given up. */
const SWEEP_MS = 250;

/** Key, beside the tick types, of the last trade that a subscription was told the time of. */
const LAST_TRADE_KEY = -1;

interface PriceTick {
  type: number;
  price: Decimal | undefined;
  sizeType: number | undefined;
  size: Decimal | undefined;
}

function priceTicks(quote: QuoteView): PriceTick[] {
  const alone = { sizeType: undefined, size: undefined };
  return [
    { type: TICK.BID, price: quote.bid, sizeType: TICK.BID_SIZE, size: quote.bidSize },
    { type: TICK.ASK, price: quote.ask, sizeType: TICK.ASK_SIZE, size: quote.askSize },
    { type: TICK.LAST, price: quote.last, sizeType: TICK.LAST_SIZE, size: quote.lastSize },
    { type: TICK.HIGH, price: quote.high, ...alone },
    { type: TICK.LOW, price: quote.low, ...alone },
    { type: TICK.CLOSE, price: quote.close, ...alone },
    { type: TICK.OPEN, price: quote.open, ...alone },
  ];
}

/** Sends what changed since this subscription was last told; a snapshot ends with it. */
export function sendTicks(
  session: Session,
  subscription: TickSubscription,
  quote: QuoteView,
): void {
  const { reqId, sent, delayed } = subscription;
  const wireType = (type: number): number => (delayed ? (DELAYED_TICK.get(type) ?? type) : type);
  const changed = (type: number, value: string): boolean => {
    if (sent.get(type) === value) return false;
    sent.set(type, value);
    return true;
  };
  for (const { type, price, sizeType, size } of priceTicks(quote)) {
    if (price === undefined) continue;
    const sizeChanged =
      sizeType !== undefined && size !== undefined && changed(sizeType, text(size));
    if (changed(type, text(price))) {
      session.send(tickPrice(reqId, wireType(type), price, size ?? ZERO));
    }
    if (sizeChanged) session.send(tickSize(reqId, wireType(sizeType), size));
  }
  if (quote.volume !== undefined && changed(TICK.VOLUME, text(quote.volume))) {
    session.send(tickSize(reqId, wireType(TICK.VOLUME), quote.volume));
  }
  const halted = quote.halted ? '1' : '0';
  // Nobody is told that an instrument is not halted before it ever was.
  if ((quote.halted || sent.has(TICK.HALTED)) && changed(TICK.HALTED, halted)) {
    session.send(tickGeneric(reqId, wireType(TICK.HALTED), Number(halted)));
  }
  if (quote.last !== undefined && !subscription.snapshot) {
    const second = String(Math.floor(quote.timeMs / 1000));
    const lastText = `${text(quote.last)}/${quote.lastSize ? text(quote.lastSize) : ''}`;
    if (changed(LAST_TRADE_KEY, lastText) && changed(TICK.LAST_TIMESTAMP, second)) {
      session.send(tickString(reqId, wireType(TICK.LAST_TIMESTAMP), second));
    }
  }
  if (subscription.snapshot) {
    session.ticks.delete(reqId);
    session.send(snapshotEnd(reqId));
  }
}

export class TickFeed {
  private stopQuotes: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;
  private brokenUntilMs = 0;

  constructor(private readonly hub: Hub) {}

  start(): void {
    this.stopQuotes = this.hub.market.onQuote((symbol, quote) => this.quoted(symbol, quote));
    this.timer = setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  stop(): void {
    this.stopQuotes?.();
    clearInterval(this.timer);
  }

  /** No prices to anyone until then (a data farm is down). */
  breakUntil(untilMs: number): void {
    this.brokenUntilMs = Math.max(this.brokenUntilMs, untilMs);
  }

  private quoted(symbol: string, quote: QuoteView): void {
    const broken = this.brokenUntilMs > 0 && this.hub.nowMs() < this.brokenUntilMs;
    for (const session of this.hub.all()) {
      if (session.ticks.size === 0) continue;
      const behind = broken || session.connection.congested;
      for (const subscription of session.ticks.values()) {
        if (subscription.listing.symbol !== symbol) continue;
        if (behind) subscription.behind = true;
        else sendTicks(session, subscription, quote);
      }
    }
  }

  private sweep(): void {
    const nowMs = this.hub.nowMs();
    if (nowMs < this.brokenUntilMs) return;
    for (const session of this.hub.all()) {
      for (const subscription of session.ticks.values()) {
        if (subscription.behind && !session.connection.congested) {
          subscription.behind = false;
          const quote = this.hub.market.quote(subscription.listing.symbol);
          if (quote) sendTicks(session, subscription, quote);
        } else if (subscription.snapshot && nowMs >= subscription.expiresMs) {
          session.ticks.delete(subscription.reqId);
          session.send(snapshotEnd(subscription.reqId));
        }
      }
    }
  }
}
