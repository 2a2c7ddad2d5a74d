/** Daily closing prices, asked for within the broker's limits on historical data. */
import { BarSizeSetting, EventName, WhatToShow } from '@stoqey/ib';
import type { IBApi } from '@stoqey/ib';
import type { DailyClose } from '../../contract/market.js';
import type { Instrument } from '../../domain/vocabulary.js';
import { NoAnswerError } from '../port.js';
import { numberText } from './decode.js';
import { encodeContract } from './encode.js';
import type { Settings } from './options.js';
import type { RequestTable } from './request-table.js';
import type { Wire } from './wire.js';

/**
 * The broker answers 60 requests in ten minutes, whoever asks; some are left for a person's charts. Beyond it the
 * session may be ended. Source: TWS API, Historical Data Limitations.
 */
const PERIOD_MS = 600_000;
const PERIOD_REQUESTS_MAX = 50;
/** Some 84 trading days: enough for sixty returns with holidays, halts and a missing bar. */
const DURATION = '4 M';
const REGULAR_HOURS_ONLY = 1;
/** Dates of daily bars are `yyyymmdd` in it. */
const FORMAT_TEXT = 1;
/** More than any answer to it. */
const BARS_MAX = 200;
const DATE = /^(\d{4})(\d{2})(\d{2})$/;
/** The library tells the end of an answer as a bar of this date. */
const END = 'finished';

interface Asked {
  readonly closes: DailyClose[];
  readonly finish: () => void;
}

export class DailyCloses {
  private readonly open = new Map<number, Asked>();
  /** When the requests of the last ten minutes were written, the oldest first; of every session. */
  private readonly askedAtMs: number[] = [];

  constructor(
    private readonly settings: Settings,
    private readonly wire: Wire,
    private readonly requests: RequestTable,
  ) {}

  attach(api: IBApi): void {
    api.on(
      EventName.historicalData,
      (id: number, date: string, _open: number, _high: number, _low: number, close: number) =>
        this.take(id, date, close),
    );
  }

  /**
   * The closes of the last four months in regular hours, oldest first, adjusted for splits; today's bar, which is not
   * over, among them.
   * @throws NoAnswerError when too many were asked for in ten minutes (nothing is sent then), or none came;
   * BrokerRequestError when the broker has none; UnknownContractError.
   */
  ask(instrument: Instrument): Promise<readonly DailyClose[]> {
    const title = `daily closes of ${instrument.symbol}`;
    if (!this.mayAsk()) {
      const told = `${title}: ${PERIOD_REQUESTS_MAX} histories were asked for in ten minutes`;
      return Promise.reject(new NoAnswerError(told));
    }
    const contract = encodeContract(instrument);
    const { requestTimeoutMs } = this.settings.limits;
    return this.requests.run(title, requestTimeoutMs, ({ id, finish, fail, isOpen }) => {
      const closes: DailyClose[] = [];
      this.open.set(id, { closes, finish: () => finish(closes) });
      this.wire.ask((api) => void this.write(api, id, contract), { isWanted: isOpen }).catch(fail);
      return () => this.open.delete(id);
    });
  }

  private write(api: IBApi, id: number, contract: ReturnType<typeof encodeContract>): void {
    const what = [DURATION, BarSizeSetting.DAYS_ONE, WhatToShow.TRADES] as const;
    api.reqHistoricalData(id, contract, '', ...what, REGULAR_HOURS_ONLY, FORMAT_TEXT, false);
  }

  private mayAsk(): boolean {
    const nowMs = this.settings.monotonicMs();
    while (this.askedAtMs.length > 0 && nowMs - this.askedAtMs[0]! >= PERIOD_MS) {
      this.askedAtMs.shift();
    }
    if (this.askedAtMs.length >= PERIOD_REQUESTS_MAX) return false;
    this.askedAtMs.push(nowMs);
    return true;
  }

  private take(id: number, date: string, close: number): void {
    const asked = this.open.get(id);
    if (asked === undefined) return;
    if (date.startsWith(END)) return asked.finish();
    const [, year, month, day] = DATE.exec(date.trim()) ?? [];
    const price = numberText(close);
    if (day === undefined || price === null || close <= 0 || asked.closes.length >= BARS_MAX)
      return;
    asked.closes.push({ day: `${year}-${month}-${day}`, close: price });
  }
}
