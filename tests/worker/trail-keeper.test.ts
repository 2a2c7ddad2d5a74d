/** The keeper of trails on a real database: no symbol waits for the quote of another. */
import { expect, test } from '@jest/globals';
import pino from 'pino';
import type { Instrument, Quote } from '../../domain/vocabulary.js';
import type { ExecutionReport } from '../../domain/broker/fact.js';
import { entryOf } from '../../domain/trade/book.js';
import { applyFact } from '../../domain/trade/fact.js';
import { changeTrade } from '../../store/book/change.js';
import { loadBook } from '../../store/book/load.js';
import { recordGivenCommand } from '../../store/commands.js';
import { claimBracket } from '../../store/sending.js';
import { TrailKeeper } from '../../worker/broker/trail-keeper.js';
import { useAccountDatabase } from '../store/support/account-database.js';
import { plannedTrade, sendContext } from '../store/support/planned-trade.js';
import { ACCOUNT } from '../store/support/ready-account.js';

/** More of them are silent than are asked for at once. */
const SILENT = Array.from({ length: 10 }, (_, index) => `S${index}`);
const QUOTED = ['QA', 'QB'];
/** A few looks; one silent symbol alone holds its answer back for longer. */
const IN_TIME_MS = 4_000;

const opened = useAccountDatabase([...SILENT, ...QUOTED], '1000000');

/** Ten shares bought at 100, whose stop at 95 is to follow the price. */
async function trailing(symbol: string, generation: number): Promise<string> {
  const { db, ready } = opened();
  const change = { symbol, stop_loss: '95', stop_loss_pct: undefined };
  const tradeId = await plannedTrade(db, ready, change);
  await claimBracket(db, tradeId, await sendContext(db, ready, generation), () => null);
  const { book } = await loadBook(db, tradeId);
  const { clientOrderId } = entryOf(book)!;
  const executionKey = `t${generation}`;
  const report: ExecutionReport = {
    ...{ executionId: `${executionKey}.01`, executionKey, correction: 1, clientOrderId },
    ...{ brokerOrderId: '1', sessionOrderId: 1, sessionClientId: 17, account: ACCOUNT },
    ...{ symbol, brokerContractId: book.instrument.brokerContractId ?? 1, side: 'BUY' },
    ...{ quantity: '10', price: '100', executedAtMs: Date.now() },
  };
  await changeTrade(db, 'inbox.commit', tradeId, Date.now(), (now) =>
    applyFact(now, { kind: 'execution', report, receivedAtMs: Date.now() }),
  );
  const terms = { trail: { amount: '2' } };
  const request = { tradeId, key: 'trail', actor: 'test', cause: 'manual', kind: 'trail', terms };
  await recordGivenCommand(db, request as never, { nowMs: Date.now(), limits: {} });
  return tradeId;
}

test('[TRD-5] symbols that nobody quotes stop no other trail', async () => {
  const { db, ready } = opened();
  const ids: string[] = [];
  for (const [index, symbol] of [...SILENT, ...QUOTED].entries()) {
    ids.push(await trailing(symbol, index + 1));
  }
  const quotes = new Map<string, Quote>();
  const asked: string[] = [];
  let isOver = false;
  const market = {
    latest: ({ symbol }: Instrument) => quotes.get(symbol) ?? null,
    async look({ symbol }: { symbol: string }): Promise<void> {
      asked.push(symbol);
      const sizes = { bidSize: '1', askSize: '1', halted: false, kind: 'live' } as const;
      const now = { bid: '120', ask: '120.02', atMs: Date.now(), ...sizes };
      if (QUOTED.includes(symbol)) return void quotes.set(symbol, now);
      while (!isOver) await new Promise((resolve) => setTimeout(resolve, 50));
    },
    refreshAccount: () => Promise.resolve(),
  };
  quotes.set('QA', {
    ...{ bid: '120', ask: '120.02', bidSize: '1', askSize: '1', halted: false, kind: 'live' },
    atMs: Date.now() + IN_TIME_MS,
  });
  const link = { readySinceMs: () => 1, maySend: () => true };
  const deps = { db, market, link, log: pino({ level: 'silent' }), nowMs: () => Date.now() };
  const keeper = new TrailKeeper({
    deps: deps as never,
    accountIds: () => [ready.accountId],
    notify: () => undefined,
  });
  try {
    await new Promise((resolve) => setTimeout(resolve, IN_TIME_MS));
    const { book } = await loadBook(db, ids[SILENT.length]!);
    expect(book.wishes.moves.stop).toMatchObject({ by: 'trail', price: '118' });
    // Each of them once: who is being asked for is not asked for again.
    expect(new Set(asked).size).toBe(asked.length);
  } finally {
    isOver = true;
    keeper.stop();
  }
}, 60_000);
