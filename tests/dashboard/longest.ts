/** The longest texts that may be given, in the widest letters, on every screen: what no layout may break on. */
import { randomUUID } from 'node:crypto';
import { ask, type TestApi } from '../api/support.js';
import { claimedTrade, enteredTrade } from '../store/support/closed-trade.js';
import { plannedTrade } from '../store/support/planned-trade.js';

export const STRATEGY = 'W'.repeat(64);
const SYMBOL = 'W'.repeat(20);
const ACCOUNT = 'W'.repeat(36);
/** Turns the direction of what stands behind it. */
const OVERRIDE = '\u202e';
/** One word of a reason: no space lets it break. */
const WORD = `${OVERRIDE}${'w'.repeat(300)}`;

export interface Longest {
  /** It is held; the commission of its entry is known. */
  readonly held: string;
  /** Its entry waits at the broker: 10 at 99 or better. */
  readonly waiting: string;
  /** 5 shares were asked for. */
  readonly denied: string;
}

/** Makes a trade of each kind, and what stands beside them on the other screens. */
export async function longestTexts(api: TestApi): Promise<Longest> {
  const { db, ready } = api;
  const userId = ready.ownerId;
  const signal = (n: number, change: object = {}) => ({
    ...{ id: String(n).padEnd(64, 'W'), strategy_id: STRATEGY },
    ...{ context: { note: WORD, [WORD]: true }, ...change },
  });
  const held = await enteredTrade(db, ready, signal(1));
  await held.entryCommission('1');
  const limit = { order_type: 'LMT', entry_price: '99', symbol: 'BBB' };
  const { tradeId: waiting } = await claimedTrade(db, ready, signal(2, limit));
  const wrong = { symbol: 'CCC', quantity: '5', stop_loss_pct: undefined, stop_loss: '150' };
  const denied = await plannedTrade(db, ready, signal(3, wrong));
  const asked = await plannedTrade(db, ready, signal(4, { symbol: 'DDD' }));
  await db.trade.updateMany({ data: { symbol: SYMBOL, failure: WORD } });
  await db.trade.update({ where: { id: asked }, data: { state: 'AWAITING_APPROVAL' } });
  const prices = { side: 'BUY', quantity: '10', price: '100', risk: '50', stopPrice: '95' };
  const shown = { ...prices, targetPrice: null, summary: WORD };
  const expiresAt = new Date(Date.now() + 3_600_000);
  await db.approval.create({ data: { userId, tradeId: asked, shown, expiresAt } });
  await db.position.updateMany({ data: { symbol: SYMBOL } });
  await db.account.updateMany({ data: { brokerAccountId: ACCOUNT } });
  await besides(api, held.tradeId);
  return { held: held.tradeId, waiting, denied };
}

async function besides({ db, ready, ...api }: TestApi, tradeId: string): Promise<void> {
  const { ownerId: userId, accountId } = ready;
  const id = randomUUID();
  const { id: strategyId } = await db.strategy.findFirstOrThrow({ where: { name: STRATEGY } });
  const scope = { userId, accountId, strategyId, symbol: SYMBOL };
  await db.pause.create({ data: { ...scope, kind: 'quarantine', reason: WORD } });
  await db.connection.updateMany({ data: { parkedReason: WORD, host: 'w'.repeat(63) } });
  const dedupeKey = randomUUID();
  await db.notification.create({
    data: { userId, tradeId, dedupeKey, kind: 'mode', body: { summary: WORD } },
  });
  const report = { reason: WORD };
  await db.reconciliation.create({
    data: { id, userId, accountId, cause: 'demand', outcome: 'found', report },
  });
  const said = { kind: 'mass_breach', symbol: SYMBOL, step: 'tell', summary: WORD, why: WORD };
  const body = { ...said, books: WORD, broker: WORD, tradeIds: [tradeId] };
  const found = { ...body, difference: '1', value: '1', done: WORD };
  await db.finding.create({
    data: { userId, reconciliationId: id, tradeId, ...said, done: WORD, body: found },
  });
  const paused = { method: 'POST', body: {} };
  const served = { ...api, db, ready };
  await ask(served, `/api/v1/strategies/${STRATEGY}/pause`, 200, paused);
}
