/** Words that are cut in the middle of a character, where they are stored. Real PostgreSQL. */
import { beforeAll, expect, test } from '@jest/globals';
import { parseSignal } from '../../contract/signal.js';
import { decideApproval } from '../../store/approvals.js';
import type { Database } from '../../store/database.js';
import { planTrade } from '../../store/planning/plan.js';
import { acceptSignal } from '../../store/signals.js';
import { useAccountDatabase } from './support/account-database.js';
import { plan, PLAN_SETTINGS } from './support/planned-trade.js';
import type { ReadyAccount } from './support/ready-account.js';

const opened = useAccountDatabase(['AAA'], '10000000');
let db: Database;
let ready: ReadyAccount;
beforeAll(() => {
  ({ db, ready } = opened());
});

async function accepted(strategy_id: string): Promise<string> {
  const signal = parseSignal({
    ...{ id: `of-${strategy_id}`, strategy_id, symbol: 'AAA', side: 'BUY', quantity: '10' },
    stop_loss_pct: '0.05',
  });
  return (await acceptSignal(db, ready.ownerId, signal)).tradeId;
}

test('[SIG-3] a rejection with a long reason is taken', async () => {
  const tradeId = await accepted('asks');
  const settings = { ...PLAN_SETTINGS, limits: { ...PLAN_SETTINGS.limits, approval: 'required' } };
  const { installationId } = ready;
  const request = { tradeId, final: true, nowMs: Date.now(), installationId };
  const outcome = await planTrade(db, settings as typeof PLAN_SETTINGS, request);
  expect(outcome).toMatchObject({ kind: 'parked', awaitsApproval: true });
  const reason = `${'x'.repeat(499)}😀 and so on`;
  const decision = { tradeId, verdict: 'rejected', actor: 'cli:anna', key: 'one', reason } as const;
  const answer = await decideApproval(db, decision, Date.now());
  expect(answer.verdict).toBe('accepted');
});

test('[RSK-1] a signal whose settings can not be read is denied, whatever stands in them', async () => {
  const tradeId = await accepted('noted');
  const settings = { note: `${'x'.repeat(58)}😀 of last week` };
  await db.strategy.updateMany({ where: { name: 'noted' }, data: { settings } });
  expect(await plan(db, ready, tradeId)).toMatchObject({
    ...{ kind: 'denied', codes: expect.arrayContaining(['SETTINGS_INVALID']) },
  });
});
