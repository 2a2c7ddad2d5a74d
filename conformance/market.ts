/** Prices for a case: around the market, on the contract's grid. */
import type { BrokerPort, ContractInfo } from '../broker/port.js';
import { decimal, max, roundToIncrement, text } from '../domain/money.js';
import type { Decimal, DecimalText } from '../domain/money.js';
import { CannotPlay } from './case.js';
import type { World } from './case.js';

export class Market {
  private known: { readonly middle: Decimal; readonly info: ContractInfo } | null = null;

  constructor(
    private readonly port: BrokerPort,
    private readonly world: World,
  ) {}

  /** What the broker says of the instrument. */
  async info(): Promise<ContractInfo> {
    return (await this.look()).info;
  }

  /** The market as it was at the first call. */
  async middle(): Promise<DecimalText> {
    const { middle, info } = await this.look();
    return text(roundToIncrement(middle, decimal(info.priceIncrement), 'nearest'));
  }

  /** Off the market by a part of it: `-0.1` is ten percent below. */
  async off(part: DecimalText): Promise<DecimalText> {
    const { middle, info } = await this.look();
    const price = middle.mul(decimal('1').add(decimal(part)));
    const step = decimal(info.priceIncrement);
    return text(max(step, roundToIncrement(price, step, 'nearest')));
  }

  private async look(): Promise<{ readonly middle: Decimal; readonly info: ContractInfo }> {
    if (this.known) return this.known;
    const info = await this.port.resolveContract(this.world.instrument);
    return (this.known = { middle: await this.quoted(), info });
  }

  private async quoted(): Promise<Decimal> {
    const { instrument, referencePrice } = this.world;
    const quote = await this.port.quoteSnapshot(instrument).catch(() => null);
    if (quote?.bid && quote.ask) return decimal(quote.bid).add(decimal(quote.ask)).div(2);
    if (referencePrice !== null) return decimal(referencePrice);
    throw new CannotPlay(`the broker quotes no price of ${instrument.symbol}: name one (--price)`);
  }
}
