/**
 * A broker worker's link on a real gateway and database, in the test's own process, with Temporal away: what
 * it does there it does without Temporal.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import pino from 'pino';
import type { BrokerDeps } from '../../../activities/deps.js';
import { createEntryActivities } from '../../../activities/entry.js';
import { loadConfig } from '../../../config/index.js';
import type {
  EnterInput,
  EnterOutcome,
  EntryOutcome,
  PlanOutcome,
} from '../../../contract/activities.js';
import { parseSignal } from '../../../contract/signal.js';
import { loadBook } from '../../../store/book/load.js';
import { ensureConnection, lastGeneration } from '../../../store/connections.js';
import {
  openDatabase,
  openLeaseDatabase,
  openProtectDatabase,
  type Database,
} from '../../../store/database.js';
import { ensureInstallation, type InstallationIdentity } from '../../../store/installation.js';
import { planTrade } from '../../../store/planning/plan.js';
import { acceptSignal } from '../../../store/signals.js';
import { LeaseKeeper } from '../../../worker/broker/lease-keeper.js';
import { createLink, type Link } from '../../../worker/broker/link.js';
import { PLAN_SETTINGS } from '../../store/support/planned-trade.js';
import { startGateway, type TestGateway } from '../../support/gateway.js';
import { freshDatabase } from '../../support/postgres.js';
import { untilTrue } from '../../support/workers.js';

const CLIENT_ID = 17;
const READY_MS = 30_000;

export interface LiveLink {
  readonly db: Database;
  readonly databaseUrl: string;
  readonly gateway: TestGateway;
  readonly link: Link;
  /** Opens a trade of ten shares at 100, with stop 95; gives its id once it is filled and protected. */
  openTrade(
    symbol: string,
    change?: Record<string, unknown>,
    protectedMs?: number,
  ): Promise<string>;
  /** Sends the entry of such a trade, filled or not; gives its id once the broker has shown it. */
  enterTrade(symbol: string, change?: Record<string, unknown>): Promise<string>;
  /** The same up to its plan, with nothing sent yet. */
  planTrade(symbol: string, change?: Record<string, unknown>): Promise<string>;
  /** Takes a signal in, and nothing else; its price is 100. */
  acceptTrade(symbol: string, change?: Record<string, unknown>): Promise<string>;
  /** Plans and enters in one visit, as the activity does. */
  visit(input: EnterInput): Promise<EnterOutcome>;
  /** Plans a trade once more, and gives what was decided. */
  planAgain(tradeId: string): Promise<PlanOutcome>;
  /** Takes a planned trade's entry to the broker, as the activity does. */
  enter(tradeId: string, deps?: Partial<BrokerDeps>): Promise<EntryOutcome>;
  /** Ends the link and starts another one, as a new process would. */
  restart(): Promise<Link>;
  close(): Promise<void>;
}

/** Starts it all, the link READY; `before` is done to the gateway, with `flags`, before anything connects. */
export async function liveLink(
  env: Record<string, string> = {},
  before: (gateway: TestGateway) => Promise<void> = async () => undefined,
  flags: readonly string[] = [],
): Promise<LiveLink> {
  const database = await freshDatabase();
  const db = openDatabase({ url: database.url });
  const stateDir = mkdtempSync(join(tmpdir(), 'ballast-link-'));
  const gateway = await startGateway({
    flags: ['--paused', '--pacing', 'off', '--cash', '10000000', ...flags],
  });
  await before(gateway);
  const config = loadConfig({
    DATABASE_URL: database.url,
    BALLAST_STATE_DIR: stateDir,
    IBKR_PORT: String(gateway.port),
    IBKR_CLIENT_ID: String(CLIENT_ID),
    TRADING_ENABLED: 'true',
    MAX_SECTOR_EXPOSURE_PCT: '100',
    MAX_CORRELATED_EXPOSURE_PCT: '100',
    ACK_TIMEOUT_MS: '2000',
    // The gateway knows no nights, whatever the hour of the test.
    PARK_ENTRIES: 'false',
    ...env,
  });
  const log = pino({ level: process.env['TEST_LOG'] ?? 'silent' });
  // Without its own retries a call ends at once, and none is left when the test ends.
  const connection = Connection.lazy({ address: '127.0.0.1:1', interceptors: [] });
  const temporal = new Client({ connection });
  const identity = await ensureInstallation(db);
  const key = { userId: identity.ownerId, host: config.ibkrHost, port: gateway.port };
  const connectionId = await ensureConnection(db, { ...key, clientId: CLIENT_ID });
  const protectDb = openProtectDatabase(database.url);
  const leaseDb = openLeaseDatabase(database.url, config.leaseTtlMs);
  const start = async (): Promise<{ link: Link; lease: LeaseKeeper }> => {
    const { leaseTtlMs: ttlMs, leaseRenewMs: renewMs } = config;
    const holder = `test ${Math.random()}`;
    const onLost = () => undefined;
    const ofLease = { db: leaseDb, ttlMs, renewMs, holder };
    const lease = new LeaseKeeper({ ...ofLease, connectionId, log, onLost });
    await lease.acquire(AbortSignal.timeout(READY_MS));
    const firstGeneration = (await lastGeneration(db, connectionId)) + 1;
    const onFatal = () => undefined;
    const databases = { db, protectDb };
    const parts = { ...databases, config, temporal, identity, connectionId, firstGeneration };
    const link = createLink({ ...parts, lease, log, onFatal });
    await link.open(READY_MS);
    return { link, lease };
  };
  let running = await start();
  const enterTrade: LiveLink['enterTrade'] = (symbol, change) =>
    openTrade({ db, gateway, link: running.link }, identity, { symbol, ...change });
  const end = async (): Promise<void> => {
    await running.link.close();
    await running.lease.release();
  };
  return {
    db,
    databaseUrl: database.url,
    gateway,
    get link() {
      return running.link;
    },
    openTrade: async (symbol, change, protectedMs) => {
      const tradeId = await enterTrade(symbol, change);
      const isOpen = async () =>
        (await db.trade.findUniqueOrThrow({ where: { id: tradeId } })).isProtected;
      await untilTrue(`trade ${symbol} is open and protected`, isOpen, protectedMs);
      return tradeId;
    },
    enterTrade,
    planTrade: (symbol, change) =>
      planLive({ db, gateway, link: running.link }, identity, { symbol, ...change }),
    acceptTrade: (symbol, change) => acceptLive({ db, gateway }, identity, { symbol, ...change }),
    visit: (input) => visit(running.link.deps, input),
    planAgain: (tradeId) => planNow(db, identity, tradeId),
    enter: (tradeId, deps) => enterNow({ ...running.link.deps, ...deps }, tradeId),
    restart: async () => {
      await end();
      running = await start();
      return running.link;
    },
    close: async () => {
      await end();
      await temporal.connection.close();
      await gateway.stop();
      await Promise.all([db, protectDb, leaseDb].map((one) => one.$disconnect()));
      await database.drop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

type Running = Pick<LiveLink, 'db' | 'gateway' | 'link'>;

let count = 0;
const ENTERED_TRIES = 3;

async function openTrade(
  parts: Running,
  identity: InstallationIdentity,
  change: Record<string, unknown> & { symbol: string },
): Promise<string> {
  const tradeId = await planLive(parts, identity, change);
  let outcome = await enterNow(parts.link.deps, tradeId);
  // On a busy machine what it was planned by may be too old at the write: its workflow would plan it again.
  for (let tries = 1; outcome.kind === 'not_sent' && tries < ENTERED_TRIES; tries += 1) {
    await planNow(parts.db, identity, tradeId);
    outcome = await enterNow(parts.link.deps, tradeId);
  }
  if (outcome.kind !== 'acknowledged') throw new Error(`not entered: ${JSON.stringify(outcome)}`);
  return tradeId;
}

async function planLive(
  { db, gateway, link }: Running,
  identity: InstallationIdentity,
  change: Record<string, unknown> & { symbol: string },
): Promise<string> {
  const tradeId = await acceptLive({ db, gateway }, identity, change);
  const { instrument } = await db.trade.findUniqueOrThrow({ where: { id: tradeId } });
  await link.deps.market.warm(instrument as never);
  const planned = await planNow(db, identity, tradeId);
  if (planned.kind !== 'approved') throw new Error(`denied: ${JSON.stringify(planned)}`);
  return tradeId;
}

async function acceptLive(
  { db, gateway }: Pick<Running, 'db' | 'gateway'>,
  identity: InstallationIdentity,
  change: Record<string, unknown> & { symbol: string },
): Promise<string> {
  count += 1;
  await gateway.control('/prices', { [change.symbol]: 100 });
  const signal = parseSignal({
    id: `live-${count}`,
    strategy_id: `strategy-${count}`,
    side: 'BUY',
    quantity: '10',
    stop_loss: '95',
    ...change,
  });
  const { tradeId } = await acceptSignal(db, identity.ownerId, signal);
  return tradeId;
}

function planNow(
  db: Database,
  { installationId }: InstallationIdentity,
  tradeId: string,
): Promise<PlanOutcome> {
  const request = { tradeId, final: true, nowMs: Date.now(), installationId };
  return planTrade(db, PLAN_SETTINGS, request);
}

async function enterNow(deps: BrokerDeps, tradeId: string): Promise<EntryOutcome> {
  const outcome = await visit(deps, { tradeId });
  if (outcome.kind === 'denied' || outcome.kind === 'parked')
    throw new Error('nothing was planned');
  return outcome;
}

function visit(deps: BrokerDeps, input: EnterInput): Promise<EnterOutcome> {
  const { enter } = createEntryActivities(deps);
  const environment = new MockActivityEnvironment();
  return environment.run<[EnterInput], EnterOutcome, typeof enter>(enter, input);
}

/** The trade's book as it is now. */
export async function bookOf(db: Database, tradeId: string) {
  return (await loadBook(db, tradeId)).book;
}
