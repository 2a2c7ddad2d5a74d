/**
 * A position that has turned round untold: its trade is over, and what is held on the other side is in no book. Every
 * message names the way to it, which goes through a trade that is closed (REC-2, TRD-11). Real PostgreSQL.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { confirmResolution, proposeResolution, type Resolution } from '../../app/resolve.js';
import { bookClosedOutside } from '../../store/closed-outside.js';
import { quarantineSymbol } from '../../store/quarantine.js';
import type { Inbox } from '../../worker/broker/inbox.js';
import { entryOfPlan, execution, type EntryRow } from '../worker/support/inbox.js';
import { testApp, type TestApp } from './support.js';
import { emptyBooks, freshInbox, positionsOf } from './support-books.js';
import { compared } from './support-compared.js';

let it: TestApp;
let inbox: Inbox;
let entry: EntryRow;

beforeAll(async () => {
  it = await testApp();
}, 60_000);
afterAll(async () => it?.close());

/** Ten shares were held; the broker shows five of the other side, and the trade was booked as closed for it. */
beforeEach(async () => {
  const { db, ready } = it;
  inbox = freshInbox(it);
  entry = await entryOfPlan(db, ready);
  inbox.accept(execution(entry, 1, { quantity: '10', executedAtMs: Date.now() - 60_000 }));
  await inbox.drained();
  const [found] = await shows();
  expect(found).toMatchObject({ kind: 'position_gone', step: 'book_outside' });
  const { tradeId } = entry;
  await quarantineSymbol(db, { tradeId, reason: found!.summary });
  const evidence = { tradeIds: [tradeId], net: '-5', isGone: true, nowMs: Date.now() };
  expect((await bookClosedOutside(db, tradeId, evidence))?.view.heldQuantity).toBe('0');
});
afterEach(async () => {
  await inbox.stop(0);
  await emptyBooks(it.db);
});

const shows = (quantity = '-5') =>
  compared(it.db, it.ready.accountId, {
    ...{ symbol: 'AAA', brokerContractId: 1, quantity, averageCost: '100' },
  });

const position: Resolution = {
  ...{ kind: 'position', symbol: 'aaa', account: null, strategy: 'adopted' },
  ...{ stopPrice: '110', targetPrice: null, marketPrice: '100' },
};
const quarantine: Resolution = { kind: 'quarantine', symbol: 'AAA' };
const difference = (): Resolution => ({
  ...{ kind: 'difference', tradeId: entry.tradeId, quantity: null, price: '100' },
});

async function resolve(resolution: Resolution): Promise<void> {
  const { code } = await proposeResolution(it.app, resolution);
  const { told } = await confirmResolution(it.app, resolution, code);
  await told;
}

const refusal = (resolution: Resolution): Promise<string> =>
  proposeResolution(it.app, resolution).then(
    () => 'it was taken',
    (error: Error) => error.message,
  );

test('[REC-2] [TRD-11] the finding, and the refusal to adopt it, name the way: the difference first, on the closed trade', async () => {
  const way = `"ballast resolve difference ${entry.tradeId}"`;
  const [found] = await shows();
  expect(found).toMatchObject({ kind: 'unexplained_position', step: 'quarantine' });
  expect(found!.why).toContain(way);
  expect(found!.why).toContain('"ballast resolve position AAA"');
  const words = await refusal(position);
  expect(words).toContain('the broker holds -5, the books say 0 of trades');
  expect(words).toContain(way);
  await resolve(difference());
  expect(await positionsOf(it.db)).toContain('nobody -5 100');
  expect(await shows()).toEqual([]);
  const { does } = await proposeResolution(it.app, position);
  expect(does.join('\n')).toContain('5 AAA (short) at 100 become a trade of adopted');
});

test('[TRD-11] before a comparison has seen it the refusal says when the last one was', async () => {
  await it.db.$executeRaw`DELETE FROM findings`;
  await it.db.$executeRaw`DELETE FROM reconciliations`;
  expect(await refusal(position)).toContain('were never compared: give "ballast reconcile" first');
  const atMs = Date.now();
  await compared(
    it.db,
    it.ready.accountId,
    {
      ...{ symbol: 'AAA', brokerContractId: 1, quantity: '0', averageCost: '100' },
    },
    { atMs },
  );
  const words = await refusal(position);
  expect(words).toContain(`compared last at ${new Date(atMs).toISOString()}`);
  expect(words).toContain('give "ballast reconcile" first');
});

test('[TRD-13] a release says that the difference still stands, and that it comes again', async () => {
  const { does } = await proposeResolution(it.app, quarantine);
  expect(does.join('\n')).toMatch(
    /the broker held -5 AAA at .*, and the books say 0: that still stands/,
  );
  expect(does.join('\n')).toContain('the next comparison quarantines AAA again');
  await shows();
  const evidence = ['unexplained_position AAA/1: books 0, broker -5'];
  await it.db.pause.updateMany({ data: { evidence } });
  const after = (await proposeResolution(it.app, quarantine)).does.join('\n');
  expect(after).toContain('that still stands');
  expect(after).toContain(`"ballast resolve difference ${entry.tradeId}"`);
  expect(after).toContain('quarantines AAA again only with other numbers');
  const { code } = await proposeResolution(it.app, quarantine);
  await resolve(difference());
  await expect(confirmResolution(it.app, quarantine, code)).rejects.toThrow('look again');
  const { does: settled } = await proposeResolution(it.app, quarantine);
  expect(settled.join('\n')).not.toContain('still stands');
});
