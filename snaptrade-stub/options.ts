/** What the stub of SnapTrade is started with, and what of a brokerage behind it is a switch. */

/** Credentials that the stub takes; every other is refused with 401, as SnapTrade does. */
export interface Credentials {
  readonly clientId: string;
  readonly consumerKey: string;
  readonly userId: string;
  readonly userSecret: string;
}

export interface StubAccount {
  /** A UUID: what the API calls `account_id`. */
  readonly id: string;
  /** As the brokerage numbers it. */
  readonly number: string;
  readonly isPaper: boolean;
  readonly cash: string;
}

export interface StubOptions {
  readonly credentials: Credentials;
  readonly accounts: readonly StubAccount[];
  /** Ticker → price, as decimal text. What is not named here is not listed. */
  readonly prices: Readonly<Record<string, string>>;
  /**
   * What the brokerage does with a `client_order_id` that it has seen: SnapTrade forwards it and does not
   * enforce it, so `forwarded` makes a second order of it; `enforced` gives the first one again.
   */
  readonly clientOrderIds: 'forwarded' | 'enforced';
  /** Requests of any 60 seconds; SnapTrade's own default. */
  readonly requestsPerMinute: number;
  /** 0: any free one. */
  readonly port: number;
  readonly controlPort: number;
}

export const DEFAULT_CREDENTIALS: Credentials = {
  clientId: 'STUB-CLIENT',
  consumerKey: 'stub-consumer-key',
  userId: 'stub-user',
  userSecret: 'stub-user-secret',
};

export const DEFAULT_ACCOUNT: StubAccount = {
  id: '917c8734-8470-4a3e-a18f-57c3f2ee6631',
  number: 'STUB0001',
  isPaper: true,
  cash: '1000000',
};

/** A stub that needs nothing said. */
export const DEFAULTS: StubOptions = {
  credentials: DEFAULT_CREDENTIALS,
  accounts: [DEFAULT_ACCOUNT],
  prices: { AAPL: '200', MSFT: '400', SPY: '100' },
  clientOrderIds: 'forwarded',
  requestsPerMinute: 250,
  port: 0,
  controlPort: 0,
};
