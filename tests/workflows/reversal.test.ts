/** The story of a trade that follows another one of its strategy (TRD-7). */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { PlanOutcome } from '../../contract/activities.js';
import { temporalAddress } from '../support/temporal.js';
import { ScriptedTrade, type Script } from './support/scripted-trade.js';

let trade: ScriptedTrade;
afterEach(async () => {
  await trade?.end();
}, 30_000);

async function run(script: (trade: () => ScriptedTrade) => Script): Promise<void> {
  trade = await ScriptedTrade.open(
    await temporalAddress(),
    script(() => trade),
  );
  await trade.startWorkers();
  await trade.start({});
}

const unsent = { state: 'RECEIVED', heldQuantity: '0', isProtected: false } as const;
const approval = (of: ScriptedTrade): PlanOutcome => ({
  ...{ kind: 'approved', decisionId: 'd', snapshot: of.snapshot(unsent) },
  ...{ summary: 'BUY 10 AAPL', quantity: '10', closeByMs: null },
});

describe('another trade of the strategy', () => {
  const follows = (of: ScriptedTrade, untilMs: number): PlanOutcome => ({
    ...{ kind: 'parked', cause: 'reverses that trade', untilMs, awaitsOther: true },
    endsOnCancel: true,
    snapshot: of.snapshot({ ...unsent, state: 'PARKED' }),
  });

  test('[TRD-7] is looked at, at growing pauses and over a death, until the plan finds it over', async () => {
    const untilMs = Date.now() + 60_000;
    const planned: object[] = [];
    const atMs: number[] = [];
    await run((of) => ({
      plan: async (input) => {
        planned.push(input);
        atMs.push(Date.now());
        // Somebody looks meanwhile: its task is cut in two behind this.
        await sleep(300);
        if (planned.length < 4) return follows(of(), untilMs);
        return planned.length === 4 ? { kind: 'needs_market', missing: ['quote'] } : approval(of());
      },
    }));
    await trade.until(async () => (await trade.story()).wait !== null);
    const { wait, step } = await trade.story();
    expect(wait).toEqual({ what: 'reverses that trade', untilMs, then: 'plan again' });
    expect(step).toBe('waiting for the opposite trade to be over');
    await trade.stopWorkers();
    await trade.startWorkers();
    await trade.until(() => trade.count('enter') === 1, 30_000);
    expect(trade.calls).toEqual([...Array(4).fill('plan'), 'warmMarket', 'plan', 'enter']);
    expect(planned).toMatchObject(
      [false, false, false, false, true].map((final) => ({ final, parkedUntilMs: null })),
    );
    expect(atMs[2]! - atMs[1]!).toBeGreaterThan(2_000);
  }, 60_000);

  test('[TRD-7] a cancel ends the wait at once', async () => {
    let isCancelled = false;
    await run((of) => ({
      plan: async () => {
        if (!isCancelled) return follows(of(), Date.now() + 60_000);
        const snapshot = of().snapshot({ ...unsent, state: 'CANCELLED', isOver: true });
        return { kind: 'denied', codes: [], snapshot };
      },
    }));
    await trade.until(async () => (await trade.story()).wait !== null);
    isCancelled = true;
    await trade.tell(trade.snapshot({ ...unsent, state: 'PARKED', cancelRequested: true }));
    await expect(trade.handle.result()).resolves.toMatchObject({ state: 'CANCELLED' });
  }, 60_000);
});
