/**
 * Every request that is made of SnapTrade, by its official SDK: within the budget, with a time limit, its
 * answer checked. Whatever fails is a `SnapTradeFailure`; nothing is ever asked a second time here.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Snaptrade, SnaptradeAuth } from 'snaptrade-typescript-sdk';
import type { CommercialApiKeyAuth, ManualTradeForm } from 'snaptrade-typescript-sdk';
import type { ManualTradeFormWithOptions, ManualTradeReplaceForm } from 'snaptrade-typescript-sdk';
import type { z } from 'zod';
import { Budget } from './budget.js';
import type { Urgency } from './budget.js';
import { failureFrom, noAnswer, SnapTradeFailure } from './failures.js';
import type { Answer } from './failures.js';
import type { Settings } from './options.js';
import * as schemas from './schemas.js';

/** What a query waits for its turn at the most; one that is later serves nobody. */
const TURN_MAX_MS = 20_000;
/** As far back as the API lists orders. */
const ORDERS_DAYS = 90;

type Sdk = Snaptrade<CommercialApiKeyAuth>;
/** Each answer is judged here: the SDK would repeat by itself what was throttled, and nobody could stop it. */
const EVERY_ANSWER = { validateStatus: () => true, maxRedirects: 0 };

type RequestOptions = { readonly timeout: number };
type Call = (options: RequestOptions) => Promise<Answer>;

/**
 * A write has a connection of its own: one that was kept open may be closed by the other side just as the write
 * begins, and nobody could tell then whether it arrived.
 */
const FRESH = { httpAgent: new HttpAgent(), httpsAgent: new HttpsAgent() };

export class Api {
  readonly budget: Budget;
  private readonly sdk: Sdk;
  private readonly user: { readonly userId: string; readonly userSecret: string };
  private isClosed = false;

  constructor(private readonly settings: Settings) {
    const { clientId, consumerKey, userId, userSecret, basePath, limits, nowMs } = settings;
    this.sdk = new Snaptrade({
      auth: SnaptradeAuth.commercialApiKey({ clientId, consumerKey }),
      ...(basePath !== undefined && { basePath }),
    });
    this.user = { userId, userSecret };
    this.budget = new Budget(limits.requestsPerMinute, nowMs);
  }

  open(): void {
    this.isClosed = false;
  }

  close(): void {
    this.isClosed = true;
  }

  status() {
    return this.ask('check', schemas.statusAnswer, (options) => this.sdk.apiStatus.check(options));
  }

  accounts() {
    return this.ask('listUserAccounts', schemas.accountsAnswer, (options) =>
      this.sdk.accountInformation.listUserAccounts(this.user, options),
    );
  }

  balances(accountId: string) {
    return this.ask('getUserAccountBalance', schemas.balancesAnswer, (options) =>
      this.sdk.accountInformation.getUserAccountBalance({ ...this.user, accountId }, options),
    );
  }

  positions(accountId: string) {
    return this.ask('getAllAccountPositions', schemas.positionsAnswer, (options) =>
      this.sdk.accountInformation.getAllAccountPositions({ ...this.user, accountId }, options),
    );
  }

  /** Those of the last weeks, open ones and all that ended. */
  orders(accountId: string) {
    const asked = { ...this.user, accountId, state: 'all', days: ORDERS_DAYS } as const;
    return this.ask('getUserAccountOrders', schemas.ordersAnswer, (options) =>
      this.sdk.accountInformation.getUserAccountOrders(asked, options),
    );
  }

  /** Those of the last 24 hours, of now whatever the plan: at most a hundred. */
  recentOrders(accountId: string) {
    const asked = { ...this.user, accountId, onlyExecuted: false };
    return this.ask('getUserAccountRecentOrders', schemas.recentAnswer, (options) =>
      this.sdk.accountInformation.getUserAccountRecentOrders(asked, options),
    );
  }

  /** One order, of now whatever the plan; only such as were placed through SnapTrade. */
  order(accountId: string, brokerageOrderId: string, urgency: Urgency = 'query') {
    const asked = { ...this.user, accountId, brokerage_order_id: brokerageOrderId };
    const call: Call = (options) =>
      this.sdk.accountInformation.getUserAccountOrderDetail(asked, options);
    return this.ask('getUserAccountOrderDetail', schemas.recordAnswer, call, urgency);
  }

  symbols(accountId: string, substring: string) {
    return this.ask('symbolSearchUserAccount', schemas.symbolsAnswer, (options) =>
      this.sdk.referenceData.symbolSearchUserAccount(
        { ...this.user, accountId, substring },
        options,
      ),
    );
  }

  quotes(accountId: string, ticker: string) {
    const asked = { ...this.user, accountId, symbols: ticker, useTicker: true };
    return this.ask('getUserAccountQuotes', schemas.quotesAnswer, (options) =>
      this.sdk.trading.getUserAccountQuotes(asked, options),
    );
  }

  impact(form: ManualTradeForm) {
    return this.ask('getOrderImpact', schemas.impactAnswer, (options) =>
      this.sdk.trading.getOrderImpact({ ...this.user, ...form }, options),
    );
  }

  place(form: ManualTradeFormWithOptions) {
    return this.write('placeForceOrder', schemas.recordAnswer, (options) =>
      this.sdk.trading.placeForceOrder({ ...this.user, ...form }, options),
    );
  }

  replace(accountId: string, form: ManualTradeReplaceForm) {
    return this.write('replaceOrder', schemas.recordAnswer, (options) =>
      this.sdk.trading.replaceOrder({ ...this.user, accountId, ...form }, options),
    );
  }

  cancel(accountId: string, brokerageOrderId: string) {
    const asked = { ...this.user, accountId, brokerage_order_id: brokerageOrderId };
    return this.write('cancelOrder', schemas.cancelAnswer, (options) =>
      this.sdk.trading.cancelOrder(asked, options),
    );
  }

  private async ask<T extends z.ZodType>(
    operation: string,
    schema: T,
    call: Call,
    urgency: Urgency = 'query',
  ): Promise<z.output<T>> {
    await this.turn(operation, urgency);
    return this.request(operation, schema, call, {});
  }

  /** Begins in the tick of the call: its turn was waited for before. */
  private write<T extends z.ZodType>(
    operation: string,
    schema: T,
    call: Call,
  ): Promise<z.output<T>> {
    return this.request(operation, schema, call, FRESH);
  }

  private async request<T extends z.ZodType>(
    operation: string,
    schema: T,
    call: Call,
    agents: object,
  ): Promise<z.output<T>> {
    if (this.isClosed) throw new SnapTradeFailure('not_sent', 0, `${operation}: closed`);
    this.budget.spend();
    const timeout = this.settings.limits.requestTimeoutMs;
    const answer = await call({ timeout, ...EVERY_ANSWER, ...agents }).catch((error: unknown) => {
      throw noAnswer(operation, error);
    });
    if (answer.status < 200 || answer.status > 299) {
      const failure = failureFrom(operation, answer);
      if (failure.kind === 'throttled') this.budget.throttled(failure.retryAfterMs);
      throw failure;
    }
    const read = schema.safeParse(answer.data);
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    const told = `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`;
    // It was answered, so it may well have been done; what was done can't be read.
    throw new SnapTradeFailure('server', 200, `${operation}'s answer can't be read: ${told}`);
  }

  private async turn(operation: string, urgency: Urgency): Promise<void> {
    const deadline = this.settings.nowMs() + TURN_MAX_MS;
    for (let wait = this.budget.waitMs(urgency); wait > 0; wait = this.budget.waitMs(urgency)) {
      if (this.isClosed || this.settings.nowMs() + wait > deadline) {
        const told = `${operation} was not asked: the next request is free in ${wait} ms`;
        throw new SnapTradeFailure('throttled', 0, told, wait);
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
