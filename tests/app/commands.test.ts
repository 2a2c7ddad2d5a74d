/** Commands, signals and switches while neither Temporal nor any worker is there. Real PostgreSQL. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listAudit } from '../../app/audit.js';
import { openApp } from '../../app/app.js';
import { giveCommand, NoSuchTradeError, tell } from '../../app/commands.js';
import { signalDeps, submitSignal } from '../../app/signals.js';
import { changeMode, modes } from '../../app/switches.js';
import { SWITCHES_MAX_AGE_MS } from '../../domain/risk/modes.js';
import type { TradeSnapshot } from '../../contract/workflows.js';
import { abandonTrade } from '../../store/settlement.js';
import { undeliveredTrades } from '../../store/delivery.js';
import { makeTrade, makeWorld } from '../cli/rows.js';
import { enteredTrade } from '../store/support/closed-trade.js';
import { plannedTrade } from '../store/support/planned-trade.js';
import { temporalAddress } from '../support/temporal.js';
import { testApp, type TestApp } from './support.js';

let it: TestApp;
beforeAll(async () => {
  it = await testApp();
}, 60_000);
afterAll(async () => it?.close());

const rowsOf = (tradeId: string) =>
  it.db.command.findMany({ where: { tradeId }, orderBy: { createdAt: 'asc' } });

test("[RSK-3] the stop of an adopted position is widened within the installation's limits", async () => {
  const { db, ready, app } = it;
  const { tradeId } = await enteredTrade(db, ready, { symbol: 'AAA' });
  // As an adoption leaves it: approved by a person, under no limits.
  await db.decision.updateMany({ where: { tradeId }, data: { inputs: { adoptedBy: 'test' } } });
  await db.quote.updateMany({ data: { at: new Date() } });
  await db.account.updateMany({ data: { valuesAt: new Date() } });
  // Of a million 100 at the most; at 80 ten shares lose 200.
  const strict = { ...app, config: { ...app.config, maxOpenRiskPct: '0.0001' } };
  const widened = async (key: string, of: typeof app) => {
    const given = { tradeId, key, kind: 'move_stop', terms: { price: '80', widen: true } } as const;
    const { verdict, reason, told } = await giveCommand(of, given);
    await told;
    return { verdict, reason };
  };
  expect(await widened('wide-1', strict)).toMatchObject({
    ...{ verdict: 'refused', reason: expect.stringContaining('OPEN_RISK_EXCEEDED') },
  });
  expect(await widened('wide-2', app)).toMatchObject({ verdict: 'accepted' });
});

describe('[TRD-5] a command is a row before anybody is told', () => {
  test('it is taken, and answered, while Temporal is down; a sweep delivers it', async () => {
    const tradeId = await plannedTrade(it.db, it.ready);
    const given = { tradeId, kind: 'cancel_entry', key: 'k-1' } as const;
    const taken = await giveCommand(it.app, given);
    expect(taken).toMatchObject({ verdict: 'accepted', reason: null });
    expect(await taken.told).toMatchObject({
      ...{ how: 'later', why: expect.stringContaining('no Temporal server answers') },
    });
    expect(await rowsOf(tradeId)).toMatchObject([
      { key: 'k-1', kind: 'cancel_entry', verdict: 'accepted', actor: 'test' },
    ]);
    const trade = await it.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
    expect(trade.cancelRequested).toBe(true);
    expect(await undeliveredTrades(it.db, [it.ready.accountId], 10)).toContain(tradeId);
  });

  test('without a running workflow the trade itself says what became of the command', async () => {
    const tradeId = await plannedTrade(it.db, it.ready);
    const config = { ...it.app.config, temporalAddress: await temporalAddress() };
    const app = await openApp(config, 'test');
    try {
      const given = { tradeId, kind: 'cancel_entry', key: 'k-5' } as const;
      expect(await (await giveCommand(app, given)).told).toMatchObject({
        ...{ how: 'later', why: expect.stringContaining('is started within') },
      });
      // Carried out while it was being told: the workflow has ended with the trade.
      await abandonTrade(it.db, 'abandon.commit', tradeId, 'asked for', Date.now());
      const trade = await it.db.trade.findUniqueOrThrow({ where: { id: tradeId } });
      const snapshot = trade.snapshot as unknown as TradeSnapshot;
      expect(await tell(app, tradeId, snapshot)).toStrictEqual({ how: 'over', state: 'CANCELLED' });
    } finally {
      await app.close();
    }
  });

  test('the same key is the same command, a refusal is kept as well', async () => {
    const tradeId = await plannedTrade(it.db, it.ready);
    const close = { tradeId, kind: 'close', key: 'k-2' } as const;
    const refused = { verdict: 'refused', reason: 'nothing is held yet: cancel the entry instead' };
    expect(await giveCommand(it.app, close)).toMatchObject(refused);
    expect(await giveCommand(it.app, close)).toMatchObject(refused);
    expect(await rowsOf(tradeId)).toMatchObject([{ verdict: 'refused', actor: 'test' }]);
  });

  test('a key that another command has is refused, and changes nothing', async () => {
    const tradeId = await plannedTrade(it.db, it.ready);
    await giveCommand(it.app, { tradeId, kind: 'cancel_entry', key: 'k-4' });
    const other = await giveCommand(it.app, { tradeId, kind: 'close', key: 'k-4' });
    const reason = 'the key k-4 was given with cancel_entry before: give another one';
    expect(other).toMatchObject({ verdict: 'refused', reason });
    expect(await rowsOf(tradeId)).toMatchObject([{ key: 'k-4', kind: 'cancel_entry' }]);
  });

  test('nobody commands a trade of somebody else', async () => {
    const stranger = await makeWorld(it.db, 'stranger', 7003);
    const tradeId = await makeTrade(it.db, stranger, 'theirs');
    const given = { tradeId, kind: 'close', key: 'k-3' } as const;
    await expect(giveCommand(it.app, given)).rejects.toThrow(NoSuchTradeError);
    await expect(giveCommand(it.app, { ...given, tradeId: randomUUID() })).rejects.toThrow(
      NoSuchTradeError,
    );
  });
});

test('[SIG-2] a signal is kept while Temporal is down, and says that it starts later', async () => {
  const signal = {
    ...{ id: 'later-1', strategy_id: 'later', symbol: 'AAA', side: 'BUY' },
    ...{ quantity: '10', stop_loss_pct: '0.05' },
  };
  const first = await submitSignal(signalDeps(it.app), it.app.userId, signal);
  expect(first).toMatchObject({ isNew: true });
  expect(first.startsLater).toContain('no Temporal server answers');
  const again = await submitSignal(signalDeps(it.app), it.app.userId, signal);
  expect(again).toMatchObject({ isNew: false, tradeId: first.tradeId });
});

describe('[RSK-5] modes', () => {
  test('are set where they are named, and audited with who and what was before', async () => {
    const strategy = { kind: 'strategy', name: 'later' } as const;
    expect(await changeMode(it.app, strategy, 'HALTED')).toBe(true);
    expect(await changeMode(it.app, { kind: 'installation', name: null }, 'REDUCING')).toBe(true);
    expect(await changeMode(it.app, { kind: 'account', name: 'DU404' }, 'HALTED')).toBe(false);
    expect(await modes(it.app)).toEqual(
      expect.arrayContaining([
        { kind: 'installation', name: null, mode: 'REDUCING' },
        { kind: 'strategy', name: 'later', mode: 'HALTED' },
      ]),
    );
    const [newest, earlier] = await listAudit(it.app, 10);
    expect(newest).toMatchObject({ actor: 'test', action: 'mode', subject: 'installation' });
    expect(earlier).toMatchObject({ body: { before: 'ACTIVE', mode: 'HALTED' } });
  });

  test('that hold entries back are answered once none can be written by what was read before', async () => {
    const strategy = { kind: 'strategy', name: 'later' } as const;
    const askedAtMs = performance.now();
    expect(await changeMode(it.app, strategy, 'REDUCING')).toBe(true);
    expect(performance.now() - askedAtMs).toBeGreaterThan(SWITCHES_MAX_AGE_MS);
    const againAtMs = performance.now();
    expect(await changeMode(it.app, strategy, 'ACTIVE')).toBe(true);
    expect(await changeMode(it.app, { kind: 'account', name: 'DU404' }, 'HALTED')).toBe(false);
    expect(performance.now() - againAtMs).toBeLessThan(SWITCHES_MAX_AGE_MS);
  });
});
