/** Trading in two steps: what a trade would come to, and having exactly that sent, once (PRV-1 to PRV-3). */
import { z } from 'zod';
import { executePreview, previewTrade as makePreview, type Executed } from '../../app/previews.js';
import { awaitVerdict } from '../../app/verdict.js';
import { symbol } from '../../api/fields.js';
import { preview } from '../../api/schemas/previews.js';
import { tradeSummary } from '../../api/schemas/trades.js';
import { orNull, side, text, uuid } from '../../api/schemas/view.js';
import { positiveField } from '../../contract/signal.js';
import type { App } from '../../app/app.js';
import { accountId } from '../fields.js';
import { Refusal } from '../refusals.js';
import { tool } from '../tool.js';

/** One strategy of its own: it can be paused, limited and made to ask for approval apart from all others. */
const STRATEGY = 'mcp';
/** What it says is said by its orders and its sizing as well; the signal is what the caller has just sent. */
const WITHOUT = ['shows.plan', 'shows.signal'];

const decimalText = 'A decimal as text, as "181.62".';

const wanted = z.strictObject({
  ticker: symbol.describe('The symbol, as AAPL.'),
  side: side.describe(
    'BUY opens a long position, SELL a short one. Neither ends what is held: a person does that, by "ballast close" or the HTTP API.',
  ),
  order_type: z.enum(['Market', 'Limit']),
  quantity: positiveField
    .optional()
    .describe('Shares. Without it the size is reckoned from the risk that is set for each trade.'),
  limit_price: positiveField.optional().describe(`For Limit alone. ${decimalText}`),
  stop_loss: positiveField
    .optional()
    .describe(`The price at which a loss is ended; each trade needs one. ${decimalText}`),
  take_profit: positiveField.optional().describe(`The target's price. ${decimalText}`),
  account_id: accountId,
});

export const previewTrade = tool({
  name: 'preview_trade',
  title: 'Preview a trade',
  description:
    'Shows what a trade would come to now: quote, size with every cap, every check of risk, the exact orders, margin and commission. Nothing is sent or reserved. It takes some seconds. state "approved": execute_trade takes its preview_id; "denied": the checks with outcome "failed" say why.',
  input: wanted,
  output: z.object({ preview, next: text }),
  isOpenWorld: true,
  without: WITHOUT,
  handle: async (world, input) => {
    const app = await world.app();
    const made = await makePreview(app, signalOf(input));
    return { preview: made, next: made.state === 'denied' ? DENIED : APPROVED };
  },
});

const APPROVED =
  'Nothing was sent. Show the person the orders, the size and the risk; with their word call execute_trade with this preview_id.';
const DENIED =
  'Nothing was sent, and it can not be executed: tell the person which checks failed. A changed trade is previewed anew.';

function signalOf({
  ticker,
  order_type: type,
  limit_price: limitPrice,
  ...rest
}: z.output<typeof wanted>): object {
  if ((type === 'Limit') !== (limitPrice !== undefined)) {
    const message = type === 'Limit' ? 'is required with Limit' : 'goes with Limit alone';
    throw new Refusal('INVALID_ARGUMENTS', `limit_price ${message}`, [
      { path: 'limit_price', message },
    ]);
  }
  const order_type = type === 'Limit' ? 'LMT' : 'MKT';
  const entry = limitPrice === undefined ? {} : { entry_price: limitPrice };
  return { ...rest, ...entry, strategy_id: STRATEGY, symbol: ticker.toUpperCase(), order_type };
}

/** It is judged within a second or two; what takes longer goes on, and is looked at with get_trade. */
const VERDICT_WITHIN_MS = 10_000;

export const executeTrade = tool({
  name: 'execute_trade',
  title: 'Execute a previewed trade',
  description:
    'Sends exactly what a preview shows, once, or nothing. Call it only with the word of the person who has seen the preview. Whoever repeats it is given the same trade. outcome "changed": price or size have moved, nothing was sent, and a new preview is given to be shown.',
  input: z.strictObject({
    preview_id: z.uuid().describe('As preview_trade gave it; it counts for some minutes.'),
  }),
  output: z.object({
    outcome: z.enum(['executed', 'changed']),
    is_new: z.boolean().describe('False: nothing new was sent by this call.'),
    trade: orNull(tradeSummary),
    trade_id: orNull(uuid),
    is_judged: z.boolean().describe('False: whether its checks let it pass is not known yet.'),
    changed_why: orNull(text),
    preview: orNull(preview),
    next: text,
  }),
  isTrading: true,
  without: WITHOUT,
  handle: async (world, { preview_id: id }) => {
    const app = await world.app();
    return outcomeOf(app, await executePreview(app, id));
  },
});

async function outcomeOf(app: App, executed: Executed) {
  switch (executed.kind) {
    case 'executed':
      return executedOf(app, executed);
    case 'changed':
      return {
        ...{ outcome: 'changed' as const, is_new: false, trade_id: null, trade: null },
        ...{ is_judged: false, changed_why: executed.why, preview: executed.preview },
        next: CHANGED,
      };
    case 'refused':
      throw new Refusal(executed.code, executed.reason);
  }
}

async function executedOf(
  app: App,
  { tradeId, isNew, startsLater }: Extract<Executed, { kind: 'executed' }>,
) {
  // Without Temporal nobody judges it yet.
  const waitMs = startsLater === null ? VERDICT_WITHIN_MS : 0;
  const verdict = await awaitVerdict(app, tradeId, { deadlineMs: Date.now() + waitMs });
  const sent = startsLater === null ? SENT : SENT_LATER;
  return {
    ...{ outcome: 'executed' as const, is_new: isNew, trade_id: tradeId },
    ...{ trade: verdict?.trade ?? null, is_judged: verdict?.isJudged ?? false },
    ...{ changed_why: null, preview: null, next: isNew ? sent : SENT_BEFORE },
  };
}

const SENT =
  'It is taken, and goes on by itself; all checks are made again. denial_codes of the trade say if one failed: then nothing was sent. get_trade follows it.';
const SENT_LATER =
  'It is taken and kept, and starts by itself once Temporal answers. Do not make another preview for it: get_trade follows it.';
const SENT_BEFORE =
  'This preview was executed before: nothing new was sent. get_trade shows how the trade stands.';
const CHANGED =
  'Nothing was sent. Show the person the new preview; with their word execute that one.';
