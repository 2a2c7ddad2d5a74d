import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { decimal } from '../../domain/money.js';
import { createRig, placeBracket, request } from './support/exchange.js';
import type { Rig } from './support/exchange.js';

let rig: Rig;
afterEach(() => rig.close());

const ORDERS = 10_000;
/** Only a cost that grows with the square is to be found, which takes minutes; a busy machine may take its time. */
const TIME_MS_MAX = 60_000;
/** Two such stretches and some more: the assertion is to fail, not the test's time-out. */
const TEST_MS_MAX = 150_000;

test(
  '[GWY-2] 10,000 resting orders: placed, quoted past, cancelled, none lost',
  () => {
    rig = createRig();
    const { exchange, market } = rig;
    const startMs = performance.now();
    for (let id = 1; id <= ORDERS; id += 1) {
      exchange.place(1, id, request({ quantity: '1', lmt: '50.00', tif: 'GTC' }));
      if (id % 100 === 0) market.quoteText('IBM', `99.9${id % 9}x100 100.02x100`);
    }
    expect(performance.now() - startMs).toBeLessThan(TIME_MS_MAX);
    expect(exchange.counts()).toMatchObject({ live: ORDERS, completed: 0 });
    const quotesMs = performance.now();
    for (let index = 0; index < 1_000; index += 1) {
      market.quoteText('IBM', `99.${10 + (index % 80)}x100 100.02x100`);
    }
    expect(performance.now() - quotesMs).toBeLessThan(1_000);
    const cancelMs = performance.now();
    for (let id = 1; id <= ORDERS; id += 1) exchange.cancel(1, id);
    expect(performance.now() - cancelMs).toBeLessThan(TIME_MS_MAX);
    expect(exchange.counts()).toMatchObject({ live: 0, completed: ORDERS });
  },
  TEST_MS_MAX,
);

test(
  '[GWY-2] 10,000 orders in brackets that fill and close: every execution is there',
  () => {
    rig = createRig({ startingCash: decimal('10000000') });
    const { exchange, market } = rig;
    const startMs = performance.now();
    const brackets = Math.floor(ORDERS / 3);
    for (let index = 0; index < brackets; index += 1) {
      market.quoteText('IBM', '100.00x1000 100.02x1000');
      placeBracket(exchange, { firstId: 3 * index + 1, entry: { quantity: '10' } });
      market.quoteText('IBM', '94.00x1000 94.02x1000');
    }
    expect(performance.now() - startMs).toBeLessThan(TIME_MS_MAX);
    const { live, completed, executions } = exchange.counts();
    expect({ live, completed, executions }).toEqual({
      ...{ live: 0, completed: 3 * brackets, executions: 2 * brackets },
    });
    expect(exchange.positions()).toEqual([]);
  },
  TEST_MS_MAX,
);

test('[GWY-2] what is finished is listed up to a limit; beyond it, it is in the archive', () => {
  rig = createRig({ todayMax: 100 });
  const { exchange, market } = rig;
  for (let id = 1; id <= 250; id += 1) {
    market.quoteText('IBM', '100.00x1000 100.02x1000');
    const action = id % 2 === 1 ? 'BUY' : 'SELL';
    exchange.place(1, id, request({ action, quantity: '1' }));
  }
  expect(exchange.counts()).toMatchObject({ completed: 100, executions: 100 });
  expect(exchange.executions()[0]?.execution.orderId).toBe(151);
  const archive = readFileSync(join(rig.stateDir, 'archive/2026-11-23.jsonl'), 'utf8');
  expect(archive.trim().split('\n')).toHaveLength(300);
  rig.restart();
  expect(rig.exchange.counts()).toMatchObject({ completed: 100, executions: 100 });
});
