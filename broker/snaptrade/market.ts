/** Instruments, quotes and estimates of SnapTrade: asked for one by one, and kept where they hardly change. */
import type { ContractInfo } from '../../contract/market.js';
import type { EpochMs, Instrument, Quote } from '../../domain/vocabulary.js';
import { BrokerRequestError, NoAnswerError, UnknownContractError } from '../port.js';
import type { ConnectionState, OrderToSend, WhatIfReport } from '../port.js';
import type { Api } from './api.js';
import { contractIdOf } from './contract-ids.js';
import { encodePlace } from './encode.js';
import { SnapTradeFailure } from './failures.js';
import { hoursOf } from './hours.js';
import { MAX_CACHED_CONTRACTS } from './options.js';
import type { Settings } from './options.js';
import type { UniversalSymbol } from './schemas.js';

/** Shares in the United States from one dollar on; SnapTrade names no increments. */
const PRICE_INCREMENT = '0.01';
const SIZE_INCREMENT = '1';

interface Cached {
  readonly symbol: UniversalSymbol;
  readonly atMs: EpochMs;
}

export class Market {
  private readonly symbols = new Map<string, Cached>();

  constructor(
    private readonly settings: Settings,
    private readonly api: Api,
    private readonly state: () => ConnectionState,
  ) {}

  async resolve(instrument: Instrument): Promise<ContractInfo> {
    const symbol = await this.symbolOf(instrument);
    const { hours, problem } = hoursOf(symbol, this.settings.nowMs());
    return {
      instrument: {
        symbol: symbol.raw_symbol,
        ...{ securityType: instrument.securityType, exchange: instrument.exchange },
        currency: symbol.currency?.code ?? instrument.currency,
        brokerContractId: contractIdOf(symbol.id),
      },
      longName: symbol.description ?? '',
      industry: '',
      primaryExchange: symbol.exchange?.mic_code ?? symbol.exchange?.code ?? '',
      ...{ priceIncrement: PRICE_INCREMENT, sizeIncrement: SIZE_INCREMENT },
      ...{ hours, hoursProblem: problem },
    };
  }

  /** SnapTrade's id of an order's symbol, where it is known already: a write asks for nothing. */
  knownIdOf({ instrument }: OrderToSend): string | null {
    return this.symbols.get(keyOf(instrument))?.symbol.id ?? null;
  }

  /** A quote as the brokerage has it; whether it is of now, only a setting can say (SIZ-7). */
  async quote(instrument: Instrument): Promise<Quote> {
    const symbol = await this.symbolOf(instrument);
    const [told] = await this.asked(this.api.quotes(this.account(), symbol.symbol));
    if (!told) throw new BrokerRequestError(404, `the brokerage quotes no ${instrument.symbol}`);
    return {
      ...{ bid: told.bid_price, ask: told.ask_price },
      ...{ bidSize: told.bid_size, askSize: told.ask_size },
      atMs: this.settings.nowMs(),
      kind: this.settings.quotes,
      halted: false,
    };
  }

  /** What SnapTrade estimates before an order is sent: a commission, and no margin. */
  async whatIf(order: OrderToSend): Promise<WhatIfReport> {
    const symbol = await this.symbolOf(order.instrument);
    const form = encodePlace(order, symbol.id);
    const { account_id, action, order_type, time_in_force, price, stop, units } = form;
    const { trade_impacts: impacts } = await this.asked(
      this.api.impact({
        ...{ account_id, action: action as 'BUY' | 'SELL', universal_symbol_id: symbol.id },
        ...{ order_type, time_in_force: time_in_force === 'GTC' ? 'GTC' : 'Day' },
        ...{ price, stop, units },
      }),
    );
    return {
      ...{ initialMarginChange: null, maintenanceMarginChange: null, equityWithLoanAfter: null },
      commission: impacts?.[0]?.estimated_commission ?? null,
      commissionCurrency: symbol.currency?.code ?? order.instrument.currency,
      warningText: '',
    };
  }

  private async symbolOf(instrument: Instrument): Promise<UniversalSymbol> {
    const { nowMs, limits } = this.settings;
    const key = keyOf(instrument);
    const known = this.symbols.get(key);
    if (known && nowMs() - known.atMs < limits.contractCacheMs) {
      if (this.state().socket === 'up') return known.symbol;
    }
    const { symbol: wanted, currency } = instrument;
    const listed = await this.asked(this.api.symbols(this.account(), wanted));
    const fitting = listed.filter(
      (one) => one.raw_symbol === wanted && one.currency?.code === currency,
    );
    const [symbol, other] = fitting;
    if (!symbol) throw new UnknownContractError(`SnapTrade lists no ${wanted} in ${currency}`);
    if (other) {
      throw new UnknownContractError(
        `SnapTrade lists several ${wanted} in ${currency}: none is taken`,
      );
    }
    this.symbols.delete(key);
    this.symbols.set(key, { symbol, atMs: nowMs() });
    const [oldest] = this.symbols.keys();
    if (this.symbols.size > MAX_CACHED_CONTRACTS && oldest !== undefined)
      this.symbols.delete(oldest);
    return symbol;
  }

  /** Symbols and quotes are asked for on behalf of an account; any will do. */
  private account(): string {
    const { socket, accounts, reason } = this.state();
    const [first] = accounts;
    if (socket !== 'up' || first === undefined) throw new NoAnswerError(`not connected: ${reason}`);
    return first;
  }

  private asked<T>(answer: Promise<T>): Promise<T> {
    return answer.catch((error: unknown) => {
      throw questionError(error);
    });
  }
}

function keyOf({ symbol, currency }: Instrument): string {
  return `${symbol} ${currency}`;
}

/** A question's failure as the port tells it. */
export function questionError(error: unknown): Error {
  if (!(error instanceof SnapTradeFailure)) return error as Error;
  return error.kind === 'refused'
    ? new BrokerRequestError(error.status, error.message)
    : new NoAnswerError(error.message);
}
