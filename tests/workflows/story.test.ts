/** What the story does with what it is told: when it ends, what it waits for, and how long. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { EVENTS_MAX, countEvents } from '../../bench/counts.js';
import type { Approved, EntryOutcome, PlanOutcome } from '../../contract/activities.js';
import type { TradeSnapshot } from '../../contract/workflows.js';
import { temporalAddress } from '../support/temporal.js';
import { CLOSED, ScriptedTrade, type Script } from './support/scripted-trade.js';

let trade: ScriptedTrade;
afterEach(async () => {
  await trade?.end();
}, 30_000);

async function run(script: (trade: () => ScriptedTrade) => Script, change = {}): Promise<void> {
  trade = await ScriptedTrade.open(
    await temporalAddress(),
    script(() => trade),
  );
  await trade.startWorkers();
  await trade.start(change);
}

const unsent = { state: 'RECEIVED', heldQuantity: '0', isProtected: false } as const;
const approval = (of: ScriptedTrade): PlanOutcome => ({
  ...{ kind: 'approved', decisionId: 'd', snapshot: of.snapshot(unsent) },
  ...{ summary: 'BUY 10 AAPL', quantity: '10', closeByMs: null },
});
const tooLate = (of: ScriptedTrade): EntryOutcome => ({
  ...{ kind: 'not_sent', reason: 'its plan is too old', snapshot: of.snapshot(unsent) },
});

const isMonitoring = async () => (await trade.story()).step === 'monitoring';

describe('the end', () => {
  test('[TRD-15] a bust while it settles is watched over before the story ends', async () => {
    let settlements = 0;
    await run((of) => ({
      settle: async () => {
        settlements += 1;
        const closed = { realizedPnl: '1', summary: 'closed' };
        if (settlements > 1) return { snapshot: of().snapshot(CLOSED), ...closed };
        // Settled in its transaction; the bust is told before the answer is.
        const snapshot = of().snapshot(CLOSED);
        await of().tell(of().snapshot({ needsWork: true, isProtected: false }));
        await sleep(200);
        return { snapshot, ...closed };
      },
    }));
    await trade.until(isMonitoring);
    await trade.tell(trade.snapshot(CLOSED));
    await trade.until(() => trade.count('pursue') === 1);
    await trade.until(isMonitoring);
    await trade.tell(trade.snapshot(CLOSED));
    await expect(trade.handle.result()).resolves.toMatchObject({ state: 'CLOSED' });
    expect(settlements).toBe(2);
  }, 60_000);

  test('[TRD-15] settling that finds the trade not over is no end', async () => {
    let settlements = 0;
    await run((of) => ({
      settle: async () => {
        settlements += 1;
        const isOver = settlements > 1;
        const snapshot = isOver ? of().snapshot(CLOSED) : of().snapshot({ needsWork: true });
        return { snapshot, realizedPnl: null, summary: isOver ? 'closed' : 'not over' };
      },
    }));
    await trade.until(isMonitoring);
    await trade.tell(trade.snapshot(CLOSED));
    await trade.until(() => trade.count('pursue') === 1);
    await trade.tell(trade.snapshot(CLOSED));
    await trade.handle.result();
    expect(trade.calls.slice(-3)).toEqual(['settle', 'pursue', 'settle']);
  }, 60_000);

  test('[TRD-1] a trade that had ended before is neither planned nor sent again', async () => {
    await run((of) => ({
      plan: async () => ({
        kind: 'denied',
        codes: [],
        snapshot: of().snapshot({ state: 'ABANDONED', heldQuantity: '0', isOver: true }),
      }),
    }));
    await expect(trade.handle.result()).resolves.toMatchObject({ state: 'ABANDONED' });
    expect(trade.calls).toEqual(['plan']);
  }, 60_000);

  test('[BRK-2] an entry that came too late is planned with every check anew, and may be denied', async () => {
    await run((of) => ({
      plan: async () =>
        trade.count('plan') === 1
          ? approval(of())
          : {
              kind: 'denied',
              codes: ['SIGNAL_EXPIRED'],
              snapshot: of().snapshot({ state: 'DENIED', heldQuantity: '0', isOver: true }),
            },
      enter: async () => tooLate(of()),
    }));
    await expect(trade.handle.result()).resolves.toMatchObject({ state: 'DENIED' });
    expect(trade.calls).toEqual(['plan', 'enter', 'warmMarket', 'plan']);
  }, 60_000);

  test('[PRF-1] in a market that nobody knows the broker is asked before the first plan, once', async () => {
    const isFinal: boolean[] = [];
    await run(
      (of) => ({
        plan: async ({ final }) => {
          isFinal.push(final);
          return trade.count('plan') === 1
            ? approval(of())
            : {
                kind: 'denied',
                codes: ['SIGNAL_EXPIRED'],
                snapshot: of().snapshot({ state: 'DENIED', heldQuantity: '0', isOver: true }),
              };
        },
        enter: async () => tooLate(of()),
      }),
      { isCold: true },
    );
    await trade.handle.result();
    expect(trade.calls).toEqual(['warmMarket', 'plan', 'enter', 'warmMarket', 'plan']);
    expect(isFinal).toEqual([true, true]);
  }, 60_000);

  test('[PRF-1] while a broker can be asked the first plan is made in the visit that sends', async () => {
    const asked: (string | undefined)[] = [];
    await run(
      (of) => ({
        enter: async ({ plan }) => {
          asked.push(plan);
          if (asked.length > 1) return { kind: 'acknowledged', snapshot: of().snapshot() };
          return { ...tooLate(of()), planned: approval(of()) as Approved };
        },
      }),
      { isAskable: true, isCold: true },
    );
    await trade.until(isMonitoring);
    // The second round is planned before, as ever.
    expect(trade.calls).toEqual(['enter', 'warmMarket', 'plan', 'enter']);
    expect(asked).toEqual(['cold', undefined]);
  }, 60_000);

  test('[BRK-11] a visit whose plan says that the link is away is followed by the wait for it', async () => {
    await run(
      (of) => ({
        enter: async ({ plan }) => {
          const parked = of().snapshot({ ...unsent, state: 'PARKED' });
          const untilMs = Date.now() + 60_000;
          if (plan) return { kind: 'parked', cause: 'no link', untilMs, snapshot: parked };
          return { kind: 'acknowledged', snapshot: of().snapshot() };
        },
      }),
      { isAskable: true },
    );
    await trade.until(isMonitoring);
    expect(trade.calls).toEqual(['enter', 'warmMarket', 'plan', 'enter']);
  }, 60_000);

  test('[TRD-1] a denial in the visit ends the trade', async () => {
    const over = { state: 'DENIED', heldQuantity: '0', isOver: true } as const;
    await run(
      (of) => ({
        enter: async () => ({ kind: 'denied', codes: ['NO_STOP'], snapshot: of().snapshot(over) }),
      }),
      { isAskable: true },
    );
    await expect(trade.handle.result()).resolves.toMatchObject({ denialCodes: ['NO_STOP'] });
    expect(trade.calls).toEqual(['enter']);
  }, 60_000);

  test('[TRD-4] a visit that no worker takes is planned without one', async () => {
    const over = { state: 'DENIED', heldQuantity: '0', isOver: true } as const;
    await run(
      (of) => ({
        plan: async () => ({ kind: 'denied', codes: [], snapshot: of().snapshot(over) }),
      }),
      { isAskable: true, isCold: true, brokerAccountId: 'DU-unserved' },
    );
    await expect(trade.handle.result()).resolves.toMatchObject({ state: 'DENIED' });
    expect(trade.calls).toEqual(['plan']);
  }, 60_000);

  test('[BRK-2] an entry that comes too late again and again is given up', async () => {
    await run((of) => ({ enter: async () => tooLate(of()) }));
    await expect(trade.handle.result()).resolves.toMatchObject({ state: 'ABANDONED' });
    expect(trade.count('plan')).toBe(3);
    expect(trade.calls.at(-1)).toBe('abandon');
  }, 60_000);
});

describe('waiting', () => {
  test('[TRD-16] a close by holding time that is refused is repeated ever more seldom', async () => {
    await run((of) => ({ recordCommand: async () => of().answer('refused') }), { maxHoldingMs: 1 });
    await trade.until(() => trade.count('recordCommand') === 2);
    await sleep(2_500);
    // At 0, 1 and 3 seconds; the next at 7.
    expect(trade.calls.filter((call) => call.startsWith('recordCommand'))).toEqual([
      'recordCommand max_holding',
      'recordCommand max_holding-2',
      'recordCommand max_holding-3',
    ]);
    const { wait } = await trade.story();
    expect(wait).toMatchObject({ what: 'an exit', then: 'close' });
    expect(wait?.untilMs).toBeGreaterThan(Date.now());
  }, 60_000);

  test('[TRD-6] a close that is due does not wait for work that cannot be done', async () => {
    const openedAtMs = Date.now();
    const maxHoldingMs = 12_000;
    let stuck: TradeSnapshot | undefined;
    await run(
      (of) => ({
        enter: async () => {
          stuck = of().snapshot({ needsWork: true, openedAtMs });
          return { kind: 'acknowledged', snapshot: stuck };
        },
        pursue: async () => stuck!,
      }),
      { maxHoldingMs },
    );
    // The pauses of a pursuit in vain are 1, 2, 4, 8 s: the one in which it is due is cut short.
    const isDueNext = async () => (await trade.story()).wait?.untilMs === openedAtMs + maxHoldingMs;
    await trade.until(isDueNext);
    expect(trade.calls).not.toContain('recordCommand max_holding');
    await trade.until(() => trade.calls.includes('recordCommand max_holding'));
    await trade.tell(trade.snapshot(CLOSED));
    await trade.handle.result();
  }, 60_000);

  test('[TRD-16] an accepted close that leaves shares held is not asked for again', async () => {
    await run((of) => ({ recordCommand: async () => of().answer('accepted') }), {
      maxHoldingMs: 1,
    });
    await trade.until(() => trade.count('recordCommand') === 1);
    await sleep(1_500);
    expect(trade.count('recordCommand')).toBe(1);
    const { events } = await trade.handle.fetchHistory();
    expect(countEvents(events ?? []).events).toBeLessThan(EVENTS_MAX);
  }, 60_000);

  test('[TRD-16] an entry of unknown fate is looked up with pauses that grow', async () => {
    const atMs: number[] = [];
    await run((of) => ({
      enter: async () => ({
        kind: 'unknown',
        snapshot: of().snapshot({ state: 'ENTRY_UNKNOWN', heldQuantity: '0' }),
      }),
      lookUpEntry: async () => {
        atMs.push(Date.now());
        if (atMs.length === 4) return { kind: 'acknowledged', snapshot: of().snapshot() };
        const snapshot = of().snapshot({ state: 'ENTRY_UNKNOWN', heldQuantity: '0' });
        return { kind: 'unknown', snapshot };
      },
    }));
    await trade.until(() => atMs.length === 2);
    const { wait, step } = await trade.story();
    expect(step).toBe('looking up an unanswered send');
    expect(wait).toMatchObject({ then: 'look it up again' });
    await trade.until(isMonitoring);
    const pauses = atMs.slice(1).map((at, index) => at - atMs[index]!);
    [1_000, 2_000, 4_000].forEach((pauseMs, index) =>
      expect(pauses[index]).toBeGreaterThanOrEqual(pauseMs),
    );
  }, 60_000);
});

describe('a closed market', () => {
  const flat = { heldQuantity: '0', isProtected: false };
  const queuedTill = (of: ScriptedTrade, opensMs: number): PlanOutcome => ({
    ...{ kind: 'parked', cause: 'queued until then', untilMs: opensMs, opensMs },
    endsOnCancel: true,
    snapshot: of.snapshot({ state: 'AWAITING_OPEN', ...flat }),
  });

  test('[SIG-5] the trade waits by a timer, over its worker, looks, and is planned again', async () => {
    // Long enough to be looked at on a busy machine; then a closure that nobody foresaw.
    const waitsMs = [8_000, 2_500];
    const opens: number[] = [];
    const planned: object[] = [];
    await run((of) => ({
      plan: async (input) => {
        planned.push(input);
        // Somebody looks meanwhile: its task is cut in two behind this.
        await sleep(300);
        const waitMs = waitsMs.shift();
        if (waitMs === undefined) return approval(of());
        opens.push(Date.now() + waitMs);
        return queuedTill(of(), opens.at(-1)!);
      },
    }));
    await trade.until(async () => (await trade.story()).wait !== null);
    const { wait, snapshot, step } = await trade.story();
    expect(wait).toEqual({ what: 'queued until then', untilMs: opens[0], then: 'plan again' });
    expect([step, snapshot.state]).toEqual(['waiting for the market to open', 'AWAITING_OPEN']);
    await trade.stopWorkers();
    await trade.startWorkers();
    await trade.until(() => trade.count('enter') === 1, 30_000);
    expect(trade.calls).toEqual(['plan', 'warmMarket', 'plan', 'warmMarket', 'plan', 'enter']);
    expect(planned).toMatchObject([
      { final: false, parkedUntilMs: null },
      { final: true, parkedUntilMs: null },
      { final: true, parkedUntilMs: null },
    ]);
    const { events } = await trade.handle.fetchHistory();
    expect(countEvents(events ?? []).events).toBeLessThan(EVENTS_MAX + 20);
  }, 60_000);

  test('[SIG-5] a cancel ends it at once, and the broker is not asked', async () => {
    let isCancelled = false;
    await run((of) => ({
      plan: async () => {
        if (!isCancelled) return queuedTill(of(), Date.now() + 86_400_000);
        const snapshot = of().snapshot({ state: 'CANCELLED', isOver: true, ...flat });
        return { kind: 'denied', codes: [], snapshot };
      },
    }));
    await trade.until(async () => (await trade.story()).wait !== null);
    isCancelled = true;
    await trade.tell(trade.snapshot({ state: 'AWAITING_OPEN', ...flat, cancelRequested: true }));
    await expect(trade.handle.result()).resolves.toMatchObject({ state: 'CANCELLED' });
    expect(trade.calls).toEqual(['plan', 'plan']);
  }, 60_000);

  test('[TRD-16] a clock that is behind has it planned at growing pauses', async () => {
    let plans = 0;
    await run((of) => ({
      plan: async () => ((plans += 1) < 4 ? queuedTill(of(), Date.now()) : approval(of())),
    }));
    const beganMs = Date.now();
    await trade.until(isMonitoring);
    expect(Date.now() - beganMs).toBeGreaterThan(3_000);
  }, 60_000);
});

describe('an outage', () => {
  test('[TRD-10] a trade that was looked at while it was planned outlives its worker, parked', async () => {
    const untilMs = Date.now() + 40_000;
    await run((of) => ({
      plan: async () => {
        await sleep(300);
        if (trade.count('plan') > 1) return approval(of());
        const snapshot = of().snapshot({ ...unsent, state: 'PARKED' });
        return { kind: 'parked', cause: 'no link', untilMs, snapshot, endsOnCancel: true };
      },
      warmMarket: () => sleep(4_000),
    }));
    await trade.until(async () => (await trade.story()).wait !== null);
    await trade.stopWorkers();
    await trade.startWorkers();
    await trade.until(() => trade.count('enter') === 1, 40_000);
  }, 60_000);

  test('[BRK-11] the trade is parked, waits for the broker, and is planned and sent then', async () => {
    const untilMs = Date.now() + 20_000;
    let isBack = false;
    const givenEnds: unknown[] = [];
    await run((of) => ({
      plan: async ({ parkedUntilMs }) => {
        givenEnds.push(parkedUntilMs);
        const unsent = { heldQuantity: '0', isProtected: false };
        if (!isBack) {
          const snapshot = of().snapshot({ state: 'PARKED', ...unsent });
          return { kind: 'parked', cause: 'the link is down', untilMs, snapshot };
        }
        const snapshot = of().snapshot({ state: 'RECEIVED', ...unsent });
        const approved = { decisionId: 'd', summary: 's', quantity: '10', closeByMs: null };
        return { kind: 'approved', snapshot, ...approved };
      },
      warmMarket: async (input) => {
        expect(input.untilMs).toBe(untilMs);
        await sleep(1_000);
        isBack = true;
      },
    }));
    await trade.until(async () => (await trade.story()).wait !== null);
    const { wait, snapshot } = await trade.story();
    expect(snapshot.state).toBe('PARKED');
    expect(wait).toEqual({ what: 'the link is down', untilMs, then: 'plan again' });
    const { typedSearchAttributes } = await trade.handle.describe();
    expect(JSON.stringify(typedSearchAttributes)).toContain('PARKED');
    await trade.until(isMonitoring);
    expect(trade.calls).toEqual(['plan', 'warmMarket', 'plan', 'enter']);
    expect(givenEnds).toEqual([null, untilMs]);
  }, 60_000);

  test.each([1, 3])(
    '[TRD-16] a cancel ends the wait at once, also the %d. one',
    async (waits) => {
      const untilMs = Date.now() + 30_000;
      let isCancelled = false;
      await run((of) => ({
        plan: async () => {
          const unsent = { heldQuantity: '0', isProtected: false };
          if (isCancelled) {
            const snapshot = of().snapshot({ state: 'CANCELLED', isOver: true, ...unsent });
            return { kind: 'denied', codes: [], snapshot };
          }
          const snapshot = of().snapshot({ state: 'PARKED', ...unsent });
          return { kind: 'parked', cause: 'the link is down', untilMs, snapshot };
        },
        warmMarket: () => (trade.count('warmMarket') < waits ? Promise.resolve() : sleep(30_000)),
      }));
      await trade.until(() => trade.count('warmMarket') >= waits);
      isCancelled = true;
      const askedAtMs = Date.now();
      const parked = { state: 'PARKED', heldQuantity: '0', isProtected: false } as const;
      await trade.tell(trade.snapshot({ ...parked, cancelRequested: true }));
      const result = await trade.handle.result();
      expect(result).toMatchObject({ state: 'CANCELLED', denialCodes: [] });
      expect(Date.now() - askedAtMs).toBeLessThan(5_000);
    },
    60_000,
  );

  test('[BRK-11] the wait ends in time though nobody takes it', async () => {
    const untilMs = Date.now() + 3_000;
    await run((of) => ({
      plan: async () => {
        const unsent = { heldQuantity: '0', isProtected: false };
        if (Date.now() >= untilMs) {
          const snapshot = of().snapshot({ state: 'DENIED', isOver: true, ...unsent });
          return { kind: 'denied', codes: ['BROKER_UNAVAILABLE'], snapshot };
        }
        const snapshot = of().snapshot({ state: 'PARKED', ...unsent });
        return { kind: 'parked', cause: 'no broker worker is running', untilMs, snapshot };
      },
      warmMarket: () => sleep(15_000),
    }));
    const result = await trade.handle.result();
    expect(result).toMatchObject({ denialCodes: ['BROKER_UNAVAILABLE'] });
    expect(Date.now() - untilMs).toBeLessThan(5_000);
    expect(trade.count('plan')).toBeLessThan(6);
  }, 60_000);
});

describe('what people see', () => {
  test('[TRD-9] the trade says what it is, and every step has a summary', async () => {
    await run(() => ({}));
    await trade.until(isMonitoring);
    await trade.update('closeTrade', 'one');
    await trade.tell(trade.snapshot(CLOSED));
    await trade.handle.result();
    const { staticSummary, staticDetails } = {
      staticSummary: await trade.handle.describe().then((told) => told.staticSummary()),
      staticDetails: await trade.handle.describe().then((told) => told.staticDetails()),
    };
    expect(staticSummary).toBe('BUY 10 AAPL');
    expect(staticDetails).toContain('| Entry | BUY AAPL |');
    const { events } = await trade.handle.fetchHistory();
    const steps = (events ?? []).filter(
      (event) => event.activityTaskScheduledEventAttributes ?? event.markerRecordedEventAttributes,
    );
    const summaries = steps.map(({ userMetadata }) =>
      Buffer.from(userMetadata?.summary?.data ?? []).toString(),
    );
    expect(summaries).toEqual([
      '"plan BUY AAPL"',
      '"BUY 10 AAPL @ 190 stop 185"',
      '"close by test"',
      expect.stringContaining('settle'),
    ]);
  }, 60_000);
});
