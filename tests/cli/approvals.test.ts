/** `ballast approvals`, `approve`, `reject`, and what else shows that a trade waits. Real PostgreSQL, no Temporal. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parseSignal } from '../../contract/signal.js';
import { planTrade } from '../../store/planning/plan.js';
import { acceptSignal } from '../../store/signals.js';
import { useAccountDatabase } from '../store/support/account-database.js';
import { PLAN_SETTINGS } from '../store/support/planned-trade.js';
import { ballast } from './support.js';

const opened = useAccountDatabase(['AAA', 'BBB'], '1000000');
let waiting: string;

const run = (...argv: string[]) =>
  ballast(argv, { env: { DATABASE_URL: opened().url, TEMPORAL_ADDRESS: '127.0.0.1:1' } });

async function submitted(id: string, symbol: string): Promise<string> {
  const { db, ready } = opened();
  const signal = parseSignal({
    ...{ id, strategy_id: 'asking', symbol, side: 'BUY', quantity: '10', stop_loss_pct: '0.05' },
  });
  return (await acceptSignal(db, ready.ownerId, signal)).tradeId;
}

function planned(tradeId: string) {
  const { db, ready } = opened();
  const { installationId } = ready;
  return planTrade(db, PLAN_SETTINGS, { tradeId, final: true, nowMs: Date.now(), installationId });
}

beforeAll(async () => {
  waiting = await submitted('cli-1', 'AAA');
}, 60_000);

describe('[SIG-3] by the command line', () => {
  test('nothing waits at first, and a strategy that nobody knows is refused', async () => {
    expect(await run('approvals')).toMatchObject({
      code: 0,
      out: 'nothing waits to be approved\n',
    });
    const { code, err } = await run('approvals', '--require', 'nobody');
    expect(code).toBe(1);
    expect(err).toContain('there is no strategy nobody: it is made by its first signal');
    expect((await run('approvals', '--require', 'a', '--waive', 'b')).code).toBe(2);
  });

  test('a strategy is told to need them, on record; its signals wait from then on', async () => {
    expect((await run('approvals', '--require', 'asking')).code).toBe(0);
    expect(await planned(waiting)).toMatchObject({ awaitsApproval: true });
    const { out } = await run('approvals');
    expect(out).toMatch(/AAA +10 +100.02 +95.02 +50.00 +1[45]:\d\d/);
    expect((await run('audit')).out).toContain('approval_policy');
    expect((await run('trades')).out).toContain('waits to be approved: BUY 10 AAA @ 100.02');
    const trade = await run('trade', 'cli-1');
    expect(trade.out).toContain('AWAITING_APPROVAL');
    expect(trade.out).toContain('approval wanted');
    const doctor = await run('doctor');
    expect(doctor.out).toContain(`"ballast approve ${waiting}", or "ballast reject ${waiting}"`);
  });

  test('a word is taken once, with nobody there to hear it', async () => {
    const taken = await run('reject', 'cli-1', '--reason', 'not today');
    expect(taken).toMatchObject({ code: 0, out: 'rejected\n' });
    expect(taken.err).toContain('it is recorded; it is carried out once the workers run again');
    const again = await run('approve', 'cli-1', '--json');
    expect(again.code).toBe(1);
    const { verdict, reason } = JSON.parse(again.out) as { verdict: string; reason: string };
    expect(verdict).toBe('refused');
    expect(reason).toMatch(/^it was rejected by cli:\S+ at \d{4}-.*Z: not today$/);
    expect((await run('approvals')).out).toBe('nothing waits to be approved\n');
    expect((await run('approve', 'nothing')).err).toContain('there is no trade nothing');
  });

  test('a waiver holds for signals that were not asked for yet', async () => {
    const [asked, free] = [await submitted('cli-2', 'AAA'), await submitted('cli-3', 'BBB')];
    expect(await planned(asked)).toMatchObject({ awaitsApproval: true });
    expect((await run('approvals', '--waive', 'asking')).code).toBe(0);
    expect(await planned(asked)).toMatchObject({ awaitsApproval: true });
    expect((await planned(free)).kind).toBe('approved');
  });
});
