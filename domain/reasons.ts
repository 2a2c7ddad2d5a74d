/**
 * The closed registry of denial codes (RSK-1). Its order is the order of precedence in which a denial
 * lists them: first what switches trading off, then what the signal asks, then what the market and the
 * account allow. `docs/reference/reason-codes.md` is generated from it.
 */

export type ReasonCategory =
  'switch' | 'access' | 'data' | 'signal' | 'market' | 'position' | 'limit';

export interface ReasonShape {
  readonly code: string;
  readonly category: ReasonCategory;
  readonly sentence: string;
  /** No check gives it yet: its name is kept for the one that will. */
  readonly isReserved?: true;
}

export const REASONS = [
  {
    code: 'TRADING_DISABLED',
    category: 'switch',
    sentence: 'Trading is off until TRADING_ENABLED=true is set.',
  },
  {
    code: 'TRADING_HALTED',
    category: 'switch',
    sentence: 'A halt is in force, by mode or by the halt file: nothing may be opened.',
  },
  {
    code: 'REDUCE_ONLY',
    category: 'switch',
    sentence: 'The mode is REDUCING: positions may only get smaller.',
  },
  { code: 'ACCOUNT_PAUSED', category: 'switch', sentence: 'The account is paused for entries.' },
  { code: 'STRATEGY_PAUSED', category: 'switch', sentence: 'The strategy is paused for entries.' },
  {
    code: 'SYMBOL_QUARANTINED',
    category: 'switch',
    sentence: 'The symbol is quarantined until a person has cleared what is unexplained in it.',
  },
  {
    code: 'ACCOUNT_NOT_AUTHORIZED',
    category: 'access',
    sentence:
      'The broker does not report this account, or a live account is not in IBKR_AUTHORIZED_ACCOUNTS.',
  },
  {
    code: 'LIVE_NOT_ALLOWED',
    category: 'access',
    sentence: 'A live account or a live port needs ALLOW_LIVE=true.',
  },
  { code: 'READ_ONLY', category: 'access', sentence: 'The connection is read-only.' },
  { code: 'BROKER_UNAVAILABLE', category: 'data', sentence: 'The broker connection is not ready.' },
  {
    code: 'SETTINGS_INVALID',
    category: 'access',
    sentence:
      'A limit in the settings of the account or the strategy is not of its kind, so nobody knows what holds.',
  },
  { code: 'UNKNOWN_SYMBOL', category: 'signal', sentence: 'The broker knows no such contract.' },
  {
    code: 'NO_STOP',
    category: 'signal',
    sentence: 'The signal has no stop and no default stop is set.',
  },
  {
    code: 'MARKET_CLOSED',
    category: 'market',
    sentence: 'The contract is outside its liquid hours.',
  },
  { code: 'SYMBOL_HALTED', category: 'market', sentence: 'Trading in the contract is halted.' },
  {
    code: 'SIGNAL_STALE',
    category: 'signal',
    sentence:
      'The signal for a market order was generated too long before it was received, or after it.',
  },
  { code: 'SIGNAL_EXPIRED', category: 'signal', sentence: 'The signal is past its expires_at.' },
  {
    code: 'SIGNAL_OVERTAKEN',
    category: 'signal',
    sentence:
      'A signal of the other direction, of the same strategy and contract, was made later and came first: this one opens nothing.',
  },
  {
    code: 'NOT_APPROVED',
    category: 'signal',
    sentence: 'A person has rejected the signal, or nobody approved it in time.',
  },
  {
    code: 'PREVIEW_OUTDATED',
    category: 'signal',
    sentence: 'What was previewed is not what would be sent, or would be sized, now.',
  },
  {
    code: 'STOP_WRONG_SIDE',
    category: 'signal',
    sentence: 'The stop is not on the protective side of the entry, or would trigger at once.',
  },
  {
    code: 'TARGET_WRONG_SIDE',
    category: 'signal',
    sentence: 'The target is not on the profit side of the entry.',
  },
  {
    code: 'REWARD_RISK_TOO_LOW',
    category: 'signal',
    sentence: 'The reward is too small for the risk.',
  },
  {
    code: 'BROKER_CANNOT',
    category: 'signal',
    sentence:
      "The account's broker can't do what is asked: a target beside the stop, a trailing stop or a short, where it has none.",
  },
  {
    code: 'PRICE_DEVIATION',
    category: 'market',
    sentence: 'The quote is too far from the entry price of the signal.',
  },
  { code: 'NO_QUOTE', category: 'market', sentence: 'There is no two-sided, uncrossed quote.' },
  {
    code: 'QUOTE_DELAYED',
    category: 'market',
    sentence: 'The quote is delayed or frozen, not live.',
  },
  { code: 'QUOTE_STALE', category: 'market', sentence: 'The quote is too old.' },
  { code: 'SPREAD_TOO_WIDE', category: 'market', sentence: 'The spread is too wide.' },
  {
    code: 'CURRENCY_MISMATCH',
    category: 'data',
    sentence:
      "The contract is in another currency than the account's base and there is no fresh rate.",
  },
  {
    code: 'OPPOSITE_POSITION',
    category: 'position',
    sentence: 'The strategy has a trade of the other direction in this contract, and it stays.',
  },
  {
    code: 'CLOSED_OPPOSITE',
    category: 'position',
    sentence:
      "The strategy's trade of the other direction is closed because of this signal; nothing is opened.",
  },
  {
    code: 'DUPLICATE_POSITION',
    category: 'position',
    sentence: 'The strategy already has a trade in this symbol.',
  },
  {
    code: 'NETTING_CONFLICT',
    category: 'position',
    sentence: 'Another holder in the account is positioned the other way in this contract.',
  },
  {
    code: 'NO_POSITION',
    category: 'position',
    sentence: 'There is nothing to sell, and short selling is off.',
  },
  {
    code: 'SHORT_NOT_ALLOWED',
    category: 'position',
    sentence: 'The contract or the account forbids a short sale.',
  },
  {
    code: 'POSITION_TOO_LARGE',
    category: 'limit',
    sentence: 'The position would be larger than allowed.',
  },
  {
    code: 'STRATEGY_ALLOCATION_EXCEEDED',
    category: 'limit',
    sentence: "The strategy's exposure would be larger than its allocation.",
  },
  {
    code: 'INSUFFICIENT_FUNDS',
    category: 'limit',
    sentence: 'Cash, available funds, buying power or excess liquidity do not suffice.',
  },
  {
    code: 'OPEN_RISK_EXCEEDED',
    category: 'limit',
    sentence: 'The open risk of all trades together would be larger than allowed.',
  },
  {
    code: 'MAX_OPEN_POSITIONS',
    category: 'limit',
    sentence: 'As many positions as allowed are open.',
  },
  {
    code: 'MAX_TRADES_PER_DAY',
    category: 'limit',
    sentence: 'As many trades as allowed were opened today.',
  },
  {
    code: 'DAILY_LOSS_LIMIT',
    category: 'limit',
    sentence: "The day's loss has reached its limit.",
  },
  {
    code: 'SECTOR_EXPOSURE',
    category: 'limit',
    sentence: "Exposure to the contract's industry would be larger than allowed.",
  },
  {
    code: 'CORRELATED_EXPOSURE',
    category: 'limit',
    sentence: 'Exposure to positions that move together would be larger than allowed.',
  },
  {
    code: 'ORDER_RATE',
    category: 'limit',
    sentence: 'Entries come faster than a sane strategy sends them.',
  },
  {
    code: 'DATA_UNAVAILABLE',
    category: 'data',
    sentence: 'A number that a check needs is missing or too old.',
  },
  {
    code: 'CLOCK_SKEW',
    category: 'data',
    sentence: "This machine's clock is too far from the broker's.",
  },
  {
    code: 'BELOW_MINIMUM_SIZE',
    category: 'limit',
    sentence: 'The quantity is below the minimum or no multiple of the quantity step.',
  },
] as const satisfies readonly ReasonShape[];

export type ReasonCode = (typeof REASONS)[number]['code'];

const ORDER: ReadonlyMap<string, number> = new Map(REASONS.map(({ code }, index) => [code, index]));

/** Place of a code in the order of precedence, from 0. */
export function reasonOrder(code: ReasonCode): number {
  return ORDER.get(code)!;
}
