/** Whose answer reaches the workflow counts as told; that of an attempt given up does not (BRK-5). */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createEntryActivities } from '../../activities/entry.js';
import { createProtectActivities } from '../../activities/protect.js';
import { liveLink, type LiveLink } from './support/live-link.js';

let live: LiveLink;
beforeAll(async () => {
  live = await liveLink();
}, 60_000);
afterAll(() => live?.close(), 60_000);

const tradeOf = (id: string) => live.db.trade.findUniqueOrThrow({ where: { id } });

test.each(['pursue', 'lookUpEntry'] as const)(
  '[BRK-5] %s: an attempt that Temporal gave up leaves its snapshot to be delivered',
  async (name) => {
    const tradeId = await live.openTrade(name === 'pursue' ? 'AAPL' : 'MSFT');
    await live.db.trade.update({ where: { id: tradeId }, data: { deliveredSeq: 0n } });
    const { deps } = live.link;
    const { pursue } = createProtectActivities(deps);
    const { lookUpEntry } = createEntryActivities(deps);
    const activity = name === 'pursue' ? pursue : lookUpEntry;
    const givenUp = new MockActivityEnvironment();
    givenUp.cancel('NOT_FOUND');
    await givenUp.run(() => activity({ tradeId }) as Promise<unknown>);
    expect((await tradeOf(tradeId)).deliveredSeq).toBe(0n);
    await new MockActivityEnvironment().run(() => activity({ tradeId }) as Promise<unknown>);
    const { deliveredSeq, wakeSeq } = await tradeOf(tradeId);
    expect(deliveredSeq).toBeGreaterThanOrEqual(wakeSeq);
  },
  60_000,
);
