/** The drills of restore and upgrade are no better than what they see: each kind of harm must be told by them. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Stage } from '../../scripts/infra/drill-stage.js';
import { Broker } from '../../scripts/infra/drill-views.js';
import { nakedIn, sentSince } from '../../scripts/infra/drill-waits.js';

const stop = (symbol: string, armed = true) => ({ symbol, role: 'exit', orderType: 'STP', armed });
const entry = (symbol: string) => ({ symbol, role: 'entry', orderType: 'MKT', armed: false });
const CLEAN = {
  duplicateEntries: 0,
  reReferencedEntries: 0,
  overfilledShares: '0',
  unprotectedShareSeconds: '0',
  excessExitShareSeconds: '0',
};

let ledger = { orders: [entry('AAPL'), stop('AAPL')], verdicts: CLEAN as object, positions: [{}] };
let server: Server;
let stage: Stage;
beforeAll(async () => {
  server = createServer((_, response) => response.end(JSON.stringify(ledger)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  // Of a stage they look at nothing but its broker.
  stage = { broker: new Broker(port) } as unknown as Stage;
});
afterAll(() => void server.close());

/** What a gateway of this kind would say. */
function says(orders: typeof ledger.orders, held: readonly string[], verdicts: object = {}): void {
  const positions = held.map((symbol) => ({ symbol, position: '10' }));
  ledger = { orders, positions, verdicts: { ...CLEAN, ...verdicts } };
}

test('[TRD-3] a position with its one stop is no finding', async () => {
  says([entry('AAPL'), stop('AAPL'), stop('KO')], ['AAPL']);
  expect(await nakedIn(stage, 'then')).toEqual([]);
  expect(await stage.broker.harms()).toEqual([]);
  expect(await sentSince(stage, 1)).toEqual([]);
});

test.each([
  ['none', [entry('AAPL')], 'AAPL has 0 armed stops then'],
  ['one that would not fill', [stop('AAPL', false)], 'AAPL has 0 armed stops then'],
  ['two', [stop('AAPL'), stop('AAPL')], 'AAPL has 2 armed stops then'],
  ["another contract's", [stop('KO')], 'AAPL has 0 armed stops then'],
])('[TRD-3] a position whose stops are %s is one', async (_, orders, told) => {
  says(orders, ['AAPL']);
  expect(await nakedIn(stage, 'then')).toEqual([told]);
});

test('[BRK-2] an entry that nobody asked for is one, and so is each verdict of the ledger', async () => {
  says([entry('AAPL'), entry('AAPL')], []);
  expect(await sentSince(stage, 1)).toEqual(['1 entries were sent that nobody asked for']);
  for (const [name, value] of Object.entries(CLEAN)) {
    says([], [], { [name]: typeof value === 'number' ? 1 : '0.5' });
    expect(await stage.broker.harms()).toHaveLength(1);
  }
});
