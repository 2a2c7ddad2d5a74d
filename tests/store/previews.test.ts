/** Previews as rows: decided without a trace, executed once, by whom they belong to. Real PostgreSQL. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parseSignal } from '../../contract/signal.js';
import { openDatabase, type Database } from '../../store/database.js';
import { executePreview, type Execution } from '../../store/previews/execute.js';
import { requestPreview } from '../../store/previews/request.js';
import { loadPreview } from '../../store/reads.js';
import { acceptSignal } from '../../store/signals.js';
import { useAccountDatabase } from './support/account-database.js';
import { makePreview } from './support/made-preview.js';
import { plan, plannedTrade } from './support/planned-trade.js';
import type { ReadyAccount } from './support/ready-account.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const CONNECTIONS = 4;
/** Retries of one execution, by several processes. */
const AT_ONCE = 50;

const opened = useAccountDatabase(['AAA'], '10000000');
let db: Database;
let ready: ReadyAccount;
let others: Database[];

beforeAll(() => {
  ({ db, ready } = opened());
  others = Array.from({ length: CONNECTIONS }, () => openDatabase({ url: opened().url }));
}, 60_000);
afterAll(async () => {
  for (const other of others) await other.$disconnect();
});
beforeEach(async () => {
  await quoted('100', '100.02');
  await db.installation.updateMany({ data: { mode: 'ACTIVE' } });
});

async function quoted(bid: string, ask: string): Promise<void> {
  await db.quote.updateMany({ data: { bid, ask, at: new Date() } });
}

let count = 0;
async function requested(change: Record<string, unknown> = {}): Promise<string> {
  count += 1;
  const previewId = randomUUID();
  const signal = parseSignal({
    ...{ id: `preview-${count}`, strategy_id: `preview-${count}`, symbol: 'AAA', side: 'BUY' },
    ...{ quantity: '10', stop_loss_pct: '0.05', ...change },
  });
  await requestPreview(db, { previewId, userId: ready.ownerId, signal });
  return previewId;
}

const make = (previewId: string) => makePreview(db, previewId);

interface Made {
  readonly previewId: string;
  readonly madeAtMs: number;
}

async function previewed(change: Record<string, unknown> = {}): Promise<Made> {
  const previewId = await requested(change);
  return { previewId, madeAtMs: await make(previewId) };
}

interface At {
  readonly nowMs?: number | null;
  readonly freshId?: string;
  readonly userId?: string;
  readonly on?: Database;
}

async function execute(previewId: string, at: At = {}): Promise<Execution | null> {
  const { nowMs = null, userId = ready.ownerId, on = db, ...rest } = at;
  return executePreview(on, { previewId, userId, actor: 'cli:anna', nowMs, ...rest });
}

function executedId(execution: Execution | null): string {
  if (execution?.kind !== 'executed') throw new Error(JSON.stringify(execution));
  return execution.tradeId;
}

/** The whole of an execution in the time when it is compared, with the new one made in between. */
async function compared({ previewId, madeAtMs }: Made): Promise<Execution | null> {
  const nowMs = madeAtMs + 6 * MINUTE_MS;
  const first = await execute(previewId, { nowMs });
  if (first?.kind !== 'compare') return first;
  const { previewId: freshId } = first.fresh;
  await make(freshId);
  return execute(previewId, { nowMs, freshId });
}

const counts = async () => ({
  signals: await db.signal.count(),
  trades: await db.trade.count(),
  strategies: await db.strategy.count(),
  events: await db.tradeEvent.count(),
  reservations: await db.reservation.count(),
  orders: await db.order.count(),
  decisions: await db.decision.count(),
});

describe('[PRV-1] making one', () => {
  test('leaves nothing but its row', async () => {
    const before = await counts();
    const { previewId } = await previewed();
    expect(await counts()).toEqual(before);
    const view = await loadPreview(db, ready.ownerId, previewId);
    expect(view).toMatchObject({ state: 'approved', symbol: 'AAA', trade_id: null });
    const { shows, made_at: madeAt, as_shown_until: asShown, expires_at: expires } = view!;
    expect(Date.parse(asShown!) - Date.parse(madeAt!)).toBe(5 * MINUTE_MS);
    expect(Date.parse(expires!) - Date.parse(madeAt!)).toBe(15 * MINUTE_MS);
    expect(shows).toMatchObject({ quote: { ask: '100.02' }, sizing: { quantity: '10' } });
    expect(shows?.orders.map(({ role, stop_price: stop }) => [role, stop])).toEqual([
      ['ENTRY', null],
      ['STOP', '95.02'],
    ]);
  });

  test('what would be denied shows every check that failed, and can not be executed', async () => {
    await db.installation.updateMany({ data: { mode: 'HALTED' } });
    const { previewId } = await previewed({ stop_loss_pct: undefined });
    const { shows, state } = (await loadPreview(db, ready.ownerId, previewId))!;
    const of = (wanted: string) =>
      shows!.checks.filter(({ outcome }) => outcome === wanted).map(({ code }) => code);
    expect(of('failed')).toEqual(['TRADING_HALTED', 'NO_STOP']);
    expect(of('passed')).toContain('TRADING_DISABLED');
    expect(of('not_checked')).toContain('POSITION_TOO_LARGE');
    expect({ state, orders: shows!.orders }).toEqual({ state: 'denied', orders: [] });
    expect(await execute(previewId)).toMatchObject({ kind: 'refused', code: 'PREVIEW_DENIED' });
  });

  test('it is made once: who makes it again finds it', async () => {
    const { previewId, madeAtMs } = await previewed();
    await quoted('110', '110.02');
    expect(await make(previewId)).toBe(madeAtMs);
    const view = await loadPreview(db, ready.ownerId, previewId);
    expect(view?.shows?.quote).toMatchObject({ ask: '100.02' });
  });

  test('a signal that was taken in is not previewed', async () => {
    const signal = { id: 'known-1', strategy_id: 'known', symbol: 'AAA', side: 'BUY' };
    const { tradeId } = await acceptSignal(db, ready.ownerId, parseSignal(signal));
    await expect(requested({ id: 'known-1' })).rejects.toThrow(`as trade ${tradeId}`);
  });

  test('no more than a few are made at once', async () => {
    const made: string[] = [];
    const flood = async () => {
      for (;;) made.push(await requested());
    };
    await expect(flood()).rejects.toThrow('10 previews are being made already');
    for (const previewId of made) await make(previewId);
    expect(made).toHaveLength(10);
  });
});

describe('[PRV-2] executing one', () => {
  test('many times at once, from several processes: one trade', async () => {
    const { previewId } = await previewed();
    const asked = Array.from({ length: AT_ONCE }, (_, index) =>
      execute(previewId, { on: others[index % CONNECTIONS]! }),
    );
    const ends = (await Promise.all(asked)) as Extract<Execution, { kind: 'executed' }>[];
    expect(new Set(ends.map(executedId)).size).toBe(1);
    expect(ends.filter(({ isNew }) => isNew)).toHaveLength(1);
    const tradeId = executedId(ends[0]!);
    expect(await db.trade.count({ where: { signal: { signalId: `preview-${count}` } } })).toBe(1);
    expect(await db.preview.findUniqueOrThrow({ where: { id: previewId } })).toMatchObject({
      tradeId,
    });
    const audited = await db.auditEntry.findMany({ where: { subject: `preview ${previewId}` } });
    expect(audited).toMatchObject([{ action: 'preview_execute', actor: 'cli:anna' }]);
  });

  test('its plan is what was shown, at another quote', async () => {
    const change = { quantity: undefined, risk_pct: '0.001', take_profit_pct: '0.1' };
    const { previewId } = await previewed(change);
    await quoted('100.1', '100.12');
    const tradeId = executedId(await execute(previewId));
    const { shows } = (await loadPreview(db, ready.ownerId, previewId))!;
    expect(await plan(db, ready, tradeId)).toMatchObject({
      ...{ kind: 'approved', quantity: shows!.plan!.quantity },
    });
    const orders = await db.order.findMany({ where: { tradeId }, orderBy: { role: 'asc' } });
    const sent = orders.map(({ role, terms }) => {
      const { quantity, stopPrice, limitPrice } = terms as Record<string, string | null>;
      return { role, quantity, stop_price: stopPrice, limit_price: limitPrice };
    });
    expect(sent).toHaveLength(3);
    for (const order of sent) {
      expect(shows!.orders.find(({ role }) => role === order.role)).toMatchObject(order);
    }
  });

  test('what would be denied now is denied, with its codes, and nothing is reserved', async () => {
    const { previewId } = await previewed();
    const tradeId = executedId(await execute(previewId));
    await db.installation.updateMany({ data: { mode: 'HALTED' } });
    await quoted('103', '103.02');
    expect(await plan(db, ready, tradeId)).toMatchObject({
      ...{ kind: 'denied', codes: ['TRADING_HALTED', 'PRICE_DEVIATION'] },
    });
    expect(await db.reservation.count({ where: { tradeId } })).toBe(0);
    expect(await db.order.count({ where: { tradeId } })).toBe(0);
  });

  test('one whose plan comes long after its execution is denied', async () => {
    const { previewId } = await previewed();
    const tradeId = executedId(await execute(previewId));
    await db.$executeRaw`UPDATE previews SET executed_at = executed_at - interval '16 minutes'
      WHERE id = ${previewId}::uuid`;
    expect(await plan(db, ready, tradeId)).toMatchObject({
      ...{ kind: 'denied', codes: ['PREVIEW_OUTDATED'] },
    });
  });

  test.each([
    ['4:59', 299, 'executed'],
    ['5:01', 301, 'compare'],
    ['14:59', 899, 'compare'],
    ['15:01', 901, 'refused'],
  ])('at %s of its age', async (_age, seconds, kind) => {
    const { previewId, madeAtMs } = await previewed();
    const execution = await execute(previewId, { nowMs: madeAtMs + seconds * SECOND_MS });
    expect(execution).toMatchObject({ kind });
    if (kind === 'refused') expect(execution).toMatchObject({ code: 'PREVIEW_EXPIRED' });
  });

  test('without a clock of the caller the database says how old it is', async () => {
    const { previewId } = await previewed();
    await db.$executeRaw`UPDATE previews SET expires_at = clock_timestamp() WHERE id = ${previewId}::uuid`;
    expect(await execute(previewId)).toMatchObject({ code: 'PREVIEW_EXPIRED' });
    expect(await loadPreview(db, ready.ownerId, previewId)).toMatchObject({ state: 'expired' });
  });

  test('one that nobody made is refused', async () => {
    const previewId = await requested();
    expect(await execute(previewId)).toMatchObject({ code: 'PREVIEW_NOT_MADE' });
    await make(previewId);
  });

  test('an executed one gives its trade however old it is', async () => {
    const { previewId, madeAtMs } = await previewed();
    const tradeId = executedId(await execute(previewId));
    const late = await execute(previewId, { nowMs: madeAtMs + 60 * MINUTE_MS });
    expect(late).toMatchObject({ kind: 'executed', tradeId, isNew: false });
  });
});

describe('[PRV-2] comparing it', () => {
  test('about the same: what was shown first is executed', async () => {
    const made = await previewed({
      quantity: undefined,
      risk_pct: '0.001',
      stop_loss: '95',
      stop_loss_pct: undefined,
    });
    await quoted('100.05', '100.07');
    const tradeId = executedId(await compared(made));
    const { tradeId: bound } = await db.preview.findUniqueOrThrow({
      where: { id: made.previewId },
    });
    expect(bound).toBe(tradeId);
  });

  test('the price has moved: the new one is given, and either is executed, not both', async () => {
    const made = await previewed();
    await quoted('101', '101.02');
    const changed = await compared(made);
    expect(changed).toMatchObject({ kind: 'changed' });
    const { freshId, why } = changed as Extract<Execution, { kind: 'changed' }>;
    expect(why).toContain('price 101.02, shown 100.02');
    executedId(await execute(freshId));
    await quoted('100', '100.02');
    expect(await execute(made.previewId)).toMatchObject({ kind: 'refused', code: 'SIGNAL_KNOWN' });
  });

  test('a new one that is denied is given as well', async () => {
    const made = await previewed();
    await db.installation.updateMany({ data: { mode: 'HALTED' } });
    expect(await compared(made)).toMatchObject({
      ...{ kind: 'changed', why: 'a new preview is denied: TRADING_HALTED' },
    });
  });

  test('the age of its signal is not judged again', async () => {
    const made = await previewed({ generated_at: new Date(Date.now() - 50_000).toISOString() });
    await db.$executeRaw`UPDATE previews
      SET body = jsonb_set(body, '{generated_at}', '"2026-01-01T00:00:00.000Z"') WHERE id = ${made.previewId}::uuid`;
    executedId(await compared(made));
  });

  test('all who execute at once compare with the same new one', async () => {
    const { previewId, madeAtMs } = await previewed();
    const nowMs = madeAtMs + 6 * MINUTE_MS;
    const asked = others.map((on) => execute(previewId, { nowMs, on }));
    const fresh = (await Promise.all(asked)).map((end) =>
      end?.kind === 'compare' ? end.fresh.previewId : null,
    );
    expect(new Set(fresh).size).toBe(1);
    await make(fresh[0]!);
  });

  test('a new one of another preview, of long ago, or that nobody made compares nothing', async () => {
    const made = await previewed();
    const nowMs = made.madeAtMs + 6 * MINUTE_MS;
    const { previewId: stranger } = await previewed();
    const notMade = { kind: 'refused', code: 'PREVIEW_NOT_MADE' };
    expect(await execute(made.previewId, { nowMs, freshId: stranger })).toMatchObject(notMade);
    const first = await execute(made.previewId, { nowMs });
    const { previewId: freshId } = (first as Extract<Execution, { kind: 'compare' }>).fresh;
    expect(await execute(made.previewId, { nowMs, freshId })).toMatchObject(notMade);
    await make(freshId);
    await db.$executeRaw`UPDATE previews SET made_at = made_at - interval '2 minutes' WHERE id = ${freshId}::uuid`;
    expect(await execute(made.previewId, { nowMs, freshId })).toMatchObject(notMade);
  });
});

/** Beside nothing else of its account, as a strategy whose settings are these. */
async function alone(settings: object): Promise<{ readonly strategy_id: string }> {
  await db.reservation.updateMany({ data: { phase: 'RELEASED' } });
  await db.trade.updateMany({ data: { closedAt: new Date() } });
  await db.account.updateMany({ data: { kind: 'margin' } });
  const name = `alone-${(count += 1)}`;
  const { ownerId: userId, accountId } = ready;
  await db.strategy.create({ data: { userId, name, accountId, settings } });
  return { strategy_id: name };
}

describe('[PRV-2] what was not shown does not follow from it', () => {
  test.each(['close', 'reverse'])(
    'another trade stays as it is, with on_opposite %s',
    async (onOpposite) => {
      const strategy = await alone({ allowShort: true, onOpposite });
      const { previewId } = await previewed(strategy);
      const short = await plannedTrade(db, ready, { ...strategy, side: 'SELL' });
      const outcome = await plan(db, ready, executedId(await execute(previewId)));
      expect(outcome).toMatchObject({
        ...{ kind: 'denied', codes: expect.arrayContaining(['OPPOSITE_POSITION']) },
      });
      expect(await db.trade.findUniqueOrThrow({ where: { id: short } })).toMatchObject({
        ...{ closeRequested: null, cancelRequested: false },
      });
    },
  );

  test('it waits for no open: it is denied in a closed market', async () => {
    const change = { ...(await alone({ whenClosed: 'queue' })), when_closed: 'queue' };
    const { previewId } = await previewed(change);
    const contract = await db.contract.findFirstOrThrow();
    const body = contract.body as { hours: { fromMs: number; untilMs: number } };
    const { fromMs, untilMs } = body.hours;
    const [past, soon] = [Date.now() - 60 * MINUTE_MS, Date.now() + 10 * MINUTE_MS];
    const sessions = [
      { openMs: fromMs, closeMs: past, liquid: true },
      { openMs: soon, closeMs: untilMs, liquid: true },
    ];
    const closed = { ...body, hours: { sessions, fromMs, untilMs } };
    await db.contract.updateMany({ data: { body: closed } });
    const outcome = await plan(db, ready, executedId(await execute(previewId)));
    await db.contract.updateMany({ data: { body } });
    expect(outcome).toMatchObject({
      ...{ kind: 'denied', codes: expect.arrayContaining(['MARKET_CLOSED']) },
    });
  });
});

describe('[PRV-3] whose it is', () => {
  test("another user's preview does not exist", async () => {
    const { previewId } = await previewed();
    const { id: userId } = await db.user.create({ data: { name: 'other' } });
    expect(await execute(previewId, { userId })).toBeNull();
    expect(await loadPreview(db, userId, previewId)).toBeNull();
    executedId(await execute(previewId));
  });

  test('it is of its account: a strategy that trades on another now executes nothing', async () => {
    const { previewId } = await previewed({ strategy_id: 'moving-house' });
    const { id, ...account } = await db.account.findFirstOrThrow({
      where: { id: ready.accountId },
    });
    const { settings, exchangeRates, ...rest } = account;
    const other = await db.account.create({
      data: {
        ...rest,
        settings: settings ?? {},
        exchangeRates: exchangeRates ?? {},
        brokerAccountId: 'DU9999999',
      },
    });
    await db.strategy.create({
      data: { userId: ready.ownerId, name: 'moving-house', accountId: other.id },
    });
    const before = await counts();
    expect(await execute(previewId)).toMatchObject({ kind: 'refused', code: 'ACCOUNT_CHANGED' });
    expect(await counts()).toEqual(before);
    expect(id).toBe(ready.accountId);
  });
});
