import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ZERO, decimal, sum, text } from '../../domain/money.js';
import { createRig, placeBracket, request } from './support/exchange.js';
import type { Rig, RigOptions } from './support/exchange.js';

let rig: Rig | undefined;
afterEach(() => {
  rig?.close();
  rig = undefined;
});
const open = (options?: RigOptions): Rig => (rig = createRig(options));

/** All that a client can ask for. */
function everything({ exchange }: Rig): string {
  return JSON.stringify({
    open: exchange.openOrders(),
    completed: exchange.completedOrders(),
    executions: exchange.executions(),
    positions: exchange.positions(),
    values: exchange.accountValues('DU1000001'),
    ids: [1, 2, 3].map((clientId) => exchange.nextValidId(clientId)),
  });
}

/** A bit of everything: fills, part fills, groups, trails, refusals, modifications. */
function live(on: Rig): void {
  const { exchange, market } = on;
  placeBracket(exchange, { stop: { ocaGroup: 'G', ocaType: 2 }, target: { ocaGroup: 'G' } });
  market.quoteText('IBM', '100.00x40 100.02x60');
  placeBracket(exchange, { firstId: 10, entry: { quantity: '100' } });
  exchange.place(1, 12, request({ action: 'SELL', aux: '96.00', tif: 'GTC', parentId: 10 }));
  exchange.place(2, 1, request({ lmt: '98.00', tif: 'GTC', orderRef: 'mine' }));
  exchange.place(2, 2, request({ lmt: '97.00' }));
  exchange.cancel(2, 2);
  exchange.place(2, 3, request({ quantity: '99999' }));
  exchange.place(2, 4, request({ lmt: '97.00' }));
  exchange.place(2, 5, request({ lmt: '97.00' }));
  exchange.cancel(2, 5);
  exchange.cancel(2, 4);
  const trail = request({ action: 'SELL', orderType: 'TRAIL', tif: 'GTC' });
  exchange.place(3, 1, { ...trail, auxPrice: decimal('2.00') });
  market.quoteText('IBM', '100.50x40 100.52x10');
}

describe('a restart', () => {
  test('[GWY-4] everything is as it was', () => {
    const on = open();
    live(on);
    const before = everything(on);
    on.restart();
    expect(everything(on)).toBe(before);
    on.restart();
    expect(everything(on)).toBe(before);
  });

  test('[GWY-4] life goes on: children, groups and triggers still work, ids go on', () => {
    const on = open();
    live(on);
    const known = new Set(on.exchange.executions().map(({ execution }) => execution.execId));
    const permIds = on.exchange.openOrders().map((order) => order.permId);
    on.restart();
    on.market.quoteText('IBM', '95.00x500 95.02x500');
    expect(on.order(3).status).toBe('Filled');
    expect(on.order(2).status).toBe('Cancelled');
    expect(on.order(10).status).toBe('Filled');
    expect(on.order(1, 3).status).toBe('Filled');
    const ids = on.exchange.executions().map(({ execution }) => execution.execId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(known.size);
    on.exchange.place(4, 1, request({ lmt: '90.00' }));
    expect(on.order(1, 4).permId).toBeGreaterThan(Math.max(...permIds));
  });

  test('[GWY-4] an execution is on disk before anyone hears of it', () => {
    const on = open();
    const written = (): string =>
      readdirSync(on.stateDir)
        .map((name) => readFileSync(join(on.stateDir, name), 'utf8'))
        .join('');
    let heard = 0;
    on.exchange.onEvent((event) => {
      if (event.kind !== 'execution') return;
      heard += 1;
      expect(written()).toContain(event.execution.execId);
    });
    on.exchange.place(1, 1, request());
    expect(heard).toBe(1);
  });

  test('[GWY-4] what is used of the current quote stays used', () => {
    const on = open();
    on.market.quoteText('IBM', '100.00x40 100.02x60');
    on.exchange.place(1, 1, request({ quantity: '50' }));
    on.restart();
    on.exchange.place(1, 2, request({ quantity: '50' }));
    expect(text(on.order(2).filled)).toBe('10');
  });

  test('[GWY-4] a late commission is still reported', () => {
    const on = open();
    on.faults.arm({ name: 'late-commission', seconds: 3 });
    on.exchange.place(1, 1, request());
    on.restart();
    expect(on.exchange.executions()[0]?.commission).toBeUndefined();
    on.clock.nowMs += 3_000;
    on.story();
    on.exchange.tick();
    expect(on.story()).toEqual(['commission 1']);
  });

  test('[GWY-4] a torn last line is left out; a damaged earlier one is an error that names it', () => {
    const on = open();
    on.exchange.place(1, 1, request({ lmt: '99.00' }));
    const before = everything(on);
    const [journal] = readdirSync(on.stateDir).filter((name) => name.endsWith('.jsonl'));
    const path = join(on.stateDir, journal ?? '');
    appendFileSync(path, '{"orders":[{"seq":1,"status":"Fil');
    on.restart();
    expect(everything(on)).toBe(before);
    const [next] = readdirSync(on.stateDir).filter((name) => name.endsWith('.jsonl'));
    writeFileSync(join(on.stateDir, next ?? ''), '{"orders":\n{}\n');
    expect(() => on.restart()).toThrow(/line 1 is damaged/);
    writeFileSync(join(on.stateDir, next ?? ''), '');
    on.restart();
  });

  test('[GWY-4] at the broker’s midnight finished orders and executions go to the archive', () => {
    const on = open();
    live(on);
    const { live: liveCount, executions } = on.exchange.counts();
    on.clock.nowMs = Date.parse('2026-11-24T00:00:01-05:00');
    on.exchange.tick();
    expect(on.exchange.counts()).toMatchObject({ completed: 0, executions: 0 });
    expect(on.exchange.completedOrders()).toEqual([]);
    expect(on.exchange.executions()).toEqual([]);
    expect(on.exchange.counts().live).toBeLessThanOrEqual(liveCount);
    expect(text(on.exchange.pnl('DU1000001').realized)).toBe('0');
    const archive = readFileSync(join(on.stateDir, 'archive/2026-11-23.jsonl'), 'utf8');
    const lines = archive.split('\n').filter((line) => line.startsWith('{"execution"'));
    expect(lines).toHaveLength(executions);
    const before = everything(on);
    on.restart();
    expect(everything(on)).toBe(before);
  });
});

const CHILD = fileURLToPath(new URL('./support/exchange-child.mjs', import.meta.url));
const LIVES = 8;

/** Runs the child on a folder and kills it (−9) after a while; gives every whole line it said. */
function liveAndDie(stateDir: string, seed: number, lifeMs: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, stateDir, String(seed)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (said === '') setTimeout(() => child.kill('SIGKILL'), lifeMs);
      said += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (_code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`the child ended by itself: ${said.slice(-500)}`));
      else resolve(said.split('\n').slice(0, -1));
    });
  });
}

const RANK: Record<string, number> = { Filled: 3, Cancelled: 3, Inactive: 3, PendingCancel: 2 };
const rank = (status: string): number => RANK[status] ?? 1;

/** Everything heard in all lives so far must be in the books, once. */
function judge(on: Rig, heard: readonly string[]): void {
  const { exchange } = on;
  const orders = new Map(
    [...exchange.completedOrders(), ...exchange.openOrders()].map((order) => [order.permId, order]),
  );
  let highestId = 0;
  for (const line of heard.filter((each) => each.startsWith('order '))) {
    const [, orderId, permId, status, filled] = line.split(' ');
    const order = orders.get(Number(permId));
    highestId = Math.max(highestId, Number(orderId));
    if (!order) throw new Error(`lost: ${line}`);
    if (rank(order.status) < rank(status ?? '')) throw new Error(`back: ${line}, ${order.status}`);
    if (order.filled.lt(decimal(filled ?? ''))) throw new Error(`unfilled: ${line}`);
  }
  expect(exchange.nextValidId(1)).toBeGreaterThan(highestId);
  const executions = exchange.executions();
  const known = new Map(executions.map(({ execution }) => [execution.execId, execution]));
  expect(known.size).toBe(executions.length);
  const told = heard.filter((each) => each.startsWith('execution '));
  expect(new Set(told).size).toBe(told.length);
  for (const line of told) {
    const [, execId = '', side, shares, price] = line.split(' ');
    expect(known.get(execId)).toMatchObject({ side });
    expect(line).toContain(`${text(known.get(execId)?.shares ?? ZERO)} `);
    expect([shares, price]).toHaveLength(2);
  }
  const signed = executions.map(({ execution }) =>
    execution.side === 'BOT' ? execution.shares : execution.shares.neg(),
  );
  const held = exchange.positions().map((position) => position.position);
  expect(text(sum(held))).toBe(text(sum(signed)));
  const spent = executions.map(({ execution, commission }, index) =>
    (signed[index] ?? ZERO).mul(execution.price).add(commission?.commission ?? ZERO),
  );
  const cash = exchange.accountValues('DU1000001').find((each) => each.tag === 'TotalCashValue');
  expect(cash?.value).toBe(decimal('100000').sub(sum(spent)).toFixed(2));
}

(existsSync(new URL('../../dist/gateway/exchange/exchange.js', import.meta.url))
  ? test
  : test.skip)(
  `[GWY-4] killed ${LIVES} times at random moments: nothing heard is lost or repeated`,
  async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'ballast-kill-'));
    const heard: string[] = [];
    try {
      for (let life = 1; life <= LIVES; life += 1) {
        const lifeMs = 20 + Math.floor(Math.random() * 250);
        heard.push(...(await liveAndDie(stateDir, life, lifeMs)));
        const on = createRig({ stateDir });
        try {
          judge(on, heard);
        } finally {
          on.close();
        }
      }
      expect(heard.filter((line) => line.startsWith('execution')).length).toBeGreaterThan(100);
    } finally {
      rmSync(stateDir, { recursive: true });
    }
  },
  60_000,
);
