/** What a trade's workflow knows of its trade, and how patient it is. */
import { describe, expect, test } from '@jest/globals';
import type { TradeInput, TradeSnapshot } from '../../contract/workflows.js';
import { detailsOf } from '../../workflows/trade/details.js';
import { Progress } from '../../workflows/trade/progress.js';

const INPUT: TradeInput = {
  tradeId: 't',
  brokerAccountId: 'DU1000001',
  strategy: 's',
  symbol: 'AAPL',
  side: 'BUY',
  queuePrefix: '',
  expiresAtMs: null,
  maxHoldingMs: 60_000,
  resumed: null,
};

const snapshot = (change: Partial<TradeSnapshot>): TradeSnapshot => ({
  ...new Progress(INPUT).snapshot,
  state: 'OPEN',
  heldQuantity: '10',
  ...change,
});

describe('progress of a trade', () => {
  test('[TRD-15] a story that was lost before its entry was sent begins anew, a later one is watched', () => {
    const resumedAt = (state: TradeSnapshot['state']) =>
      new Progress({
        ...INPUT,
        resumed: {
          snapshot: snapshot({ state, heldQuantity: '0' }),
          summary: 's',
          closeByMs: null,
        },
      }).stage;
    expect(['RECEIVED', 'PARKED', 'AWAITING_OPEN'].map((s) => resumedAt(s as never))).toEqual(
      Array(3).fill('plan'),
    );
    // Past its entry, and proven absent by somebody else: there is nothing to watch.
    const watched = new Progress({
      ...INPUT,
      resumed: { snapshot: snapshot({ state: 'ENTRY_UNKNOWN' }), summary: 's', closeByMs: null },
    });
    watched.adopt(snapshot({ seq: 9, state: 'RECEIVED', heldQuantity: '0' }));
    expect(watched.stage).toBe('give_up');
    expect(['ENTERING', 'OPEN', 'CLOSING'].map((s) => resumedAt(s as never))).toEqual(
      Array(3).fill('watch'),
    );
  });

  test('[BRK-5] the newest snapshot wins, whatever the order they come in', () => {
    const progress = new Progress(INPUT);
    progress.adopt(snapshot({ seq: 5, heldQuantity: '10' }));
    progress.adopt(snapshot({ seq: 3, heldQuantity: '4' }));
    expect(progress.snapshot.heldQuantity).toBe('10');
    progress.adopt(snapshot({ seq: 6, heldQuantity: '0' }));
    expect(progress.snapshot.heldQuantity).toBe('0');
  });

  test('[TRD-10] a pursuit that changes nothing is repeated ever more seldom, then every 5 minutes', () => {
    const progress = new Progress(INPUT);
    progress.adopt(snapshot({ seq: 1, needsWork: true }));
    const pauses = Array.from({ length: 12 }, () => progress.pauseAfterPursuit(1));
    expect(pauses.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(pauses[11]).toBe(300_000);
    progress.adopt(snapshot({ seq: 2, needsWork: true }));
    expect(progress.pauseAfterPursuit(1)).toBeNull();
    expect(progress.pauseAfterPursuit(2)).toBe(1_000);
  });

  test('[TRD-6] closes at the holding time or the session end, whichever comes first', () => {
    const progress = new Progress(INPUT);
    progress.adopt(snapshot({ seq: 1, openedAtMs: 1_000 }));
    expect([progress.closeDueAtMs(), progress.closeCause()]).toEqual([61_000, 'max_holding']);
    progress.closeByMs = 30_000;
    expect([progress.closeDueAtMs(), progress.closeCause()]).toEqual([30_000, 'session_end']);
  });

  test('[TRD-9] tells people once per change of status or protection', () => {
    const progress = new Progress(INPUT);
    progress.adopt(snapshot({ seq: 1, isProtected: true }));
    expect(progress.takeChange()).toEqual({ status: 'OPEN', isProtected: true });
    expect(progress.takeChange()).toBeNull();
    expect(detailsOf(progress)).toContain('| Held | 10 AAPL |');
  });
});
