/** Modes, pauses, approvals, strategies and limits, as the document has them. */
import { z } from 'zod';
import type { LimitShown } from '../../config/index.js';
import type {
  ApprovalView,
  AttentionView,
  ExposureView,
  ModeView,
  StrategyView,
} from '../../contract/views.js';
import { decimal, instant, mode, orNull, side, text, uuid, viewOf } from './view.js';

export const approval = viewOf<ApprovalView>()({
  trade_id: uuid,
  signal_id: text,
  strategy_id: text,
  account_id: text,
  symbol: text,
  side,
  quantity: decimal,
  price: orNull(decimal),
  stop_price: orNull(decimal),
  target_price: orNull(decimal),
  risk: orNull(decimal),
  summary: text,
  asked_at: instant,
  expires_at: instant,
  seconds_left: z.int(),
}).meta({ id: 'Approval' });

export const attention = viewOf<AttentionView>()({
  kind: text,
  account_id: orNull(text),
  symbol: orNull(text),
  trade_id: orNull(uuid),
  trade_ids: z.array(uuid).optional(),
  strategy_id: text.optional(),
  side: text.optional(),
  until: instant.optional(),
  reason: text,
  since: instant,
  command: text.optional(),
  advice: text.optional(),
}).meta({ id: 'Attention' });

export const modeView = viewOf<ModeView>()({
  kind: z.enum(['installation', 'account', 'strategy']),
  name: orNull(text),
  mode,
});

export const strategy = viewOf<StrategyView>()({
  strategy_id: text,
  account_id: text,
  mode,
  approval: orNull(z.enum(['none', 'required'])),
  created_at: instant,
}).meta({ id: 'Strategy' });

export const exposure = viewOf<ExposureView>()({
  limit: text.meta({ description: 'The setting: `MAX_POSITION_PCT`.' }),
  account_id: text,
  of: orNull(text).meta({ description: 'A position, a strategy, a sector; null: the account.' }),
  used: decimal.meta({ description: 'Money in the base currency of the account, or a count.' }),
  allowed: orNull(decimal).meta({
    description:
      'With what account and strategy lay over it. Null: no limit, or the account’s values are not known.',
  }),
  share: orNull(decimal).meta({ description: '`used` over `allowed`.' }),
  currency: orNull(text).meta({ description: 'Null: it is a count.' }),
}).meta({ id: 'Exposure' });

export const limit = viewOf<LimitShown & { exposures: readonly ExposureView[] }>()({
  name: text,
  value: orNull(text).meta({ description: 'Of the installation.' }),
  unit: text,
  description: text,
  exposures: z
    .array(exposure)
    .meta({ description: 'What is taken of it; none: it is no such limit.' }),
}).meta({ id: 'Limit' });
