/** Account figures: the summary is asked for, read to its end and cancelled (IBKR allows two at once). */
import { EventName } from '@stoqey/ib';
import type { IBApi } from '@stoqey/ib';
import type { DecimalText } from '../../domain/money.js';
import { decimal, text } from '../../domain/money.js';
import type { ExchangeRates } from '../../contract/market.js';
import type { AccountSnapshot } from '../port.js';
import { NoAnswerError } from '../port.js';
import type { Settings } from './options.js';
import type { RequestTable } from './request-table.js';
import type { Wire } from './wire.js';

const TAGS = [
  'NetLiquidation',
  'TotalCashValue',
  'SettledCash',
  'AvailableFunds',
  'BuyingPower',
  'ExcessLiquidity',
] as const;
type Tag = (typeof TAGS)[number];

/**
 * The cash ledger, one line for each tag and each currency that the account holds; `BASE` is all of them in the
 * base currency. Of it only the rates are read.
 * Source: TWS API, AccountSummaryTags, `$LEDGER:ALL`; `ExchangeRate` is "of the currency to your base currency".
 */
const LEDGER = '$LEDGER:ALL';
const RATE_TAG = 'ExchangeRate';
/** ISO 4217, which `BASE` is not. */
const CURRENCY = /^[A-Z]{3}$/;

interface Values {
  readonly byTag: Map<string, DecimalText>;
  readonly rates: Map<string, DecimalText>;
  currency: string;
}

type Summary = Map<string, Values>;

interface Answer {
  readonly summary: Summary;
  /**
   * Before the request left: what was bought since may be missing in the figures, however late they are read. The
   * broker may have reckoned them earlier still (RSK-2, `domain/risk/values-lag.ts`).
   */
  readonly askedAtMs: number;
}

export class Accounts {
  /** Callers that come while a summary runs share it. */
  private running: Promise<Answer> | null = null;
  private readonly summaries = new Map<number, { summary: Summary; finish: () => void }>();

  constructor(
    private readonly settings: Settings,
    private readonly wire: Wire,
    private readonly requests: RequestTable,
    private readonly emit: (snapshot: AccountSnapshot) => void,
  ) {}

  attach(api: IBApi): void {
    api.on(
      EventName.accountSummary,
      (id: number, account: string, tag: string, value: string, currency: string) => {
        const summary = this.summaries.get(id)?.summary;
        if (summary) takeValue(summary, { account, tag, value, currency });
      },
    );
    api.on(EventName.accountSummaryEnd, (id: number) => this.summaries.get(id)?.finish());
  }

  /**
   * The account's figures, as of the moment before they were asked for; every account of the summary goes out as an event too.
   * @throws NoAnswerError when the answer misses the account or one of its figures.
   */
  async snapshot(account: string): Promise<AccountSnapshot> {
    this.running ??= this.ask().finally(() => {
      this.running = null;
    });
    const { summary, askedAtMs } = await this.running;
    const values = summary.get(account);
    if (!values) throw new NoAnswerError(`the account summary has nothing on ${account}`);
    return snapshotOf(account, values, askedAtMs);
  }

  private async ask(): Promise<Answer> {
    const askedAtMs = this.settings.nowMs();
    const summary = await this.requests.run<Summary>(
      'account summary',
      this.settings.limits.requestTimeoutMs,
      ({ id, finish, fail, isOpen }) => {
        const collected: Summary = new Map();
        this.summaries.set(id, { summary: collected, finish: () => finish(collected) });
        this.wire
          .ask((api) => api.reqAccountSummary(id, 'All', [...TAGS, LEDGER].join(',')), {
            isWanted: isOpen,
          })
          .catch(fail);
        return () => {
          this.summaries.delete(id);
          this.wire.ask((api) => api.cancelAccountSummary(id)).catch(() => undefined);
        };
      },
    );
    for (const [account, values] of summary) {
      if (TAGS.every((tag) => values.byTag.has(tag))) {
        this.emit(snapshotOf(account, values, askedAtMs));
      }
    }
    return { summary, askedAtMs };
  }
}

/** Names the broker sends besides ours (`All` for several accounts) are kept as they come. */
const MAX_ACCOUNTS = 100;
/** More than the broker deals in. */
const MAX_CURRENCIES = 100;

interface Line {
  readonly account: string;
  readonly tag: string;
  readonly value: string;
  readonly currency: string;
}

function takeValue(summary: Summary, line: Line): void {
  const known = summary.get(line.account);
  if (!known && summary.size >= MAX_ACCOUNTS) return;
  const values: Values = known ?? { byTag: new Map(), rates: new Map(), currency: '' };
  summary.set(line.account, values);
  if (line.tag === RATE_TAG) return takeRate(values, line);
  if (!(TAGS as readonly string[]).includes(line.tag)) return;
  const figure = number(line.value);
  if (figure !== null) values.byTag.set(line.tag, figure);
  if (line.tag === 'NetLiquidation') values.currency = line.currency;
}

function takeRate({ rates }: Values, { value, currency }: Line): void {
  const rate = number(value);
  if (rate === null || decimal(rate).lte(0) || !CURRENCY.test(currency)) return;
  if (rates.size < MAX_CURRENCIES) rates.set(currency, rate);
}

/** Null for what is no number, so not one of the figures. */
function number(value: string): DecimalText | null {
  try {
    return text(decimal(value));
  } catch {
    return null;
  }
}

/** None when the ledger does not call the base currency one: then they are rates to something else. */
function ratesOf({ rates, currency }: Values): ExchangeRates {
  const base = rates.get(currency);
  if (base === undefined || !decimal(base).eq(1)) return {};
  return Object.fromEntries(rates);
}

function snapshotOf(account: string, values: Values, atMs: number): AccountSnapshot {
  const figure = (tag: Tag): DecimalText => {
    const value = values.byTag.get(tag);
    if (value === undefined)
      throw new NoAnswerError(`the account summary of ${account} lacks ${tag}`);
    return value;
  };
  return {
    account,
    baseCurrency: values.currency,
    netLiquidation: figure('NetLiquidation'),
    totalCash: figure('TotalCashValue'),
    settledCash: figure('SettledCash'),
    availableFunds: figure('AvailableFunds'),
    buyingPower: figure('BuyingPower'),
    excessLiquidity: figure('ExcessLiquidity'),
    exchangeRates: ratesOf(values),
    atMs,
  };
}
