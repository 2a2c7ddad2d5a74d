/** Settings: what may be traded, how much of it, and how long each step may take. */
import {
  amount,
  choice,
  count,
  flag,
  fraction,
  milliseconds,
  optionalAmount,
  optionalFraction,
  optionalText,
} from './fields.js';
import { DEFAULT_PROTECTIONS, LOCK_SCOPES } from '../domain/risk/protections.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const permissionSettings = {
  TRADING_ENABLED: flag(false, {
    description: 'Whether entries are sent at all.',
    reason:
      'Trading is a deliberate act. `npm start` turns it on for its own paper gateway only, ' +
      'and only when the variable is not in the environment.',
  }),
  READ_ONLY: flag(false, {
    description: 'Denies every new trade; open ones stay protected.',
    reason: 'For looking on at an account that something else trades.',
  }),
  HALT_FILE: optionalText({
    description: 'Entries stop while this file exists.',
    reason: 'Unset: HALT in the state folder. Works with the database and Temporal down.',
  }),
};

export const sizingSettings = {
  ORDER_TYPE: choice(['MKT', 'LMT'], 'MKT', {
    description: 'Entry order of signals that name none.',
    reason: 'A market order is the one that gets the position.',
  }),
  RISK_PER_TRADE: fraction('0.01', {
    description: 'Share of equity lost when the stop is hit.',
    reason: 'Twenty losses in a row leave four fifths of the account.',
  }),
  RISK_SMALL: fraction('0.01', {
    description: 'The same for signals of risk category small.',
    reason: 'The ordinary risk.',
  }),
  RISK_NORMAL: fraction('0.02', {
    description: 'The same for signals of risk category normal.',
    reason: 'Twice the ordinary risk.',
  }),
  RISK_LARGE: fraction('0.03', {
    description: 'The same for signals of risk category large.',
    reason: 'As much as the daily loss limit: one such loss ends the day.',
  }),
  MAX_POSITION_PCT: fraction('0.20', {
    description: 'Value of one position at the most, as a share of equity.',
    reason: 'A gap through the stop of one position should not decide over the account.',
  }),
  MAX_STRATEGY_PCT: fraction('0.50', {
    description: 'Value of all positions of one strategy at the most, as a share of equity.',
    reason: 'One faulty strategy leaves half of the account alone.',
  }),
  MAX_OPEN_RISK_PCT: fraction('0.10', {
    description: 'Loss if all stops are hit at once, at the most, as a share of equity.',
    reason: 'Stops tend to be hit together.',
  }),
  MAX_SECTOR_EXPOSURE_PCT: amount('0.40', 'fraction', {
    description:
      "Value of all positions in one sector (the contract's industry) at the most, as a share of equity.",
    reason:
      'What hurts an industry hurts all its shares; two full positions are enough. 100 is no limit.',
  }),
  MAX_CORRELATED_EXPOSURE_PCT: amount('0.40', 'fraction', {
    description:
      'Value of a position and those that have moved with it (|ρ| > 0.8 over 60 days), signed by side, at the most, as a share of equity.',
    reason: 'What moves as one is one position, whatever its industry. 100 is no limit.',
  }),
  MAX_QUANTITY: optionalAmount('shares', {
    description: 'Shares of one trade at the most.',
    reason: 'Unset: the other caps decide.',
  }),
  MIN_QUANTITY: amount('1', 'shares', {
    description: 'Shares of one trade at the least; below that it is denied.',
    reason: 'A trade with exits is in whole shares.',
  }),
  DEFAULT_STOP_LOSS_PCT: optionalFraction({
    description: 'Distance of the stop from the entry for signals that name no stop.',
    reason: 'Unset: such a signal is denied, because a guessed stop is nobody’s intention.',
  }),
  SLIPPAGE_ALLOWANCE: fraction('0.005', {
    description: 'Added to the quote when the cost of a market order is reckoned.',
    reason: 'The caps should hold at the price paid, not only at the price seen.',
  }),
};

export const limitSettings = {
  MIN_REWARD_RISK: amount('1.0', 'ratio', {
    description: 'Gain at the target over loss at the stop, at the least.',
    reason: 'Below one, more than half of the trades must win.',
  }),
  MAX_PRICE_DEVIATION: fraction('0.01', {
    description: 'Distance of the quote from the reference entry at the most.',
    reason: 'Beyond it the market has left the price that the signal was made for.',
  }),
  QUOTE_MAX_AGE_MS: milliseconds(
    5 * SECOND,
    { min: 100, max: 5 * MINUTE },
    {
      description: 'Age of a quote that an entry may rely on, at the most.',
      reason: 'Liquid shares are quoted several times a second.',
    },
  ),
  MAX_SPREAD_PCT: fraction('0.01', {
    description: 'Spread at the most, as a share of the middle price.',
    reason: 'A wider one costs more than most targets earn.',
  }),
  MAX_OPEN_POSITIONS: count(
    10,
    { min: 0, max: 100_000 },
    {
      description: 'Open positions of an account at the most.',
      reason: 'As many as one person can keep an eye on.',
    },
  ),
  MAX_TRADES_PER_DAY: count(
    50,
    { min: 0, max: 1_000_000 },
    {
      description: "Entries in one of the broker's days at the most.",
      reason: 'A signal generator in a loop is stopped the same day.',
    },
  ),
  MAX_ORDERS_PER_MINUTE: count(
    120,
    { min: 1, max: 100_000 },
    {
      description: 'Orders of an account in any minute at the most.',
      reason: 'Forty brackets a minute: more is a runaway.',
    },
  ),
  DAILY_LOSS_LIMIT: fraction('0.03', {
    description: 'Loss since the previous close that ends entries for the day.',
    reason: 'Three ordinary losses; what follows them is seldom better.',
  }),
};

export const protectionSettings = {
  LOSS_STREAK: count(
    DEFAULT_PROTECTIONS.lossStreak,
    { min: 0, max: 1_000 },
    {
      description:
        'Losing trades in a row that pause their strategy until the next 9:30 in New York; 0 switches it off.',
      reason: 'What follows three losses in a row is seldom better on the same day.',
    },
  ),
  COOL_DOWN_MS: milliseconds(
    DEFAULT_PROTECTIONS.coolDownMs,
    { min: 0, max: 30 * DAY },
    {
      description: 'How long nothing is opened after a losing trade.',
      reason: '0: at once. A stop is often hit twice by one move.',
    },
  ),
  COOL_DOWN_SCOPE: choice(LOCK_SCOPES, DEFAULT_PROTECTIONS.coolDownScope, {
    description: "For which of the strategy's entries: all, those in the symbol, or of the side.",
    reason: 'What was lost in one symbol says little of another.',
  }),
  DRAWDOWN_LIMIT: optionalFraction({
    description:
      'What a strategy may lose from its highest total within the look-back, as a share of net liquidation.',
    reason: 'Unset: off. A slow loss over days passes below the limits of a day.',
  }),
  DRAWDOWN_LOOKBACK_MS: milliseconds(
    DEFAULT_PROTECTIONS.drawdownLookbackMs,
    { min: MINUTE, max: 90 * DAY },
    {
      description: 'Trades that closed within it are totalled.',
      reason: 'A week: what was lost before it is not asked for again.',
    },
  ),
  DRAWDOWN_LOCK_MS: milliseconds(
    DEFAULT_PROTECTIONS.drawdownLockMs,
    { min: MINUTE, max: 90 * DAY },
    {
      description: 'How long nothing is opened from the last loss of such a drawdown.',
      reason: 'A day to look at it.',
    },
  ),
  DRAWDOWN_SCOPE: choice(LOCK_SCOPES, DEFAULT_PROTECTIONS.drawdownScope, {
    description: 'Whose trades are totalled and locked: all, those of one symbol, or of one side.',
    reason: 'A strategy is judged as a whole.',
  }),
  LOW_PROFIT_TRADES: count(
    DEFAULT_PROTECTIONS.lowProfitTrades,
    { min: 0, max: 1_000 },
    {
      description: 'Over so many of its last trades a symbol must earn LOW_PROFIT_MIN.',
      reason: '0: off.',
    },
  ),
  LOW_PROFIT_MIN: amount(DEFAULT_PROTECTIONS.lowProfitMin, 'USD', {
    description: 'What it must earn with them, net of commissions.',
    reason: 'Not to lose.',
  }),
  LOW_PROFIT_LOCK_MS: milliseconds(
    DEFAULT_PROTECTIONS.lowProfitLockMs,
    { min: MINUTE, max: 90 * DAY },
    {
      description: 'How long nothing is opened in a symbol that earned less, from its last trade.',
      reason: 'A day: the symbol may be out of season.',
    },
  ),
};

export const reconcileSettings = {
  RECOVERY_DIFFERENCE: amount('100', 'USD', {
    description:
      'Value of unexplained positions beyond which the entries of an account are paused.',
    reason:
      'A share or two of difference stops its symbol; more says that something larger is wrong.',
  }),
};

export const timeSettings = {
  SIGNAL_MAX_AGE_MS: milliseconds(
    MINUTE,
    { min: SECOND, max: 30 * DAY },
    {
      description: 'Age of a market signal when it is received, at the most.',
      reason: 'After that the price it was made for is history.',
    },
  ),
  WHEN_CLOSED: choice(['deny', 'queue'], 'deny', {
    description: 'What becomes of a signal that says nothing of it while its market is closed.',
    reason: "Denied: a price of yesterday is nobody's intention for tomorrow's open.",
  }),
  ON_OPPOSITE: choice(['close', 'reverse', 'deny'], 'close', {
    description:
      'What becomes of an open trade when its strategy signals the other direction and says nothing of it.',
    reason: 'Closed: the strategy has changed its mind, and a close only takes risk away.',
  }),
  APPROVAL: choice(['none', 'required'], 'none', {
    description:
      'Whether a person must approve a signal before anything of it is sent; a strategy may say otherwise.',
    reason: 'None: who runs strategies unattended is not asked.',
  }),
  APPROVAL_TIMEOUT_MS: milliseconds(
    15 * MINUTE,
    { min: SECOND, max: DAY },
    {
      description: 'How long a signal waits to be approved, and how long that word counts.',
      reason: 'A phone is looked at within that, and the price is not another one yet.',
    },
  ),
  PREVIEW_AS_SHOWN_MS: milliseconds(
    5 * MINUTE,
    { min: SECOND, max: DAY },
    {
      description: 'How long a preview is executed as it was shown, without another look.',
      reason: 'Long enough to read it and decide; every check of risk is made anew all the same.',
    },
  ),
  PREVIEW_EXPIRES_MS: milliseconds(
    15 * MINUTE,
    { min: SECOND, max: DAY },
    {
      description:
        'How long a preview can be executed at all; after PREVIEW_AS_SHOWN_MS only while a new one is about the same.',
      reason: 'What was decided longer ago was decided on another market.',
    },
  ),
  PREVIEW_PRICE_TOLERANCE: fraction('0.005', {
    description: 'How far the price of a new preview may be from that of the one to be executed.',
    reason: 'Half of what MAX_PRICE_DEVIATION allows: whoever waited sees the new price first.',
  }),
  PREVIEW_SIZE_TOLERANCE: fraction('0.05', {
    description:
      'How far the quantity may be from that of a preview: of a new one, and of what would be sized when it is sent.',
    reason: 'A share or two follow from each tick; more means that risk or funds have changed.',
  }),
  ENTRY_SEND_WINDOW_MS: milliseconds(
    15 * SECOND,
    { min: SECOND, max: HOUR },
    {
      description: 'How long an approved entry may wait for the broker worker.',
      reason: 'Later the checks have grown old and are done again.',
    },
  ),
  ACK_TIMEOUT_MS: milliseconds(
    5 * SECOND,
    { min: 100, max: 5 * MINUTE },
    {
      description: 'Wait for the broker to acknowledge an order, before its state is looked up.',
      reason: 'An acknowledgement takes well under a second on a healthy connection.',
    },
  ),
  OUTAGE_WAIT_MS: milliseconds(
    30 * SECOND,
    { min: 0, max: HOUR },
    {
      description: 'How long an entry waits for a link to the broker that is down, at the most.',
      reason: 'A restart of the gateway or of a worker; never longer than the signal itself lives.',
    },
  ),
  BLIND_ALERT_MS: milliseconds(
    MINUTE,
    { min: SECOND, max: HOUR },
    {
      description: 'How long the link may be down with shares held before a person is told.',
      reason: 'A restart of the gateway takes less; stops stand at the broker meanwhile.',
    },
  ),
  GUARD_INTERVAL_MS: milliseconds(
    30 * SECOND,
    { min: SECOND, max: 5 * MINUTE },
    {
      description: "How often protection is checked from the broker's own lists.",
      reason:
        'What no message ever told is found within it; a check of 10,000 trades takes seconds.',
    },
  ),
  COMMISSION_WAIT_MS: milliseconds(
    MINUTE,
    { min: 0, max: HOUR },
    {
      description: 'How long settling waits for commissions that are still to come.',
      reason: 'They follow the fill within seconds; later ones are booked as adjustments.',
    },
  ),
  LEASE_TTL_MS: milliseconds(
    6 * SECOND,
    { min: SECOND, max: 5 * MINUTE },
    {
      description: "How long a broker worker's claim on its connection lasts without renewal.",
      reason: 'Three renewals may be missed before another takes over.',
    },
  ),
  LEASE_RENEW_MS: milliseconds(
    2 * SECOND,
    { min: 100, max: MINUTE },
    {
      description: 'How often that claim is renewed.',
      reason: 'One small write; at most half of the claim, or one late renewal loses it.',
    },
  ),
  CLOCK_SKEW_WARN_MS: milliseconds(
    SECOND,
    { min: 10, max: HOUR },
    {
      description: "Difference to the broker's clock that is warned about.",
      reason: "The broker's clock is read in whole seconds.",
    },
  ),
  CLOCK_SKEW_BLOCK_MS: milliseconds(
    5 * SECOND,
    { min: 10, max: HOUR },
    {
      description: "Difference to the broker's clock that blocks entries.",
      reason: 'As long as a quote may be old.',
    },
  ),
};
