/** What the adapter remembers: live orders always, accounts of executions, and all of it bounded. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { Commissions } from '../../broker/ibkr/commissions.js';
import { MAX_REMEMBERED_ORDERS } from '../../broker/ibkr/options.js';
import { OrderMemory } from '../../broker/ibkr/order-memory.js';
import { OrderReports } from '../../broker/ibkr/order-reports.js';
import type { CommissionReport, ExecutionReport } from '../../broker/port.js';
import { clientOf, ofKind, orderOf, ready, until } from './support/harness.js';
import type { Client } from './support/harness.js';
import { startScriptedGateway } from './support/scripted-gateway.js';
import type { ScriptedGateway } from './support/scripted-gateway.js';

const OWN = 7;
const MAX = 10;

describe('orders', () => {
  const memory = (): { memory: OrderMemory; reports: OrderReports } => {
    const created = new OrderMemory(OWN, MAX);
    return { memory: created, reports: new OrderReports(created) };
  };

  const status = (reports: OrderReports, orderId: number, word: string, whyHeld = '') =>
    reports.status({
      orderId,
      status: word,
      filled: 0,
      remaining: 10,
      averageFillPrice: 0,
      permId: 1_000 + orderId,
      parentId: 0,
      clientId: OWN,
      whyHeld,
    });

  test('[BRK-10] live orders stay known, however many; ended ones go, the oldest first (B7)', () => {
    const { memory: orders, reports } = memory();
    for (let id = 1; id <= 30; id += 1) {
      reports.noteSent(orderOf(id, `ref-${id}`), { kind: 'order', parentId: 0 });
      status(reports, id, 'Submitted');
    }
    for (let id = 1; id <= 30; id += 1) {
      expect(status(reports, id, 'Submitted').clientOrderId).toBe(`ref-${id}`);
    }
    for (let id = 1; id <= 25; id += 1) status(reports, id, 'Cancelled');
    expect(orders.size).toBe(MAX);
    expect([20, 21, 26, 30].map((id) => orders.knowsOwn(id))).toEqual([false, true, true, true]);
    expect(orders.findByBrokerId('1001')).toBeNull();
    expect(orders.findByBrokerId('1030')?.clientOrderId).toBe('ref-30');
  });

  test('[BRK-10] [TRD-3] statuses come out of order: who is awake is not put to sleep by an older one', () => {
    const { reports } = memory();
    for (const id of [2, 3]) {
      reports.noteSent(orderOf(id, `ref-${id}`), { kind: 'order', parentId: 1 });
    }
    const stop = (whyHeld: string) => status(reports, 3, 'PreSubmitted', whyHeld);
    expect(stop('child,trigger')).toMatchObject({ status: 'HELD', whyHeld: 'child,trigger' });
    expect(stop('trigger')).toMatchObject({ status: 'ACCEPTED', whyHeld: 'trigger' });
    expect(stop('child,trigger')).toMatchObject({ status: 'ACCEPTED', whyHeld: 'trigger' });
    expect(stop('child,locate')).toMatchObject({ status: 'HELD', whyHeld: 'locate' });
    const target = (word: string, whyHeld: string) => status(reports, 2, word, whyHeld).status;
    expect(target('PreSubmitted', '')).toBe('ACCEPTED');
    expect(target('PreSubmitted', 'child')).toBe('HELD');
    expect(target('Submitted', '')).toBe('ACCEPTED');
    expect(target('PreSubmitted', 'child')).toBe('ACCEPTED');
  });

  test('[BRK-10] what was only learned of makes room for what is alive', () => {
    const { memory: orders, reports } = memory();
    for (let id = 100; id < 100 + MAX; id += 1) orders.recallOwn(id).clientOrderId = `old-${id}`;
    for (let id = 1; id <= 4; id += 1) {
      reports.noteSent(orderOf(id, `ref-${id}`), { kind: 'order', parentId: 0 });
    }
    expect(orders.size).toBe(MAX);
    expect([1, 2, 3, 4].every((id) => orders.knowsOwn(id))).toBe(true);
    expect([103, 104].map((id) => orders.knowsOwn(id))).toEqual([false, true]);
  });

  test('[BRK-10] an order that was refused before it lived counts as ended', () => {
    const { memory: orders, reports } = memory();
    for (let id = 1; id <= 2 * MAX; id += 1) {
      reports.noteSent(orderOf(id, `ref-${id}`), { kind: 'order', parentId: 0 });
      reports.error(id, 110, 'off the grid');
    }
    expect(orders.size).toBe(MAX);
  });
});

describe('commissions', () => {
  const execution = (executionId: string, account: string) =>
    ({ executionId, account }) as ExecutionReport;
  const money = { commission: '1', currency: 'USD', brokerRealizedPnl: null };

  test('[BRK-5] one that comes first waits for its execution, and is then of that account (B9)', () => {
    const told: CommissionReport[] = [];
    const commissions = new Commissions((report) => told.push(report));
    commissions.take({ executionId: 'x.1', ...money });
    commissions.take({ executionId: 'y.1', ...money });
    expect(told).toEqual([]);
    commissions.takeExecution(execution('y.1', 'DU2'));
    commissions.takeExecution(execution('x.1', 'DU1'));
    expect(told.map(({ executionId, account }) => [executionId, account])).toEqual([
      ['y.1', 'DU2'],
      ['x.1', 'DU1'],
    ]);
  });

  test('[BRK-5] a repeat is told once in a session, a change and a new session are news', () => {
    const told: CommissionReport[] = [];
    const commissions = new Commissions((report) => told.push(report));
    const repeat = (commission: string): void => {
      commissions.takeExecution(execution('x.1', 'DU1'));
      commissions.take({ executionId: 'x.1', ...money, commission });
    };
    for (const commission of ['1', '1', '1.5', '1.5']) repeat(commission);
    expect(told.map(({ commission }) => commission)).toEqual(['1', '1.5']);
    commissions.connectionLost();
    repeat('1.5');
    expect(told).toHaveLength(3);
  });

  test('[BRK-13] those whose execution never comes are bounded, and told without an account', () => {
    const told: CommissionReport[] = [];
    const commissions = new Commissions((report) => told.push(report));
    for (let index = 0; index < 1_001; index += 1) {
      commissions.take({ executionId: `x.${index}`, ...money });
    }
    expect(told).toMatchObject([{ executionId: 'x.0', account: null }]);
    commissions.connectionLost();
  });
});

describe('on the wire', () => {
  let gateway: ScriptedGateway;
  let client: Client;

  afterEach(async () => {
    await client.broker.close();
    await gateway.close();
  });

  const execDetails = (time: string): (string | number)[] => [
    ...[11, -1, 0, 756733, 'SPY', 'STK', '', 0, '', '', 'ARCA', 'USD', 'SPY', 'SPY'],
    ...['0000e0d5.1.01.01', time, 'DU7654321', 'ARCA', 'BOT', 10, 100, 9_001, 0, 0, 10, 100],
    ...['', '', '', '', 2, 0],
  ];

  test('[BRK-10] all orders that the database knows to live are recognised, beyond the bound (B7)', async () => {
    gateway = await startScriptedGateway({ accounts: 'DU1234567' });
    client = await ready(clientOf(gateway.port));
    const ids = Array.from({ length: MAX_REMEMBERED_ORDERS + 50 }, (_, index) => index + 1);
    const known = (sessionOrderId: number, isLive: boolean) => {
      return { sessionOrderId, clientOrderId: `ref-${sessionOrderId}`, isLive };
    };
    client.broker.learnOrders(ids.map((id) => known(id, true)));
    client.broker.learnOrders([known(20_001, false)]);
    const [session] = gateway.sessions;
    for (const id of [1, ids.length]) {
      session?.send(3, id, 'Submitted', 0, 10, 0, 1_000 + id, 0, 0, OWN, '', 0);
    }
    await until('both', () => ofKind(client.events, 'order').length === 2);
    const told = ofKind(client.events, 'order').map(({ report }) => report.clientOrderId);
    expect(told).toEqual(['ref-1', `ref-${ids.length}`]);
  });

  test('[BRK-5] a commission of the second account is never the first one’s (B9)', async () => {
    gateway = await startScriptedGateway({ accounts: 'DU1234567,DU7654321' });
    client = await ready(clientOf(gateway.port));
    const [session] = gateway.sessions;
    session?.send(59, 1, '0000e0d5.1.01.01', 1, 'USD', '', '', '');
    session?.send(...execDetails('20260406 09:31:05 US/Eastern'));
    await until('the commission', () => ofKind(client.events, 'commission').length === 1);
    const [event] = ofKind(client.events, 'commission');
    expect(event?.report).toMatchObject({ account: 'DU7654321', commission: '1' });
  });

  test('[BRK-13] an execution in a zone that nobody knows is kept, with the time of its receipt', async () => {
    gateway = await startScriptedGateway();
    client = await ready(clientOf(gateway.port));
    gateway.sessions[0]?.send(...execDetails('20260406 09:31:05 Mars/Olympus'));
    await until('the execution', () => ofKind(client.events, 'execution').length === 1);
    const [event] = ofKind(client.events, 'execution');
    expect(Math.abs((event?.report.executedAtMs ?? 0) - Date.now())).toBeLessThan(5_000);
  });
});
