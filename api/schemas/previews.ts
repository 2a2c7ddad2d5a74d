/** Previews, as the document has them. */
import { z } from 'zod';
import type {
  PlanView,
  PreviewCheckView,
  PreviewOrderView,
  PreviewView,
  ShownView,
  WhatIfView,
} from '../../contract/views.js';
import { sizing, termsShape } from './trades.js';
import {
  decimal,
  instant,
  json,
  jsonObject,
  orNull,
  side,
  text,
  uuid,
  viewOf,
  word,
} from './view.js';

const check = viewOf<PreviewCheckView>()({
  code: text,
  outcome: z.enum(['passed', 'failed', 'not_checked']),
  findings: z.array(z.object({ measured: text, limit: text })),
});

const order = viewOf<PreviewOrderView>()({
  ...termsShape,
  role: word<PreviewOrderView['role']>(),
  good_till: orNull(instant),
});

const whatIf = viewOf<WhatIfView>()({
  initial_margin_change: orNull(decimal),
  maintenance_margin_change: orNull(decimal),
  equity_with_loan_after: orNull(decimal),
  commission: orNull(decimal),
  commission_currency: text,
  warning_text: text,
});

const shows = viewOf<ShownView>()({
  verdict: z.enum(['approved', 'denied']),
  needs_approval: z.boolean(),
  contract: json,
  quote: json,
  fx_rate: json,
  sizing: orNull(sizing),
  applied_defaults: z.array(z.object({ field: text, value: text })),
  checks: z.array(check),
  plan: jsonObject.nullable() as unknown as z.ZodType<PlanView | null>,
  orders: z.array(order),
  what_if: orNull(whatIf),
  what_if_problem: orNull(text),
  signal: jsonObject,
});

export const preview = viewOf<PreviewView>()({
  preview_id: uuid,
  state: z.enum(['approved', 'denied', 'executed', 'expired', 'unmade']),
  account_id: text,
  signal_id: text,
  strategy_id: text,
  symbol: text,
  side,
  created_at: instant,
  made_at: orNull(instant),
  as_shown_until: orNull(instant),
  expires_at: orNull(instant),
  replaces: orNull(uuid),
  trade_id: orNull(uuid),
  shows: orNull(shows),
}).meta({ id: 'Preview' });
