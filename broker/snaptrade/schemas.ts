/** What is read of SnapTrade's answers, checked where it comes in; fields that nobody reads pass unseen. */
import { z } from 'zod';
import { decimal, decimalFromForeignNumber, text } from '../../domain/money.js';

/** The API gives amounts as text here and as numbers there: text of a plain decimal either way. */
const amount = z.union([z.string(), z.number()]).transform((value, context) => {
  try {
    return text(typeof value === 'number' ? decimalFromForeignNumber(value) : decimal(value));
  } catch {
    context.addIssue({ code: 'custom', message: 'not a plain decimal' });
    return z.NEVER;
  }
});
const maybeAmount = amount.nullish().transform((value) => value ?? null);
/** A price that nobody has is 0 at some brokerages, and no price of a share is. */
const maybePrice = maybeAmount.transform((value) =>
  value !== null && decimal(value).gt(0) ? value : null,
);
const maybeText = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

export const statusAnswer = z.object({ timestamp: z.string(), online: z.boolean().nullish() });

const account = z.object({
  id: z.string().min(1),
  status: maybeText,
  account_category: maybeText,
  is_paper: z.boolean().nullish(),
  balance: z
    .object({ total: z.object({ amount: maybeAmount, currency: maybeText }).nullish() })
    .nullish(),
});
export const accountsAnswer = z.array(account);
export type AccountAnswer = z.infer<typeof account>;

export const balancesAnswer = z.array(
  z.object({
    currency: z.object({ code: z.string() }),
    cash: maybeAmount,
    buying_power: maybeAmount,
  }),
);
export type BalancesAnswer = z.infer<typeof balancesAnswer>;

export const universalSymbol = z.object({
  id: z.string().min(1),
  symbol: z.string(),
  raw_symbol: z.string(),
  description: maybeText,
  currency: z.object({ code: maybeText }).nullish(),
  exchange: z
    .object({
      code: maybeText,
      mic_code: maybeText,
      timezone: maybeText,
      start_time: maybeText,
      close_time: maybeText,
    })
    .nullish(),
});
export const symbolsAnswer = z.array(universalSymbol);
export type UniversalSymbol = z.infer<typeof universalSymbol>;

const record = z.object({
  brokerage_order_id: z.string().min(1),
  status: z.string(),
  universal_symbol: z.object({ id: z.string(), raw_symbol: z.string() }).nullish(),
  option_symbol: z.unknown().optional(),
  action: z.string(),
  total_quantity: maybeAmount,
  open_quantity: maybeAmount,
  filled_quantity: maybeAmount,
  execution_price: maybePrice,
  limit_price: maybePrice,
  stop_price: maybePrice,
  order_type: maybeText,
  time_in_force: maybeText,
  time_placed: maybeText,
  time_executed: maybeText,
  time_updated: maybeText,
  expiry_date: maybeText,
});
export const recordAnswer = record;
export const ordersAnswer = z.array(record);
export const recentAnswer = z
  .object({ orders: z.array(record).nullish() })
  .transform(({ orders }) => orders ?? []);
export type OrderRecord = z.infer<typeof record>;

export const positionsAnswer = z.object({
  results: z.array(
    z.object({
      instrument: z.object({
        kind: z.string(),
        id: maybeText,
        symbol: maybeText,
        raw_symbol: maybeText,
      }),
      // How much is held must be told: what is not told is not nothing.
      units: amount,
      cost_basis: maybeAmount,
      cash_equivalent: z.boolean().nullish(),
    }),
  ),
  data_freshness: z.object({ as_of: z.string() }),
});
export type PositionsAnswer = z.infer<typeof positionsAnswer>;

export const quotesAnswer = z.array(
  z.object({
    bid_price: maybePrice,
    ask_price: maybePrice,
    bid_size: maybeAmount,
    ask_size: maybeAmount,
  }),
);
export type QuoteAnswer = z.infer<typeof quotesAnswer>[number];

export const impactAnswer = z.object({
  trade_impacts: z
    .array(z.object({ estimated_commission: maybeAmount, forex_fees: maybeAmount }))
    .nullish(),
});

export const cancelAnswer = z.object({ brokerage_order_id: z.string() });
