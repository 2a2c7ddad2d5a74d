/** The keeper of daily closes on a real gateway and database. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pino from 'pino';
import type { DailyClose } from '../../contract/market.js';
import { openDatabase, type Database } from '../../store/database.js';
import { saveCloses } from '../../store/closes.js';
import { MarketKeeper } from '../../worker/broker/market-keeper.js';
import { clientOf, ready, SPY, type Client } from '../broker/support/harness.js';
import { startPaper, type Paper } from '../broker/support/paper.js';
import { readyAccount } from '../store/support/ready-account.js';
import { freshDatabase, type TestDatabase } from '../support/postgres.js';

/** Longer than any answer here takes. */
const WAIT_MS = 10_000;

let database: TestDatabase;
let db: Database;
let paper: Paper;
let client: Client;
let keeper: MarketKeeper;
let connectionId: string;

const begin = () => new MarketKeeper(db, client.broker, connectionId, pino({ level: 'silent' }));

beforeEach(async () => {
  database = await freshDatabase();
  db = openDatabase({ url: database.url });
  ({ connectionId } = await readyAccount(db, [], '100000'));
  paper = await startPaper();
  client = await ready(clientOf(paper.port));
  keeper = begin();
}, 60_000);
afterEach(async () => {
  keeper.stop();
  await client.broker.close();
  await paper.stop();
  await db.$disconnect();
  await database.drop();
});

test('[RSK-1] closes of a symbol that somebody asks for are fetched once, and kept over restarts', async () => {
  await keeper.warm(SPY);
  await keeper.closesSettled(WAIT_MS);
  const row = await db.dailyCloses.findFirstOrThrow({ where: { symbol: SPY.symbol } });
  const closes = row.closes as unknown as DailyClose[];
  expect(closes.length).toBeGreaterThan(60);
  expect(closes.length).toBeLessThanOrEqual(70);
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' }).format();
  expect(closes.at(-1)!.day < today).toBe(true);

  keeper.stop();
  keeper = begin();
  await keeper.warm(SPY);
  await keeper.closesSettled(WAIT_MS);
  const again = await db.dailyCloses.findFirstOrThrow({ where: { symbol: SPY.symbol } });
  expect(again.fetchedAt).toEqual(row.fetchedAt);
}, 60_000);

test('[RSK-1] closes of a day ago are fetched anew', async () => {
  const dayAgoMs = Date.now() - 24 * 3_600_000;
  const { instrument } = await client.broker.resolveContract(SPY);
  await saveCloses(db, connectionId, instrument, { closes: [], fetchedAtMs: dayAgoMs });
  await keeper.warm(SPY);
  await keeper.closesSettled(WAIT_MS);
  const { fetchedAt, closes } = await db.dailyCloses.findFirstOrThrow();
  expect(fetchedAt.getTime()).toBeGreaterThan(dayAgoMs);
  expect((closes as unknown as DailyClose[]).length).toBeGreaterThan(60);
}, 60_000);

test('[RSK-1] closes that are there, or that nobody asked for, are waited for by nobody', async () => {
  await keeper.closesSettled(WAIT_MS);
  await keeper.warm(SPY);
  await keeper.closesSettled(WAIT_MS);
  await keeper.closesSettled(WAIT_MS);
  expect(await db.dailyCloses.count()).toBe(1);
}, 60_000);
