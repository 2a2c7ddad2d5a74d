/** The story of a trade that waits for a person's word (SIG-3). */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import type {
  EnterInput,
  EnterOutcome,
  NotApproved,
  PlanOutcome,
} from '../../contract/activities.js';
import type { TradeInput } from '../../contract/workflows.js';
import { temporalAddress } from '../support/temporal.js';
import { ScriptedTrade, type Script } from './support/scripted-trade.js';

const MINUTE_MS = 60_000;

let trade: ScriptedTrade;
afterEach(async () => {
  await trade?.end();
}, 30_000);

async function run(
  script: (trade: () => ScriptedTrade) => Script,
  change: Partial<TradeInput> = {},
): Promise<void> {
  trade = await ScriptedTrade.open(
    await temporalAddress(),
    script(() => trade),
  );
  await trade.startWorkers();
  await trade.start(change);
}

const unsent = { state: 'RECEIVED', heldQuantity: '0', isProtected: false } as const;
const waiting = { ...unsent, state: 'AWAITING_APPROVAL' } as const;
const over = { ...unsent, state: 'DENIED', isOver: true } as const;

const approval = (of: ScriptedTrade): PlanOutcome => ({
  ...{ kind: 'approved', decisionId: 'd', snapshot: of.snapshot(unsent) },
  ...{ summary: 'BUY 10 AAPL', quantity: '10', closeByMs: null },
});
const denial = (of: ScriptedTrade): PlanOutcome => ({
  ...{ kind: 'denied', codes: ['NOT_APPROVED'], snapshot: of.snapshot(over) },
});
const asks = (of: ScriptedTrade, untilMs: number): NotApproved => ({
  ...{ kind: 'parked', cause: 'waits to be approved: BUY 10 AAPL', untilMs, awaitsApproval: true },
  endsOnCancel: true,
  snapshot: of.snapshot(waiting),
});

/** A visit whose plan asks for a word; `before` it is answered something happens. The next one enters. */
const visit =
  (of: () => ScriptedTrade, before: () => Promise<void>) =>
  async ({ plan }: EnterInput): Promise<EnterOutcome> => {
    if (!plan) return { kind: 'acknowledged', snapshot: of().snapshot() };
    const outcome = asks(of(), Date.now() + 15 * MINUTE_MS);
    await before();
    return outcome;
  };

const isWaiting = async () => (await trade.story()).wait !== null;

describe('a word', () => {
  test('[SIG-3] is waited for over a death, and then everything is planned anew with a fresh market', async () => {
    const untilMs = Date.now() + 15 * MINUTE_MS;
    const isFinal: boolean[] = [];
    await run((of) => ({
      plan: async ({ final }) => {
        isFinal.push(final);
        // Somebody looks meanwhile: its task is cut in two behind this.
        await sleep(300);
        if (isFinal.length === 1) return asks(of(), untilMs);
        return isFinal.length === 2 ? { kind: 'needs_market', missing: ['quote'] } : approval(of());
      },
    }));
    await trade.until(isWaiting);
    const { wait, step, snapshot } = await trade.story();
    expect(wait).toEqual({ what: 'waits to be approved: BUY 10 AAPL', untilMs, then: 'deny' });
    expect(step).toBe('waiting to be approved');
    expect(snapshot.state).toBe('AWAITING_APPROVAL');
    const { typedSearchAttributes } = await trade.handle.describe();
    expect(JSON.stringify(typedSearchAttributes)).toContain('AWAITING_APPROVAL');
    await trade.stopWorkers();
    await trade.startWorkers();
    await sleep(1_000);
    expect(trade.calls).toEqual(['plan']);
    await trade.tell(trade.snapshot(waiting));
    await trade.until(() => trade.count('enter') === 1);
    expect(trade.calls).toEqual(['plan', 'plan', 'warmMarket', 'plan', 'enter']);
    expect(isFinal).toEqual([false, false, true]);
  }, 60_000);

  test('[SIG-3] is waited for as well when the visit to the broker worker has asked', async () => {
    await run((of) => ({ enter: visit(of, () => Promise.resolve()) }), { isAskable: true });
    await trade.until(isWaiting);
    expect(trade.calls).toEqual(['enter']);
    await trade.tell(trade.snapshot(waiting));
    await trade.until(() => trade.count('enter') === 2);
    expect(trade.calls).toEqual(['enter', 'plan', 'enter']);
  }, 60_000);

  test('[SIG-3] that is told before the visit that asked is answered is not missed', async () => {
    await run(
      (of) => ({
        enter: visit(of, async () => {
          await of().tell(of().snapshot(waiting));
          await trade.until(async () => (await trade.story()).snapshot.seq > 1);
        }),
      }),
      { isAskable: true },
    );
    await trade.until(() => trade.count('enter') === 2);
    expect(trade.calls).toEqual(['enter', 'plan', 'enter']);
  }, 60_000);

  test('[SIG-3] given in the Temporal UI is the same row, and ends the wait', async () => {
    const given: object[] = [];
    await run((of) => ({
      plan: async () => (given.length === 0 ? asks(of(), Date.now() + MINUTE_MS) : denial(of())),
      decideApproval: async (request) => {
        given.push(request);
        return { verdict: 'accepted', reason: null, snapshot: of().snapshot(waiting) };
      },
    }));
    await trade.until(isWaiting);
    const reject = (input: object) =>
      trade.handle.executeUpdate<object, [object]>('reject', { args: [input] });
    await expect(reject({ key: 'k' })).rejects.toThrow();
    const word = { key: 'k', actor: 'anna', reason: 'no' };
    const answer = await reject(word);
    expect(answer).toEqual({ verdict: 'accepted', reason: null });
    const { tradeId } = trade;
    expect(given).toEqual([{ tradeId, verdict: 'rejected', ...word }]);
    await expect(trade.handle.result()).resolves.toMatchObject({ denialCodes: ['NOT_APPROVED'] });
    expect(trade.count('enter')).toBe(0);
  }, 60_000);
});

describe('no word', () => {
  test('[SIG-3] in time: the next plan is made at the end, though its worker died, and nothing is sent', async () => {
    const untilMs = Date.now() + 5_000;
    const atMs: number[] = [];
    await run((of) => ({
      plan: async () => {
        atMs.push(Date.now());
        return atMs.length === 1 ? asks(of(), untilMs) : denial(of());
      },
    }));
    await trade.until(isWaiting);
    await trade.stopWorkers();
    await trade.startWorkers();
    await expect(trade.handle.result()).resolves.toMatchObject({ denialCodes: ['NOT_APPROVED'] });
    expect(trade.calls).toEqual(['plan', 'plan']);
    expect(atMs[1]).toBeGreaterThanOrEqual(untilMs - 100);
  }, 60_000);

  test('[SIG-3] by a clock that is ahead: it looks at growing pauses until the row says so', async () => {
    const untilMs = Date.now() - 1_000;
    await run((of) => ({
      plan: async () => (trade.count('plan') < 4 ? asks(of(), untilMs) : denial(of())),
    }));
    await trade.handle.result();
    const { events } = await trade.handle.fetchHistory();
    const timers = (events ?? []).flatMap(({ timerStartedEventAttributes: timer }) => {
      if (!timer) return [];
      const { seconds, nanos } = timer.startToFireTimeout ?? {};
      return [Number(seconds ?? 0) * 1_000 + (nanos ?? 0) / 1e6];
    });
    expect(timers).toEqual([1, 1_000, 2_000]);
  }, 60_000);

  test('[SIG-3] a cancel ends the wait at once', async () => {
    let isCancelled = false;
    await run((of) => ({
      plan: async () => {
        if (!isCancelled) return asks(of(), Date.now() + 15 * MINUTE_MS);
        const snapshot = of().snapshot({ ...over, state: 'CANCELLED' });
        return { kind: 'denied', codes: [], snapshot };
      },
    }));
    await trade.until(isWaiting);
    isCancelled = true;
    await trade.tell(trade.snapshot({ ...waiting, cancelRequested: true }));
    await expect(trade.handle.result()).resolves.toMatchObject({ state: 'CANCELLED' });
    expect(trade.calls).toEqual(['plan', 'plan']);
  }, 60_000);
});
