/** The market keeper on a real gateway and database: lines at the broker are given back. */
import { afterEach, expect, jest, test } from '@jest/globals';
import pino from 'pino';
import { UnknownContractError } from '../../broker/errors.js';
import { LISTING_LINES } from '../../gateway/market/listings-data.js';
import { openDatabase } from '../../store/database.js';
import { MarketKeeper } from '../../worker/broker/market-keeper.js';
import { clientOf, ready } from '../broker/support/harness.js';
import { startPaper } from '../broker/support/paper.js';
import { startGateway } from '../support/gateway.js';
import { readyAccount } from '../store/support/ready-account.js';
import { freshDatabase } from '../support/postgres.js';

/** The most symbols that the keeper watches, and lines for a few more. */
const WATCHED = 80;
const LINES = 82;
const NEW_SYMBOLS = 5;

const instrumentOf = (symbol: string) => ({
  ...{ symbol, securityType: 'STK', exchange: 'SMART', currency: 'USD' },
});

const SYMBOLS = LISTING_LINES.trim()
  .split('\n')
  .map((line) => line.split('|')[0] ?? '');

test('[BRK-1] re-syncs take no market data line for good: new symbols still find one (B8)', async () => {
  const database = await freshDatabase();
  const db = openDatabase({ url: database.url });
  const { connectionId } = await readyAccount(db, [], '100000');
  const paper = await startPaper();
  const client = await ready(clientOf(paper.port, { limits: { marketDataLines: LINES } }));
  const keeper = new MarketKeeper(db, client.broker, connectionId, pino({ level: 'silent' }));
  const warm = (symbol: string): Promise<void> => keeper.warm(instrumentOf(symbol));
  try {
    for (const symbol of SYMBOLS.slice(0, WATCHED)) await warm(symbol);
    await keeper.resubscribe();
    for (const symbol of SYMBOLS.slice(WATCHED, WATCHED + NEW_SYMBOLS)) await warm(symbol);
    expect(keeper.latest(instrumentOf(SYMBOLS[WATCHED + NEW_SYMBOLS - 1] ?? ''))).not.toBeNull();
  } finally {
    keeper.stop();
    await client.broker.close();
    await paper.stop();
    await db.$disconnect();
    await database.drop();
  }
}, 60_000);

test('[SIG-1] [BRK-1] a contract is known by each exchange that is named, over one line, and by one that is none never', async () => {
  const database = await freshDatabase();
  const db = openDatabase({ url: database.url });
  const { connectionId } = await readyAccount(db, [], '100000');
  const paper = await startPaper();
  const client = await ready(clientOf(paper.port, { limits: { marketDataLines: 1 } }));
  const keeper = new MarketKeeper(db, client.broker, connectionId, pino({ level: 'silent' }));
  const at = (exchange: string) => ({
    ...{ symbol: 'META', securityType: 'STK', exchange, currency: 'USD' },
  });
  const told = async () => {
    const rows = await db.contract.findMany({
      where: { connectionId },
      orderBy: { exchange: 'asc' },
    });
    return rows.map(({ exchange }) => exchange);
  };
  try {
    await keeper.warm(at('NASDAQ'));
    await keeper.warm(at('SMART'));
    await Promise.all([keeper.warm(at('NASDAQ')), keeper.warm(at('SMART'))]);
    expect(await told()).toEqual(['NASDAQ', 'SMART']);
    for (const exchange of ['NASDAQ', 'SMART']) expect(keeper.latest(at(exchange))).not.toBeNull();
    await expect(keeper.warm(at('NOPE'))).rejects.toThrow(UnknownContractError);
    expect(keeper.latest(at('NOPE'))).toBeNull();
    expect(await db.quote.count({ where: { connectionId } })).toBe(1);
  } finally {
    keeper.stop();
    await client.broker.close();
    await paper.stop();
    await db.$disconnect();
    await database.drop();
  }
}, 60_000);

afterEach(() => {
  jest.restoreAllMocks();
});

const MINUTE_MS = 60_000;

test('[SIG-5] at an open the hours are asked for anew: a closure may have come that nobody foresaw', async () => {
  const database = await freshDatabase();
  const db = openDatabase({ url: database.url });
  const { connectionId } = await readyAccount(db, [], '100000');
  const gateway = await startGateway({ flags: ['--account', 'DU1234567', '--paused'] });
  const closeUntil = (atMs: number) =>
    gateway.control('/hours', { closed_until: new Date(atMs).toISOString() });
  const opensMs = Math.ceil(Date.now() / MINUTE_MS + 2) * MINUTE_MS;
  await closeUntil(opensMs);
  const client = await ready(clientOf(gateway.port, { nowMs: () => Date.now() }));
  const keeper = new MarketKeeper(db, client.broker, connectionId, pino({ level: 'silent' }));
  const toldOpen = async (): Promise<number> => {
    await keeper.warm(instrumentOf('SPY'));
    const { body } = await db.contract.findFirstOrThrow({ where: { connectionId } });
    return (body as { hours: { sessions: { openMs: number }[] } }).hours.sessions[0]!.openMs;
  };
  try {
    expect(await toldOpen()).toBe(opensMs);
    await closeUntil(opensMs + 5 * MINUTE_MS);
    expect(await toldOpen()).toBe(opensMs);
    const aheadMs = opensMs - Date.now();
    const now = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => now() + aheadMs);
    expect(await toldOpen()).toBe(opensMs + 5 * MINUTE_MS);
  } finally {
    keeper.stop();
    await client.broker.close();
    await gateway.stop();
    await db.$disconnect();
    await database.drop();
  }
}, 60_000);

/** As many as wait for one symbol's open. */
const HERD = 100;

test('[SIG-5] [BRK-1] many who ask for one symbol at once share one fetch', async () => {
  const database = await freshDatabase();
  const db = openDatabase({ url: database.url });
  const { connectionId } = await readyAccount(db, [], '100000');
  const paper = await startPaper();
  const { broker } = await ready(clientOf(paper.port));
  const spies = [
    jest.spyOn(broker, 'resolveContract'),
    jest.spyOn(broker, 'watchQuote'),
    jest.spyOn(broker, 'quoteSnapshot'),
  ];
  const keeper = new MarketKeeper(db, broker, connectionId, pino({ level: 'silent' }));
  const warm = () =>
    keeper.warm({ symbol: 'SPY', securityType: 'STK', exchange: 'SMART', currency: 'USD' });
  try {
    await Promise.all(Array.from({ length: HERD }, warm));
    expect(spies.map(({ mock }) => mock.calls.length)).toEqual([1, 1, 1]);
    expect(keeper.latest(instrumentOf('SPY'))).not.toBeNull();
    await warm();
    expect(spies.map(({ mock }) => mock.calls.length)).toEqual([1, 1, 2]);
  } finally {
    keeper.stop();
    await broker.close();
    await paper.stop();
    await db.$disconnect();
    await database.drop();
  }
}, 60_000);
