/** One preview as it is read (PRV-1), by the database's clock. */
import type {
  PreviewOrderView,
  PreviewState,
  PreviewView,
  ShownView,
} from '../../contract/views.js';
import type { Signal } from '../../contract/signal.js';
import type { PreviewContent } from '../../domain/preview/content.js';
import type { BracketLeg } from '../../domain/trade/bracket.js';
import type { Database } from '../database.js';
import { termsView } from './orders.js';
import { instant, snakeJson } from './shape.js';

interface Row {
  readonly id: string;
  readonly brokerAccountId: string;
  readonly body: Signal;
  readonly content: PreviewContent | null;
  readonly createdAt: Date;
  readonly madeAt: Date | null;
  readonly asShownUntil: Date | null;
  readonly expiresAt: Date | null;
  readonly hasExpired: boolean;
  readonly replacesId: string | null;
  readonly tradeId: string | null;
}

/** The preview, or null when the user has none with this id. */
export async function loadPreview(
  db: Database,
  userId: string,
  previewId: string,
): Promise<PreviewView | null> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT p.id, a.broker_account_id AS "brokerAccountId", p.body, p.content,
           p.created_at AS "createdAt", p.made_at AS "madeAt", p.as_shown_until AS "asShownUntil",
           p.expires_at AS "expiresAt", coalesce(p.expires_at <= clock_timestamp(), false) AS "hasExpired",
           p.replaces_id AS "replacesId", p.trade_id AS "tradeId"
      FROM previews p JOIN accounts a ON a.id = p.account_id
     WHERE p.id = ${previewId}::uuid AND p.user_id = ${userId}::uuid`;
  return rows[0] ? previewView(rows[0]) : null;
}

function previewView(row: Row): PreviewView {
  const { body, content } = row;
  return {
    preview_id: row.id,
    state: stateOf(row),
    account_id: row.brokerAccountId,
    ...{ signal_id: body.id, strategy_id: body.strategy_id, symbol: body.symbol, side: body.side },
    created_at: instant(row.createdAt),
    made_at: instant(row.madeAt),
    as_shown_until: instant(row.asShownUntil),
    expires_at: instant(row.expiresAt),
    replaces: row.replacesId,
    trade_id: row.tradeId,
    shows: content && shownView(body, content),
  };
}

function stateOf({ tradeId, content, hasExpired }: Row): PreviewState {
  if (tradeId !== null) return 'executed';
  if (content === null) return 'unmade';
  return content.verdict === 'approved' && hasExpired ? 'expired' : content.verdict;
}

function shownView(body: Signal, content: PreviewContent): ShownView {
  const { plan, appliedDefaults } = content;
  return {
    verdict: content.verdict,
    needs_approval: content.needsApproval,
    contract: snakeJson(content.contract),
    quote: snakeJson(content.quote),
    fx_rate: snakeJson(content.fxRate),
    sizing: snakeJson(content.sizing) as unknown as ShownView['sizing'],
    applied_defaults: appliedDefaults,
    checks: content.checks,
    plan: plan && (snakeJson({ ...plan, appliedDefaults }) as unknown as ShownView['plan']),
    orders: content.legs.map(orderView),
    what_if: snakeJson(content.whatIf) as unknown as ShownView['what_if'],
    what_if_problem: content.whatIfProblem,
    signal: body,
  };
}

function orderView({ role, terms }: BracketLeg): PreviewOrderView {
  const { goodTillMs } = terms;
  const goodTill = goodTillMs === null ? null : new Date(goodTillMs).toISOString();
  return { role, ...termsView(terms), good_till: goodTill };
}
