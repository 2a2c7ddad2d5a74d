/** The inbox: every fact is committed once and in order, and one that can't be holds up no other. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { OrderTerms } from '../../domain/orders/terms.js';
import type { OrderStatus } from '../../domain/vocabulary.js';
import type { Database } from '../../store/database.js';
import type { Committed } from '../../store/inbox.js';
import type { Inbox, InboxOptions } from '../../worker/broker/inbox.js';
import { useAccountDatabase } from '../store/support/account-database.js';
import { ACCOUNT, type ReadyAccount } from '../store/support/ready-account.js';
import { entryOfPlan, execution, inboxOf, type EntryRow } from './support/inbox.js';
import { untilTrue } from '../support/workers.js';

const opened = useAccountDatabase(['AAA'], '100000');
let db: Database;
let ready: ReadyAccount;

beforeAll(() => {
  ({ db, ready } = opened());
});

const inboxes: Inbox[] = [];
afterEach(async () => {
  for (const inbox of inboxes.splice(0)) await inbox.stop(0);
  await db.pause.deleteMany();
});

function newInbox(commits: Committed[], change: Partial<InboxOptions> = {}): Inbox {
  const spillFolder = mkdtempSync(join(tmpdir(), 'ballast-inbox-'));
  const inbox = inboxOf({ db, ready, spillFolder }, commits, change);
  inboxes.push(inbox);
  return inbox;
}

const plannedEntry = () => entryOfPlan(db, ready);

describe('the inbox', () => {
  test('[BRK-5] books an execution once, however often it is reported', async () => {
    const entry = await plannedEntry();
    const inbox = newInbox([]);
    for (let repeat = 0; repeat < 5; repeat += 1) inbox.accept(execution(entry, 1));
    inbox.accept(execution(entry, 2));
    await inbox.drained();
    const trade = await db.trade.findUniqueOrThrow({ where: { id: entry.tradeId } });
    expect(trade.filledQuantity.toFixed()).toBe('10');
    expect(await db.execution.count({ where: { tradeId: entry.tradeId } })).toBe(2);
    const position = await db.position.findFirst({ where: { strategyId: trade.strategyId } });
    expect(position?.quantity.toFixed()).toBe('10');
  });

  test('[BRK-3] a correction replaces what it corrects, a late first report changes nothing', async () => {
    const entry = await plannedEntry();
    const inbox = newInbox([]);
    const corrected = execution(entry, 1, { quantity: '4', price: '99.98', correction: 2 });
    const { executionKey } = corrected.report;
    const second = { ...corrected.report, executionId: `${executionKey}.02` };
    inbox.accept({ ...corrected, report: second });
    inbox.accept(execution(entry, 1));
    await inbox.drained();
    const trade = await db.trade.findUniqueOrThrow({ where: { id: entry.tradeId } });
    expect(trade.filledQuantity.toFixed()).toBe('4');
    expect(trade.averageEntry?.toFixed()).toBe('99.98');
  });

  test('[BRK-5] a commission may come before its execution', async () => {
    const entry = await plannedEntry();
    const inbox = newInbox([]);
    const fill = execution(entry, 1);
    const { executionId } = fill.report;
    const money = { account: ACCOUNT, commission: '1', currency: 'USD', brokerRealizedPnl: null };
    inbox.accept({
      kind: 'commission',
      report: { executionId, ...money },
      receivedAtMs: Date.now(),
    });
    await inbox.drained();
    inbox.accept(fill);
    await inbox.drained();
    const row = await db.execution.findFirstOrThrow({ where: { executionId } });
    expect(row.commission?.toFixed()).toBe('1');
  });

  test('[BRK-5] a fact that the database refuses is set aside, and those after it are booked', async () => {
    const entry = await plannedEntry();
    const inbox = newInbox([]);
    inbox.accept(execution(entry, 1, { price: '-1' }));
    inbox.accept(execution(entry, 2));
    const where = { tradeId: entry.tradeId, kind: 'set_aside' };
    await untilTrue('it is set aside', async () => (await db.brokerEvent.count({ where })) === 1);
    await untilTrue('what came after it is booked', async () => {
      const trade = await db.trade.findUniqueOrThrow({ where: { id: entry.tradeId } });
      return trade.filledQuantity.toFixed() === '5';
    });
  }, 30_000);

  describe('what is told of an order', () => {
    type Told = { generation?: number; listed?: boolean; isStatus?: boolean };

    /** `epoch`: the lease of the worker whose inbox it is; `of`: the entry, when there is one. */
    async function inboxOfEntry(epoch?: string, of?: EntryRow) {
      const entry = of ?? (await plannedEntry());
      const inbox = newInbox([], epoch === undefined ? {} : { epoch: () => epoch });
      const tell = (status: OrderStatus, stopPrice: string, { isStatus, ...how }: Told = {}) => {
        const terms = { ...(entry.terms as unknown as OrderTerms), stopPrice };
        const { report } = execution(entry, 1);
        const ids = { clientOrderId: entry.clientOrderId, brokerOrderId: '1', sessionOrderId: 1 };
        const quantities = { filledQuantity: '0', remainingQuantity: '10', averageFillPrice: null };
        inbox.accept({
          ...{ kind: 'order', receivedAtMs: Date.now(), listed: false, ...how },
          report: {
            ...{ ...ids, ...quantities, sessionClientId: 17, account: report.account },
            ...{ symbol: 'AAA', brokerContractId: 1, status, brokerStatus: status, whyHeld: '' },
            ...{ terms: isStatus ? null : terms, parentSessionOrderId: null },
          },
        });
        return inbox.drained();
      };
      const now = async () => {
        const { readBack, status } = await db.order.findUniqueOrThrow({ where: { id: entry.id } });
        return [(readBack as { stopPrice?: string } | null)?.stopPrice, status];
      };
      return { entry, inbox, tell, now };
    }

    test('[BRK-12] by an older session changes no newer picture; its end does', async () => {
      const { inbox, tell, now } = await inboxOfEntry();
      await tell('ACCEPTED', '95', { generation: 2 });
      inbox.outlive(3);
      await tell('ACCEPTED', '96', { generation: 3, listed: true });
      await tell('HELD', '95', { generation: 2 });
      expect(await now()).toEqual(['96', 'ACCEPTED']);
      await tell('CANCELLED', '95', { generation: 2 });
      expect(await now()).toEqual(['96', 'CANCELLED']);
    });

    test('[BRK-12] by a session older than another worker has recorded changes no live order', async () => {
      const { tell, now } = await inboxOfEntry();
      const { connectionId: id } = ready;
      await tell('ACCEPTED', '96', { generation: 3 });
      await db.connection.update({ where: { id }, data: { generation: 4 } });
      try {
        await tell('HELD', '95', { generation: 3 });
        expect(await now()).toEqual(['96', 'ACCEPTED']);
        await tell('CANCELLED', '95', { generation: 3 });
        expect(await now()).toEqual(['96', 'CANCELLED']);
      } finally {
        await db.connection.update({ where: { id }, data: { generation: 0 } });
      }
    });

    test('[BRK-12] by a worker that lost its lease changes no live order, however often it connected', async () => {
      const cutOff = await inboxOfEntry('7');
      const next = await inboxOfEntry('8', cutOff.entry);
      const { connectionId: id } = ready;
      const { leaseEpoch } = await db.connection.findUniqueOrThrow({ where: { id } });
      await cutOff.tell('ACCEPTED', '95', { generation: 3 });
      await db.connection.update({ where: { id }, data: { leaseEpoch: 8n, generation: 4 } });
      try {
        await next.tell('ACCEPTED', '96', { generation: 4, listed: true });
        await cutOff.tell('HELD', '95', { generation: 5 });
        expect(await next.now()).toEqual(['96', 'ACCEPTED']);
        await next.tell('HELD', '96', { generation: 4 });
        expect(await next.now()).toEqual(['96', 'HELD']);
        await cutOff.tell('CANCELLED', '95', { generation: 5 });
        expect(await next.now()).toEqual(['96', 'CANCELLED']);
      } finally {
        await db.connection.update({ where: { id }, data: { leaseEpoch, generation: 0 } });
      }
    });

    test('[BRK-5] by a callback as before a list is no repeat of what the list has overtaken', async () => {
      const { tell, now } = await inboxOfEntry();
      await tell('ACCEPTED', '95');
      await tell('HELD', '95', { listed: true });
      expect(await now()).toEqual(['95', 'HELD']);
      await tell('ACCEPTED', '95');
      expect(await now()).toEqual(['95', 'ACCEPTED']);
      // Nor of what came with its terms in between.
      await tell('ACCEPTED', '95', { isStatus: true });
      await tell('HELD', '95');
      await tell('ACCEPTED', '95', { isStatus: true });
      expect(await now()).toEqual(['95', 'ACCEPTED']);
    });

    test('[BRK-5] in a new session is no repeat of what an older one told last', async () => {
      const { inbox, tell, now } = await inboxOfEntry();
      await tell('HELD', '95', { generation: 2 });
      await tell('ACCEPTED', '96', { generation: 2, listed: true });
      inbox.outlive(3);
      await tell('HELD', '95', { generation: 2 });
      await tell('HELD', '95', { generation: 3 });
      expect(await now()).toEqual(['95', 'HELD']);
    });
  });

  test('[TRD-13] an execution without our reference is external, and counts for no strategy', async () => {
    const entry = await plannedEntry();
    const inbox = newInbox([]);
    const foreign = execution(entry, 7, {
      clientOrderId: null,
      executionId: 'x.1',
      executionKey: 'x',
    });
    inbox.accept(foreign);
    await inbox.drained();
    const position = await db.position.findFirst({ where: { strategyId: null } });
    expect(position?.quantity.toFixed()).toBe('5');
    // Once until a person has lifted it, and never by a repeat.
    const where = { accountId: ready.accountId, symbol: 'AAA', kind: 'quarantine' };
    expect(await db.pause.count({ where })).toBe(1);
    expect(await db.notification.count({ where: { kind: 'quarantine' } })).toBe(1);
    await db.pause.updateMany({ data: { liftedAt: new Date() } });
    const again = newInbox([]);
    again.accept(foreign);
    await again.drained();
    expect(await db.pause.count({ where })).toBe(1);
  });

  test('[REC-3] an execution for an unknown account is kept back, and counts for no other one', async () => {
    const inbox = newInbox([]);
    const { report, ...rest } = execution(await plannedEntry(), 1);
    inbox.accept({ ...rest, report: { ...report, clientOrderId: null, account: 'DU999' } });
    await inbox.drained();
    expect([inbox.hasStuck('DU999'), inbox.hasStuck(ACCOUNT)]).toEqual([true, false]);
  });

  test('[BRK-5] a commission without an account goes to that of its booked execution', async () => {
    const inbox = newInbox([]);
    const { report, ...rest } = execution(await plannedEntry(), 1);
    const foreign = { ...report, clientOrderId: null, sessionOrderId: 0 };
    inbox.accept({ ...rest, report: foreign });
    await inbox.drained();
    const { executionId } = report;
    const money = { account: null, commission: '1', currency: 'USD', brokerRealizedPnl: null };
    inbox.accept({ kind: 'commission', report: { executionId, ...money }, receivedAtMs: 1 });
    await inbox.drained();
    const row = await db.execution.findFirstOrThrow({ where: { executionId } });
    expect(row.commission?.toFixed()).toBe('1');
    expect(row.tradeId).toBeNull();
  });

  test('[TRD-12] a bust is told, once; a correction of the price alone is not', async () => {
    const entry = await plannedEntry();
    const alerts = { tradeId: entry.tradeId, kind: 'execution_busted' };
    const inbox = newInbox([]);
    const corrected = (correction: number, change: object) => {
      const fact = execution(entry, 1);
      const { executionKey } = fact.report;
      const executionId = `${executionKey}.0${correction}`;
      return { ...fact, report: { ...fact.report, executionId, correction, ...change } };
    };
    inbox.accept(execution(entry, 1));
    inbox.accept(corrected(2, { price: '99' }));
    await inbox.drained();
    expect(await db.notification.count({ where: alerts })).toBe(0);
    inbox.accept(corrected(3, { quantity: '0' }));
    await inbox.drained();
    inbox.accept(corrected(3, { quantity: '0' }));
    await inbox.drained();
    const told = await db.notification.findMany({ where: alerts });
    expect(told).toHaveLength(1);
    expect(told[0]!.body).toMatchObject({
      summary: expect.stringMatching(
        /^AAA: the broker took back .* of the ENTRY: .* are left of it/,
      ),
    });
  });

  test('[TRD-12] more sold than held quarantines the symbol and is told, once', async () => {
    const entry = await plannedEntry();
    const stop = await db.order.findFirstOrThrow({
      where: { tradeId: entry.tradeId, role: 'STOP' },
    });
    const inbox = newInbox([]);
    await db.order.update({
      where: { id: entry.id },
      data: { intent: 'SENT', status: 'ACCEPTED' },
    });
    const where = { accountId: ready.accountId, symbol: 'AAA', kind: 'quarantine' };
    const state = async () =>
      (await db.trade.findUniqueOrThrow({ where: { id: entry.tradeId } })).state;
    // Told before its entry's, which may have filled as many.
    inbox.accept(execution(stop, 1, { side: 'SELL' }));
    await inbox.drained();
    expect(await state()).toBe('CLOSING');
    expect(await db.pause.count({ where })).toBe(0);
    inbox.accept(execution(entry, 1));
    for (const number of [2, 3]) inbox.accept(execution(stop, number, { side: 'SELL' }));
    await inbox.drained();
    expect(await state()).toBe('OVERFILLED');
    expect(await db.pause.count({ where })).toBe(1);
    const alerts = { tradeId: entry.tradeId, kind: 'overfilled' };
    expect(await db.notification.count({ where: alerts })).toBe(1);
    inbox.accept(execution(stop, 4, { side: 'SELL' }));
    await inbox.drained();
    expect(await db.notification.count({ where: alerts })).toBe(1);
  });
});
